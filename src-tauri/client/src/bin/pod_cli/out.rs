//! What is printed: results on standard output, one object a line or columns for people; what went wrong as well, with
//! `--json` on standard output, else on standard error.

use super::end::End;
use serde::Serialize;
use serde_json::{Value, json};
use std::io::Write;
use std::process::ExitCode;

/// For whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Scripts.
    Json,
    /// People.
    Human,
}

/// The way out.
pub(crate) struct Out {
    form: Form,
}

impl Out {
    /// For scripts or for people.
    pub(crate) fn new(form: Form) -> Self {
        Self { form }
    }

    /// For whom it is.
    pub(crate) fn form(&self) -> Form {
        self.form
    }

    /// One result: the object for scripts, the line for people.
    pub(crate) fn say(&self, object: &Value, line: impl FnOnce() -> String) {
        match self.form {
            Form::Json => print(&object.to_string()),
            Form::Human => print(&line()),
        }
    }

    /// Many results: an object each, or a table with a heading; `nothing` when there are none.
    pub(crate) fn table(&self, heading: &[&str], rows: Vec<(Value, Vec<String>)>, nothing: &str) {
        match self.form {
            Form::Json => rows.iter().for_each(|(object, _)| print(&object.to_string())),
            Form::Human if rows.is_empty() => print(nothing),
            Form::Human => {
                let cells: Vec<Vec<String>> = rows.into_iter().map(|(_, cells)| cells).collect();
                print(&super::human::columns(heading, &cells));
            }
        }
    }

    /// A remark for people only.
    pub(crate) fn remark(&self, line: &str) {
        if self.form == Form::Human {
            // Nobody reads it: then it need not be said.
            let _ = writeln!(std::io::stderr(), "{line}");
        }
    }

    /// The end of the command.
    pub(crate) fn end(&self, result: Result<(), End>) -> ExitCode {
        let Err(end) = result else { return ExitCode::SUCCESS };
        let code = end.code();
        match (&end, self.form) {
            (End::Said, _) => {}
            (end, Form::Json) => print(&end.json().to_string()),
            (end, Form::Human) => self.remark(&end.text()),
        }
        ExitCode::from(code)
    }
}

/// The fields of a value with `id` in front: its own id.
pub(crate) fn with_id(id: &impl ToString, value: &impl Serialize) -> Value {
    let mut object = json!({"id": id.to_string()});
    if let (Some(fields), Ok(Value::Object(more))) = (object.as_object_mut(), serde_json::to_value(value)) {
        for (key, value) in more {
            fields.entry(key).or_insert(value);
        }
    }
    object
}

fn print(line: &str) {
    // A reader that has gone, as with `| head`, is no error.
    let _ = writeln!(std::io::stdout(), "{line}");
}
