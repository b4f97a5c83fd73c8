//! Languages by tag.

use super::Language;

#[test]
fn a_locale_finds_its_language_or_english() {
    let cases = [
        ("ko", Language::Korean),
        ("ko-KR", Language::Korean),
        ("zh_TW.UTF-8", Language::Chinese),
        ("en-GB", Language::English),
        ("fr", Language::English),
        ("", Language::English),
    ];
    for (tag, expect) in cases {
        assert_eq!(Language::of(tag), expect, "{tag}");
    }
}

#[test]
fn every_language_has_its_own_words() {
    let all = |language| {
        let (menu, bar) = (super::menu(language), super::bar(language));
        let (server, close) = (super::server_stays(language), super::in_tray(language));
        let words = [
            menu.open,
            menu.new_room,
            menu.pause_all,
            menu.resume_all,
            menu.settings,
            menu.quit,
            bar.file,
            bar.edit,
            bar.view,
            bar.window,
            bar.help,
            bar.jump,
            bar.messages,
            bar.pod_help,
            server.0,
            server.1,
            server.2,
            close.0,
            close.1,
            super::pasted(language),
            super::choose_files(language),
            super::choose_picture(language),
        ];
        words.map(str::to_owned)
    };
    let (english, korean, chinese) = (all(Language::English), all(Language::Korean), all(Language::Chinese));
    for ((one, two), three) in english.iter().zip(&korean).zip(&chinese) {
        assert!(one != two && two != three && one != three, "{one} {two} {three}");
        assert!(!one.is_empty() && !two.is_empty() && !three.is_empty());
    }
}
