//! The icon in the tray: how much is unread, and the way back to the windows.
//!
//! A desktop may have no tray (GNOME without an extension, a bare window manager). `is_shown` asks each time, because a
//! panel comes and goes; `windows::closing` decides by it. It refuses to be the only way to anything.

mod badge;
#[cfg(target_os = "linux")]
mod host;
#[cfg(target_os = "linux")]
mod launcher;
#[cfg(test)]
mod tests;

use crate::{
    engine::Engine,
    menus::{self, NEW_ROOM, OPEN, PAUSE_ALL, QUIT, RESUME_ALL, SETTINGS},
    profile::Profile,
    windows::MAIN,
    words,
};
use tauri::{
    AppHandle, Manager,
    image::Image,
    menu::{Menu, MenuItem, PredefinedMenuItem},
    tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent},
};

const ID: &str = "pod";

/// Puts the icon into the tray, or where none is yet, makes it ready for one.
pub(crate) async fn show(app: &AppHandle) -> tauri::Result<()> {
    let menu = menu(app).await?;
    TrayIconBuilder::with_id(ID)
        .icon(icon(0))
        .tooltip("Pod")
        .temp_dir_path(app.state::<Profile>().shell())
        .menu(&menu)
        .show_menu_on_left_click(cfg!(target_os = "macos"))
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                menus::chosen(tray.app_handle(), OPEN);
            }
        })
        .build(app)?;
    Ok(())
}

async fn menu(app: &AppHandle) -> tauri::Result<Menu<tauri::Wry>> {
    let engine = app.state::<Engine>();
    let words = words::menu(engine.language().await);
    let paused = engine.setting("transfers.paused").await.as_deref() == Some("on");
    let transfers = if paused { (RESUME_ALL, words.resume_all) } else { (PAUSE_ALL, words.pause_all) };
    let item = |id, text| MenuItem::with_id(app, id, text, true, None::<&str>);
    Menu::with_items(
        app,
        &[
            &item(OPEN, words.open)?,
            &item(NEW_ROOM, words.new_room)?,
            &item(transfers.0, transfers.1)?,
            &item(SETTINGS, words.settings)?,
            &PredefinedMenuItem::separator(app)?,
            &item(QUIT, words.quit)?,
        ],
    )
}

/// The person reads another language from now on, or the transfers stand still or go on.
pub(crate) async fn translate(app: &AppHandle) {
    let Some(tray) = app.tray_by_id(ID) else { return };
    let done = match menu(app).await {
        Ok(menu) => tray.set_menu(Some(menu)),
        Err(error) => Err(error),
    };
    if let Err(error) = done {
        tracing::warn!(%error, "the menu of the tray keeps its language");
    }
}

/// So many messages are unread: drawn into the icon, and told to the task bar where it shows a number.
pub(crate) fn show_unread(app: &AppHandle, unread: u32) {
    let mut done = app.tray_by_id(ID).map_or(Ok(()), |tray| tray.set_icon(Some(icon(unread))));
    if let Some(main) = app.get_webview_window(MAIN) {
        #[cfg(not(windows))]
        let told = main.set_badge_count(Some(i64::from(unread)).filter(|count| *count > 0));
        #[cfg(windows)]
        let told = main.set_overlay_icon((unread > 0).then(|| icon(unread)));
        done = done.and(told);
    }
    #[cfg(target_os = "linux")]
    if let Err(error) = launcher::show(unread) {
        tracing::debug!(%error, "the task bar was not told of unread messages");
    }
    if let Err(error) = done {
        tracing::warn!(%error, "the number of unread messages could not be shown");
    }
}

fn icon(unread: u32) -> Image<'static> {
    let plain = tauri::include_image!("icons/128x128.png");
    match badge::label(unread) {
        Some(label) => {
            let (width, height) = (plain.width(), plain.height());
            Image::new_owned(badge::draw(plain.rgba(), width, height, &label), width, height)
        }
        None => plain,
    }
}

/// Whether the desktop shows the icon now.
pub(crate) async fn is_shown() -> bool {
    #[cfg(target_os = "linux")]
    return tauri::async_runtime::spawn_blocking(host::is_there).await.unwrap_or(false);
    #[cfg(not(target_os = "linux"))]
    true
}
