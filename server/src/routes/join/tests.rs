//! What the page says, in which language, and what it lets nobody do.

use super::words::Words;
use super::{STYLE, escape, page_of, policy};

fn language(accepted: Option<&str>) -> &'static str {
    Words::of(accepted).language
}

#[test]
fn the_browser_chooses_the_language() {
    assert_eq!(language(None), "en");
    assert_eq!(language(Some("ko-KR,ko;q=0.9,en;q=0.8")), "ko");
    assert_eq!(language(Some("fr, zh-Hans;q=0.5, en;q=0.2")), "zh");
    assert_eq!(language(Some("fr;q=1, de")), "en");
    assert_eq!(language(Some("ko;q=0, en;q=0.1")), "en");
    assert_eq!(language(Some(";;,q=,ko;q=x")), "en");
}

#[test]
fn a_name_is_text_and_never_a_tag() {
    let html =
        page_of(Words::of(None), "<script>alert('1')</script>\"&", "line", Some("pod://h/join?a=1&b=\"2\""));
    assert!(!html.contains("<script"), "{html}");
    assert!(html.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;"), "{html}");
    assert!(html.contains("href=\"pod://h/join?a=1&amp;b=&quot;2&quot;\""), "{html}");
    assert_eq!(escape("plain 글"), "plain 글");
}

#[test]
fn the_policy_lets_only_the_style_of_the_page_in() {
    let policy = policy();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("STYLE") && !policy.contains("unsafe"), "{policy}");
    let html = page_of(Words::of(None), "t", "l", None);
    assert_eq!(html.matches("<style>").count(), 1);
    assert!(html.contains(&format!("<style>{STYLE}</style>")));
    assert!(!html.contains("style=\"") && !html.contains("http"), "nothing comes from elsewhere: {html}");
}
