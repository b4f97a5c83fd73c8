//! What can be typed to find files and to say what they are.

use clap::Args;

#[derive(Args, Debug)]
pub(crate) struct Sought {
    /// Words: parts of the name, or beginnings of words in descriptions, tags, comments and what files say.
    pub(crate) text: Vec<String>,
    /// Registered by this member.
    #[arg(long, value_name = "PERSON")]
    pub(crate) by: Option<String>,
    /// Files whose names end so, like `pdf,docx`.
    #[arg(long = "type", value_name = "ENDING", value_delimiter = ',')]
    pub(crate) endings: Vec<String>,
    /// Folders only.
    #[arg(long)]
    pub(crate) folders: bool,
    /// Changed on this day or later, like 2026-11-29.
    #[arg(long, value_name = "DAY")]
    pub(crate) since: Option<String>,
    /// Changed on this day or before.
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<String>,
    /// Of at least this size, like 20k or 1.5M.
    #[arg(long, value_name = "SIZE")]
    pub(crate) larger: Option<String>,
    /// Of at most this size.
    #[arg(long, value_name = "SIZE")]
    pub(crate) smaller: Option<String>,
    /// Rated with at least so many stars on average.
    #[arg(long)]
    pub(crate) stars: Option<f64>,
    /// With this tag.
    #[arg(long)]
    pub(crate) tag: Option<String>,
    /// At most this many.
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: u32,
}

#[derive(Args, Debug)]
pub(crate) struct Described {
    /// What it is; empty: nothing is said.
    #[arg(long)]
    pub(crate) text: Option<String>,
    /// Its tags, like `print,2026`; empty: none.
    #[arg(long)]
    pub(crate) tags: Option<String>,
}
