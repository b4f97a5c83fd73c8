#!/usr/bin/env bash
# Builds for release and runs the benchmarks: bash scripts/bench.sh [fanout|upload|latency|idle|direct|window]..
# One JSON object a line, each with its baseline of the same run.
set -euo pipefail
cd "$(dirname "$0")/.."
ulimit -n 8192 2>/dev/null || echo "bench: the limit of open files is $(ulimit -n); 'idle' needs about 1,100 on each side" >&2
if [ ! -x /usr/sbin/nginx ]; then
  echo "bench: 'upload' compares with Debian's nginx: apt-get install nginx-light" >&2
fi
case " $* " in
  *" direct "* | "  ")
    for part in say packages; do . "scripts/lib/$part.sh"; done
    need_packages socat magic-wormhole python3-magic-wormhole-mailbox-server >&2 ;;
esac
case " $* " in
  *" window "* | "  ")
    for part in say packages tools build; do . "scripts/lib/$part.sh"; done
    build_ui >&2
    cargo build --release --quiet --workspace --locked --bins --example blank ;;
  *) cargo build --release --quiet -p pod-server -p pod-tests --bin pod-server --bin pod-bench --bin pod-meet ;;
esac
exec target/release/pod-bench "$@"
