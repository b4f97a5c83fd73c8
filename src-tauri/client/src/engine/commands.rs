//! Commands to what does them. What writes to the outbox keeps its order in one task; everything else runs side by side.

use super::messages::{self, Text};
use super::people::{self, Lane};
use super::wake::Wake;
use super::{Ask, Desk, chat, contacts, entry_commands, profile, rooms, search, sign_in, versions, wishes};
use crate::command::{Answer, Command, TokenFor};
use crate::net::{Authorized, read_address};
use crate::state::drafts;
use crate::state::outbox::Wish;
use crate::state::settings;
use crate::view::ErrorView;
use pod_shared::socket::{self, Request};
use pod_shared::{ErrorCode, RoomId, limits};
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{mpsc, oneshot};

/// Commands that may wait for their turn to write.
const ORDERED_MAX: usize = 256;
/// People found by searches whose names are remembered.
const PEOPLE_MAX: usize = 1_024;

/// What came of a command.
pub(super) type Reply = Result<Answer, ErrorView>;

/// Where a command goes.
pub(super) enum Sorted {
    /// A task does it.
    Taken,
    /// It has its turn among those that write.
    Ordered(Ask),
    /// The loop itself knows it, or a part of it.
    Loop(Ask),
}

/// Sorts a command; what can run by itself is started.
pub(super) fn sort(ask: Ask, desk: &Desk) -> Sorted {
    match ask.command {
        Command::Status | Command::Opening => Sorted::Loop(ask),
        Command::RoomCreate { .. }
        | Command::RoomRename { .. }
        | Command::MemberSet { .. }
        | Command::RoomLeave { .. }
        | Command::Send { .. }
        | Command::MessageEdit { .. }
        | Command::MessageDelete { .. }
        | Command::MessageReact { .. }
        | Command::MessageRetry { .. }
        | Command::MessageDiscard { .. }
        | Command::DraftSet { .. }
        | Command::SettingSet { .. }
        | Command::Read { .. }
        | Command::Looking { .. }
        | Command::SignUp { .. }
        | Command::SignIn { .. }
        | Command::SignOut
        | Command::AboutContacts(_) => Sorted::Ordered(ask),
        Command::AboutPeople(ref command) if people::lane(command) == Lane::Ordered => Sorted::Ordered(ask),
        Command::AboutPeople(command) => {
            let desk = desk.clone();
            tokio::spawn(async move { people::answer(&desk, command, ask.answer).await });
            Sorted::Taken
        }
        Command::ReadAddress { .. }
        | Command::ConnectNow
        | Command::Invite { .. }
        | Command::People { .. }
        | Command::Rooms
        | Command::Room { .. }
        | Command::Timeline { .. }
        | Command::Search { .. }
        | Command::MessageMarks { .. }
        | Command::Typing { .. }
        | Command::Draft { .. }
        | Command::SettingGet { .. }
        | Command::Folder { .. }
        | Command::Entry { .. }
        | Command::EntryDetails { .. }
        | Command::EntriesFind { .. }
        | Command::FolderCreate { .. }
        | Command::EntryRename { .. }
        | Command::EntryMove { .. }
        | Command::EntryDelete { .. }
        | Command::EntryRestore { .. }
        | Command::PreviewText { .. }
        | Command::PreviewFile { .. }
        | Command::RoomPictureFile { .. }
        | Command::RoomPictureSet { .. }
        | Command::RoomPictureClear { .. }
        | Command::Token { .. }
        | Command::Put { .. }
        | Command::Get { .. }
        | Command::LocalPath { .. }
        | Command::Transfers
        | Command::TransferPause { .. }
        | Command::TransferResume { .. }
        | Command::TransferCancel { .. }
        | Command::TransferRetry { .. }
        | Command::UploadCancel { .. }
        | Command::AboutAccount(_)
        | Command::AboutFiles(_)
        | Command::AboutLinked(_)
        | Command::AboutTransfers(_) => take(ask, desk),
    }
}

/// A task does it, beside all others.
fn take(ask: Ask, desk: &Desk) -> Sorted {
    let desk = desk.clone();
    tokio::spawn(async move { drop(ask.answer.send(run(&desk, ask.command).await)) });
    Sorted::Taken
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

#[expect(clippy::wildcard_enum_match_arm, reason = "`sort` names each, and gives this only what is above")]
async fn write(desk: &Desk, command: Command, answer: oneshot::Sender<Reply>) {
    let reply = match command {
        Command::RoomCreate { title, members, side } => {
            return wishes::create_room(desk, title, members, side, answer).await;
        }
        Command::RoomRename { room, title } => {
            return wishes::wish(desk, room, Wish::Rename { title }, Answer::Done, answer).await;
        }
        Command::MemberSet { room, account, role } => {
            return wishes::wish(desk, room, Wish::Member { account, role }, Answer::Done, answer).await;
        }
        Command::RoomLeave { room } => return wishes::leave(desk, room, answer).await,
        Command::Send { room, text, mentions, reply } => {
            messages::send(desk, room, Text { text, mentions, reply }).await
        }
        Command::MessageEdit { room, id, text, mentions } => {
            messages::edit(desk, room, id, Text { text, mentions, reply: None }).await
        }
        Command::MessageDelete { room, id } => messages::delete(desk, room, id).await,
        Command::MessageReact { room, id, emoji, on } => messages::react(desk, room, id, emoji, on).await,
        Command::MessageRetry { id } => messages::retry(desk, id).await,
        Command::MessageDiscard { id } => messages::discard(desk, id).await,
        Command::DraftSet { room, text } => set_draft(desk, room, text).await,
        Command::SettingSet { key, value } => super::settings::set(desk, key, value).await,
        Command::Read { room, pos } => desk.wake(Wake::Read { room, pos }).await.map(|()| Answer::Done),
        Command::Looking { rooms } => look(desk, rooms).await,
        Command::SignUp { server, name, display_name, password, setup_code } => {
            let who = sign_in::Who { name, display_name, password };
            sign_in::sign_up(desk, server, who, setup_code).await
        }
        Command::SignIn { server, name, password } => sign_in::sign_in(desk, server, name, password).await,
        Command::SignOut => sign_in::sign_out(desk).await,
        Command::AboutPeople(command) => return people::answer(desk, command, answer).await,
        Command::AboutContacts(command) => return contacts::run(desk, command, answer).await,
        other => run(desk, other).await,
    };
    let _ = answer.send(reply);
}

async fn run(desk: &Desk, command: Command) -> Reply {
    match command {
        Command::ReadAddress { text } => read_address(&text).map(Answer::Address),
        Command::ConnectNow => desk.wake(Wake::ConnectNow).await.map(|()| Answer::Done),
        Command::Invite { uses, days } => sign_in::invite(desk, uses, days).await.map(Answer::Invite),
        Command::People { text } => find_people(desk, text).await,
        Command::Rooms => rooms::all(desk).await.map(Answer::Rooms),
        Command::Room { room } => rooms::view(desk, room).await.map(Answer::Room),
        other @ (Command::Timeline { .. }
        | Command::Search { .. }
        | Command::MessageMarks { .. }
        | Command::Typing { .. }
        | Command::Draft { .. }) => about_chat(desk, other).await,
        Command::SettingGet { key } => settings::get(&desk.state, &key).await.map(Answer::Text),
        other @ (Command::Folder { .. }
        | Command::Entry { .. }
        | Command::EntryDetails { .. }
        | Command::EntriesFind { .. }
        | Command::FolderCreate { .. }
        | Command::EntryRename { .. }
        | Command::EntryMove { .. }
        | Command::EntryDelete { .. }
        | Command::EntryRestore { .. }
        | Command::PreviewText { .. }
        | Command::PreviewFile { .. }
        | Command::RoomPictureFile { .. }
        | Command::RoomPictureSet { .. }
        | Command::RoomPictureClear { .. }) => entry_commands::run(desk, other).await,
        Command::Token { audience } => token(desk, audience).await,
        Command::AboutAccount(command) => profile::sign_ins(desk, command).await,
        Command::AboutFiles(command) => versions::run(desk, command).await,
        Command::AboutLinked(command) => super::linked::run(desk, command).await,
        other @ (Command::Put { .. }
        | Command::Get { .. }
        | Command::LocalPath { .. }
        | Command::Transfers
        | Command::TransferPause { .. }
        | Command::TransferResume { .. }
        | Command::TransferCancel { .. }
        | Command::TransferRetry { .. }
        | Command::UploadCancel { .. }
        | Command::AboutTransfers(_)) => {
            desk.me()?;
            super::space::check(desk, &other).await?;
            desk.transfers.handle(other).await
        }
        // `sort` gives these to others.
        Command::Status
        | Command::Opening
        | Command::SignUp { .. }
        | Command::SignIn { .. }
        | Command::SignOut
        | Command::RoomCreate { .. }
        | Command::RoomRename { .. }
        | Command::MemberSet { .. }
        | Command::RoomLeave { .. }
        | Command::Send { .. }
        | Command::MessageEdit { .. }
        | Command::MessageDelete { .. }
        | Command::MessageReact { .. }
        | Command::MessageRetry { .. }
        | Command::MessageDiscard { .. }
        | Command::DraftSet { .. }
        | Command::Read { .. }
        | Command::Looking { .. }
        | Command::SettingSet { .. }
        | Command::AboutPeople(_)
        | Command::AboutContacts(_) => astray(),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`run` gives this only what is above")]
/// What a chat shows, and that somebody writes in it.
async fn about_chat(desk: &Desk, command: Command) -> Reply {
    match command {
        Command::MessageMarks { room, id } => messages::marks(desk, room, id).await.map(Answer::Marks),
        Command::Typing { room } => desk.wake(Wake::Typing(room)).await.map(|()| Answer::Done),
        Command::Draft { room } => drafts::get(&desk.state, desk.me()?.id, room).await.map(Answer::Text),
        Command::Timeline { room, place, limit } => {
            chat::timeline(desk, room, place, limit).await.map(Answer::Timeline)
        }
        Command::Search { room, text, before, limit } => {
            search::search(desk, room, text, before, limit).await.map(Answer::Found)
        }
        _ => astray(),
    }
}

fn astray() -> Reply {
    Err(ErrorView::new(ErrorCode::Internal, "the command went the wrong way"))
}

async fn token(desk: &Desk, audience: TokenFor) -> Reply {
    let authorized = match audience {
        TokenFor::Messenger => desk.net.messenger().await?,
        TokenFor::Content => desk.net.content().await?,
    };
    Ok(Answer::Text(Some(authorized.bearer.to_string())))
}

/// Keeps a draft; the room's row tells its beginning.
async fn set_draft(desk: &Desk, room: RoomId, text: String) -> Reply {
    let me = desk.me()?.id;
    let before = drafts::get(&desk.state, me, room).await?.as_deref().and_then(drafts::beginning);
    let shown = drafts::beginning(&text);
    drafts::set(&desk.state, me, room, text).await?;
    if shown != before {
        desk.wake(Wake::RoomChanged(room)).await?;
    }
    Ok(Answer::Done)
}

async fn look(desk: &Desk, rooms: Vec<RoomId>) -> Reply {
    if rooms.len() > limits::LOOKING_ROOMS_MAX {
        return Err(ErrorView::new(ErrorCode::TooMany, "too many rooms are visible"));
    }
    desk.wake(Wake::Looking(rooms)).await.map(|()| Answer::Done)
}

async fn find_people(desk: &Desk, text: String) -> Reply {
    match desk.request(Request::People { text, limit: limits::PEOPLE_PAGE_MAX }).await? {
        socket::Answer::People { people: found } => {
            let mut live = desk.live();
            if live.people.len() > PEOPLE_MAX {
                live.people.clear();
            }
            live.people.extend(found.iter().map(|person| (person.account, person.clone())));
            Ok(Answer::People(found))
        }
        socket::Answer::Done {}
        | socket::Answer::Pending {}
        | socket::Answer::History { .. }
        | socket::Answer::Link(_)
        | socket::Answer::Peer { .. }
        | socket::Answer::Relay { .. } => {
            Err(ErrorView::new(ErrorCode::UnsupportedVersion, "the server's answer is not understood"))
        }
    }
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
