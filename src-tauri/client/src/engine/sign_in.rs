//! Signing up, in and out, and what a start finds of it.

use super::{Desk, fresh, settings, wake::Wake};
use crate::command::{Answer, Secret};
use crate::event::Event;
use crate::net::{Endpoint, Http, page_of};
use crate::state::account::{self, Account};
use crate::state::{outbox, waiting};
use crate::view::{ErrorView, InviteView, ServerAddress};
use pod_shared::auth::{DeviceClaim, Invite, InviteRequest, SignIn, SignUp, SignedIn};
use pod_shared::{AccountId, DeviceId, ErrorCode, TimeMs};
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::timeout;

/// Where the device's token is kept among the secrets.
const TOKEN: &str = "device-token";

/// A keyring is the whole person's: two profiles on one computer keep their tokens apart by their devices.
fn token_key(device: DeviceId) -> String {
    format!("{TOKEN}.{device}")
}
/// Telling the server that this device signs out must not hold a person up who is offline.
const SIGN_OUT_WAIT: Duration = Duration::from_secs(5);
/// Letting go of a key is quick, and nobody is held up by it for longer.
const KEY_WAIT: Duration = Duration::from_secs(5);

/// Who wants an account.
pub(super) struct Who {
    pub(super) name: String,
    pub(super) display_name: String,
    pub(super) password: Secret,
}

/// Goes on as who was signed in when the profile was last open. What may take long is not waited for: what is here can be
/// shown meanwhile.
pub(super) async fn resume(desk: &Desk) -> Result<(), ErrorView> {
    let account = account::load(&desk.state).await?;
    if let Some(account) = account.clone() {
        let me = account.id;
        desk.cache.surely(|cache| async move { cache.belong_to(me).await }).await?;
        desk.wake(Wake::Resumed(account)).await?;
        // The first status counts what waits.
        let rows = outbox::all(&desk.state, me).await?;
        desk.wake(Wake::OutboxLoaded(me, rows)).await?;
    }
    let desk = desk.clone();
    tokio::spawn(async move { go_on(&desk, account).await });
    Ok(())
}

/// The place of secrets may ask the person, the check reads the whole cache; only after both somebody may connect.
async fn go_on(desk: &Desk, account: Option<Account>) {
    let Some(account) = account else {
        check_cache(desk, None).await;
        return desk.net.sign_out();
    };
    let (token, ()) = tokio::join!(read_token(desk), check_cache(desk, Some(account.id)));
    let read = token.and_then(|token| desk.net.sign_in(account.endpoint, token));
    if read.is_err() {
        desk.net.sign_out();
    }
    // No loop any more: the pod ends.
    let _ = desk.wake(Wake::TokenRead(account.id, read)).await;
}

async fn read_token(desk: &Desk) -> Result<Secret, ErrorView> {
    let gone = || ErrorView::new(ErrorCode::SignedOut, "the device's token is not in its place");
    desk.secrets.get(&token_key(desk.device.id())).await?.ok_or_else(gone)
}

/// Where the cache was damaged, an empty one is there now: what is shown is asked for anew, and the next sync is a full one.
async fn check_cache(desk: &Desk, me: Option<AccountId>) {
    let checked = async {
        if desk.cache.check().await? {
            if let Some(me) = me {
                desk.cache.belong_to(me).await?;
            }
            desk.sink.emit(Event::Lagged);
        }
        Ok::<_, ErrorView>(())
    };
    if let Err(error) = checked.await {
        tracing::error!(code = %error.code, "there is no cache");
    }
}

/// Makes an account and signs in.
pub(super) async fn sign_up(
    desk: &Desk,
    server: ServerAddress,
    who: Who,
    setup_code: Option<String>,
) -> Result<Answer, ErrorView> {
    desk.net.settled().await;
    let (endpoint, room) = (Endpoint::of(&server)?, server.room);
    let display_name = if who.display_name.trim().is_empty() { who.name.clone() } else { who.display_name };
    let body = SignUp {
        name: who.name,
        display_name,
        password: who.password.0,
        invite: server.invite,
        setup_code,
        device: claim(desk, desk.device.id()),
    };
    let signed_in = Http::new(endpoint.clone())?.post("/v1/accounts", None, &body).await?;
    settle(desk, endpoint, signed_in, (desk.device.id(), room)).await
}

/// Signs in. Who does so where a copy of the profile took its place becomes a device of its own; all that waits stays.
pub(super) async fn sign_in(
    desk: &Desk,
    server: ServerAddress,
    name: String,
    password: Secret,
) -> Result<Answer, ErrorView> {
    desk.net.settled().await;
    let (endpoint, room) = (Endpoint::of(&server)?, server.room);
    let taken = desk.live().taken;
    let device = if taken { fresh(DeviceId::from_slice)? } else { desk.device.id() };
    let body = SignIn { name, password: password.0, device: claim(desk, device) };
    let signed_in = Http::new(endpoint.clone())?.post("/v1/sign-ins", None, &body).await?;
    settle(desk, endpoint, signed_in, (device, room)).await
}

fn claim(desk: &Desk, id: DeviceId) -> DeviceClaim {
    DeviceClaim { id, label: desk.device_label.to_string() }
}

/// The server said yes: keeps the token first, then the room to join, then who it is for, then goes online.
async fn settle(
    desk: &Desk,
    endpoint: Endpoint,
    signed_in: SignedIn,
    (device, room): (DeviceId, Option<String>),
) -> Result<Answer, ErrorView> {
    let token = Secret(signed_in.device_token);
    desk.secrets.set(&token_key(device), token.clone()).await?;
    let before = desk.device.id();
    if device != before {
        become_device(desk, device).await?;
        desk.secrets.remove(&token_key(before)).await?;
    }
    let account = Account {
        id: signed_in.account,
        name: signed_in.name,
        display_name: signed_in.display_name,
        is_admin: signed_in.is_admin,
        server_name: signed_in.server.name,
        endpoint: endpoint.clone(),
    };
    if let Some(code) = room {
        waiting::add_join(&desk.state, account.id, code).await?;
    }
    account::save(&desk.state, account.clone()).await?;
    desk.cache.belong_to(account.id).await?;
    desk.net.sign_in(endpoint, token)?;
    let view = account.view(device);
    desk.wake(Wake::SignedIn(account)).await?;
    Ok(Answer::Account(view))
}

/// The key of what was copied stays the copy's: this device connects once it is no longer met under it.
async fn become_device(desk: &Desk, device: DeviceId) -> Result<(), ErrorView> {
    let mut endpoint = desk.transfers.direct().endpoint();
    let former = endpoint.borrow().clone();
    account::become_device(&desk.state, &desk.device, device).await?;
    if former.is_some() && timeout(KEY_WAIT, endpoint.wait_for(|now| *now != former)).await.is_err() {
        tracing::warn!("this device is still met under its former key");
    }
    Ok(())
}

/// Signs out: the right is withdrawn at the server if it can be reached; here it is gone in any case.
pub(super) async fn sign_out(desk: &Desk) -> Result<Answer, ErrorView> {
    desk.me()?;
    if let Ok(auth) = desk.net.auth().await {
        let told = auth.http.call(reqwest::Method::DELETE, "/v1/sign-ins/current", Some(&auth.bearer));
        match timeout(SIGN_OUT_WAIT, told).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::info!(code = %error.code, "the server was not told of the sign-out"),
            Err(_) => tracing::info!("the server was not told of the sign-out in time"),
        }
    }
    desk.wake(Wake::SignedOut).await?;
    desk.net.sign_out();
    desk.secrets.remove(&token_key(desk.device.id())).await?;
    account::forget(&desk.state).await?;
    settings::forget(desk).await?;
    desk.cache.clear().await?;
    desk.previews.clear().await?;
    Ok(Answer::Done)
}

/// Makes an invite.
pub(super) async fn invite(desk: &Desk, uses: u32, days: u32) -> Result<InviteView, ErrorView> {
    let auth = desk.net.auth().await?;
    let body = InviteRequest { uses, days };
    let invite: Invite = auth.http.post("/v1/invites", Some(&auth.bearer), &body).await?;
    let expires = OffsetDateTime::parse(&invite.expires_at, &Rfc3339).map_err(|_| {
        ErrorView::new(ErrorCode::UnsupportedVersion, "the server's answer is not understood")
    })?;
    Ok(InviteView {
        code: invite.code,
        page: page_of(&invite.link),
        link: invite.link,
        expires_at: TimeMs(expires.unix_timestamp().saturating_mul(1_000)),
    })
}
