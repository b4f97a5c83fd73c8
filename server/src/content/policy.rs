//! What the operator decides about files.

/// Whether people may prove to hold what they may not read, instead of sending it (decision 10 of the founding text).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proofs {
    /// They may.
    On,
    /// They send the bytes.
    Off,
}

/// What the operator decides about files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Instant upload by proof.
    pub proofs: Proofs,
    /// Days that a file is kept for a person who is away.
    pub forward_days: u32,
    /// Days that what was deleted can come back.
    pub trash_days: u32,
    /// How much is kept.
    pub quotas: Quotas,
}

/// How much is kept; nothing: as much as there is place for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quotas {
    /// Of one room, in bytes.
    pub room_bytes: Option<u64>,
    /// Of one person in all rooms, in bytes.
    pub person_bytes: Option<u64>,
}

impl Default for Policy {
    fn default() -> Self {
        Self { proofs: Proofs::On, forward_days: 30, trash_days: 90, quotas: Quotas::default() }
    }
}
