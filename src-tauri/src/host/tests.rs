//! What is remembered of the server on this computer.

use super::{Reach, process::from_this_computer, record::Record};
use std::path::PathBuf;

#[test]
fn an_address_for_every_network_is_reached_over_loopback() {
    let cases = [
        ("http://127.0.0.1:7600", Some(("http://127.0.0.1:7600", 7600))),
        ("https://0.0.0.0:7600/", Some(("https://127.0.0.1:7600", 7600))),
        ("https://[::]:81", Some(("https://127.0.0.1:81", 81))),
        ("7600", None),
    ];
    for (listening, expect) in cases {
        let expect = expect.map(|(url, port)| (url.to_owned(), port));
        assert_eq!(from_this_computer(listening), expect, "{listening}");
    }
}

#[test]
fn a_server_keeps_its_port_for_good() {
    let record = Record::new("Home", Reach::Computer, PathBuf::from("data"));
    assert_eq!(record.ports(), vec![7600, 0]);
    assert_eq!(Record { port: 4000, ..record }.ports(), vec![4000]);
}

#[test]
fn a_record_is_read_as_it_was_written() -> std::io::Result<()> {
    let base = tempfile::tempdir()?;
    let record = Record::new("집", Reach::Network, base.path().join("server"));
    record.save(base.path())?;
    assert_eq!(Record::load(base.path()), Some(record));
    Ok(())
}
