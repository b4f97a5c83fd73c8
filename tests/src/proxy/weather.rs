//! What a way does to what goes over it.

/// From the pod to the server, or to the pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the server.
    Up,
    /// To the pod.
    Down,
}

/// What happens to a way after so many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// Every connection is closed.
    Cut,
    /// Every connection is reset.
    Reset,
    /// No byte moves any more, and nobody is told.
    Stall,
    /// The last KiB of them does not arrive, and every connection is closed.
    LoseTail,
}

/// What the way does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// Bytes go through.
    Fair,
    /// So many bytes in a second go up through each connection; down goes all.
    Slow(u64),
    /// So many bytes in a second go through each connection, each way.
    Throttled(u64),
    /// What comes, up to 64 KiB, arrives so many milliseconds later; what follows waits behind it.
    Late(u64),
    /// Connections stay open and no byte moves: a dead network that nobody noticed.
    Stalled,
    /// All connections are closed, and new ones at once.
    Cut,
    /// All connections are reset, and new ones at once.
    Reset,
    /// Goes through until so many bytes in all went up, then as `Cut`.
    CutAfterUp(u64),
    /// Goes through until so many bytes in all went that way; then the blow.
    Until(Direction, u64, Blow),
}

impl Weather {
    /// Bytes in a second.
    pub(super) fn rate(self, direction: Direction) -> Option<u64> {
        match self {
            Self::Slow(rate) if direction == Direction::Up => Some(rate),
            Self::Throttled(rate) => Some(rate),
            Self::Fair
            | Self::Slow(_)
            | Self::Late(_)
            | Self::Stalled
            | Self::Cut
            | Self::Reset
            | Self::CutAfterUp(_)
            | Self::Until(..) => None,
        }
    }

    /// What will happen, and when.
    pub(super) fn plan(self) -> Option<(Direction, u64, Blow)> {
        match self {
            Self::CutAfterUp(bytes) => Some((Direction::Up, bytes, Blow::Cut)),
            Self::Until(direction, bytes, blow) => Some((direction, bytes, blow)),
            Self::Fair
            | Self::Slow(_)
            | Self::Throttled(_)
            | Self::Late(_)
            | Self::Stalled
            | Self::Cut
            | Self::Reset => None,
        }
    }

    /// No connection lives in it.
    pub(super) fn breaks(self) -> bool {
        matches!(self, Self::Cut | Self::Reset)
    }
}

impl Blow {
    pub(super) fn weather(self) -> Weather {
        match self {
            Self::Cut | Self::LoseTail => Weather::Cut,
            Self::Reset => Weather::Reset,
            Self::Stall => Weather::Stalled,
        }
    }
}
