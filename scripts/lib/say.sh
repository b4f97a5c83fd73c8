# Telling the person what happens, and stopping with a sentence about what to do.

say() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
stop() {
  printf '\nPod: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '     %s\n' "$line" >&2; done
  exit 1
}
