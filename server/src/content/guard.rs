//! Watches the right behind a stream: who was removed, lowered or signed out is cut at the next byte.

use super::Content;
use crate::access::{Access, Caller};
use crate::error::Refusal;
use crate::store::sqlite::content::{ContentStore, Loss};
use pod_shared::{EntryId, ErrorCode, OfferId, RoomId, UploadId};
use std::time::Duration;
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// How often a stream looks whether the messenger is still heard.
const FRESH_EVERY: Duration = Duration::from_secs(1);

/// What a stream is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watched {
    /// A file of this room that goes to a person.
    File(RoomId, EntryId),
    /// A file that a person sends into this room.
    Upload(RoomId, UploadId),
    /// An offered file that this person sends.
    Sent(OfferId),
    /// An offered file that this person fetches: who began may end.
    Fetched,
}

/// Watches for one stream. Made before the right is asked for the first time, so that no loss falls in between.
pub(crate) struct Guard {
    access: Access,
    caller: Caller,
    store: ContentStore,
    losses: Receiver<Loss>,
    /// A loss was seen and the role not asked yet; survives a dropped [`Guard::lost`].
    doubt: bool,
}

impl Guard {
    /// Begins to watch.
    pub(crate) fn new(content: &Content, caller: Caller) -> Self {
        let store = content.store().clone();
        Self { access: content.inner.access.clone(), caller, losses: store.losses(), store, doubt: false }
    }

    /// Whether the right is there now.
    ///
    /// # Errors
    /// Why it is not.
    pub(crate) async fn holds(&self, watched: Watched) -> Result<(), Refusal> {
        let account = self.caller.account;
        match watched {
            Watched::File(_, entry) => self.store.sees(account, entry).await,
            Watched::Upload(_, upload) => self.store.upload(account, upload).await.map(drop),
            Watched::Sent(offer) => self.store.is_being_sent(offer, account).await,
            Watched::Fetched => Ok(()),
        }
    }

    /// Completes when the right is lost, with why. Can be dropped and asked again.
    pub(crate) async fn lost(&mut self, watched: Watched) -> Refusal {
        let (access, caller) = (self.access.clone(), self.caller);
        tokio::select! {
            () = access.revoked(&caller) => Refusal::new(ErrorCode::SignedOut, "this device was signed out"),
            refusal = stale(&access) => refusal,
            refusal = self.role_lost(watched) => refusal,
        }
    }

    async fn role_lost(&mut self, watched: Watched) -> Refusal {
        // What is sent or fetched outside a room ends otherwise: by a newer turn, or not at all.
        let (Watched::File(room, _) | Watched::Upload(room, _)) = watched else {
            return std::future::pending().await;
        };
        loop {
            if self.doubt {
                match self.holds(watched).await {
                    Ok(()) => self.doubt = false,
                    Err(refusal) => return refusal,
                }
            }
            match self.losses.recv().await {
                Ok(Loss { room: of, account }) => {
                    self.doubt = of == room && account.is_none_or(|account| account == self.caller.account);
                }
                Err(RecvError::Lagged(_)) => self.doubt = true,
                // The service is going, and the stream with it.
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

async fn stale(access: &Access) -> Refusal {
    loop {
        if let Err(refusal) = access.fresh() {
            return refusal;
        }
        tokio::time::sleep(FRESH_EVERY).await;
    }
}
