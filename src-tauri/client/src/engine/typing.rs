//! Who is writing: told now and then while it lasts, kept nowhere.

use super::Desk;
use super::run::Run;
use crate::event::Event;
use crate::view::ErrorView;
use pod_shared::limits::TYPING_EVERY_MS;
use pod_shared::socket::ClientFrame;
use pod_shared::{AccountId, RoomId};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// When this device last told of each room.
#[derive(Default)]
pub(super) struct Told(BTreeMap<RoomId, Instant>);

impl Told {
    /// Whether it is time to tell again.
    fn again(&mut self, room: RoomId, now: Instant) -> bool {
        let every = Duration::from_millis(TYPING_EVERY_MS);
        self.0.retain(|_, told| now < *told + every);
        if self.0.contains_key(&room) {
            return false;
        }
        self.0.insert(room, now);
        true
    }
}

impl Run {
    /// This person is writing.
    pub(super) fn typing(&mut self, room: RoomId) {
        if self.typing_told.again(room, Instant::now()) {
            self.send(ClientFrame::Typing { room });
        }
    }

    /// Somebody else is.
    pub(super) fn typed(&self, room: RoomId, account: AccountId) {
        let desk = self.desk.clone();
        tokio::spawn(async move {
            match name(&desk, room, account).await {
                Ok(Some(name)) => desk.sink.emit(Event::Typing { room, account, name }),
                Ok(None) => {}
                Err(error) => tracing::warn!(code = %error.code, "who is writing could not be told"),
            }
        });
    }
}

/// The name of a member; nothing: no member that is known here, or oneself.
async fn name(desk: &Desk, room: RoomId, account: AccountId) -> Result<Option<String>, ErrorView> {
    if desk.me()?.id == account {
        return Ok(None);
    }
    let members = desk.cache.members(room).await?;
    let member = members.iter().find(|member| member.account == account && member.role.is_some());
    Ok(member.map(crate::timeline::shown_name))
}
