# Rust and Node: are they there, are they new enough.

RUST_LEAST="1.95"
NODE_LEAST="20.19"

# True when version $1 is at least $2, compared number by number.
at_least() {
  local have="$1" least="$2"
  [ "${have%%.*}" -gt "${least%%.*}" ] && return 0
  [ "${have%%.*}" -eq "${least%%.*}" ] || return 1
  have="${have#*.}" least="${least#*.}"
  [ "${have%%.*}" -ge "${least%%.*}" ]
}

need_rust() {
  [ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
  command -v cargo >/dev/null 2>&1 ||
    stop "Rust is missing." "Install it from https://rustup.rs, open a new terminal, and run this again."
  local have
  have="$(rustc --version | cut -d' ' -f2)"
  at_least "$have" "$RUST_LEAST" ||
    stop "Rust $have is too old: $RUST_LEAST or newer is needed." "Run: rustup update stable"
}

need_node() {
  command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 ||
    stop "Node.js is missing." "Install $NODE_LEAST or newer from https://nodejs.org, and run this again."
  local have
  have="$(node --version | tr -d v)"
  at_least "$have" "$NODE_LEAST" ||
    stop "Node.js $have is too old: $NODE_LEAST or newer is needed." "Newer ones are at https://nodejs.org"
}
