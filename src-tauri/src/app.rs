//! Puts the program together: the profile, the pod, the server on this computer, the windows.

use crate::{
    args::Args,
    commands::{files, host as host_commands, run as run_command, window},
    crash,
    drag::Drops,
    engine::Engine,
    host::{Host, Reach},
    links::{self, Links},
    looking::Looking,
    notify::{self, Notified},
    opening::Openings,
    profile::Profile,
    relay, windows,
    windows::OpenRooms,
};
use anyhow::Context as _;
use pod_client::{
    Events, StartOptions,
    command::{Answer, Command},
};
use std::{
    io::{self, Write},
    sync::Mutex,
};
use tauri::{AppHandle, Context, Emitter, Manager, utils::config::AppDirectoriesOverride};
use tauri_plugin_window_state::StateFlags;

/// Runs until the last window is closed.
pub(crate) fn run(args: Args) -> anyhow::Result<()> {
    use_one_crypto_provider();
    let host = host()?;
    if args.host {
        return start_host(&host, &args.host_name);
    }
    let profile = Profile::open(args.profile.as_deref()).context("the profile's folder cannot be used")?;
    crash::watch(profile.reports());
    let links = Links::default();
    links.keep(links::find(args.link.as_deref().into_iter()));

    let mut context: Context = tauri::generate_context!();
    let config = context.config_mut();
    profile.identifier().clone_into(&mut config.identifier);
    config.app.app_directories_override = Some(AppDirectoriesOverride::Root(profile.shell()));

    tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, words, _| woken(app, &words)))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .plugin(window_places())
        .manage(OpenRooms::load(&profile.shell()))
        .manage(profile)
        .manage(host)
        .manage(links)
        .manage(Looking::default())
        .manage(Notified::default())
        .manage(Openings::default())
        .manage(Mutex::new(Drops::default()))
        .invoke_handler(tauri::generate_handler![
            run_command::run,
            window::window_info,
            window::window_act,
            window::window_title,
            window::open_room_window,
            window::looking,
            window::crash_seen,
            files::open_entry,
            files::show_entry,
            files::pick_files,
            files::drop_on,
            host_commands::host_info,
            host_commands::host_folder,
            host_commands::host_start,
            host_commands::host_stop,
        ])
        .setup(|app| set_up(app.handle()).map_err(Into::into))
        .run(context)
        .context("the windows cannot be shown")
}

/// The pod first, then the windows: a page's first question finds it.
fn set_up(app: &AppHandle) -> anyhow::Result<()> {
    let options = StartOptions::new(app.state::<Profile>().folder());
    match tauri::async_runtime::block_on(pod_client::start(options)) {
        Ok((pod, events)) => {
            app.manage(Engine::new(Ok(pod)));
            tauri::async_runtime::spawn(live(app.clone(), events));
        }
        Err(error) => {
            tracing::error!(code = %error.code, detail = %error.message, "the pod cannot start");
            app.manage(Engine::new(Err(error)));
        }
    }
    notify::listen(app)?;
    windows::open_main(app)?;
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = app.state::<Host>().resume().await {
            tracing::warn!(code = %error.code, detail = %error.message, "the server on this computer is not back");
        }
    });
    Ok(())
}

/// The life of the pod beside the windows.
async fn live(app: AppHandle, events: Events) {
    if let Ok(Answer::Rooms(rooms)) = app.state::<Engine>().run(Command::Rooms).await {
        let rooms = rooms.into_iter().map(|room| room.id).collect::<Vec<_>>();
        relay::reopen(&app, &rooms);
    }
    relay::run(app, events).await;
}

/// Pod was started a second time on this profile: the first one comes to the front.
fn woken(app: &AppHandle, words: &[String]) {
    if let Err(error) = windows::open_main(app) {
        tracing::warn!(%error, "the main window could not be opened");
    }
    if let Some(text) = links::find(words.iter().skip(1).map(String::as_str)) {
        app.state::<Links>().keep(Some(text.clone()));
        if let Err(error) = app.emit_to(windows::MAIN, "link", serde_json::json!({ "text": text })) {
            tracing::warn!(%error, "the main window could not be told of a link");
        }
    }
}

/// Size, place and maximised, by window; not whether a window is shown: that is for the person's act to say.
fn window_places() -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let flags = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    tauri_plugin_window_state::Builder::new().with_state_flags(flags).build()
}

/// The data lie where `pod-server` looks by itself, so that its subcommands find them without being told.
fn host() -> anyhow::Result<Host> {
    let place = |name| {
        let dirs =
            directories::ProjectDirs::from("", "", name).context("this computer names no home folder")?;
        anyhow::Ok(dirs.data_dir().to_owned())
    };
    Ok(Host::new(place("pod")?, place("pod-server")?))
}

/// `pod --host`: what the page's *Start a server on this computer* does, for scripts.
fn start_host(host: &Host, name: &str) -> anyhow::Result<()> {
    let started = tauri::async_runtime::block_on(host.start(name, Reach::Computer))
        .map_err(|error| anyhow::anyhow!("{}: {}", error.code, error.message))?;
    writeln!(io::stdout(), "{}", serde_json::to_string(&started)?)?;
    Ok(())
}

/// reqwest is built without a provider of its own, so that the whole program holds one.
fn use_one_crypto_provider() {
    // A provider that is there already is the same one.
    drop(rustls::crypto::ring::default_provider().install_default());
}
