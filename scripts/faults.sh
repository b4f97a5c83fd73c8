#!/usr/bin/env bash
# Kills sender, receiver and server at very many points of large files, and moves very many small files.
set -euo pipefail
cd "$(dirname "$0")/.."
for part in say packages tools build; do . "scripts/lib/$part.sh"; done

usage() {
  cat <<'TEXT'
bash scripts/faults.sh [--points 300] [--mib 256] [--files 10000] [--steps 1500] [--seed N]

The longer turn of what scripts/test.sh does with 12 points of 32 MiB and 500 files: so many kills of sender, receiver
and server, each at a byte drawn from the seed, in files of so many MiB that go up, down, through the server and straight
from hand to hand; then so many small files up and down, once undisturbed and once through kills of both sides; then so many steps of three people in one linked
tree. The seed is printed with each kill; --seed plays the same again.
Needs three times --mib of free disk for each of eight files at once, and about ten seconds a point.
TEXT
}

points=300 mib=256 files=10000 steps=1500 seed=
while [ $# -gt 0 ]; do
  case "$1" in
    --points | --mib | --files | --steps | --seed)
      [ $# -ge 2 ] || { usage >&2; exit 2; }
      printf -v "${1#--}" %s "$2"; shift 2 ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done

need_packages $BUILD_PACKAGES $TEST_PACKAGES
need_rust
if [ ! -d ui/dist ]; then
  need_node
  build_ui
fi
build_programs
say "$points points of $mib MiB, $files files, $steps steps in linked folders"
export POD_POINTS="$points" POD_MIB="$mib" POD_FILES="$files" POD_STEPS="$steps"
[ -z "$seed" ] || export POD_SEED="$seed"
exec cargo test --workspace --locked --test faults -- --nocapture kills:: small::very_many linked::
