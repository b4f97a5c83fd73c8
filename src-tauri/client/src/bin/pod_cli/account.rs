//! Signing up, in and out, here and on other computers; status, tokens, invites; finding people.

use super::args::{Audience, Sessions, Sign};
use super::end::{End, unexpected};
use super::human;
use super::out::{Form, Out, with_id};
use super::session::Session;
use pod_client::command::{AccountCommand, Answer, Command, Secret};
use pod_client::view::{AccountView, ConnectionView, ServerAddress, SignInView, StatusView};
use pod_shared::limits::PASSWORD_BYTES_MAX;
use serde_json::{Value, json};
use std::io::{BufRead, IsTerminal, Read};

/// Makes an account.
pub(crate) async fn sign_up(session: &mut Session, out: &Out, sign: Sign) -> Result<(), End> {
    let server = address(session, &sign).await?;
    let password = password(out)?;
    let Sign { name, display_name, setup_code, .. } = sign;
    let command = Command::SignUp { server, name, display_name, password, setup_code };
    signed_in(session, out, command).await
}

/// Signs in.
pub(crate) async fn sign_in(session: &mut Session, out: &Out, sign: Sign) -> Result<(), End> {
    let server = address(session, &sign).await?;
    let password = password(out)?;
    signed_in(session, out, Command::SignIn { server, name: sign.name, password }).await
}

async fn signed_in(session: &mut Session, out: &Out, command: Command) -> Result<(), End> {
    let Answer::Account(account) = session.run(command).await? else { return Err(unexpected()) };
    let object = with_id(&account.account, &account);
    out.say(&object, || {
        format!("Signed in as {} on {}. Make a room: `rooms create NAME`.", account.name, account.server_name)
    });
    Ok(())
}

/// The server from `--server` and what an invite link adds to it.
async fn address(session: &mut Session, sign: &Sign) -> Result<ServerAddress, End> {
    let link = sign.invite.as_deref().filter(|invite| invite.contains("://"));
    let invited = match link {
        Some(link) => Some(read(session, link).await?),
        None => None,
    };
    let named = match &sign.server {
        Some(server) => Some(read(session, server).await?),
        None => None,
    };
    let mut address = match (named, invited) {
        (Some(named), Some(invited)) => ServerAddress {
            invite: invited.invite,
            room: invited.room,
            ..keep_pin(named, invited.fingerprint)
        },
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => {
            return Err(End::Usage("Say the server with --server URL, or give an invite link.".into()));
        }
    };
    if link.is_none() {
        address.invite = sign.invite.clone().or(address.invite);
    }
    Ok(address)
}

fn keep_pin(address: ServerAddress, fingerprint: Option<String>) -> ServerAddress {
    ServerAddress { fingerprint: address.fingerprint.or(fingerprint), ..address }
}

async fn read(session: &mut Session, text: &str) -> Result<ServerAddress, End> {
    let command = Command::ReadAddress { text: text.to_owned() };
    let Answer::Address(address) = session.run(command).await? else { return Err(unexpected()) };
    Ok(address)
}

/// The first line of standard input.
fn password(out: &Out) -> Result<Secret, End> {
    let input = std::io::stdin();
    if input.is_terminal() {
        out.remark("Password (it shows while you type):");
    }
    let mut line = String::new();
    input.lock().take(PASSWORD_BYTES_MAX as u64 + 2).read_line(&mut line)?;
    let password = line.trim_end_matches(['\n', '\r']);
    if password.is_empty() {
        return Err(End::Usage("The password is read from the first line of standard input.".to_owned()));
    }
    Ok(Secret(password.to_owned()))
}

/// Signs out.
pub(crate) async fn sign_out(session: &mut Session, out: &Out) -> Result<(), End> {
    let account = session.status().await?.account;
    session.run(Command::SignOut).await?;
    let id = account.as_ref().map(|account| account.account.to_string()).unwrap_or_default();
    out.say(&json!({"id": id, "signed_out": true}), || {
        "Signed out. What waited stays until you are back.".to_owned()
    });
    Ok(())
}

/// The computers that are signed in, or the end of one of them.
pub(crate) async fn sessions(session: &mut Session, out: &Out, verb: Option<Sessions>) -> Result<(), End> {
    session.online().await?;
    if let Some(Sessions::SignOut { id }) = verb {
        session.run(Command::AboutAccount(AccountCommand::SignInEnd { device: id })).await?;
        out.say(&json!({"id": id, "signed_out": true}), || "Signed out there.".to_owned());
        return Ok(());
    }
    let command = Command::AboutAccount(AccountCommand::SignIns);
    let Answer::SignIns(rows) = session.run(command).await? else { return Err(unexpected()) };
    let row = |row: &SignInView| {
        let here = if row.current { "this one" } else { "" };
        let cells = vec![
            row.label.clone(),
            human::when(row.since),
            human::when(row.seen),
            here.to_owned(),
            row.device.to_string(),
        ];
        (with_id(&row.device, row), cells)
    };
    let heading = ["COMPUTER", "SINCE (UTC)", "SEEN (UTC)", "", "ID"];
    out.table(&heading, rows.iter().map(row).collect(), "Nobody is signed in.");
    Ok(())
}

/// How things are.
pub(crate) async fn status(session: &mut Session, out: &Out) -> Result<(), End> {
    let status = session.settle().await?;
    out.say(&status_object(&status), || status_text(&status));
    Ok(())
}

/// The status as one flat object.
pub(crate) fn status_object(status: &StatusView) -> Value {
    let id = status.account.as_ref().map(|account| account.account.to_string()).unwrap_or_default();
    let (connection, more) = match &status.connection {
        ConnectionView::SignedOut => ("signed_out", Value::Null),
        ConnectionView::Connecting => ("connecting", Value::Null),
        ConnectionView::Online => ("online", Value::Null),
        ConnectionView::Offline { reason, .. } => ("offline", json!(reason)),
        ConnectionView::NeedsPerson { reason } => ("needs_person", json!(reason)),
    };
    let retry_at = match &status.connection {
        ConnectionView::Offline { retry_at, .. } => json!(retry_at),
        ConnectionView::SignedOut
        | ConnectionView::Connecting
        | ConnectionView::Online
        | ConnectionView::NeedsPerson { .. } => Value::Null,
    };
    json!({
        "id": id,
        "connection": connection,
        "reason": more,
        "retry_at": retry_at,
        "account": status.account,
        "sync": status.sync,
        "messages_waiting": status.messages_waiting,
        "transfers_waiting": status.transfers_waiting,
        "synced_at": status.synced_at,
        "presence": status.presence,
    })
}

fn status_text(status: &StatusView) -> String {
    let who = |account: &AccountView| {
        format!("{} on {} ({})", account.name, account.server_name, account.server_url)
    };
    let connection = match &status.connection {
        ConnectionView::SignedOut => "nobody is signed in; start with `sign-up` or `sign-in`".to_owned(),
        ConnectionView::Connecting => "connecting".to_owned(),
        ConnectionView::Online => "online".to_owned(),
        ConnectionView::Offline { reason, .. } => {
            let why = reason.as_ref().map(|reason| format!(" ({})", reason.message)).unwrap_or_default();
            format!("offline, tries again by itself{why}")
        }
        ConnectionView::NeedsPerson { reason } => human::sentence(reason),
    };
    let mut lines = vec![("Account", status.account.as_ref().map_or_else(|| "none".to_owned(), who))];
    lines.push(("Connection", connection));
    if let Some(sync) = &status.sync {
        let (kind, bytes) = (sync.kind, human::bytes(sync.bytes_in));
        lines.push(("Last sync", format!("{kind:?}, {bytes} in {} round trip(s)", sync.round_trips)));
    }
    lines.push(("Messages waiting", status.messages_waiting.to_string()));
    lines.push(("Files waiting", status.transfers_waiting.to_string()));
    let line = |(title, text): &(&str, String)| format!("{title:<17} {text}");
    lines.iter().map(line).collect::<Vec<String>>().join("\n")
}

/// A token for scripts.
pub(crate) async fn token(session: &mut Session, out: &Out, audience: Audience) -> Result<(), End> {
    session.online().await?;
    let command = Command::Token { audience: audience.into() };
    let Answer::Text(Some(token)) = session.run(command).await? else { return Err(unexpected()) };
    let id = match audience {
        Audience::Messenger => "messenger",
        Audience::Content => "content",
    };
    out.say(&json!({"id": id, "token": token}), || token.clone());
    Ok(())
}

/// An invite to send on.
pub(crate) async fn invite(session: &mut Session, out: &Out, uses: u32, days: u32) -> Result<(), End> {
    session.online().await?;
    let Answer::Invite(invite) = session.run(Command::Invite { uses, days }).await? else {
        return Err(unexpected());
    };
    out.say(&with_id(&invite.code, &invite), || {
        format!("{}\nCode {}, good until {} (UTC).", invite.link, invite.code, human::when(invite.expires_at))
    });
    Ok(())
}

/// Finds people.
pub(crate) async fn people(session: &mut Session, out: &Out, text: String) -> Result<(), End> {
    session.online().await?;
    let Answer::People(people) = session.run(Command::People { text }).await? else {
        return Err(unexpected());
    };
    let row = |person: &pod_shared::socket::Person| {
        let cells = vec![person.name.clone(), person.display_name.clone(), person.account.to_string()];
        (with_id(&person.account, person), cells)
    };
    out.table(&["NAME", "SHOWN AS", "ID"], people.iter().map(row).collect(), "Nobody has such a name.");
    if out.form() == Form::Human && !people.is_empty() {
        out.remark("Start a room with somebody: `rooms create NAME --with THEIR-NAME`.");
    }
    Ok(())
}
