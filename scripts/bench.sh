#!/usr/bin/env bash
# Builds for release and runs the benchmarks: bash scripts/bench.sh [fanout|upload|latency|idle]..
# One JSON object a line, each with its baseline of the same run.
set -euo pipefail
cd "$(dirname "$0")/.."
ulimit -n 8192 2>/dev/null || echo "bench: the limit of open files is $(ulimit -n); 'idle' needs about 1,100 on each side" >&2
if [ ! -x /usr/sbin/nginx ]; then
  echo "bench: 'upload' compares with Debian's nginx: apt-get install nginx-light" >&2
fi
cargo build --release --quiet -p pod-server -p pod-tests --bin pod-server --bin pod-bench
exec target/release/pod-bench "$@"
