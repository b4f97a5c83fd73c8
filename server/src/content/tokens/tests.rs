//! What is cut how, and what is found in it: asked of a real index.

use super::{name, question, text};
use pod_shared::limits;
use rusqlite::Connection;

/// Whether what is typed finds a file with this name and content.
fn finds(typed: &str, named: &str, content: &str) -> bool {
    let index = Connection::open_in_memory().unwrap();
    let schema = include_str!("../../store/sqlite/content/schema_10.sql");
    let words = schema.split(';').find(|statement| statement.contains("CREATE VIRTUAL TABLE words")).unwrap();
    index.execute_batch(words).unwrap();
    index
        .execute(
            "INSERT INTO words (room, name, about, said, text) VALUES ('r', ?1, '', '', ?2)",
            [name(named), text(content)],
        )
        .unwrap();
    let Some(question) = question(typed).unwrap() else { return false };
    let found: i64 = index
        .query_row("SELECT count(*) FROM words WHERE words MATCH ?1", [question], |row| row.get(0))
        .unwrap();
    found == 1
}

#[test]
fn names_are_found_by_any_part_of_them() {
    for typed in ["report", "port", "REPORT", "rep", "t", "q3", "report q3", "pdf", "report.pdf", "q3 rep"] {
        assert!(finds(typed, "Quarterly Report-Q3.pdf", ""), "{typed}");
    }
    for typed in ["reports", "q4", "report doc", "xls", "prot"] {
        assert!(!finds(typed, "Quarterly Report-Q3.pdf", ""), "{typed}");
    }
}

#[test]
fn korean_chinese_and_japanese_are_found_by_any_part() {
    for typed in ["회의", "회의록", "의록", "록", "분기", "회의 2026", "3분기"] {
        assert!(finds(typed, "2026년 3분기 회의록.hwp", ""), "{typed}");
        assert!(finds(typed, "a.txt", "지난 2026년 3분기 회의록을 보냅니다"), "{typed} in the text");
    }
    assert!(!finds("회록", "회의록.hwp", "회의록"));
    for typed in ["预算", "算表", "年度预算表", "表", "年"] {
        assert!(finds(typed, "年度预算表.xlsx", ""), "{typed}");
        assert!(finds(typed, "a.txt", "附上年度预算表，请查收"), "{typed} in the text");
    }
    assert!(!finds("预表", "年度预算表.xlsx", "年度预算表"));
    assert!(finds("カレンダー", "カレンダー.ics", "") && finds("レンダ", "カレンダー.ics", ""));
}

#[test]
fn words_of_a_text_are_found_by_their_beginning() {
    let content = "The minutes say: Café Müller opens at 9. See https://example.org/fair-day";
    for typed in
        ["minutes", "minu", "cafe", "café", "MULLER", "müll", "9", "example", "fair day", "say minutes"]
    {
        assert!(finds(typed, "a.txt", content), "{typed}");
    }
    for typed in ["inutes", "ample", "minutes tea"] {
        assert!(!finds(typed, "a.txt", content), "{typed}");
    }
    assert!(finds("ＡＢＣ", "abc.txt", "") && finds("abc", "ＡＢＣ.txt", ""), "wide forms");
    assert!(finds("e\u{301}te\u{301}", "été.txt", ""), "decomposed forms");
}

#[test]
fn parts_in_name_and_text_are_found_together() {
    assert!(finds("fair 계획", "fair.md", "여름 계획"));
    assert!(!finds("fair 겨울", "fair.md", "여름 계획"));
}

#[test]
fn what_is_typed_is_never_understood_as_an_order() {
    for typed in ["\"", "a\" OR \"b", "name : x", "*", "^a", "a NEAR b", "-a", "(", "\u{0}", "NOT", "a + b"] {
        let _ = finds(typed, "something else", "entirely");
    }
    assert_eq!(question("  .,-!? ").unwrap(), None);
    let many = "a ".repeat(limits::SEARCH_PARTS_MAX + 1);
    assert!(question(&many).is_err());
    assert!(question(&many[2..]).unwrap().is_some());
}

#[test]
fn long_words_are_cut_alike_in_text_and_question() {
    let word = "x".repeat(500);
    assert!(finds(&word, "a.txt", &word));
    assert!(text(&word).len() < 50);
}
