//! Commands to what does them. What writes to the outbox keeps its order in one task; everything else runs side by side.

use super::wake::{Outcome, Wake};
use super::{Ask, Desk, chat, folders, fresh, now, rooms, sign_in};
use crate::command::{Answer, Command, TokenFor};
use crate::event::Event;
use crate::net::{Authorized, read_address};
use crate::settings;
use crate::state::drafts;
use crate::state::outbox::{self, Wish};
use crate::view::ErrorView;
use pod_shared::content::EntryChange;
use pod_shared::envelope::Envelope;
use pod_shared::socket::{self, Person, Request};
use pod_shared::{AccountId, ErrorCode, MessageId, RoomId, limits};
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Commands that may wait for their turn to write.
const ORDERED_MAX: usize = 256;
/// Who waits for a change that concerns others is told after this long that it goes on by itself.
const OUTCOME_WAIT: Duration = Duration::from_secs(15);

type Reply = Result<Answer, ErrorView>;

/// Where a command goes.
pub(super) enum Sorted {
    /// A task does it.
    Taken,
    /// It has its turn among those that write.
    Ordered(Ask),
    /// The loop itself knows.
    Status(oneshot::Sender<Reply>),
}

/// Sorts a command; what can run by itself is started.
pub(super) fn sort(ask: Ask, desk: &Desk) -> Sorted {
    match ask.command {
        Command::Status => Sorted::Status(ask.answer),
        Command::RoomCreate { .. }
        | Command::RoomRename { .. }
        | Command::MemberSet { .. }
        | Command::RoomLeave { .. }
        | Command::Send { .. }
        | Command::MessageRetry { .. }
        | Command::MessageDiscard { .. }
        | Command::DraftSet { .. }
        | Command::SettingSet { .. }
        | Command::Read { .. }
        | Command::Looking { .. }
        | Command::SignUp { .. }
        | Command::SignIn { .. }
        | Command::SignOut => Sorted::Ordered(ask),
        Command::ReadAddress { .. }
        | Command::ConnectNow
        | Command::Invite { .. }
        | Command::People { .. }
        | Command::Rooms
        | Command::Room { .. }
        | Command::Timeline { .. }
        | Command::Draft { .. }
        | Command::SettingGet { .. }
        | Command::Folder { .. }
        | Command::FolderCreate { .. }
        | Command::EntryRename { .. }
        | Command::EntryMove { .. }
        | Command::EntryDelete { .. }
        | Command::Token { .. }
        | Command::Put { .. }
        | Command::Get { .. }
        | Command::LocalPath { .. }
        | Command::Transfers
        | Command::TransferPause { .. }
        | Command::TransferResume { .. }
        | Command::TransferCancel { .. }
        | Command::TransferRetry { .. }
        | Command::UploadCancel { .. } => {
            let desk = desk.clone();
            tokio::spawn(async move {
                let _ = ask.answer.send(run(&desk, ask.command).await);
            });
            Sorted::Taken
        }
    }
}

/// The task of those that write.
pub(super) fn ordered(desk: Desk) -> mpsc::Sender<Ask> {
    let (asks, mut queue) = mpsc::channel::<Ask>(ORDERED_MAX);
    tokio::spawn(async move {
        while let Some(Ask { command, answer }) = queue.recv().await {
            write(&desk, command, answer).await;
        }
    });
    asks
}

async fn write(desk: &Desk, command: Command, answer: oneshot::Sender<Reply>) {
    let reply = match command {
        Command::RoomCreate { title, members, side } => {
            return create_room(desk, title, members, side, answer).await;
        }
        Command::RoomRename { room, title } => {
            return wish(desk, room, Wish::Rename { title }, Answer::Done, answer).await;
        }
        Command::MemberSet { room, account, role } => {
            return wish(desk, room, Wish::Member { account, role }, Answer::Done, answer).await;
        }
        Command::RoomLeave { room } => return leave(desk, room, answer).await,
        Command::Send { room, text } => send(desk, room, text).await,
        Command::MessageRetry { id } => retry(desk, id).await,
        Command::MessageDiscard { id } => discard(desk, id).await,
        Command::DraftSet { room, text } => match desk.me() {
            Ok(me) => drafts::set(&desk.state, me.id, room, text).await.map(|()| Answer::Done),
            Err(error) => Err(error),
        },
        Command::SettingSet { key, value } => set_setting(desk, key, value).await,
        Command::Read { room, pos } => desk.wake(Wake::Read { room, pos }).await.map(|()| Answer::Done),
        Command::Looking { rooms } => look(desk, rooms).await,
        Command::SignUp { server, name, display_name, password, setup_code } => {
            let who = sign_in::Who { name, display_name, password };
            sign_in::sign_up(desk, server, who, setup_code).await
        }
        Command::SignIn { server, name, password } => sign_in::sign_in(desk, server, name, password).await,
        Command::SignOut => sign_in::sign_out(desk).await,
        other @ (Command::Status
        | Command::ReadAddress { .. }
        | Command::ConnectNow
        | Command::Invite { .. }
        | Command::People { .. }
        | Command::Rooms
        | Command::Room { .. }
        | Command::Timeline { .. }
        | Command::Draft { .. }
        | Command::SettingGet { .. }
        | Command::Folder { .. }
        | Command::FolderCreate { .. }
        | Command::EntryRename { .. }
        | Command::EntryMove { .. }
        | Command::EntryDelete { .. }
        | Command::Token { .. }
        | Command::Put { .. }
        | Command::Get { .. }
        | Command::LocalPath { .. }
        | Command::Transfers
        | Command::TransferPause { .. }
        | Command::TransferResume { .. }
        | Command::TransferCancel { .. }
        | Command::TransferRetry { .. }
        | Command::UploadCancel { .. }) => run(desk, other).await,
    };
    let _ = answer.send(reply);
}

async fn run(desk: &Desk, command: Command) -> Reply {
    match command {
        Command::ReadAddress { text } => read_address(&text).map(Answer::Address),
        Command::ConnectNow => desk.wake(Wake::ConnectNow).await.map(|()| Answer::Done),
        Command::Invite { uses, days } => sign_in::invite(desk, uses, days).await.map(Answer::Invite),
        Command::People { text } => people(desk, text).await,
        Command::Rooms => rooms::all(desk).await.map(Answer::Rooms),
        Command::Room { room } => rooms::view(desk, room).await.map(Answer::Room),
        Command::Timeline { room, before, limit } => {
            chat::timeline(desk, room, before, limit).await.map(Answer::Timeline)
        }
        Command::Draft { room } => drafts::get(&desk.state, desk.me()?.id, room).await.map(Answer::Text),
        Command::SettingGet { key } => settings::get(&desk.state, &key).await.map(Answer::Text),
        Command::Folder { room, parent } => folders::view(desk, room, parent).await.map(Answer::Folder),
        Command::FolderCreate { room, parent, name } => {
            folders::create(desk, room, parent, name).await.map(Answer::EntryId)
        }
        Command::EntryRename { entry, name } => {
            let change = EntryChange { name: Some(name), ..EntryChange::default() };
            folders::change(desk, entry, change).await.map(|()| Answer::Done)
        }
        Command::EntryMove { entry, parent } => {
            folders::change(desk, entry, folders::move_to(parent)).await.map(|()| Answer::Done)
        }
        Command::EntryDelete { entry } => folders::delete(desk, entry).await.map(|()| Answer::Done),
        Command::Token { audience } => {
            let authorized = match audience {
                TokenFor::Messenger => desk.net.messenger().await?,
                TokenFor::Content => desk.net.content().await?,
            };
            Ok(Answer::Text(Some(authorized.bearer.to_string())))
        }
        other @ (Command::Put { .. }
        | Command::Get { .. }
        | Command::LocalPath { .. }
        | Command::Transfers
        | Command::TransferPause { .. }
        | Command::TransferResume { .. }
        | Command::TransferCancel { .. }
        | Command::TransferRetry { .. }
        | Command::UploadCancel { .. }) => {
            desk.me()?;
            desk.transfers.handle(other).await
        }
        // `sort` gives these to others.
        Command::Status
        | Command::SignUp { .. }
        | Command::SignIn { .. }
        | Command::SignOut
        | Command::RoomCreate { .. }
        | Command::RoomRename { .. }
        | Command::MemberSet { .. }
        | Command::RoomLeave { .. }
        | Command::Send { .. }
        | Command::MessageRetry { .. }
        | Command::MessageDiscard { .. }
        | Command::DraftSet { .. }
        | Command::Read { .. }
        | Command::Looking { .. }
        | Command::SettingSet { .. } => {
            Err(ErrorView::new(ErrorCode::Internal, "the command went the wrong way"))
        }
    }
}

async fn set_setting(desk: &Desk, key: String, value: Option<String>) -> Reply {
    settings::set(&desk.state, &key, value).await?;
    desk.sink.emit(Event::Setting { key });
    Ok(Answer::Done)
}

async fn look(desk: &Desk, rooms: Vec<RoomId>) -> Reply {
    if rooms.len() > limits::LOOKING_ROOMS_MAX {
        return Err(ErrorView::new(ErrorCode::TooMany, "too many rooms are visible"));
    }
    desk.wake(Wake::Looking(rooms)).await.map(|()| Answer::Done)
}

async fn people(desk: &Desk, text: String) -> Reply {
    match desk.request(Request::People { text, limit: limits::PEOPLE_PAGE_MAX }).await? {
        socket::Answer::People { people } => {
            let mut live = desk.live();
            if live.people.len() > limits::CLIENT_EVENTS_MAX {
                live.people.clear();
            }
            live.people.extend(people.iter().map(|person| (person.account, person.clone())));
            Ok(Answer::People(people))
        }
        socket::Answer::Done {} | socket::Answer::Pending {} | socket::Answer::History { .. } => {
            Err(ErrorView::new(ErrorCode::UnsupportedVersion, "the server's answer is not understood"))
        }
    }
}

async fn send(desk: &Desk, room: RoomId, text: String) -> Reply {
    let me = desk.me()?;
    if text.trim().is_empty() {
        return Err(ErrorView::new(ErrorCode::BadRequest, "the message is empty"));
    }
    rooms::writable(desk, room).await?;
    let body = Envelope::text(text)
        .seal()
        .map_err(|error| ErrorView::new(ErrorCode::Internal, error.to_string()))?;
    if body.0.len() > limits::MESSAGE_BODY_BYTES_MAX {
        return Err(ErrorView::new(ErrorCode::TooLarge, "the message is too long"));
    }
    let id = fresh(MessageId::from_slice)?;
    let wish = Wish::Message { id, body };
    let weight = wish.weight();
    let seq = outbox::add(&desk.state, me.id, room, wish, now()).await?;
    desk.wake(Wake::OutboxAdded { room, seq, weight, waiter: None }).await?;
    Ok(Answer::MessageId(id))
}

async fn retry(desk: &Desk, id: MessageId) -> Reply {
    let row = waiting_message(desk, id).await?;
    let rows = outbox::of_room(&desk.state, desk.me()?.id, row.room).await?;
    let creation = rows.iter().find(|row| matches!(row.wish, Wish::RoomCreate { .. })).map(|row| row.seq);
    let seqs: Vec<_> = creation.into_iter().chain([row.seq]).collect();
    for seq in &seqs {
        outbox::set_failed(&desk.state, *seq, None).await?;
    }
    desk.wake(Wake::OutboxRetry { room: row.room, seqs }).await?;
    Ok(Answer::Done)
}

async fn discard(desk: &Desk, id: MessageId) -> Reply {
    let row = waiting_message(desk, id).await?;
    outbox::remove(&desk.state, row.seq).await?;
    desk.wake(Wake::OutboxGone(vec![(row.room, row.seq)])).await?;
    Ok(Answer::Done)
}

async fn waiting_message(desk: &Desk, id: MessageId) -> Result<outbox::OutboxRow, ErrorView> {
    let row = outbox::of_message(&desk.state, id).await?;
    row.ok_or_else(|| ErrorView::new(ErrorCode::NotFound, "the message does not wait"))
}

async fn create_room(
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
    let row = desk.cache.person(account).await?;
    let (name, display_name) = row.map(|row| (row.name, row.display_name)).unwrap_or_default();
    Ok(Person { account, name, display_name })
}

/// Leaving a room; one that never came to the server is dropped with what waits in it.
async fn leave(desk: &Desk, room: RoomId, answer: oneshot::Sender<Reply>) {
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
async fn wish(desk: &Desk, room: RoomId, wish: Wish, done: Answer, answer: oneshot::Sender<Reply>) {
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

/// GET of a JSON value from the content service, with one more try under another token.
pub(super) async fn content_get<T: DeserializeOwned>(desk: &Desk, path: &str) -> Result<T, ErrorView> {
    let bytes = content_call::<()>(desk, Method::GET, path, None).await?;
    serde_json::from_slice(&bytes)
        .map_err(|_| ErrorView::new(ErrorCode::UnsupportedVersion, "the server's answer is not understood"))
}

/// A request to the content service, with one more try under another token; gives the body of the answer.
pub(super) async fn content_call<B: Serialize>(
    desk: &Desk,
    method: Method,
    path: &str,
    body: Option<&B>,
) -> Result<Vec<u8>, ErrorView> {
    let first = desk.net.content().await?;
    match first.http.exchange(method.clone(), path, &first.bearer, body).await {
        Err(error) if Authorized::token_is_void(&error) => {
            desk.net.forget(&first.bearer).await;
            let second = desk.net.content().await?;
            second.http.exchange(method, path, &second.bearer, body).await
        }
        other => other,
    }
}
