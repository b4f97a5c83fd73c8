//! Rooms: listing, making, members.

use super::args::{NewRoom, Rooms, Told};
use super::end::{End, unexpected};
use super::find::{self, room_name};
use super::human;
use super::out::{Out, with_id};
use super::people;
use super::session::Session;
use pod_client::command::{Answer, Command, FileCommand, Side};
use pod_client::view::RoomSummary;
use pod_shared::{AccountId, ErrorCode, Role, RoomId};
use serde_json::json;

/// Does one of the commands for rooms.
pub(crate) async fn run(session: &mut Session, out: &Out, verb: Rooms) -> Result<(), End> {
    match verb {
        Rooms::List => list(session, out).await,
        Rooms::Create(new) => create(session, out, new, Side::Chat).await,
        Rooms::CreateFolder(new) => create(session, out, new, Side::Files).await,
        Rooms::Add { room, person, role } => {
            let room = find::room(session, &room).await?;
            let account = find::person(session, &person).await?;
            member(session, out, room, account, Some(role.into())).await
        }
        Rooms::Remove { room, person } => {
            let room = find::room(session, &room).await?;
            let account = find::member(session, room, &person).await?;
            member(session, out, room, account, None).await
        }
        Rooms::Role { room, person, role } => {
            let room = find::room(session, &room).await?;
            let account = find::member(session, room, &person).await?;
            member(session, out, room, account, Some(role.into())).await
        }
        Rooms::Link(link) => people::link(session, out, link).await,
        Rooms::Join { link } => people::join(session, out, link).await,
        Rooms::Mute(marked) => people::mute(session, out, marked).await,
        Rooms::Notify { room, wish } => people::notify(session, out, &room, wish.into()).await,
        Rooms::Opened { room, told } => {
            let room = find::room(session, &room).await?;
            session.online().await?;
            let on = told == Told::On;
            session.run(Command::AboutFiles(FileCommand::OpenedTold { room, on })).await?;
            out.say(&json!({"id": room, "told": on}), || match on {
                true => "The room is told who opens what.".to_owned(),
                false => "The room is not told who opens what.".to_owned(),
            });
            Ok(())
        }
        Rooms::Favourite(marked) => people::favourite(session, out, marked).await,
        Rooms::Leave { room } => leave(session, out, &room).await,
    }
}

async fn list(session: &mut Session, out: &Out) -> Result<(), End> {
    session.settle().await?;
    let Answer::Rooms(rooms) = session.run(Command::Rooms).await? else { return Err(unexpected()) };
    let row = |room: &RoomSummary| {
        let cells = vec![
            room_name(room),
            room.member_count.to_string(),
            room.unread.to_string(),
            format!("{:?}", room.role).to_lowercase(),
            if room.waiting { "not at the server yet".to_owned() } else { human::when(room.last_at) },
            room.id.to_string(),
        ];
        (with_id(&room.id, room), cells)
    };
    let nothing = "No rooms yet. Make one: `rooms create NAME`.";
    let heading = ["ROOM", "MEMBERS", "UNREAD", "YOU ARE", "LAST", "ID"];
    out.table(&heading, rooms.iter().map(row).collect(), nothing);
    Ok(())
}

async fn create(session: &mut Session, out: &Out, new: NewRoom, side: Side) -> Result<(), End> {
    let mut members: Vec<AccountId> = Vec::new();
    for name in new.with.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        members.push(find::person(session, name).await?);
    }
    let command = Command::RoomCreate { title: new.name.clone(), members, side };
    let Answer::RoomId(room) = session.run(command).await? else { return Err(unexpected()) };
    let made = made(session, room).await;
    let waiting = matches!(made, Err(End::Unreachable { .. }));
    if waiting || made.is_ok() {
        let object = json!({"id": room, "room": room, "title": new.name, "waiting": waiting});
        out.say(&object, || format!("{room}  {}", new.name));
    }
    made
}

/// Waits until a new room is at the server.
async fn made(session: &mut Session, room: RoomId) -> Result<(), End> {
    let patience = session.patience();
    loop {
        match session.run(Command::Room { room }).await {
            Ok(Answer::Room(view)) if !view.summary.waiting => return Ok(()),
            Ok(_) => {}
            // Its first frame may still be on the way.
            Err(End::Refused(error)) if error.code == ErrorCode::NotFound => {}
            Err(end) => return Err(end),
        }
        if !session.event_before(patience.until()).await? {
            return Err(End::Unreachable { next: "The room is kept and made when the server is back." });
        }
    }
}

async fn member(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    account: AccountId,
    role: Option<Role>,
) -> Result<(), End> {
    session.online().await?;
    let answer = session.run(Command::MemberSet { room, account, role }).await?;
    told(out, &answer, room, account)
}

async fn leave(session: &mut Session, out: &Out, room: &str) -> Result<(), End> {
    let room = find::room(session, room).await?;
    session.online().await?;
    let me = session.status().await?.account.ok_or_else(pod_client::view::ErrorView::not_signed_in)?.account;
    let answer = session.run(Command::RoomLeave { room }).await?;
    told(out, &answer, room, me)
}

/// Done on both sides, or on its way to the second.
fn told(out: &Out, answer: &Answer, room: RoomId, account: AccountId) -> Result<(), End> {
    let (state, line) = if matches!(answer, Answer::Done) {
        ("done", "Done.")
    } else if matches!(answer, Answer::Pending) {
        ("pending", "Done in the chat. The folder follows as soon as its server is back.")
    } else {
        return Err(unexpected());
    };
    out.say(&json!({"id": account, "room": room, "state": state}), || line.to_owned());
    Ok(())
}
