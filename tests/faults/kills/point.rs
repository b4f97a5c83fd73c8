//! Where a kill falls: drawn from the seed, and replayed by it.

use pod_shared::limits;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::time::Duration;

/// Bytes of one MiB.
pub(crate) const MIB: u64 = 1024 * 1024;
/// What a cut may cost besides what sat in the buffers of sockets.
const AGAIN_BYTES_MAX: u64 = MIB;
/// What else goes over the same way: frames of the chat, headers, tokens, lists of a folder.
const BESIDE_BYTES: u64 = MIB / 2;

/// How bytes go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wire {
    /// Bytes that may be under way when somebody is killed.
    under_way: u64,
    /// Of a hundred bytes, those that are the wire's own.
    overhead_percent: u64,
}

impl Wire {
    /// Through a proxy at the pace of these tests: what it holds, and two sockets that are nearly empty.
    pub(crate) const TCP: Self = Self { under_way: MIB / 2, overhead_percent: 0 };
    /// Over a cable, counted there with all headers: a sender goes on until the window is full.
    pub(crate) const QUIC: Self = Self { under_way: limits::DIRECT_WINDOW_BYTES as u64, overhead_percent: 4 };
}

/// Who is killed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Victim {
    Sender,
    Receiver,
    Server,
}

/// What is done with the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    /// They live on, and have all of it in memory.
    Live,
    /// They are killed a moment later: nothing goes on from memory.
    Die,
}

/// One kill.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) victim: Victim,
    pub(crate) others: Others,
    /// The byte of the file at which it falls.
    pub(crate) at: u64,
}

/// The points of one test.
pub(crate) struct Plan {
    pub(crate) laps: u64,
    /// Bytes of each file.
    pub(crate) size: u64,
    seed: u64,
    chance: StdRng,
}

impl Plan {
    /// `share` of so many points in all, by `kind`.
    pub(crate) fn of(kind: &str, share: u64) -> Self {
        let number = |name: &str, usual| {
            std::env::var(name).map_or(usual, |text| text.parse().expect("a number in the environment"))
        };
        let seed = number("POD_SEED", rand::random());
        let salt = kind.bytes().fold(0_u64, |salt, byte| salt * 31 + u64::from(byte));
        let laps = (number("POD_POINTS", 12) / share).max(1);
        Self { laps, size: number("POD_MIB", 32) * MIB, seed, chance: StdRng::seed_from_u64(seed ^ salt) }
    }

    /// Bytes that no other file of the test has; a few more than whole pieces.
    pub(crate) fn bytes(&mut self) -> Vec<u8> {
        let size = self.size + self.chance.random_range(0..4_096);
        let mut bytes = vec![0; size as usize];
        self.chance.fill(&mut bytes[..]);
        bytes
    }

    /// The next point: mostly anywhere, at times at the very beginning or the very end.
    pub(crate) fn point(&mut self, victims: &[Victim], lap: u64) -> Point {
        let victim = victims[(lap as usize) % victims.len()];
        let at = match self.chance.random_range(0..8) {
            0 => self.chance.random_range(1..64 * 1024),
            1 => self.size - self.chance.random_range(0..64 * 1024),
            _ => self.chance.random_range(0..self.size),
        };
        let others = if self.chance.random_bool(0.5) { Others::Die } else { Others::Live };
        Point { victim, others, at }
    }

    /// Says which point comes now; shown when the test fails.
    pub(crate) fn tell(&self, way: &str, point: Point) {
        let Point { victim, others, at } = point;
        println!(
            "POD_SEED={} {way}: {victim:?} killed at byte {at} of {}, others {others:?}",
            self.seed, self.size
        );
    }

    /// How long one file may take, at the pace of the test and on a busy machine.
    pub(crate) fn patience(&self) -> Duration {
        Duration::from_secs(60 + self.size / (2 * MIB))
    }

    /// Checks what a wire carried for one file that was cut once.
    pub(crate) fn assert_hardly_more(&self, wire: Wire, carried: u64, size: u64) {
        let most = size + AGAIN_BYTES_MAX + wire.under_way + BESIDE_BYTES;
        let most = most + most * wire.overhead_percent / 100;
        println!("{carried} bytes for {size} ({} more)", carried.saturating_sub(size));
        assert!(carried >= size, "only {carried} bytes for {size}");
        assert!(carried <= most, "{carried} bytes for {size}: more than {most}");
    }
}
