//! Time that only goes forward: of this process, from its start. For leases, which a set clock must neither end nor stretch.

use std::sync::LazyLock;
use std::time::Instant;

static START: LazyLock<Instant> = LazyLock::new(Instant::now);
/// A number that no other life of the program has.
pub(crate) static LIFE: LazyLock<i64> = LazyLock::new(|| {
    let random: [u8; 32] = crate::secret::random();
    let mut first = [0; 8];
    first.copy_from_slice(random.split_at(8).0);
    i64::from_le_bytes(first)
});

/// Milliseconds since the first question.
pub(crate) fn now_ms() -> u64 {
    u64::try_from(START.elapsed().as_millis()).unwrap_or(u64::MAX)
}
