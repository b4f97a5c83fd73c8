//! The menu bar of macOS. Compiled for tests elsewhere too, so that it does not rot; shown only there.
#![cfg_attr(not(target_os = "macos"), expect(dead_code, reason = "only macOS has a menu bar"))]

use super::{HELP, JUMP, MESSAGES, NEW_ROOM, QUIT, SETTINGS};
use crate::{
    engine::Engine,
    words::{self, BarWords, MenuWords},
};
use tauri::{
    AppHandle, Manager, Wry,
    menu::{Menu, MenuItem, PredefinedMenuItem, Submenu},
};

/// Shows it, in the language of the person.
pub(crate) async fn show(app: &AppHandle) -> tauri::Result<()> {
    let language = app.state::<Engine>().language().await;
    let (menu, bar) = (words::menu(language), words::bar(language));
    let all = Menu::with_items(
        app,
        &[
            &pod(app, &menu)?,
            &file(app, &menu, &bar)?,
            &edit(app, &bar)?,
            &view(app, &bar)?,
            &window(app, &bar)?,
            &help(app, &bar)?,
        ],
    )?;
    app.set_menu(all).map(drop)
}

fn item(app: &AppHandle, id: &str, text: &str, keys: &str) -> tauri::Result<MenuItem<Wry>> {
    MenuItem::with_id(app, id, text, true, Some(keys))
}

fn line(app: &AppHandle) -> tauri::Result<PredefinedMenuItem<Wry>> {
    PredefinedMenuItem::separator(app)
}

fn pod(app: &AppHandle, menu: &MenuWords) -> tauri::Result<Submenu<Wry>> {
    Submenu::with_items(
        app,
        "Pod",
        true,
        &[
            &PredefinedMenuItem::about(app, None, None)?,
            &line(app)?,
            &item(app, SETTINGS, menu.settings, "Cmd+,")?,
            &line(app)?,
            &PredefinedMenuItem::services(app, None)?,
            &PredefinedMenuItem::hide(app, None)?,
            &PredefinedMenuItem::hide_others(app, None)?,
            &line(app)?,
            // Not the system's own: quitting may have something to say first.
            &item(app, QUIT, menu.quit, "Cmd+Q")?,
        ],
    )
}

fn file(app: &AppHandle, menu: &MenuWords, bar: &BarWords) -> tauri::Result<Submenu<Wry>> {
    Submenu::with_items(
        app,
        bar.file,
        true,
        &[&item(app, NEW_ROOM, menu.new_room, "Cmd+N")?, &PredefinedMenuItem::close_window(app, None)?],
    )
}

fn edit(app: &AppHandle, bar: &BarWords) -> tauri::Result<Submenu<Wry>> {
    Submenu::with_items(
        app,
        bar.edit,
        true,
        &[
            &PredefinedMenuItem::undo(app, None)?,
            &PredefinedMenuItem::redo(app, None)?,
            &line(app)?,
            &PredefinedMenuItem::cut(app, None)?,
            &PredefinedMenuItem::copy(app, None)?,
            &PredefinedMenuItem::paste(app, None)?,
            &PredefinedMenuItem::select_all(app, None)?,
        ],
    )
}

fn view(app: &AppHandle, bar: &BarWords) -> tauri::Result<Submenu<Wry>> {
    Submenu::with_items(
        app,
        bar.view,
        true,
        &[&item(app, JUMP, bar.jump, "Cmd+K")?, &item(app, MESSAGES, bar.messages, "Cmd+1")?],
    )
}

fn window(app: &AppHandle, bar: &BarWords) -> tauri::Result<Submenu<Wry>> {
    let items = [PredefinedMenuItem::minimize(app, None)?, PredefinedMenuItem::maximize(app, None)?];
    Submenu::with_items(app, bar.window, true, &[&items[0], &items[1]])
}

fn help(app: &AppHandle, bar: &BarWords) -> tauri::Result<Submenu<Wry>> {
    Submenu::with_items(app, bar.help, true, &[&item(app, HELP, bar.pod_help, "F1")?])
}
