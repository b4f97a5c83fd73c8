//! How long to wait before the next try: grows by doubling, and is spread by chance so that a thousand pods do not come
//! back in the same second.

/// The growth of a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The first wait, in milliseconds.
    pub first_ms: u64,
    /// The longest wait, in milliseconds.
    pub max_ms: u64,
}

impl Backoff {
    /// For the connection: quick at first, because most cuts are short; a minute at most, because people look.
    pub const CONNECTION: Self = Self { first_ms: 500, max_ms: 60_000 };
    /// For requests and transfers.
    pub const REQUEST: Self = Self { first_ms: 1_000, max_ms: 60_000 };

    /// The wait after this many failures in a row (1: the first), between half and all of the grown value.
    #[must_use]
    pub fn delay_ms(&self, failures: u32, chance: u32) -> u64 {
        let doublings = failures.saturating_sub(1).min(32);
        let grown = self.first_ms.saturating_mul(1 << doublings).min(self.max_ms);
        let half = grown / 2;
        half + (grown - half) * u64::from(chance) / u64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests;
