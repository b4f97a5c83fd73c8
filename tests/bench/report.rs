//! One JSON object a line on standard output, with the load of the machine before the run.

use serde_json::{Value, json};

/// Prints one result.
#[expect(clippy::print_stdout, reason = "the lines are the result of the program")]
pub(crate) fn line(bench: &str, mut fields: Value) {
    if let Some(map) = fields.as_object_mut() {
        map.insert("bench".into(), json!(bench));
        map.insert("load_1min".into(), json!(load()));
    }
    println!("{fields}");
}

/// The middle one; of an even number the upper of the two in the middle.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Rounded to three places, to be read by people.
pub(crate) fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn load() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(f64::NAN)
}
