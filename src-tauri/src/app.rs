//! Puts the program together: the profile, the pod, the server on this computer, the windows.

use crate::{
    args::Args,
    choosing::Choosing,
    commands::{
        drag, edit, files, held, host as host_commands, offers, play, run as run_command, skin, system,
        window,
    },
    crash,
    drag::Drag,
    editing::Editing,
    engine::Engine,
    held::Held,
    host::{Host, Reach},
    idle,
    links::{self, Links},
    looking::Looking,
    menus,
    notify::{self, Notified},
    opening::Openings,
    pasted::Pasted,
    places::Places,
    player::Player,
    preview,
    profile::Profile,
    relay, tray,
    unread::Unread,
    windows::{self, FirstLooks, Focus, OpenWindows},
};
use anyhow::Context as _;
use pod_client::StartOptions;
use std::{
    io::{self, Write},
    sync::Mutex,
    time::Duration,
};
use tauri::{
    AppHandle, Context, Manager, RunEvent,
    utils::config::{AppDirectoriesOverride, Csp, CspDirectiveSources},
};
use tokio::sync::oneshot;

/// Word of the command line: no window at the start.
const QUIET: &str = "--quiet";
/// Places of windows are written this long after the first change, so that a drag is one write.
const PLACES_KEPT_AFTER: Duration = Duration::from_millis(700);

/// Runs until somebody quits.
pub(crate) fn run(args: Args) -> anyhow::Result<()> {
    use_one_crypto_provider();
    let host = host()?;
    if args.host {
        return start_host(&host, &args.host_name);
    }
    let profile = Profile::open(args.profile.as_deref()).context("the profile's folder cannot be used")?;
    crash::watch(profile.reports());
    #[cfg(debug_assertions)]
    if args.crash {
        crash::on_purpose();
    }
    let links = Links::default();
    links.keep(links::find(args.link.as_deref().into_iter()));

    let mut context: Context = tauri::generate_context!();
    let config = context.config_mut();
    profile.identifier().clone_into(&mut config.identifier);
    config.app.app_directories_override = Some(AppDirectoriesOverride::Root(profile.shell()));
    let player = Player::bind();
    if let Some(Csp::DirectiveMap(policy)) = &mut config.app.security.csp {
        policy.insert("media-src".to_owned(), CspDirectiveSources::Inline(player.origin()));
    }

    let start = Start { quiet: args.quiet, idle_after: args.idle_after() };
    let app = state(profile, host, links)
        .manage(player)
        .setup(move |app| set_up(app.handle(), start).map_err(Into::into))
        .build(context)
        .context("the windows cannot be shown")?;
    app.run(|app, event| heard(app, &event));
    Ok(())
}

/// The program with its plugins.
fn plugged() -> tauri::Builder<tauri::Wry> {
    tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, words, _| woken(app, &words)))
        .plugin(tauri_plugin_autostart::Builder::new().app_name("Pod").arg(QUIET).build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
}

/// The program with its plugins, commands and what it knows.
fn state(profile: Profile, host: Host, links: Links) -> tauri::Builder<tauri::Wry> {
    let builder = plugged()
        .on_menu_event(|app, event| menus::chosen(app, event.id().as_ref()))
        .manage(OpenWindows::load(&profile.shell()))
        .manage(Places::load(&profile.shell()))
        .manage(Pasted::new(profile.pasted()))
        .manage(profile)
        .manage(host)
        .manage(links)
        .manage(Choosing::default())
        .manage(FirstLooks::default())
        .manage(Looking::default())
        .manage(Notified::default())
        .manage(Openings::default())
        .manage(Editing::default())
        .manage(Unread::default())
        .manage(idle::Touched::new())
        .manage(Mutex::new(Drag::default()))
        .manage(Mutex::new(Held::default()));
    with_previews(builder).invoke_handler(tauri::generate_handler![
        run_command::run,
        window::window_info,
        window::window_act,
        window::window_title,
        window::window_fold,
        window::window_top,
        window::open_room_window,
        window::open_folder_window,
        window::open_transfers_window,
        window::looking,
        window::crash_seen,
        edit::edit_entry,
        files::open_entry,
        files::show_entry,
        play::play,
        play::playing,
        play::play_end,
        files::pick_files,
        files::pick_room_picture,
        held::pick_held,
        held::paste,
        held::held,
        held::held_release,
        held::drop_on,
        offers::offer_on,
        offers::pick_offer,
        offers::accept_into,
        offers::link_folder,
        offers::pick_transfers_folder,
        offers::open_transfer,
        offers::show_transfer,
        drag::drag_out,
        drag::drag_received,
        skin::pick_skin,
        system::open_link,
        system::touched,
        system::autostart_get,
        system::autostart_set,
        host_commands::host_info,
        host_commands::host_folder,
        host_commands::host_start,
        host_commands::host_stop,
    ])
}

/// The addresses of pictures.
fn with_previews(builder: tauri::Builder<tauri::Wry>) -> tauri::Builder<tauri::Wry> {
    builder.register_asynchronous_uri_scheme_protocol(preview::SCHEME, |window, request, responder| {
        let (app, label) = (window.app_handle().clone(), window.webview_label().to_owned());
        tauri::async_runtime::spawn(async move {
            responder.respond(preview::answer(&app, &label, &request).await);
        });
    })
}

/// How this life of the program begins.
#[derive(Clone, Copy, Debug)]
struct Start {
    quiet: bool,
    idle_after: Duration,
}

/// The windows first: a page is read and drawn while the pod starts, and its first question waits for it.
fn set_up(app: &AppHandle, start: Start) -> anyhow::Result<()> {
    app.manage(Engine::starting());
    let hidden = start.quiet && tauri::async_runtime::block_on(tray::is_shown());
    let (shown, is_shown) = oneshot::channel();
    tauri::async_runtime::spawn(live(app.clone(), hidden, is_shown));
    windows::open_main(app, if hidden { Focus::Hidden } else { Focus::Take })?;
    // A runtime that ends waits for nothing.
    let _ = shown.send(());
    notify::listen(app)?;
    tauri::async_runtime::spawn(keep_places(app.clone()));
    tauri::async_runtime::spawn(idle::watch(app.clone(), start.idle_after));
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = app.state::<Host>().resume().await {
            tracing::warn!(code = %error.code, detail = %error.message, "the server on this computer is not back");
        }
    });
    Ok(())
}

/// The life of the pod beside the windows; the main one comes first.
async fn live(app: AppHandle, hidden: bool, main: oneshot::Receiver<()>) {
    let options = StartOptions::new(app.state::<Profile>().folder());
    let events = match pod_client::start(options).await {
        Ok((pod, events)) => {
            app.state::<Engine>().started(Ok(pod));
            Some(events)
        }
        Err(error) => {
            tracing::error!(code = %error.code, detail = %error.message, "the pod cannot start");
            app.state::<Engine>().started(Err(error));
            None
        }
    };
    // Gone without a word: there is no main window, and the program ends.
    let Ok(()) = main.await else { return };
    if let Err(error) = tray::show(&app).await {
        tracing::warn!(%error, "there is no icon in the tray");
    }
    #[cfg(target_os = "macos")]
    if let Err(error) = menus::show(&app).await {
        tracing::warn!(%error, "there is no menu bar");
    }
    let Some(events) = events else { return };
    relay::tidy_pasted(&app).await;
    let rooms = relay::count_all(&app).await;
    windows::begin(&app, rooms, hidden);
    relay::run(app, events).await;
}

/// Writes the places of the windows soon after they changed.
async fn keep_places(app: AppHandle) {
    let places = app.state::<Places>();
    loop {
        places.changed().await;
        tokio::time::sleep(PLACES_KEPT_AFTER).await;
        places.save();
    }
}

/// What happens to the program as a whole.
fn heard(app: &AppHandle, event: &RunEvent) {
    if let RunEvent::Exit = event {
        app.state::<Places>().save();
    }
    #[cfg(target_os = "macos")]
    if let RunEvent::Opened { urls } = event
        && let Some(link) = links::find(urls.iter().map(tauri::Url::as_str))
        && let Err(error) = windows::give_link(app, &link)
    {
        tracing::warn!(%error, "a link could not be given to the main window");
    }
    #[cfg(target_os = "macos")]
    if let RunEvent::Reopen { .. } = event
        && let Err(error) = windows::open_main(app, Focus::Take)
    {
        tracing::warn!(%error, "the main window could not be opened");
    }
}

/// Pod was started a second time on this profile: the first one comes to the front, with the link if there is one.
fn woken(app: &AppHandle, words: &[String]) {
    if words.iter().any(|word| word == QUIET) {
        return;
    }
    let done = match links::find(words.iter().skip(1).map(String::as_str)) {
        Some(link) => windows::give_link(app, &link),
        None => windows::open_main(app, Focus::Take),
    };
    if let Err(error) = done {
        tracing::warn!(%error, "the main window could not be opened");
    }
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
