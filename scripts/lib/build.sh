# Building: the user interface, then the programs around it.

build_ui() {
  say "Building the user interface"
  # npm ci starts from nothing each time: only when the list of packages changed.
  if [ ! -f ui/node_modules/.package-lock.json ] || [ ui/package-lock.json -nt ui/node_modules/.package-lock.json ]; then
    (cd ui && npm ci --no-audit --no-fund)
  fi
  (cd ui && npm run build)
}

# All programs at once: one set of features, so that nothing is built twice.
build_programs() {
  say "Building Pod and its server (the first time takes about ten minutes)"
  cargo build --workspace --bins --locked
}
