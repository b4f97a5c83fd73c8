//! Names in the order that people expect.

use super::{folded, name_key, type_key};

#[test]
fn names_stand_as_people_expect_them() {
    let sorted = [
        "2024 report",
        "10 things",
        "a.txt",
        "A1.txt",
        "a2.txt",
        "a10.txt",
        "a010b.txt",
        "B",
        "Zebra",
        "가나다",
        "나",
        "한글 2",
        "한글 10",
        "一",
        "文档",
        "文档2",
        "文档10",
        "資料",
    ];
    let mut mixed = sorted;
    mixed.reverse();
    mixed.sort_by_key(|name| name_key(name));
    // Numbers by value: 10 before 2024.
    let mut expected = sorted;
    expected.swap(0, 1);
    assert_eq!(mixed, expected);
}

#[test]
fn one_name_in_two_spellings_has_one_place() {
    for (a, b) in
        [("한글", "한글"), ("É", "e\u{301}"), ("ＡＢ１", "ab1"), ("Straße", "straße"), ("a01", "A1")]
    {
        assert_eq!(name_key(a), name_key(b), "{a} {b}");
    }
    assert!(folded("회의 자료.TXT").contains(&folded("자료")));
    assert_ne!(name_key("a"), name_key("b"));
}

#[test]
fn the_kind_is_the_ending() {
    for (name, kind) in [("a.JPG", "jpg"), ("a.tar.gz", "gz"), (".bashrc", ""), ("README", ""), ("a.", "")] {
        assert_eq!(type_key(name), kind, "{name}");
    }
}
