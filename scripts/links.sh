#!/usr/bin/env bash
# Lets pod:// links open the Pod built here, or takes that back. Packages do this by themselves; nothing here does it unasked.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/say.sh

usage() {
  cat <<'TEXT'
bash scripts/links.sh on|off

on    pod:// links of this desktop open target/debug/pod (Linux; for development)
off   they do not any more
TEXT
}

[ "$(uname -s)" = Linux ] || stop "this is for Linux." "On macOS and Windows the package registers the links."
entries="${XDG_DATA_HOME:-$HOME/.local/share}/applications"
entry="$entries/pod-development.desktop"
case "${1:-}" in
  on)
    [ -x target/debug/pod ] || stop "Pod is not built yet." "Run: bash scripts/start.sh --no-open"
    mkdir -p "$entries"
    cat >"$entry" <<TEXT
[Desktop Entry]
Type=Application
Name=Pod (development)
Exec="$PWD/target/debug/pod" %u
NoDisplay=true
MimeType=x-scheme-handler/pod;
TEXT
    xdg-mime default pod-development.desktop x-scheme-handler/pod
    say "pod:// links open $PWD/target/debug/pod" ;;
  off)
    rm -f "$entry"
    say "pod:// links do not open the Pod built here any more" ;;
  --help | -h) usage ;;
  *) usage >&2; exit 2 ;;
esac
