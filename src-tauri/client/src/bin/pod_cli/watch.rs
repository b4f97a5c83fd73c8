//! The whole engine, every event one a line, until it is stopped.

use super::account::status_object;
use super::end::End;
use super::out::{Form, Out};
use super::session::Session;
use pod_client::event::Event;
use pod_client::view::{ConnectionView, NoticeAbout};
use serde_json::{Value, json};

/// Runs until a signal comes, or the engine of the other process ends.
pub(crate) async fn run(session: &mut Session, out: &Out) -> Result<(), End> {
    let status = session.status().await?;
    say(out, &Event::Status { status });
    let stop = stopped();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => return Ok(()),
            event = session.next_event() => match event {
                Some(event) => say(out, &event),
                None => return Ok(()),
            },
        }
    }
}

fn say(out: &Out, event: &Event) {
    let object = match out.form() {
        Form::Json => object(event),
        Form::Human => Value::Null,
    };
    out.say(&object, || line(event));
}

/// The event with the id of what it is about.
fn object(event: &Event) -> Value {
    let id = match event {
        Event::Status { .. }
        | Event::Connection { .. }
        | Event::Contacts { .. }
        | Event::NoticesGone { .. }
        | Event::JoinRefused { .. }
        | Event::Offers { .. }
        | Event::Linked { .. }
        | Event::Edits { .. }
        | Event::Lagged => String::new(),
        Event::Notice { notice } => notice.id.to_string(),
        Event::Person { account, .. } => account.to_string(),
        Event::ContactAsks { person } => person.account.to_string(),
        Event::ContactRefused { account, .. } => {
            account.as_ref().map(ToString::to_string).unwrap_or_default()
        }
        Event::Room { room } => room.id.to_string(),
        Event::RoomGone { room }
        | Event::RoomOpen { room }
        | Event::Timeline { room }
        | Event::Typing { room, .. }
        | Event::Folder { room } => room.to_string(),
        Event::Arrived { item, .. } => item.key.clone(),
        Event::Progress { upload, .. } => upload.to_string(),
        Event::Transfer { transfer } => transfer.id.to_string(),
        Event::Setting { key } => key.clone(),
    };
    let mut object = super::out::with_id(&id, event);
    if let (Event::Status { status }, Some(fields)) = (event, object.as_object_mut()) {
        fields.insert("status".to_owned(), status_object(status));
    }
    if let (Event::Transfer { transfer }, Some(fields)) = (event, object.as_object_mut()) {
        fields.insert("transfer".to_owned(), super::transfers::object(transfer));
    }
    if let (Event::Connection { connection }, Some(fields)) = (event, object.as_object_mut()) {
        fields.insert("connection".to_owned(), json!(connection_name(connection)));
    }
    object
}

fn connection_name(connection: &ConnectionView) -> &'static str {
    match connection {
        ConnectionView::SignedOut => "signed_out",
        ConnectionView::Connecting => "connecting",
        ConnectionView::Online => "online",
        ConnectionView::Offline { .. } => "offline",
        ConnectionView::NeedsPerson { .. } => "needs_person",
    }
}

fn line(event: &Event) -> String {
    match event {
        Event::Status { status } => {
            format!(
                "{}; {} messages and {} files wait",
                connection_name(&status.connection),
                status.messages_waiting,
                status.transfers_waiting
            )
        }
        Event::Connection { connection } => connection_name(connection).to_owned(),
        Event::Room { room } => format!("room {} changed", super::find::room_name(room)),
        Event::RoomGone { room } => format!("room {room} is gone"),
        Event::RoomOpen { room } => format!("room {room} is new"),
        Event::Timeline { room } => format!("the chat of {room} changed"),
        Event::Typing { room, name, .. } => format!("{name} is writing in {room}"),
        Event::Arrived { item, .. } => format!("something new from {}", item.by_name),
        Event::Folder { room } => format!("the folder of {room} changed"),
        Event::Progress { offset, length, .. } => format!("an upload stands at {offset} of {length} bytes"),
        Event::Transfer { transfer } => {
            let object = super::transfers::object(transfer);
            let state = object.get("state").and_then(Value::as_str).unwrap_or_default();
            format!("{}: {state}, {} of {} bytes", transfer.name, transfer.done, transfer.total)
        }
        Event::Linked { folders } => {
            let lines: Vec<String> = folders.iter().map(super::linked::line).collect();
            lines.join("\n")
        }
        Event::Edits { edits } => {
            let lines: Vec<String> = edits.iter().map(super::edits::line).collect();
            format!("{} files are being edited here{}", edits.len(), lines.join(""))
        }
        Event::Offers { offers } => format!("{} offers wait for an answer", offers.len()),
        Event::Person { account, presence } => format!("{account} is {:?}", presence.state),
        Event::Contacts { .. } => "contacts changed".to_owned(),
        Event::Notice { notice } => notice_line(&notice.about),
        Event::NoticesGone { ids } => format!("{} notices were read or answered", ids.len()),
        Event::ContactAsks { person } => format!("{} asks to be a contact", person.display_name),
        Event::ContactRefused { error, .. } => super::human::sentence(error),
        Event::JoinRefused { error } => super::human::sentence(error),
        Event::Setting { key } => format!("setting {key} changed"),
        Event::Lagged => "some events were missed".to_owned(),
    }
}

fn notice_line(about: &NoticeAbout) -> String {
    match about {
        NoticeAbout::Item { title, item, more: 0, .. } if title.is_empty() => {
            format!("notice: something new from {}", item.by_name)
        }
        NoticeAbout::Item { title, item, more, .. } => {
            format!("notice: something new from {} in {title}, and {more} before it", item.by_name)
        }
        NoticeAbout::Contact { person } => format!("notice: {} asks to be a contact", person.display_name),
        NoticeAbout::Offers { offers } => format!("notice: {} files are offered", offers.len()),
        NoticeAbout::Summary { messages, files, changes, requests, offers, room_count, .. } => format!(
            "notice: while you were away: {messages} messages, {files} files, {changes} changes in {room_count} \
             rooms, {requests} requests, {offers} offers"
        ),
    }
}

/// Completes when the person, or the system, wants an end.
#[cfg(unix)]
pub(crate) async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Completes when the person wants an end.
#[cfg(not(unix))]
pub(crate) async fn stopped() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
