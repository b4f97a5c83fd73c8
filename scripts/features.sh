#!/usr/bin/env bash
# Checks that pod-client and pod-server compile without their features `direct` and `relay`.
set -euo pipefail
cd "$(dirname "$0")/.."
for part in say packages tools build; do . "scripts/lib/$part.sh"; done

usage() {
  cat <<'TEXT'
bash scripts/features.sh

Compiles the headless pod and the server without the direct path (feature `direct`) and without the relay (feature
`relay`), warnings as errors, in a target folder of its own: with other features most libraries are other ones. The first
run takes minutes, a later one seconds; scripts/test.sh leaves it out.
TEXT
}

case "${1:-}" in
  "") ;;
  --help | -h) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

need_packages $BUILD_PACKAGES
need_rust
say "Without direct path and relay"
RUSTFLAGS="-D warnings" cargo check --locked --target-dir target/features \
  -p pod-machine -p pod-client -p pod-server --no-default-features --lib --bins
