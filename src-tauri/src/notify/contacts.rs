//! Notifications about people: who asks to be a contact is told once, who is muted or blocked is silent.

use super::{About, Concern, Notified, wanted};
use crate::{engine::Engine, windows::MAIN, words};
use pod_client::{
    command::{Answer, Command, PeopleCommand},
    view::PersonView,
};
use pod_shared::AccountId;
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::NotificationExt;

/// Somebody asks to be a contact; where the main window has the focus it stands there.
pub(crate) async fn asks(app: &AppHandle, person: &PersonView) {
    let seen = app.get_webview_window(MAIN).is_some_and(|window| window.is_focused().unwrap_or_default());
    let engine = app.state::<Engine>();
    if seen || !wanted(engine.setting("notify").await.as_deref(), Concern::Them) {
        return;
    }
    let title = words::contact_asks(&person.display_name, engine.language().await);
    let body = person.contact.as_ref().map(|contact| words::short(&contact.text)).unwrap_or_default();
    let id = app.state::<Notified>().add(About::Contact);
    if let Err(error) = app.notification().builder().id(id).title(title).body(body).show() {
        tracing::warn!(%error, "a notification could not be shown");
    }
}

/// Nothing that this person says is to disturb.
pub(super) async fn is_quiet(engine: &Engine, account: AccountId) -> bool {
    match engine.run(Command::AboutPeople(PeopleCommand::Person { account })).await {
        Ok(Answer::Person(person)) => person.contact.is_some_and(|contact| contact.muted || contact.blocked),
        Ok(_) | Err(_) => false,
    }
}
