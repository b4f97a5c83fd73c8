//! The transfer queue, and waiting for transfers.

use super::args::Transfers;
use super::args::offers::{Switch, Which};
use super::end::{End, unexpected};
use super::find;
use super::human;
use super::out::Out;
use super::session::Session;
use pod_client::command::{Answer, Command, TransferCommand};
use pod_client::event::Event;
use pod_client::view::{Direction, FullDisk, Happened, Stuck, TransferOptions, TransferState, TransferView};
use pod_shared::{ErrorCode, TransferId, limits};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Does one of the commands for transfers.
pub(crate) async fn run(session: &mut Session, out: &Out, verb: Transfers) -> Result<(), End> {
    match verb {
        Transfers::List => list(session, out).await,
        Transfers::Pause(Which { transfer: Some(transfer), .. }) => {
            let line = "Paused. Go on with `transfers resume`.";
            one(session, out, &transfer, |id| Command::TransferPause { id }, line).await
        }
        Transfers::Resume(Which { transfer: Some(transfer), .. }) => {
            let line = "It goes on when its turn comes.";
            one(session, out, &transfer, |id| Command::TransferResume { id }, line).await
        }
        Transfers::Pause(Which { transfer: None, .. }) => whole(session, out, true).await,
        Transfers::Resume(Which { transfer: None, .. }) => whole(session, out, false).await,
        Transfers::Order { transfer, before } => {
            let before = match before {
                Some(text) => Some(find::transfer(session, &text).await?.id),
                None => None,
            };
            let order = |id| Command::AboutTransfers(TransferCommand::TransferOrder { id, before });
            one(session, out, &transfer, order, "It has another place now.").await
        }
        Transfers::Options { transfer, retransfer, receive, forward } => {
            let before = find::transfer(session, &transfer).await?.options;
            let on = |switch: Option<Switch>, before| switch.map_or(before, |switch| switch == Switch::On);
            let options = TransferOptions {
                retransfer: on(retransfer, before.retransfer),
                receive: on(receive, before.receive),
                forward: on(forward, before.forward),
            };
            let change = |id| Command::AboutTransfers(TransferCommand::TransferOptions { id, options });
            one(session, out, &transfer, change, "It behaves so from now on.").await
        }
        Transfers::Forward { transfer } => {
            let forward = |id| Command::AboutTransfers(TransferCommand::TransferForward { id });
            one(session, out, &transfer, forward, "The rest goes through the server.").await
        }
        Transfers::Cancel { transfer } => {
            one(session, out, &transfer, |id| Command::TransferCancel { id }, "Cancelled.").await
        }
        Transfers::Retry { transfer } => {
            one(session, out, &transfer, |id| Command::TransferRetry { id }, "It is tried again.").await
        }
    }
}

/// Stops the whole queue, or lets it go on.
async fn whole(session: &mut Session, out: &Out, paused: bool) -> Result<(), End> {
    session.run(Command::AboutTransfers(TransferCommand::TransfersPause { paused })).await?;
    let line =
        if paused { "The queue stands. Go on with `transfers resume --all`." } else { "The queue goes on." };
    out.say(&json!({"id": "transfers", "paused": paused}), || line.to_owned());
    Ok(())
}

async fn list(session: &mut Session, out: &Out) -> Result<(), End> {
    let all = all(session).await?;
    let row = |view: &TransferView| {
        let arrow = match view.direction {
            Direction::Up => "up",
            Direction::Down => "down",
        };
        let cells = vec![
            view.name.clone(),
            arrow.to_owned(),
            with(view),
            format!("{} of {}", human::bytes(view.done), human::bytes(view.total)),
            state_text(view),
            view.id.to_string(),
        ];
        (object(view), cells)
    };
    let heading = ["FILE", "", "WITH", "BYTES", "STATE", "ID"];
    out.table(&heading, all.iter().map(row).collect(), "Nothing waits, nothing moves.");
    Ok(())
}

/// All of the queue.
pub(crate) async fn all(session: &mut Session) -> Result<Vec<TransferView>, End> {
    let Answer::Transfers(all) = session.run(Command::Transfers).await? else { return Err(unexpected()) };
    Ok(all)
}

async fn one(
    session: &mut Session,
    out: &Out,
    text: &str,
    command: impl Fn(TransferId) -> Command,
    line: &str,
) -> Result<(), End> {
    let id = find::transfer(session, text).await?.id;
    session.run(command(id)).await?;
    let view = find::transfer(session, &id.to_string()).await?;
    out.say(&object(&view), || line.to_owned());
    Ok(())
}

/// The room, or the person, that a file goes to or comes from.
fn with(view: &TransferView) -> String {
    view.peer.as_ref().map_or_else(|| view.room_title.clone(), |peer| peer.name.clone())
}

/// A transfer as one flat object: the state by its name, with what it waits for beside it.
pub(crate) fn object(view: &TransferView) -> Value {
    let (waits_for, error) = match &view.state {
        TransferState::Waiting(Stuck::Turn) => (json!("turn"), Value::Null),
        TransferState::Waiting(Stuck::Network { .. }) => (json!("network"), Value::Null),
        TransferState::Waiting(Stuck::Receiver) => (json!("receiver"), Value::Null),
        TransferState::Waiting(Stuck::Sender) => (json!("sender"), Value::Null),
        TransferState::Waiting(Stuck::Asking) => (json!("asking"), Value::Null),
        TransferState::Waiting(Stuck::Held) => (json!("held"), Value::Null),
        TransferState::Waiting(Stuck::Space { disk, missing, .. }) => {
            (json!("space"), json!({"code": full(*disk), "missing": missing}))
        }
        TransferState::Waiting(Stuck::PausedAll) => (json!("paused_all"), Value::Null),
        TransferState::Waiting(Stuck::Room) => (json!("room"), Value::Null),
        TransferState::Waiting(Stuck::Person { error }) => (json!("person"), json!(error)),
        TransferState::Failed { error } => (Value::Null, json!(error)),
        TransferState::Moving
        | TransferState::Paused
        | TransferState::Verifying
        | TransferState::Done
        | TransferState::Cancelled => (Value::Null, Value::Null),
    };
    json!({
        "id": view.id,
        "rank": view.rank,
        "direction": view.direction,
        "room": view.room,
        "room_title": view.room_title,
        "peer": view.peer,
        "offer": view.offer,
        "via": view.path,
        "options": view.options,
        "eta_s": view.eta_s,
        "resumed_at": view.resumed_at,
        "story": view.story,
        "entry": view.entry,
        "name": view.name,
        "path": view.local_path,
        "local_path": view.local_path,
        "done": view.done,
        "total": view.total,
        "rate": view.rate,
        "state": state_name(&view.state),
        "waits_for": waits_for,
        "error": error,
        "code": error.get("code"),
        "created_at": view.created_at,
    })
}

/// Whose disk is full, as an error says it.
fn full(disk: FullDisk) -> ErrorCode {
    match disk {
        FullDisk::Here => ErrorCode::DiskFull,
        FullDisk::Server => ErrorCode::ServerDiskFull,
    }
}

fn state_name(state: &TransferState) -> &'static str {
    match state {
        TransferState::Waiting(_) => "waiting",
        TransferState::Moving => "moving",
        TransferState::Paused => "paused",
        TransferState::Verifying => "verifying",
        TransferState::Done => "done",
        TransferState::Failed { .. } => "failed",
        TransferState::Cancelled => "cancelled",
    }
}

fn state_text(view: &TransferView) -> String {
    match &view.state {
        TransferState::Waiting(Stuck::Turn) => "waits for its turn".to_owned(),
        TransferState::Waiting(Stuck::Network { .. }) => "waits for the server".to_owned(),
        TransferState::Waiting(Stuck::Receiver) => "waits for the receiver".to_owned(),
        TransferState::Waiting(Stuck::Sender) => "waits for the sender".to_owned(),
        TransferState::Waiting(Stuck::Asking) => match (view.direction, view.offer) {
            (Direction::Up, _) | (Direction::Down, None) => {
                "cut off. Go on with `transfers retry`.".to_owned()
            }
            (Direction::Down, Some(_)) => "cut off. Go on with `accept`.".to_owned(),
        },
        TransferState::Waiting(Stuck::Held) => "paused by the receiver".to_owned(),
        TransferState::Waiting(Stuck::Space { disk: FullDisk::Here, missing, .. }) => {
            let missing = human::bytes(*missing);
            format!("this disk is full, {missing} are missing; goes on by itself when there is room")
        }
        TransferState::Waiting(Stuck::Space { disk: FullDisk::Server, .. }) => {
            "the server's disk is full; goes on by itself when there is room".to_owned()
        }
        TransferState::Waiting(Stuck::PausedAll) => "the whole queue is paused".to_owned(),
        TransferState::Waiting(Stuck::Room) => "waits for its folder to be made".to_owned(),
        TransferState::Waiting(Stuck::Person { error }) => {
            format!("{} Then: `transfers retry`.", human::sentence(error))
        }
        TransferState::Failed { error } => human::sentence(error),
        TransferState::Moving => match view.rate {
            Some(rate) => format!("moving, {} a second", human::bytes(rate)),
            None => "moving".to_owned(),
        },
        TransferState::Paused => "paused".to_owned(),
        TransferState::Verifying => "being checked".to_owned(),
        TransferState::Done => "done".to_owned(),
        TransferState::Cancelled => "cancelled".to_owned(),
    }
}

/// Whether a transfer still has something to do by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    /// It moves, or will at once.
    Moves,
    /// It waits for the network, the server, or somebody.
    Waits,
    /// Nothing more will come by itself.
    Over,
}

fn life(view: &TransferView) -> Life {
    match &view.state {
        TransferState::Waiting(Stuck::Receiver) if safe(view) => Life::Over,
        TransferState::Moving | TransferState::Verifying | TransferState::Waiting(Stuck::Turn) => Life::Moves,
        TransferState::Waiting(
            Stuck::Network { .. }
            | Stuck::Room
            | Stuck::Receiver
            | Stuck::Sender
            | Stuck::Asking
            | Stuck::Held
            | Stuck::Space { disk: FullDisk::Server, .. }
            | Stuck::PausedAll,
        )
        | TransferState::Paused => Life::Waits,
        // A command does not wait for somebody to clear away; a pod that runs goes on.
        TransferState::Waiting(Stuck::Person { .. } | Stuck::Space { disk: FullDisk::Here, .. })
        | TransferState::Done
        | TransferState::Failed { .. }
        | TransferState::Cancelled => Life::Over,
    }
}

/// The server has all that is missing at the receiver: this computer is not needed any more.
fn safe(view: &TransferView) -> bool {
    view.story.iter().any(|line| line.what == Happened::Forwarded)
        && view.state == TransferState::Waiting(Stuck::Receiver)
}

/// Transfers that are waited for, and how each stands: not what each looks like, for there may be ten thousand.
struct Open {
    lives: BTreeMap<TransferId, Life>,
    /// One of them was given up.
    refused: bool,
}

impl Open {
    /// A transfer looks so now; what has come to its end is said. Answers whether it moves.
    fn see(&mut self, out: &Out, view: &TransferView) -> bool {
        let Some(held) = self.lives.get_mut(&view.id) else { return false };
        *held = life(view);
        if *held == Life::Over {
            self.lives.remove(&view.id);
            self.refused |= view.state != TransferState::Done && !safe(view);
            out.say(&object(view), || format!("{}: {}", view.name, end_text(view)));
        }
        life(view) == Life::Moves
    }

    /// Looks at all of them; not by the list of all, which ends with the newest of those that are over. Answers whether
    /// one moves.
    async fn look(&mut self, session: &mut Session, out: &Out) -> Result<bool, End> {
        let ids: Vec<TransferId> = self.lives.keys().copied().collect();
        let mut moves = false;
        for ids in ids.chunks(limits::TRANSFERS_LOOK_MAX) {
            for view in looked_at(session, ids).await? {
                moves |= self.see(out, &view);
            }
        }
        Ok(moves)
    }
}

async fn looked_at(session: &mut Session, ids: &[TransferId]) -> Result<Vec<TransferView>, End> {
    let look = Command::AboutTransfers(TransferCommand::TransfersLook { ids: ids.to_vec() });
    let Answer::Transfers(views) = session.run(look).await? else { return Err(unexpected()) };
    Ok(views)
}

/// Waits until each has come to its end, and says how. Cuts are waited through.
pub(crate) async fn until_over(
    session: &mut Session,
    out: &Out,
    views: Vec<TransferView>,
) -> Result<(), End> {
    let lives = views.into_iter().map(|view| (view.id, life(&view))).collect();
    let mut open = Open { lives, refused: false };
    let mut patience = session.patience();
    // What was asked may have happened before the first event came.
    let mut moves = open.look(session, out).await?;
    while !open.lives.is_empty() {
        if moves {
            patience.renew();
        }
        moves = match tokio::time::timeout_at(patience.until(), session.next_event()).await {
            Ok(Some(Event::Transfer { transfer })) => open.see(out, &transfer),
            Ok(Some(Event::Lagged)) => open.look(session, out).await?,
            Ok(Some(_)) => false,
            Ok(None) => return Err(pod_client::view::ErrorView::stopped().into()),
            Err(_) => {
                let moves = open.look(session, out).await?;
                if !open.lives.is_empty() && open.lives.values().all(|life| *life == Life::Waits) {
                    let ids: Vec<TransferId> = open.lives.keys().copied().collect();
                    for ids in ids.chunks(limits::TRANSFERS_LOOK_MAX) {
                        for view in looked_at(session, ids).await? {
                            out.say(&object(&view), || format!("{}: {}", view.name, state_text(&view)));
                        }
                    }
                    return Err(End::Unreachable { next: "The files stay queued and move when it is back." });
                }
                moves
            }
        };
    }
    if open.refused { Err(End::Said) } else { Ok(()) }
}

fn end_text(view: &TransferView) -> String {
    match (&view.state, view.direction) {
        (TransferState::Waiting(_), Direction::Up) if safe(view) => {
            "at the server, which gives it to the receiver".to_owned()
        }
        (TransferState::Done, Direction::Up) => format!("sent, {}", human::bytes(view.total)),
        (TransferState::Done, Direction::Down) => format!("here, {}", view.local_path),
        _ => state_text(view),
    }
}
