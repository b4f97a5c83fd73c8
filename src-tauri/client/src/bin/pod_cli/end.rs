//! How a command ends when it is not done.

use pod_client::view::ErrorView;
use pod_shared::ErrorCode;
use serde_json::{Value, json};

/// Something that a name could mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
}

/// Why a command was not done.
#[derive(Debug)]
pub(crate) enum End {
    /// Refused.
    Refused(ErrorView),
    /// A name fits nothing, or several things.
    Unclear {
        /// What kind of thing was looked for.
        what: &'static str,
        /// What it could be.
        candidates: Vec<Candidate>,
    },
    /// Used wrongly.
    Usage(String),
    /// The server was not reachable for too long; what was asked stays queued, or was not asked at all.
    Unreachable {
        /// What becomes of it.
        next: &'static str,
    },
    /// It was refused, and that was said already.
    Said,
}

impl End {
    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Refused(error) if is_unreachable(error) => 3,
            Self::Refused(_) | Self::Said => 1,
            Self::Unclear { .. } | Self::Usage(_) => 2,
            Self::Unreachable { .. } => 3,
        }
    }

    /// For scripts.
    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Refused(error) => json!({
                "error": error, "code": error.code, "message": error.message, "retry": error.retry,
            }),
            Self::Unclear { what, candidates } => {
                let all: Vec<Value> =
                    candidates.iter().map(|one| json!({"id": one.id, "name": one.name})).collect();
                let code = if all.is_empty() { ErrorCode::NotFound } else { ErrorCode::Ambiguous };
                json!({"code": code, "message": format!("not exactly one {what} has this name"), "candidates": all})
            }
            Self::Usage(message) => json!({"code": ErrorCode::BadRequest, "message": message}),
            Self::Unreachable { next } => json!({"code": ErrorCode::Offline, "message": next}),
            Self::Said => Value::Null,
        }
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Refused(error) => super::human::sentence(error),
            Self::Unclear { what, candidates } if candidates.is_empty() => {
                format!("No {what} has this name. Nothing was changed.")
            }
            Self::Unclear { what, candidates } => {
                let mut text = format!("Not exactly one {what} has this name. Say it by its id:");
                for one in candidates {
                    text.push_str(&format!("\n  {}  {}", one.id, one.name));
                }
                text
            }
            Self::Usage(message) => message.clone(),
            Self::Unreachable { next } => format!("The server cannot be reached. {next}"),
            Self::Said => String::new(),
        }
    }
}

fn is_unreachable(error: &ErrorView) -> bool {
    matches!(error.code, ErrorCode::Offline | ErrorCode::Unavailable | ErrorCode::InterlockStale)
}

impl From<ErrorView> for End {
    fn from(error: ErrorView) -> Self {
        Self::Refused(error)
    }
}

impl From<std::io::Error> for End {
    fn from(error: std::io::Error) -> Self {
        Self::Refused(error.into())
    }
}

/// The engine gave an answer that does not belong to the question.
pub(crate) fn unexpected() -> End {
    End::Refused(ErrorView::new(ErrorCode::UnsupportedVersion, "the running Pod answered something else"))
}
