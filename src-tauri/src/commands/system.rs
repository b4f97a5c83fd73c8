//! What Pod asks of the system beside windows and files: opening a link, starting with the computer, whether somebody is
//! there.

use crate::{
    engine::{broken, refused},
    idle::Touched,
    links::{self, Target},
    windows,
};
use pod_client::view::ErrorView;
use pod_shared::ErrorCode;
use tauri::{AppHandle, State};
use tauri_plugin_autostart::AutoLaunchManager;

/// Opens a link: a `pod` link here, others with the system's program.
#[tauri::command]
pub(crate) async fn open_link(app: AppHandle, url: &str) -> Result<(), ErrorView> {
    match links::target(url) {
        Some(Target::Here(link)) => windows::give_link(&app, &link).map_err(broken),
        Some(Target::System(link)) => {
            let opened = move || tauri_plugin_opener::open_url(link, None::<&str>);
            tauri::async_runtime::spawn_blocking(opened).await.map_err(broken)?.map_err(broken)
        }
        None => Err(refused(ErrorCode::BadRequest, "this kind of link is not opened")),
    }
}

/// A person uses this window.
#[tauri::command]
pub(crate) fn touched(touched: State<'_, Touched>) {
    touched.touch();
}

/// Whether Pod starts when the person signs in to the computer.
#[tauri::command]
pub(crate) fn autostart_get(autostart: State<'_, AutoLaunchManager>) -> Result<bool, ErrorView> {
    autostart.is_enabled().map_err(broken)
}

/// It does from now on, or not any more.
#[tauri::command]
pub(crate) fn autostart_set(autostart: State<'_, AutoLaunchManager>, on: bool) -> Result<(), ErrorView> {
    let done = if on { autostart.enable() } else { autostart.disable() };
    done.map_err(broken)
}
