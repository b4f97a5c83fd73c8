//! Rectangles on screens: where a remembered window may come back to, and where a folded one goes. Physical pixels.

use serde::{Deserialize, Serialize};

/// A window, or the part of a screen that windows may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rect {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Rect {
    fn right(self) -> i32 {
        self.x.saturating_add_unsigned(self.width)
    }

    fn bottom(self) -> i32 {
        self.y.saturating_add_unsigned(self.height)
    }

    fn area(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    fn shared_area(self, other: Self) -> u64 {
        let side = |from: i32, to: i32| u64::try_from(i64::from(to) - i64::from(from)).unwrap_or(0);
        let width = side(self.x.max(other.x), self.right().min(other.right()));
        width * side(self.y.max(other.y), self.bottom().min(other.bottom()))
    }
}

/// The screen that shows most of a window; the first one where none shows any of it.
pub(crate) fn screen_of(window: Rect, screens: &[Rect]) -> Option<Rect> {
    let best = screens.iter().copied().rev().max_by_key(|screen| window.shared_area(*screen))?;
    if window.shared_area(best) == 0 { screens.first().copied() } else { Some(best) }
}

/// Where a remembered window comes back to: where it was if all of it can be seen, else moved and shrunk onto a screen.
pub(crate) fn on_screen(window: Rect, screens: &[Rect]) -> Rect {
    let seen = screens.iter().map(|screen| window.shared_area(*screen)).sum::<u64>();
    if seen >= window.area() {
        return window;
    }
    match screen_of(window, screens) {
        Some(screen) => within(window, screen),
        None => window,
    }
}

fn within(window: Rect, screen: Rect) -> Rect {
    let (width, height) = (window.width.min(screen.width), window.height.min(screen.height));
    let x = window.x.clamp(screen.x, screen.right().saturating_sub_unsigned(width));
    let y = window.y.clamp(screen.y, screen.bottom().saturating_sub_unsigned(height));
    Rect { x, y, width, height }
}

/// The window at another size; on each axis the edge that is nearer to the screen's edge stays.
pub(crate) fn resized(window: Rect, width: u32, height: u32, screen: Rect) -> Rect {
    let gap = |from: i32, to: i32| (i64::from(to) - i64::from(from)).abs();
    let keeps_right = gap(window.right(), screen.right()) < gap(screen.x, window.x);
    let keeps_bottom = gap(window.bottom(), screen.bottom()) < gap(screen.y, window.y);
    let x = if keeps_right { window.right().saturating_sub_unsigned(width) } else { window.x };
    let y = if keeps_bottom { window.bottom().saturating_sub_unsigned(height) } else { window.y };
    within(Rect { x, y, width, height }, screen)
}

/// Between two windows that stand side by side.
const GAP: i32 = 12;
/// A window that would hide another one exactly goes so far down and to the right.
const STEP: i32 = 32;

/// Where a new window goes: beside the one it was opened from if there is room for both, else a little below its corner;
/// never exactly onto one of those that are `taken`.
pub(crate) fn beside(window: Rect, width: u32, height: u32, screen: Rect, taken: &[Rect]) -> Rect {
    let after = window.right().saturating_add(GAP);
    let before = window.x.saturating_sub(GAP).saturating_sub_unsigned(width);
    let (x, y) = if after.saturating_add_unsigned(width) <= screen.right() {
        (after, window.y)
    } else if before >= screen.x {
        (before, window.y)
    } else {
        (window.x.saturating_add(STEP), window.y.saturating_add(STEP))
    };
    let mut place = within(Rect { x, y, width, height }, screen);
    for _ in taken {
        if !taken.iter().any(|other| (other.x, other.y) == (place.x, place.y)) {
            break;
        }
        let next = Rect { x: place.x.saturating_add(STEP), y: place.y.saturating_add(STEP), ..place };
        place = within(next, screen);
    }
    place
}
