//! People for a benchmark: accounts on a fresh server, their tokens, and rooms.

use crate::socket::Socket;
use anyhow::{Context, bail};
use pod_shared::auth::{
    Audience, DeviceClaim, Invite, InviteRequest, SignUp, SignedIn, TokenAnswer, TokenRequest,
};
use pod_shared::socket::{Answer, Request};
use pod_shared::{AccountId, DeviceId, RoomId, limits};
use uuid::Uuid;

/// Somebody signed in on one device.
#[derive(Clone)]
pub(crate) struct Account {
    /// Where.
    pub(crate) server: String,
    /// Who.
    pub(crate) id: AccountId,
    /// Their device.
    pub(crate) device: DeviceId,
    device_token: String,
    http: reqwest::Client,
}

impl Account {
    /// A token for one service.
    pub(crate) async fn token(&self, audience: Audience) -> anyhow::Result<String> {
        let url = format!("{}/v1/tokens", self.server);
        let answer = self
            .http
            .post(url)
            .bearer_auth(&self.device_token)
            .json(&TokenRequest { audience })
            .send()
            .await?;
        Ok(answer.error_for_status()?.json::<TokenAnswer>().await?.token)
    }

    /// Makes a room with these others.
    pub(crate) async fn room(&self, members: Vec<AccountId>) -> anyhow::Result<RoomId> {
        let room = RoomId(Uuid::now_v7());
        let mut socket = Socket::open(self).await?;
        let request = Request::RoomCreate { room, title: "Bench".into(), members, folder: true };
        match socket.request(request).await? {
            Answer::Done {} | Answer::Pending {} => Ok(room),
            Answer::History { .. }
            | Answer::People { .. }
            | Answer::Link(_)
            | Answer::Peer { .. }
            | Answer::Relay { .. } => {
                bail!("an answer to another question")
            }
        }
    }
}

/// `count` accounts on a fresh server, the first its admin.
pub(crate) async fn people(server: &str, count: usize) -> anyhow::Result<Vec<Account>> {
    let http = reqwest::Client::new();
    let mut people = vec![sign_up(&http, server, 0, None).await?];
    if count == 1 {
        return Ok(people);
    }
    let admin = people.first().context("nobody")?.device_token.clone();
    for first in (1..count).step_by(limits::INVITE_USES_MAX as usize) {
        let uses = limits::INVITE_USES_MAX.min(u32::try_from(count - first)?);
        let invite = http
            .post(format!("{server}/v1/invites"))
            .bearer_auth(&admin)
            .json(&InviteRequest { uses, days: 1 })
            .send()
            .await?;
        let invite: Invite = invite.error_for_status()?.json().await?;
        for n in first..first + uses as usize {
            people.push(sign_up(&http, server, n, Some(invite.code.clone())).await?);
        }
    }
    Ok(people)
}

/// Somebody who comes with an invite.
pub(crate) async fn guest(server: &str, code: &str) -> anyhow::Result<Account> {
    sign_up(&reqwest::Client::new(), server, 1, Some(code.to_owned())).await
}

async fn sign_up(
    http: &reqwest::Client,
    server: &str,
    n: usize,
    invite: Option<String>,
) -> anyhow::Result<Account> {
    let device = DeviceClaim { id: DeviceId(Uuid::now_v7()), label: "bench".into() };
    let body = SignUp {
        name: format!("person{n}"),
        display_name: format!("Person {n}"),
        password: "correct horse battery".into(),
        invite,
        setup_code: None,
        device: device.clone(),
    };
    let answer = http.post(format!("{server}/v1/accounts")).json(&body).send().await?;
    if !answer.status().is_success() {
        bail!("signing up: {} {}", answer.status(), answer.text().await?);
    }
    let signed_in: SignedIn = answer.json().await?;
    Ok(Account {
        server: server.to_owned(),
        id: signed_in.account,
        device: device.id,
        device_token: signed_in.device_token,
        http: http.clone(),
    })
}
