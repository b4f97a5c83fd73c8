# Clients that nobody here wrote (tus-js-client, tuspy), in folders of their own; the tests upload with them.

install_clients() {
  local js=tests/clients/js python=tests/clients/python
  if [ ! -f "$js/node_modules/.package-lock.json" ] || [ "$js/package-lock.json" -nt "$js/node_modules/.package-lock.json" ]; then
    say "Installing tus-js-client for the tests"
    (cd "$js" && npm ci --no-audit --no-fund)
  fi
  if ! cmp -s "$python/requirements.txt" "$python/venv/installed.txt"; then
    say "Installing tuspy for the tests"
    rm -rf "$python/venv"
    python3 -m venv "$python/venv"
    "$python/venv/bin/pip" install --quiet --disable-pip-version-check -r "$python/requirements.txt"
    cp "$python/requirements.txt" "$python/venv/installed.txt"
  fi
}
