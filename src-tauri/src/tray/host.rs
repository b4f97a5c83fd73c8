//! Whether something on this desktop shows tray icons: a watcher on the session bus that knows of a host.

use gtk::{
    gio,
    glib::{Variant, VariantTy, variant::ToVariant},
};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const PLACE: &str = "/StatusNotifierWatcher";
/// A desktop that does not answer within this time has none.
const ANSWER_MS: i32 = 1_000;

/// Asks the bus; for a thread that may wait.
pub(super) fn is_there() -> bool {
    match ask() {
        Ok(there) => there,
        Err(error) => {
            tracing::debug!(%error, "this desktop has no tray");
            false
        }
    }
}

fn ask() -> Result<bool, gtk::glib::Error> {
    let bus = gio::bus_get_sync(gio::BusType::Session, gio::Cancellable::NONE)?;
    let question = (WATCHER, "IsStatusNotifierHostRegistered").to_variant();
    let answer =
        bus.call_sync(
            Some(WATCHER),
            PLACE,
            "org.freedesktop.DBus.Properties",
            "Get",
            Some(&question),
            Some(VariantTy::new("(v)").map_err(|error| {
                gtk::glib::Error::new(gio::IOErrorEnum::InvalidArgument, &error.to_string())
            })?),
            gio::DBusCallFlags::NO_AUTO_START,
            ANSWER_MS,
            gio::Cancellable::NONE,
        )?;
    Ok(answer.try_child_value(0).and_then(|value| value.as_variant()).and_then(|value: Variant| value.get())
        == Some(true))
}
