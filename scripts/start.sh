#!/usr/bin/env bash
# Installs what is missing, builds, starts a server on this computer, and opens Pod. Run it as often as you like.
set -euo pipefail
cd "$(dirname "$0")/.."
for part in say packages tools build; do . "scripts/lib/$part.sh"; done

usage() {
  cat <<'TEXT'
bash scripts/start.sh [--no-open]

Installs missing system packages (Debian and Ubuntu; asks sudo), builds the user interface, Pod and its server,
starts the server on this computer unless it runs, and opens Pod.

  --no-open   all but opening Pod
  --help      this text

The server listens on this computer only. Its data lie in the platform's data folder (Linux:
~/.local/share/pod-server), Pod's own in ~/.local/share/pod. The server goes on when Pod is closed.
TEXT
}

open=yes
for word in "$@"; do
  case "$word" in
    --no-open) open=no ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done

need_packages $BUILD_PACKAGES $MEDIA_PACKAGES
need_keyring
need_rust
need_node
build_ui
build_programs

say "Starting the server on this computer"
host="$(target/debug/pod --host)" || stop "the server did not start." "Above stands why."
url="$(printf '%s' "$host" | sed -n 's/.*"url":"\([^"]*\)".*/\1/p')"
note "It is at $url"
case "$host" in
  *'"first":true'*)
    note "Nobody has an account there yet: the first sign-up on this computer needs no invite."
    note "In Pod choose \"Start a server on this computer\", then choose your name and password." ;;
  *) note "It has accounts: sign in, or sign up with an invite (target/debug/pod-server invite)." ;;
esac

[ "$open" = yes ] || exit 0
if [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  stop "there is no screen to open Pod on (DISPLAY and WAYLAND_DISPLAY are empty)." \
    "All is built: on a desktop, run this again or start target/debug/pod"
fi
say "Opening Pod (this terminal shows its log; closing the window ends it, the server goes on)"
exec target/debug/pod
