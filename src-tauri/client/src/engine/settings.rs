//! Settings: those of this computer, and those that follow their person (O21).
//!
//! The life of a choice that follows: on disk with the wish to tell it → in force here → told when the connection is up →
//! the wish is dropped when the messenger took it; the messenger tells all devices, and each lays it over its own.

use super::Desk;
use super::commands::Reply;
use super::presence::waits;
use super::wake::Wake;
use crate::command::Answer;
use crate::event::Event;
use crate::state::settings;
use crate::transfer;
use crate::view::ErrorView;
use pod_machine::notice;
use pod_shared::socket::Request;

/// Sets a value.
pub(super) async fn set(desk: &Desk, key: String, value: Option<String>) -> Reply {
    let me = desk.live().me.as_ref().map(|me| me.id);
    settings::choose(&desk.state, me, &key, value).await?;
    let follows = settings::follows(&key);
    tell_here(desk, vec![key]).await?;
    if follows && me.is_some() {
        let desk = desk.clone();
        tokio::spawn(async move { told(&desk).await });
    }
    Ok(Answer::Done)
}

/// After a sync, or when another device of this person changed something.
pub(super) async fn follow(desk: &Desk) -> Result<(), ErrorView> {
    let me = desk.me()?.id;
    if !desk.live().settings_follow {
        return Ok(());
    }
    if let Some(roamed) = desk.cache.roamed().await? {
        let changed = settings::follow(&desk.state, me, roamed).await?;
        tell_here(desk, changed).await?;
    }
    Ok(())
}

/// Tells the messenger what waits.
pub(super) async fn tell(desk: &Desk) -> Result<(), ErrorView> {
    let me = desk.me()?.id;
    if !desk.live().settings_follow {
        return Ok(());
    }
    for wish in settings::wishes(&desk.state, me).await? {
        match desk.request(Request::Setting(wish.clone())).await {
            Err(error) if waits(&error) => return Err(error),
            Err(error) => {
                tracing::warn!(code = %error.code, "a setting stays on this computer");
                settings::drop_wish(&desk.state, me, wish).await?;
            }
            Ok(_) => settings::drop_wish(&desk.state, me, wish).await?,
        }
    }
    Ok(())
}

/// The person signed out: what follows them is no longer in force here.
pub(super) async fn forget(desk: &Desk) -> Result<(), ErrorView> {
    let keys = settings::forget(&desk.state).await?;
    tell_here(desk, keys).await
}

async fn told(desk: &Desk) {
    if let Err(error) = tell(desk).await {
        tracing::info!(code = %error.code, "a setting is told with the next connection");
    }
}

async fn tell_here(desk: &Desk, keys: Vec<String>) -> Result<(), ErrorView> {
    if keys.iter().any(|key| key.starts_with(settings::TRANSFERS)) {
        desk.transfers.wake(transfer::Wake::Settings);
    }
    for key in keys {
        // A room's row shows what its person wants to hear of it.
        let room = key.strip_prefix(notice::OF_ROOM).and_then(|room| room.parse().ok());
        desk.sink.emit(Event::Setting { key });
        if let Some(room) = room {
            desk.wake(Wake::RoomChanged(room)).await?;
        }
    }
    Ok(())
}
