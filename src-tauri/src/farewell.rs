//! What Pod says when it leaves the screen, once each: that it goes on in the tray, and that the server on this computer
//! goes on when Pod has quit.

use crate::{
    engine::Engine,
    host::Host,
    places::Places,
    words::{self, Language},
};
use pod_client::command::Command;
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons};
use tauri_plugin_notification::NotificationExt;
use tokio::sync::oneshot;

/// Setting: it was said that Pod goes on in the tray.
const TRAY_TOLD: &str = "tray.told";
/// Setting: it was said that the server goes on.
const HOST_TOLD: &str = "host.told";

/// Pod has just left the screen and goes on.
pub(crate) async fn into_tray(app: &AppHandle) {
    let Some(language) = tell_once(app, TRAY_TOLD).await else { return };
    let (title, body) = words::in_tray(language);
    if let Err(error) = app.notification().builder().title(title).body(body).show() {
        tracing::warn!(%error, "a notification could not be shown");
    }
}

/// Quits. A server on this computer runs on, and the first time the person is told so: a dialog, since a notification
/// would be gone with the program.
pub(crate) async fn quit(app: &AppHandle) {
    if app.state::<Host>().info().await.running
        && let Some(language) = tell_once(app, HOST_TOLD).await
    {
        let (title, body, close) = words::server_stays(language);
        let (tell, told) = oneshot::channel();
        let buttons = MessageDialogButtons::OkCustom(close.to_owned());
        app.dialog().message(body).title(title).buttons(buttons).show(move |_| {
            // Nobody waits any more when Pod is ended from outside.
            let _ = tell.send(());
        });
        // A dialog that cannot be shown is as good as a read one.
        let _ = told.await;
    }
    app.state::<Places>().save();
    app.exit(0);
}

/// The language to say it in, unless it was said before.
async fn tell_once(app: &AppHandle, key: &str) -> Option<Language> {
    let engine = app.state::<Engine>();
    if engine.setting(key).await.is_some() {
        return None;
    }
    let said = Command::SettingSet { key: key.to_owned(), value: Some("yes".to_owned()) };
    if let Err(error) = engine.run(said).await {
        tracing::warn!(code = %error.code, "it could not be noted what was said");
    }
    Some(engine.language().await)
}
