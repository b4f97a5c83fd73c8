#!/usr/bin/env bash
# Builds for release and runs the benchmarks: bash scripts/bench.sh [fanout|upload|again|cut|many|link|latency|idle|reconnect|idlers|direct|window]..
# One JSON object a line, each with its baseline of the same run. POD_BENCH_PROGRAMS=FOLDER measures the programs that lie
# there (pod-bench, pod-server, pod-cli, pod-meet, pod) instead of building them.
set -euo pipefail
cd "$(dirname "$0")/.."
for part in say packages tools build; do . "scripts/lib/$part.sh"; done
# Whether one of these benchmarks is to run; without names, all are.
runs() { local name; for name in "$@"; do case " $asked " in *" $name "* | "  ") return 0 ;; esac; done; return 1; }
asked="$*"
ulimit -n 16384 2>/dev/null || echo "bench: the limit of open files is $(ulimit -n); 'idlers' needs about 5,200 on each side" >&2
if runs upload && [ ! -x /usr/sbin/nginx ]; then need_packages nginx-light >&2; fi
if runs direct; then need_packages socat magic-wormhole python3-magic-wormhole-mailbox-server >&2; fi
if runs reconnect idlers; then need_packages ejabberd prosody >&2; fi
if runs many; then need_packages rsync >&2; fi
if runs link; then need_packages syncthing >&2; fi
if runs upload cut; then
  need_node
  js=tests/bench/tus
  if [ ! -f "$js/node_modules/.package-lock.json" ] || [ "$js/package-lock.json" -nt "$js/node_modules/.package-lock.json" ]; then
    say "Installing @tus/server and tus-js-client" >&2
    (cd "$js" && npm ci --no-audit --no-fund) >&2
  fi
fi
if [ -n "${POD_BENCH_PROGRAMS:-}" ]; then exec "$POD_BENCH_PROGRAMS/pod-bench" "$@"; fi
if runs window; then
  build_ui >&2
  cargo build --release --quiet --workspace --locked --bins --example blank
else
  cargo build --release --quiet -p pod-server -p pod-client -p pod-tests --bin pod-server --bin pod-cli --bin pod-bench --bin pod-meet
fi
exec target/release/pod-bench "$@"
