//! GNOME's compositor tells it over the session bus; elsewhere the X server does. On Wayland the X server hears only of
//! what is done in X windows, so there it is not asked.

use gtk::{
    gio,
    glib::{self, VariantTy},
};
use std::time::Duration;
use x11rb::{
    connection::Connection, errors::ReplyError, protocol::screensaver::ConnectionExt,
    rust_connection::RustConnection,
};

const COMPOSITOR: &str = "org.gnome.Mutter.IdleMonitor";
const PLACE: &str = "/org/gnome/Mutter/IdleMonitor/Core";
/// A compositor that does not answer within this time tells nothing.
const ANSWER_MS: i32 = 1_000;

/// Who knows on this desktop.
#[derive(Debug, Default)]
pub(super) enum Source {
    /// GNOME.
    Compositor,
    /// An X server, by its root window.
    Server(Box<RustConnection>, u32),
    /// Nobody.
    #[default]
    Nobody,
}

impl Source {
    /// For a thread that may wait.
    pub(super) fn find() -> Self {
        if ask_compositor().is_ok() {
            return Self::Compositor;
        }
        if is_wayland() {
            return Self::Nobody;
        }
        let Ok((connection, screen)) = RustConnection::connect(None) else { return Self::Nobody };
        let Some(root) = connection.setup().roots.get(screen).map(|screen| screen.root) else {
            return Self::Nobody;
        };
        match ask_server(&connection, root) {
            Ok(_) => Self::Server(Box::new(connection), root),
            Err(error) => {
                tracing::debug!(%error, "the X server does not tell of input");
                Self::Nobody
            }
        }
    }

    /// For a thread that may wait.
    pub(super) fn resting(&self) -> Option<Duration> {
        match self {
            Self::Compositor => ask_compositor().ok(),
            Self::Server(connection, root) => ask_server(connection, *root).ok(),
            Self::Nobody => None,
        }
    }
}

fn is_wayland() -> bool {
    let says = |name: &str| std::env::var(name).unwrap_or_default();
    !says("WAYLAND_DISPLAY").is_empty() || says("XDG_SESSION_TYPE") == "wayland"
}

fn ask_compositor() -> Result<Duration, glib::Error> {
    let wrong = |error: glib::BoolError| glib::Error::new(gio::IOErrorEnum::InvalidData, &error.to_string());
    let answer = gio::bus_get_sync(gio::BusType::Session, gio::Cancellable::NONE)?.call_sync(
        Some(COMPOSITOR),
        PLACE,
        COMPOSITOR,
        "GetIdletime",
        None,
        Some(VariantTy::new("(t)").map_err(wrong)?),
        gio::DBusCallFlags::NO_AUTO_START,
        ANSWER_MS,
        gio::Cancellable::NONE,
    )?;
    let told = answer.try_child_get::<u64>(0).ok().flatten();
    told.map(Duration::from_millis)
        .ok_or_else(|| glib::Error::new(gio::IOErrorEnum::InvalidData, "no time was told"))
}

fn ask_server(connection: &RustConnection, root: u32) -> Result<Duration, ReplyError> {
    let told = connection.screensaver_query_info(root)?.reply()?;
    Ok(Duration::from_millis(u64::from(told.ms_since_user_input)))
}
