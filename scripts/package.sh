#!/usr/bin/env bash
# Builds Pod for release and packs it, with its server and pod-cli beside it.
set -euo pipefail
cd "$(dirname "$0")/.."
for part in say packages tools build; do . "scripts/lib/$part.sh"; done

usage() {
  cat <<'TEXT'
bash scripts/package.sh [--debug] [deb|rpm|dmg|nsis]..

Builds the user interface and all programs for release, and packs Pod with pod-server and pod-cli beside it: as .deb
and .rpm on Linux, .dmg on macOS, an installer on Windows, or as what is named. The last lines say where they are.

  --debug   packs the development build instead, which is built already after scripts/start.sh
  --help    this text
TEXT
}

profile=release formats=""
for word in "$@"; do
  case "$word" in
    --debug) profile=debug ;;
    --help | -h) usage; exit 0 ;;
    deb | rpm | dmg | nsis) formats="$formats,$word" ;;
    *) usage >&2; exit 2 ;;
  esac
done
if [ -z "$formats" ]; then
  case "$(uname -s)" in
    Linux) formats=deb,rpm ;;
    Darwin) formats=dmg ;;
    *) formats=nsis ;;
  esac
fi
formats="${formats#,}"

need_packages $BUILD_PACKAGES
need_rust
need_node
build_ui
if [ "$profile" = release ]; then
  say "Building Pod and its server for release (the first time takes long)"
  cargo build --workspace --bins --locked --release
  flag=""
else
  build_programs
  flag=--debug
fi

say "Packing"
packer=scripts/package
if [ ! -x "$packer/node_modules/.bin/tauri" ] || [ "$packer/package-lock.json" -nt "$packer/node_modules/.package-lock.json" ]; then
  (cd "$packer" && npm ci --no-audit --no-fund)
fi
system="$(rustc -vV | sed -n 's/^host: //p')"
case "$system" in *windows*) ending=.exe ;; *) ending="" ;; esac
target="${CARGO_TARGET_DIR:-target}"
mkdir -p src-tauri/binaries
for program in pod-server pod-cli; do
  cp "$target/$profile/$program$ending" "src-tauri/binaries/$program-$system$ending"
done
rm -rf "$target/$profile/bundle"
"$packer/node_modules/.bin/tauri" bundle $flag --bundles "$formats" --config src-tauri/package.conf.json

for deb in "$target/$profile"/bundle/deb/*.deb; do
  [ -f "$deb" ] || continue
  # The whole list first: a search that ends early would look like a list that failed.
  contents="$(dpkg-deb --contents "$deb")"
  for program in pod pod-server pod-cli; do
    grep -q "[ /]usr/bin/$program\$" <<<"$contents" || stop "$program is missing in $deb."
  done
done
say "Packed"
find "$target/$profile/bundle" -maxdepth 2 -type f \( -name '*.deb' -o -name '*.rpm' -o -name '*.dmg' -o -name '*.exe' \) |
  while read -r package; do note "$package"; done
