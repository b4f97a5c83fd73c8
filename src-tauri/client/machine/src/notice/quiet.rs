//! Quiet hours: from a time of the day to another, on chosen days of the week, by the computer's own clock.

/// Minutes of a day.
const DAY_MIN: u16 = 24 * 60;
/// Days of a week.
const DAYS: u8 = 7;

/// A time of the week, as the computer's clock shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// Days since Monday, 0 to 6.
    pub weekday: u8,
    /// Minutes since midnight.
    pub minute: u16,
}

/// Hours in which nothing disturbs. In words: `22:00-07:00 12345`, the days from Monday as 1; hours that pass midnight
/// belong to the day they begin on. The same time twice is a whole day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    from_min: u16,
    to_min: u16,
    /// The lowest bit is Monday.
    days: u8,
}

impl Quiet {
    /// Reads the words; nothing: they say no hours.
    #[must_use]
    pub fn from_words(words: &str) -> Option<Self> {
        let (hours, days) = words.split_once(' ')?;
        let (from, to) = hours.split_once('-')?;
        let mut bits = 0;
        for day in days.chars() {
            let day = u8::try_from(day.to_digit(10)?).ok()?.checked_sub(1).filter(|day| *day < DAYS)?;
            bits |= 1 << day;
        }
        let quiet = Self { from_min: minute(from)?, to_min: minute(to)?, days: bits };
        (bits != 0).then_some(quiet)
    }

    /// Whether this time is one of them.
    #[must_use]
    pub fn covers(self, now: LocalTime) -> bool {
        let begun_today = self.is_on(now.weekday);
        let begun_before = self.is_on((now.weekday + DAYS - 1) % DAYS);
        if self.from_min < self.to_min {
            return begun_today && (self.from_min..self.to_min).contains(&now.minute);
        }
        (begun_today && now.minute >= self.from_min) || (begun_before && now.minute < self.to_min)
    }

    fn is_on(self, weekday: u8) -> bool {
        self.days & (1 << weekday) != 0
    }
}

fn minute(words: &str) -> Option<u16> {
    let (hour, minute) = words.split_once(':')?;
    let two = |digits: &str| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let (hour, minute) = (two(hour)?, two(minute)?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute).filter(|at| *at < DAY_MIN)
}
