//! Logs: to standard error, once, where a thing is handled. `POD_LOG` filters (`info` without it).
//!
//! Ids and sizes only: never a name, a text or a token.

use tracing_subscriber::EnvFilter;

/// Begins to log; a second call changes nothing.
pub fn start() {
    // To the library of the relay a device that hangs up is an error; to its operator it is none.
    let filter = EnvFilter::try_from_env("POD_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,iroh_relay::server::http_server=off"));
    let logs =
        tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter).with_ansi(false);
    // The program that embeds the server may log already.
    _ = logs.try_init();
}
