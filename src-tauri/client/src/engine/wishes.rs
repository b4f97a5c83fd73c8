//! What a person asks for that must not be lost: on disk first, then answered, then sent when the connection allows.
//!
//! These commands run one after the other, so that the outbox has the order in which they were asked for.

use super::commands::Reply;
use super::wake::{Outcome, Wake};
use super::{Desk, fresh, now, rooms};
use crate::command::Answer;
use crate::event::Event;
use crate::state::outbox::{self, Wish};
use crate::view::ErrorView;
use pod_shared::socket::Person;
use pod_shared::{AccountId, ErrorCode, RoomId, limits};
use std::time::Duration;
use tokio::sync::oneshot;

/// Who waits for a change that concerns others is told after this long that it goes on by itself.
const OUTCOME_WAIT: Duration = Duration::from_secs(15);

/// Makes a room; kept first, then sent.
pub(super) async fn create_room(
    desk: &Desk,
    title: String,
    members: Vec<AccountId>,
    side: crate::command::Side,
    answer: oneshot::Sender<Reply>,
) {
    let made = async {
        let me = desk.me()?;
        if title.len() > limits::ROOM_TITLE_BYTES_MAX || title.chars().any(char::is_control) {
            return Err(ErrorView::new(ErrorCode::InvalidName, "the title is too long or cannot be shown"));
        }
        if members.len() >= limits::MEMBERS_PER_ROOM_MAX {
            return Err(ErrorView::new(ErrorCode::TooMany, "a room has at most 1,000 members"));
        }
        let mut people = Vec::new();
        for account in members.into_iter().filter(|account| *account != me.id) {
            people.push(known(desk, account).await?);
        }
        let room = fresh(RoomId::from_slice)?;
        Ok((room, Wish::RoomCreate { title, members: people, side }))
    };
    match made.await {
        Ok((room, create)) => wish(desk, room, create, Answer::RoomId(room), answer).await,
        Err(error) => drop(answer.send(Err(error))),
    }
}

/// The names of a person, as far as this device ever heard them.
async fn known(desk: &Desk, account: AccountId) -> Result<Person, ErrorView> {
    if let Some(person) = desk.live().people.get(&account) {
        return Ok(person.clone());
    }
    if let Some(row) = desk.cache.person(account).await? {
        return Ok(Person { account, name: row.name, display_name: row.display_name });
    }
    let kept = desk.cache.kept_contact(account).await?;
    let (name, display_name) = kept.map(|held| (held.name, held.display_name)).unwrap_or_default();
    Ok(Person { account, name, display_name })
}

/// Leaving a room; one that never came to the server is dropped with what waits in it.
pub(super) async fn leave(desk: &Desk, room: RoomId, answer: oneshot::Sender<Reply>) {
    let local = async {
        let me = desk.me()?;
        if desk.cache.room(room).await?.is_some() {
            return Ok(Some(me.id));
        }
        let rows = outbox::of_room(&desk.state, me.id, room).await?;
        for row in &rows {
            outbox::remove(&desk.state, row.seq).await?;
        }
        desk.wake(Wake::OutboxGone(rows.iter().map(|row| (room, row.seq)).collect())).await?;
        desk.sink.emit(Event::RoomGone { room });
        Ok::<_, ErrorView>(None)
    };
    match local.await {
        Ok(Some(me)) => {
            wish(desk, room, Wish::Member { account: me, role: None }, Answer::Done, answer).await
        }
        Ok(None) => drop(answer.send(Ok(Answer::Done))),
        Err(error) => drop(answer.send(Err(error))),
    }
}

/// Keeps a wish, and answers when it came true, was refused, or is known to wait.
pub(super) async fn wish(
    desk: &Desk,
    room: RoomId,
    wish: Wish,
    done: Answer,
    answer: oneshot::Sender<Reply>,
) {
    let creation = matches!(wish, Wish::RoomCreate { .. });
    let kept = async {
        let me = desk.me()?;
        if !creation {
            rooms::known(desk, room).await?;
        }
        let weight = wish.weight();
        let seq = outbox::add(&desk.state, me.id, room, wish, now()).await?;
        let (waiter, outcome) = oneshot::channel();
        desk.wake(Wake::OutboxAdded { room, seq, weight, waiter: Some(waiter) }).await?;
        Ok::<_, ErrorView>(outcome)
    };
    let outcome = match kept.await {
        Ok(outcome) => outcome,
        Err(error) => return drop(answer.send(Err(error))),
    };
    // Only the row's writing has its turn; what comes of it does not hold up the next command.
    tokio::spawn(async move {
        let waiting = if creation { done.clone() } else { Answer::Pending };
        let reply = match tokio::time::timeout(OUTCOME_WAIT, outcome).await {
            Ok(Ok(Ok(Outcome::Done))) => Ok(done),
            Ok(Ok(Ok(Outcome::Pending | Outcome::Waiting))) | Ok(Err(_)) | Err(_) => Ok(waiting),
            Ok(Ok(Err(error))) => Err(error.into()),
        };
        let _ = answer.send(reply);
    });
}
