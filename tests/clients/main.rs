//! Clients that nobody here wrote, against real servers and through a network that is cut: tus-js-client and tuspy
//! upload, curl downloads. `scripts/test.sh` installs the first two into folders of their own.
#![expect(clippy::unwrap_used, reason = "a story tells a failure by failing the test")]

mod curl;
mod program;
mod tus;
