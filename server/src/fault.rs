//! Places where a test may kill the process: `POD_FAULT=name` dies there the first time, `name:3` the third time.
//!
//! Along a relay row: `relay_send` (before it is handed over), `relay_applied` (the other side committed, its answer is not
//! sent), `relay_answered` (answered, not settled) and `relay_settled`. The services have their own names for the rest.
//! Only debug builds look; a release build has nothing here.

/// Dies here when the test asked for it.
#[cfg(debug_assertions)]
pub fn point(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    static WANTED: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static SEEN: AtomicU64 = AtomicU64::new(0);
    let wanted = WANTED.get_or_init(|| std::env::var("POD_FAULT").ok().map(|text| parse(&text)));
    let Some((wanted, nth)) = wanted else { return };
    if wanted == name && SEEN.fetch_add(1, Ordering::SeqCst) + 1 == *nth {
        die();
    }
}

/// Nothing.
#[cfg(not(debug_assertions))]
pub fn point(_name: &str) {}

#[cfg(debug_assertions)]
fn parse(text: &str) -> (String, u64) {
    match text.rsplit_once(':').and_then(|(name, nth)| Some((name, nth.parse().ok()?))) {
        Some((name, nth)) => (name.to_owned(), nth),
        None => (text.to_owned(), 1),
    }
}

/// SIGKILL where there are signals: no destructor, no flush. `abort` is the same where there are none.
#[cfg(debug_assertions)]
fn die() {
    if cfg!(unix) {
        _ = std::process::Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
    }
    std::process::abort();
}
