//! Events for who reads them in time, and for who does not.

use super::{StartOptions, channel, start};
use crate::command::Command;
use crate::event::Event;
use crate::secrets::SecretsKind;
use pod_shared::limits::CLIENT_EVENTS_MAX;

fn numbered(number: usize) -> Event {
    Event::Setting { key: number.to_string() }
}

#[tokio::test]
async fn as_many_events_as_the_limit_wait_and_one_more_is_told_as_a_gap() {
    let (sender, mut events) = channel();
    for round in 0..2 {
        (0..CLIENT_EVENTS_MAX + round).for_each(|number| drop(sender.send(numbered(number))));
        if round == 1 {
            assert_eq!(events.next().await, Some(Event::Lagged));
        }
        for number in round..CLIENT_EVENTS_MAX + round {
            assert_eq!(events.next().await, Some(numbered(number)));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_too_slowly_harms_no_other_and_goes_on_with_the_newest() {
    let profile = tempfile::tempdir().unwrap();
    let options = StartOptions { secrets: SecretsKind::File, ..StartOptions::new(profile.path()) };
    let (pod, mut slow) = start(options).await.unwrap();
    let mut fast = pod.events();
    for number in 0..=CLIENT_EVENTS_MAX {
        pod.events.send(numbered(number)).unwrap();
        while fast.next().await.unwrap() != numbered(number) {}
    }
    pod.run(Command::Status).await.unwrap();
    assert_eq!(slow.next().await, Some(Event::Lagged));
    while slow.next().await.unwrap() != numbered(CLIENT_EVENTS_MAX) {}
}
