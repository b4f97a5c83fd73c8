//! The table of names: what every desktop can hold, and what tricks are refused.

use super::{NameProblem, check_name};

fn refused(names: &[&str], problem: NameProblem) {
    for name in names {
        assert_eq!(check_name(name), Err(problem), "{name:?}");
    }
}

#[test]
fn ordinary_names_of_any_script_are_taken() {
    let longest = "a".repeat(255);
    let korean = "가".repeat(85);
    for name in [
        "a",
        "report.pdf",
        "한국어 파일.txt",
        "会议记录.docx",
        "😀.png",
        ".hidden",
        "..a",
        "a..b",
        "COM0",
        "COM10",
        "CONSOLE.txt",
        "null",
        "lpt",
        "a b",
        "e\u{301}.txt",
        "#1 & 100%.txt",
        "~draft",
        "-rf",
        "$HOME",
        "a;b",
        "👩‍👩‍👧.jpg",
        &longest,
        &korean,
    ] {
        assert_eq!(check_name(name), Ok(()), "{name:?}");
    }
}

#[test]
fn ways_out_of_the_folder_are_refused() {
    refused(&[".", ".."], NameProblem::Dots);
    refused(&["../a", "a/b", "/etc/passwd", "..\\a", "C:\\a", "a\0b", "\0"], NameProblem::Character);
}

#[test]
fn characters_that_some_desktop_cannot_hold_are_refused() {
    refused(
        &["a:b", "a*", "a?", "\"a\"", "<a", "a>", "a|b", "a\nb", "a\tb", "a\u{7f}b", "a\u{85}b"],
        NameProblem::Character,
    );
    refused(&["\u{feff}a"], NameProblem::Character);
}

#[test]
fn marks_that_hide_the_real_ending_are_refused() {
    refused(
        &["invoice\u{202e}fdp.exe", "a\u{200f}b", "\u{2066}a", "a\u{2069}", "\u{61c}a", "a\u{202a}"],
        NameProblem::Direction,
    );
}

#[test]
fn invisible_characters_that_make_two_names_look_alike_are_refused() {
    refused(
        &["a\u{200b}b", "a\u{2060}b", "a\u{ad}b", "a\u{180e}b", "a\u{2028}b", "a\u{e0041}b"],
        NameProblem::Invisible,
    );
}

#[test]
fn a_joiner_stands_only_between_visible_characters() {
    assert_eq!(check_name("می\u{200c}خواهم"), Ok(()));
    refused(&["\u{200d}a", "a\u{200c}", "a\u{200d}\u{200d}b", "a\u{200c}.txt"], NameProblem::Invisible);
}

#[test]
fn names_that_windows_keeps_are_refused_with_any_ending() {
    refused(
        &[
            "CON",
            "con",
            "nul",
            "NUL.txt",
            "aux.tar.gz",
            "COM1",
            "com9.log",
            "LPT¹",
            "PRN",
            "CONIN$",
            "con .txt",
        ],
        NameProblem::Reserved,
    );
}

#[test]
fn names_that_a_desktop_would_cut_at_the_edge_are_refused() {
    refused(&[" a", "a ", "a.", "...", "a\u{3000}", "\u{a0}a"], NameProblem::Edge);
}

#[test]
fn a_name_is_neither_empty_nor_longer_than_its_limit() {
    refused(&[""], NameProblem::Empty);
    let (longer, korean) = ("a".repeat(256), "가".repeat(86));
    refused(&[&longer, &korean], NameProblem::TooLong);
}
