#!/usr/bin/env bash
# Takes a picture of every screen and compares it with the last accepted set.
set -euo pipefail
cd "$(dirname "$0")/.."
for part in say packages tools build; do . "scripts/lib/$part.sh"; done

usage() {
  cat <<'TEXT'
bash scripts/pictures.sh [--accept] [--only=NAME]

Builds the user interface over its in-memory backend, opens every screen in Chromium in two skins and two languages (the
main window and the compact pod also in the colourful skins and with large text), and puts the pictures into
artefacts/pictures. Says what differs from docs/pictures, which controls are smaller than 24 pixels, and which text is
cut without a tooltip; fails if there is any of it. --accept takes the new pictures as the set to compare with.
TEXT
}

for argument in "$@"; do
  case "$argument" in
    --accept | --only=*) ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done

need_packages chromium fonts-noto-cjk
need_node
browser="${POD_CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}"
[ -n "$browser" ] || stop "Chromium is missing." "Install it, or name it in POD_CHROMIUM."

say "Building the user interface over its in-memory backend"
(cd ui && { [ -d node_modules/playwright-core ] || npm ci --no-audit --no-fund; } && npx vite build --mode fake --outDir ../artefacts/pictures-ui --emptyOutDir --logLevel warn)
say "Taking the pictures"
node ui/pictures/run.mjs artefacts/pictures-ui artefacts/pictures docs/pictures "$browser" "$@"
