//! The drag through GTK, which the windows stand on: the same code for X11 and Wayland.

use gtk::{
    gdk::{DragAction, DragContext},
    gio::{File, prelude::FileExt},
    glib::{ObjectExt, SignalHandlerId},
    prelude::{DragContextExtManual, WidgetExt},
};
use std::{
    cell::{Cell, RefCell},
    path::{Path, PathBuf},
    rc::Rc,
};
use tauri::WebviewWindow;
use tokio::sync::oneshot;

/// The button that drags.
const BUTTON: i32 = 1;
/// What hangs on the pointer, by its name in the icon theme.
const ICON: &str = "text-x-generic";
const ICON_OFFSET: i32 = 8;

/// Drags files until they are let go.
pub(crate) async fn drag(window: &WebviewWindow, paths: Vec<PathBuf>) -> tauri::Result<()> {
    let (tell, told) = oneshot::channel();
    let at = window.clone();
    window.run_on_main_thread(move || {
        if let Err(error) = begin(&at, &paths, tell) {
            tracing::warn!(%error, "files could not be dragged out");
        }
    })?;
    // The other end is dropped where the drag could not begin: then it has ended.
    drop(told.await);
    Ok(())
}

fn begin(window: &WebviewWindow, paths: &[PathBuf], tell: oneshot::Sender<()>) -> tauri::Result<()> {
    let widget = window.gtk_window()?;
    let uris = paths.iter().map(|path| uri(path)).collect::<Vec<_>>();
    let handlers = Rc::new(RefCell::new(Vec::<SignalHandlerId>::new()));
    let given = widget.connect_drag_data_get(move |_, _, data, _, _| {
        let uris = uris.iter().map(String::as_str).collect::<Vec<_>>();
        data.set_uris(&uris);
    });
    let tell = Cell::new(Some(tell));
    let ending = Rc::clone(&handlers);
    let ended = widget.connect_drag_end(move |widget, _| {
        for handler in ending.borrow_mut().drain(..) {
            widget.disconnect(handler);
        }
        if tell.take().is_some_and(|tell| tell.send(()).is_err()) {
            tracing::debug!("nobody waits for the end of this drag any more");
        }
    });
    handlers.borrow_mut().extend([given, ended]);
    match context(&widget) {
        Some(context) => context.drag_set_icon_name(ICON, ICON_OFFSET, ICON_OFFSET),
        None => {
            for handler in handlers.borrow_mut().drain(..) {
                widget.disconnect(handler);
            }
        }
    }
    Ok(())
}

fn context(widget: &gtk::ApplicationWindow) -> Option<DragContext> {
    let targets = gtk::TargetList::new(&[]);
    targets.add_uri_targets(0);
    widget.drag_begin_with_coordinates(&targets, DragAction::COPY, BUTTON, None, -1, -1)
}

fn uri(path: &Path) -> String {
    File::for_path(path).uri().into()
}
