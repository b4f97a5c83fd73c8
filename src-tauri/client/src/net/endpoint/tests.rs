//! What people paste, and what it means.

use super::{page_of, read_address, with_code};

fn check(text: &str, url: &str, fingerprint: Option<&str>, invite: Option<&str>) {
    let read = read_address(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(read.url, url, "{text}");
    assert_eq!(read.fingerprint.as_deref(), fingerprint, "{text}");
    assert_eq!(read.invite.as_deref(), invite, "{text}");
}

#[test]
fn addresses_and_links_are_understood() {
    check("127.0.0.1:7600", "http://127.0.0.1:7600", None, None);
    check("localhost", "http://localhost:7600", None, None);
    check("[::1]:7700", "http://[::1]:7700", None, None);
    check("pod.example.org", "https://pod.example.org:7600", None, None);
    check("pod.example.org:443", "https://pod.example.org:443", None, None);
    check("  https://pod.example.org/ ", "https://pod.example.org", None, None);
    check("http://10.0.0.5:7600", "http://10.0.0.5:7600", None, None);
    check("pod://10.0.0.5:7600/join?code=K7&fp=ab12", "https://10.0.0.5:7600", Some("ab12"), Some("K7"));
    check("pod://127.0.0.1:7600/join?code=K7", "http://127.0.0.1:7600", None, Some("K7"));
    check("pod://pod.lan:80/join?code=K7&tls=0", "http://pod.lan:80", None, Some("K7"));
    check("pod://pod.example.org:443/join?code=K7", "https://pod.example.org:443", None, Some("K7"));
}

#[test]
fn a_link_to_a_room_and_its_page_mean_the_same() {
    let room = |text: &str| read_address(text).unwrap().room;
    let link = with_code("pod://10.0.0.5:7600/join?code=K7&fp=ab12", "f00d");
    check(&link, "https://10.0.0.5:7600", Some("ab12"), Some("K7"));
    assert_eq!(room(&link).as_deref(), Some("f00d"));
    let page = page_of(&link);
    assert_eq!(page, "https://10.0.0.5:7600/join?code=K7&fp=ab12&room=f00d");
    check(&page, "https://10.0.0.5:7600", Some("ab12"), Some("K7"));
    assert_eq!(room(&page).as_deref(), Some("f00d"));
    // Without an account, without a fingerprint, without TLS.
    let plain = with_code("pod://pod.lan:80/join?tls=0", "f00d");
    assert_eq!(page_of(&plain), "http://pod.lan:80/join?tls=0&room=f00d");
    assert_eq!(room(&page_of(&plain)).as_deref(), Some("f00d"));
    assert_eq!(with_code("pod://pod.example:443/join?", "f00d"), "pod://pod.example:443/join?room=f00d");
    // Elsewhere these words mean nothing, and an empty code is none.
    assert_eq!(room("https://pod.example.org/other?room=f00d"), None);
    assert_eq!(room("https://pod.example.org/join?room="), None);
    assert_eq!(page_of("nonsense with spaces"), "");
}

#[test]
fn what_is_no_address_is_refused() {
    for text in ["", "   ", "two words", "ftp://example.org", "http://", "pod://", "pod:///join?code=1"] {
        assert!(read_address(text).is_err(), "{text:?}");
    }
}
