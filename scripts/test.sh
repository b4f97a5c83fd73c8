#!/usr/bin/env bash
# Runs every test: style, house rules, the user interface, Rust, and the desktop end to end.
set -euo pipefail
cd "$(dirname "$0")/.."
for part in say packages tools build clients; do . "scripts/lib/$part.sh"; done

usage() {
  cat <<'TEXT'
bash scripts/test.sh

Installs missing system packages (Debian and Ubuntu; asks sudo), then checks formatting and lints, tests and builds
the user interface, builds all programs, and runs every Rust test, the desktop end to end included. The desktop part
needs Linux: it runs real windows on an invisible screen. The last line says how many tests passed and failed.
Pictures of the windows are kept in artefacts/desktop.
TEXT
}

case "${1:-}" in
  "") ;;
  --help | -h) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

need_packages $BUILD_PACKAGES $TEST_PACKAGES
need_rust
need_node
[ "$(uname -s)" = Linux ] || note "The desktop end to end needs Linux and is left out here."

results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT

say "Formatting"
cargo fmt --all --check

build_ui
say "Testing the user interface"
(cd ui && npm run check)
(cd ui && NO_COLOR=1 npm test) 2>&1 | tee "$results/ui.log"

say "Lints"
cargo clippy --workspace --all-targets --locked -- -D warnings

build_programs
install_clients
say "Testing"
failed=0
cargo test --workspace --locked --no-fail-fast 2>&1 | tee "$results/rust.log" || failed=1

# "test result: ok. 12 passed; 0 failed; ..." from Rust, "Tests  34 passed (34)" from the user interface.
count() { sed -n "s/.*[^0-9]\([0-9][0-9]*\) $1.*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'; }
rust_passed="$(grep '^test result:' "$results/rust.log" | count passed)"
rust_failed="$(grep '^test result:' "$results/rust.log" | count failed)"
ui_passed="$(grep -E '^ *Tests ' "$results/ui.log" | count passed)"
say "$((rust_passed + ui_passed)) passed, $rust_failed failed"
[ "$failed" -eq 0 ] && [ "$rust_failed" -eq 0 ]
