#!/usr/bin/env bash
# Watches an idle connection on the wire for ten minutes (30 heartbeats): nothing may move but a ping and its pong in each.
# bash scripts/idle.sh [HEARTBEATS]
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --workspace --locked --bins
POD_IDLE_HEARTBEATS="${1:-30}" cargo test --workspace --locked --test stories -- an_idle_connection --nocapture
