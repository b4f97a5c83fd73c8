//! The number on Pod's icon in a task bar or dock that speaks `com.canonical.Unity.LauncherEntry`: Plasma, Unity, the docks
//! of GNOME and others. A signal on the session bus; who does not listen is not disturbed.

use gtk::{
    gio,
    glib::{Error, VariantDict, variant::ToVariant},
};

/// The desktop file that the packages install; what is started from elsewhere has no icon to show it on.
const ENTRY: &str = "application://Pod.desktop";
const PLACE: &str = "/app/pod/desktop/unread";

/// So much is unread; nothing: no number.
pub(super) fn show(unread: u32) -> Result<(), Error> {
    let bus = gio::bus_get_sync(gio::BusType::Session, gio::Cancellable::NONE)?;
    let what = VariantDict::new(None);
    what.insert("count", i64::from(unread));
    what.insert("count-visible", unread > 0);
    let update = gtk::glib::Variant::tuple_from_iter([ENTRY.to_variant(), what.end()]);
    bus.emit_signal(None, PLACE, "com.canonical.Unity.LauncherEntry", "Update", Some(&update))
}
