//! A notice as a user interface shows it: one thing that happened and how much more there is, or a summary.

use super::offers::place;
use crate::command::{Answer, Command, TransferCommand};
use crate::engine::{Desk, chat, people};
use crate::view::{ErrorView, NoticeAbout, NoticeView, RoomName};
use pod_machine::notice::{Noted, NoticeKind, Place};
use pod_shared::{AccountId, ContentPosition, RoomId};
use std::collections::BTreeMap;

/// Rooms that a summary names.
const NAMED_MAX: usize = 3;

/// The notice of these; nothing: all of it is gone by now.
pub(super) async fn notice(desk: &Desk, id: u64, what: &[Noted]) -> Result<Option<NoticeView>, ErrorView> {
    let Some(newest) = what.last() else { return Ok(None) };
    let one = what.iter().all(|noted| together(noted.place, newest.place));
    let about = match newest.place {
        _ if !one => Some((newest.kind, summary(desk, what).await?)),
        Place::Room { room, .. } => of_room(desk, room, what).await?,
        Place::Person(account) => Some((newest.kind, of_person(desk, account).await?)),
        Place::Offer { .. } => of_offers(desk, what).await?.map(|about| (newest.kind, about)),
    };
    Ok(about.map(|(kind, about)| NoticeView { id, kind, about }))
}

fn together(one: Place, other: Place) -> bool {
    match (one, other) {
        (Place::Room { room: one, .. }, Place::Room { room: other, .. }) => one == other,
        (Place::Offer { batch: one, .. }, Place::Offer { batch: other, .. }) => one == other,
        (one, other) => one == other,
    }
}

/// The newest of a room that still stands.
async fn of_room(
    desk: &Desk,
    room: RoomId,
    what: &[Noted],
) -> Result<Option<(NoticeKind, NoticeAbout)>, ErrorView> {
    let title = desk.cache.room(room).await?.map(|row| row.title).unwrap_or_default();
    for (at, noted) in what.iter().enumerate().rev() {
        let Place::Room { pos, nth, .. } = noted.place else { continue };
        let item = match nth {
            0 => chat::item_at(desk, room, pos).await?,
            nth => chat::deed_item(desk, room, ContentPosition(nth)).await?,
        };
        if let Some(item) = item {
            let more = u32::try_from(at).unwrap_or(u32::MAX);
            return Ok(Some((noted.kind, NoticeAbout::Item { room, title, item: Box::new(item), more })));
        }
    }
    Ok(None)
}

async fn of_person(desk: &Desk, account: AccountId) -> Result<NoticeAbout, ErrorView> {
    let person = people::card(desk, account).await?;
    Ok(NoticeAbout::Contact { person: Box::new(person) })
}

async fn of_offers(desk: &Desk, what: &[Noted]) -> Result<Option<NoticeAbout>, ErrorView> {
    let asked = Command::AboutTransfers(TransferCommand::Offers);
    let Answer::Offers(mut offers) = desk.transfers.handle(asked).await? else { return Ok(None) };
    offers.retain(|offer| what.iter().any(|noted| noted.place == place(offer)));
    Ok((!offers.is_empty()).then_some(NoticeAbout::Offers { offers }))
}

/// How much of each kind, and where.
async fn summary(desk: &Desk, what: &[Noted]) -> Result<NoticeAbout, ErrorView> {
    let count = |kinds: &[NoticeKind]| {
        let all = what.iter().filter(|noted| kinds.contains(&noted.kind)).count();
        u32::try_from(all).unwrap_or(u32::MAX)
    };
    let mut rooms = BTreeMap::<RoomId, usize>::new();
    for noted in what {
        if let Place::Room { room, .. } = noted.place {
            *rooms.entry(room).or_default() += 1;
        }
    }
    let room_count = u32::try_from(rooms.len()).unwrap_or(u32::MAX);
    let mut most: Vec<(RoomId, usize)> = rooms.into_iter().collect();
    most.sort_by_key(|(room, count)| (std::cmp::Reverse(*count), *room));
    let mut named = Vec::new();
    for (id, _) in most.into_iter().take(NAMED_MAX) {
        named.push(RoomName { id, title: desk.cache.room_title(id).await? });
    }
    Ok(NoticeAbout::Summary {
        messages: count(&[NoticeKind::Messages, NoticeKind::Mentions]),
        mentions: count(&[NoticeKind::Mentions]),
        files: count(&[NoticeKind::Files]),
        changes: count(&[NoticeKind::Changes, NoticeKind::Comments]),
        requests: count(&[NoticeKind::Contacts]),
        offers: count(&[NoticeKind::Offers]),
        rooms: named,
        room_count,
    })
}
