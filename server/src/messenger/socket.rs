//! `/v1/socket`: devices and the messenger (O6, O19, P3–P6).
//!
//! The life of a connection: a seat is taken for the account (bounded), the upgrade happens, and one task owns the
//! socket: [`hello`] greets and syncs, [`live`] carries frames both ways, and at the end what the device has still to
//! learn is written down. What others have for it waits in its [`outbox`], bounded in bytes and frames: who reads too
//! slowly is cut, and nobody else notices. Refuses to hold file bytes (S3).

use super::{Inner, Messenger};
use crate::access::Caller;
use crate::bus::{Sink, Topic};
use crate::error::Refusal;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use pod_shared::limits::SOCKETS_PER_ACCOUNT_MAX;
use pod_shared::{AccountId, ConnectionId, ErrorBody, ErrorCode};
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use tokio::sync::Notify;

mod hello;
mod incoming;
mod live;
mod outbox;
mod wire;

use outbox::Outbox;
use wire::Wire;

/// Why a connection ends.
#[derive(Debug)]
enum End {
    /// The server ends it, and says why.
    Bye(ErrorBody),
    /// The other side is gone, or silent for too long.
    Gone,
}

impl End {
    fn bye(code: ErrorCode, message: &str) -> Self {
        Self::Bye(ErrorBody::new(code, message))
    }
}

impl From<Refusal> for End {
    fn from(refusal: Refusal) -> Self {
        Self::Bye(refusal.0)
    }
}

/// Completes when the connection must end, whatever it is doing.
type Interrupt = Pin<Box<dyn Future<Output = ErrorBody> + Send>>;

/// One of the sockets that an account may hold; given back when dropped.
pub struct Seat {
    inner: Arc<Inner>,
    account: AccountId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut sockets = self.inner.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = sockets.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                sockets.remove(&self.account);
            }
        }
    }
}

impl Messenger {
    /// Who asks for a socket, by their bearer token.
    ///
    /// # Errors
    /// As [`crate::access::Access::verify`].
    pub fn admit(&self, bearer: Option<&str>) -> Result<Caller, Refusal> {
        self.inner.access.verify(bearer, pod_shared::auth::Audience::Messenger)
    }

    /// Takes a seat for one more socket.
    ///
    /// # Errors
    /// `too_many`, or `unavailable` while the server stops.
    pub fn take_seat(&self, caller: &Caller) -> Result<Seat, Refusal> {
        if self.inner.about.stopping().is_cancelled() {
            return Err(Refusal::new(ErrorCode::Unavailable, "the server is stopping"));
        }
        let mut sockets = self.inner.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        let count = sockets.entry(caller.account).or_default();
        if *count >= SOCKETS_PER_ACCOUNT_MAX {
            return Err(Refusal::new(ErrorCode::TooMany, "the account holds as many sockets as it can"));
        }
        *count += 1;
        Ok(Seat { inner: Arc::clone(&self.inner), account: caller.account })
    }

    /// Serves the socket that the upgrade becomes, until it ends.
    pub fn serve(&self, caller: Caller, seat: Seat, upgrade: OnUpgrade) {
        let inner = Arc::clone(&self.inner);
        self.inner.connections.spawn(async move {
            let upgraded = tokio::time::timeout(inner.pace.hello, upgrade).await;
            if let Ok(Ok(upgraded)) = upgraded {
                Box::pin(run(inner, caller, upgraded)).await;
            }
            drop(seat);
        });
    }
}

/// What a connection is made of, beside its socket.
struct Context {
    inner: Arc<Inner>,
    caller: Caller,
    id: ConnectionId,
    outbox: Arc<Outbox>,
    /// A newer connection took the place of this one.
    replaced: Arc<Notify>,
}

async fn run(inner: Arc<Inner>, caller: Caller, upgraded: Upgraded) {
    let outbox = Arc::new(Outbox::default());
    let context = Context {
        inner,
        caller,
        id: ConnectionId(uuid::Uuid::now_v7()),
        outbox: Arc::clone(&outbox),
        replaced: Arc::default(),
    };
    let interrupt = interrupt(&context);
    let mut wire = Wire::new(TokioIo::new(upgraded), interrupt, context.inner.pace.silence).await;
    let sink: Arc<dyn Sink> = outbox;
    let subscription = context.inner.bus.subscribe(Topic::Account(caller.account), sink);
    let end = talk(&context, &mut wire).await;
    drop(subscription);
    context.outbox.close();
    // Failing only costs the device a scan at its next greeting; the store has logged it.
    let _ = context.inner.store.leave(caller.account, caller.device, context.id, super::now()).await;
    if let End::Bye(error) = end {
        tracing::debug!(connection = %context.id, code = %error.code, "a connection is ended");
        wire.say_bye(error).await;
    }
}

async fn talk(context: &Context, wire: &mut Wire) -> End {
    let greeted = match hello::greet(context, wire).await {
        Ok(greeted) => greeted,
        Err(end) => return end,
    };
    let (roll, account) = (&context.inner.roll, context.caller.account);
    let (endpoints, device) = (&context.inner.endpoints, context.caller.device);
    roll.come(account, context.id);
    endpoints.come(device, context.id, Arc::clone(&context.replaced));
    let end = live::Live::new(context, wire, greeted).run().await;
    endpoints.go(device, context.id);
    roll.go(account, context.id, context.inner.pace.linger);
    end
}

fn interrupt(context: &Context) -> Interrupt {
    let (access, caller) = (context.inner.access.clone(), context.caller);
    let (stopping, outbox) = (context.inner.about.stopping().clone(), Arc::clone(&context.outbox));
    let replaced = Arc::clone(&context.replaced);
    Box::pin(async move {
        tokio::select! {
            () = access.revoked(&caller) => ErrorBody::new(ErrorCode::SignedOut, "this device was signed out"),
            () = stopping.cancelled_owned() => ErrorBody::new(ErrorCode::Unavailable, "the server is stopping"),
            () = replaced.notified() => ErrorBody::new(ErrorCode::DeviceInUse, "another connection is this device now"),
            () = outbox.cut() => ErrorBody::new(ErrorCode::SlowConsumer, "the connection did not read fast enough"),
        }
    })
}
