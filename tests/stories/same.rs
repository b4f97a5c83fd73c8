//! Whether both sides say the same: what a device shows, and what the server tells one that has nothing.

use crate::window::{Engine, state, text};
use pod_client::command::{Answer, Command, PeopleCommand};
use pod_client::view::{MessageState, Place, RoomView};
use pod_shared::RoomId;
use pod_tests::{World, wait};
use std::collections::BTreeMap;

/// What one side says of a room and of people, without what belongs to one computer.
type Told = (BTreeMap<RoomId, Vec<String>>, Vec<String>);

/// Waits until the device shows exactly what a new device of the same person is told by the server, and nothing waits.
pub(crate) async fn as_the_server(world: &World, engine: &Engine, name: &str) {
    let fresh = Engine::elsewhere(world, name).await;
    let mut seen = None;
    let same = wait::deadline(wait::STEP, async || {
        let (here, there) = (told(engine).await, told(&fresh).await);
        let waiting = engine.status().await.messages_waiting;
        if here == there && waiting == 0 {
            return Some(());
        }
        seen = Some((here, there, waiting));
        None
    });
    assert!(same.await.is_some(), "{name}: here, at the server, waiting: {seen:#?}");
    drop(fresh);
}

async fn told(engine: &Engine) -> Told {
    let mut rooms = BTreeMap::new();
    for summary in engine.rooms().await {
        let Ok(Answer::Room(view)) = engine.run(Command::Room { room: summary.id }).await else { continue };
        let mut lines = facts(&view);
        let timeline = engine.at(summary.id, Place::Newest, 500).await;
        lines.push(format!("head {:?}", timeline.head));
        lines.extend(timeline.items.iter().map(|item| {
            // Who read it is a mark that follows; that it is in the log is what counts.
            let lost = state(item)
                .filter(|state| matches!(state, MessageState::Waiting | MessageState::Failed { .. }));
            format!("{:?} {:?} {:?} {:?} {lost:?}", item.pos, item.by, text(item), item.key)
        }));
        rooms.insert(summary.id, lines);
    }
    let Answer::Contacts(people) = engine.ask(Command::AboutPeople(PeopleCommand::Contacts)).await else {
        panic!("no contacts")
    };
    let people = people.iter().map(|person| {
        let presence = &person.presence;
        format!("{} {} {:?} {:?}", person.name, person.display_name, presence.state, presence.text)
    });
    (rooms, people.collect())
}

fn facts(view: &RoomView) -> Vec<String> {
    let summary = &view.summary;
    let mut lines = vec![
        format!("title {:?} folder {} role {:?}", summary.title, summary.has_folder, summary.role),
        format!("unread {} mentions {} read {:?}", summary.unread, summary.mentions, view.read),
        format!("made by {:?} at {:?}, {} entries", view.created_by, view.created_at, view.entry_count),
    ];
    lines.extend(
        view.members
            .iter()
            .map(|member| format!("member {} {} {:?}", member.name, member.display_name, member.role)),
    );
    lines
}
