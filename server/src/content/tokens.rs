//! How texts are cut for the index of words, and how what somebody types becomes a question to it.
//!
//! Words of scripts that part them by spaces are indexed whole and found by their beginning. Of Chinese, Japanese, Korean
//! and the like, which do not part them (or, as Korean, add to them), each two neighbouring characters are a piece, so that
//! any part of a text is found. Names are short: they are cut into such pieces whatever their script, so that the middle of
//! a word is found too. The index sees letters and digits only; what stands between them parts.

use pod_shared::limits;
use unicode_normalization::UnicodeNormalization;

/// Longest word that is indexed, in characters; of a longer one the beginning.
const WORD_CHARS_MAX: usize = 40;

/// What a run of characters is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    /// Spaces part words.
    Parted,
    /// They do not.
    Whole,
}

/// A text as it is compared: composed, wide forms as narrow ones, without case.
fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

fn script(c: char) -> Option<Script> {
    let whole = matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{318f}'
        | '\u{31a0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
    match c {
        _ if !c.is_alphanumeric() => None,
        _ if whole => Some(Script::Whole),
        _ => Some(Script::Parted),
    }
}

/// The runs of letters and digits of a folded text, each of one kind of script.
fn runs(text: &str) -> Vec<(Script, Vec<char>)> {
    let mut runs: Vec<(Script, Vec<char>)> = Vec::new();
    let mut open = None;
    for c in text.chars() {
        let script = script(c);
        match script {
            Some(script) if open == Some(script) => {
                if let Some((_, run)) = runs.last_mut() {
                    run.push(c);
                }
            }
            Some(script) => runs.push((script, vec![c])),
            None => {}
        }
        open = script;
    }
    runs
}

fn put(into: &mut String, token: impl IntoIterator<Item = char>) {
    if !into.is_empty() {
        into.push(' ');
    }
    into.extend(token);
}

/// Each two neighbours, then the last alone, by which a single character at the end is found.
fn put_pieces(into: &mut String, run: &[char]) {
    for pair in run.windows(2) {
        put(into, pair.iter().copied());
    }
    put(into, run.last().copied());
}

/// A name, cut for the index.
#[must_use]
pub(crate) fn name(text: &str) -> String {
    let mut cut = String::new();
    for (_, run) in runs(&folded(text)) {
        put_pieces(&mut cut, &run);
    }
    cut
}

/// A text, cut for the index.
#[must_use]
pub(crate) fn text(text: &str) -> String {
    let mut cut = String::with_capacity(text.len());
    // By lines, so that no second copy of the whole is made.
    for line in text.lines() {
        for (script, run) in runs(&folded(line)) {
            match script {
                Script::Parted => put(&mut cut, run.into_iter().take(WORD_CHARS_MAX)),
                Script::Whole => put_pieces(&mut cut, &run),
            }
        }
    }
    cut
}

/// The question for all that was typed: each part must be found, in the name or in what is said of it and in it. Nothing:
/// nothing that could be found was typed.
///
/// # Errors
/// When it has more parts than are looked for at once.
pub(crate) fn question(typed: &str) -> Result<Option<String>, TooManyParts> {
    let runs = runs(&folded(typed));
    if runs.len() > limits::SEARCH_PARTS_MAX {
        return Err(TooManyParts);
    }
    let parts: Vec<String> = runs.iter().map(|(script, run)| part(*script, run)).collect();
    Ok((!parts.is_empty()).then(|| parts.join(" AND ")))
}

/// More parts than are looked for at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooManyParts;

fn part(script: Script, run: &[char]) -> String {
    let pieces = match run {
        [one] => format!("\"{one}\" *"),
        more => {
            let pairs: Vec<String> = more.windows(2).map(|pair| pair.iter().collect()).collect();
            format!("\"{}\"", pairs.join(" "))
        }
    };
    let elsewhere = match script {
        Script::Whole => pieces.clone(),
        Script::Parted => {
            format!("\"{}\" *", run.iter().take(WORD_CHARS_MAX).collect::<String>())
        }
    };
    format!("((name : {pieces}) OR ({{about said text}} : {elsewhere}))")
}

#[cfg(test)]
mod tests;
