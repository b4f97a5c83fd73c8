//! Links and where they lead.

use super::{LINK_BYTES_MAX, Target, find, target};

#[test]
fn only_the_web_mail_and_pod_are_opened() {
    let system = |link: &str| Some(Target::System(link.to_owned()));
    let cases = [
        ("https://example.org/a b?c=d", system("https://example.org/a%20b?c=d")),
        ("HTTP://EXAMPLE.org", system("http://example.org/")),
        ("mailto:mina@example.org", system("mailto:mina@example.org")),
        ("pod://host:7600/join?code=x", Some(Target::Here("pod://host:7600/join?code=x".to_owned()))),
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("tauri://localhost", None),
        ("smb://host/share", None),
        ("--help", None),
        ("/usr/bin/xterm", None),
        ("", None),
    ];
    for (text, expect) in cases {
        assert_eq!(target(text), expect, "{text}");
    }
}

#[test]
fn a_link_that_is_too_long_is_none() {
    let link = |length: usize| format!("pod://{}", "a".repeat(length - 6));
    assert!(target(&link(LINK_BYTES_MAX)).is_some() && target(&link(LINK_BYTES_MAX + 1)).is_none());
    assert!(find([link(LINK_BYTES_MAX + 1).as_str()].into_iter()).is_none());
    assert_eq!(find(["--quiet", "pod://a"].into_iter()), Some("pod://a".to_owned()));
}
