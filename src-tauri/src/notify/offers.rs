//! Notifications about what other people want to send: one for all files of one go, and each only once.

use super::{About, Concern, Notified, wanted};
use crate::{
    engine::Engine,
    windows::{MAIN, TRANSFERS},
    words,
};
use pod_client::{
    command::{Answer, Command, TransferCommand},
    view::OfferView,
};
use pod_shared::OfferId;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};
use tauri::{AppHandle, Manager, UserAttentionType};
use tauri_plugin_notification::NotificationExt;

/// The offers a notification was shown for, as far as they still wait.
#[derive(Debug, Default)]
pub(crate) struct Told(Mutex<BTreeSet<(OfferId, bool)>>);

impl Told {
    /// Takes the list as it is now. Answers what is new in it, the files of one go together.
    fn fresh(&self, offers: &[OfferView]) -> Vec<Vec<OfferView>> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *told, offers.iter().map(key).collect());
        let mut batches = BTreeMap::<_, Vec<OfferView>>::new();
        for offer in offers.iter().filter(|offer| !before.contains(&key(offer))) {
            batches.entry((offer.batch, words::is_rest(offer))).or_default().push(offer.clone());
        }
        batches.into_values().collect()
    }
}

/// A file that broke off is told once more.
fn key(offer: &OfferView) -> (OfferId, bool) {
    (offer.offer, words::is_rest(offer))
}

/// What waits already when Pod starts is on screen, and no news.
pub(crate) async fn know(app: &AppHandle) {
    let asked = Command::AboutTransfers(TransferCommand::Offers);
    if let Ok(Answer::Offers(offers)) = app.state::<Engine>().run(asked).await {
        drop(app.state::<Told>().fresh(&offers));
    }
}

/// The list of offers changed.
pub(crate) async fn changed(app: &AppHandle, offers: &[OfferView]) {
    for batch in app.state::<Told>().fresh(offers) {
        if is_seen(app) {
            continue;
        }
        let engine = app.state::<Engine>();
        if !wanted(engine.setting("notify").await.as_deref(), Concern::Them) {
            continue;
        }
        let Some(first) = batch.first() else { continue };
        let title = words::offered(&batch, engine.language().await);
        let body = batch.iter().map(|offer| offer.name.as_str()).collect::<Vec<_>>().join(", ");
        let id = app.state::<Notified>().add(About::Offer(first.batch));
        if let Err(error) = app.notification().builder().id(id).title(title).body(words::short(&body)).show()
        {
            tracing::warn!(%error, "a notification could not be shown");
        }
        if let Some(window) = app.get_webview_window(MAIN)
            && let Err(error) = window.request_user_attention(Some(UserAttentionType::Informational))
        {
            tracing::debug!(%error, "the task bar could not be asked for attention");
        }
    }
}

/// A window that shows offers has the focus.
fn is_seen(app: &AppHandle) -> bool {
    [MAIN, TRANSFERS].into_iter().any(|label| {
        app.get_webview_window(label).is_some_and(|window| window.is_focused().unwrap_or_default())
    })
}

#[cfg(test)]
mod tests;
