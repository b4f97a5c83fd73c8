//! The drag through what Windows and macOS have for it.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};
use tauri::WebviewWindow;
use tokio::sync::oneshot;

/// What hangs on the pointer.
const ICON: &[u8] = include_bytes!("../../icons/32x32.png");

/// Drags files until they are let go.
pub(crate) async fn drag(window: &WebviewWindow, paths: Vec<PathBuf>) -> tauri::Result<()> {
    let (tell, told) = oneshot::channel();
    let at = window.clone();
    window.run_on_main_thread(move || {
        let tell = Mutex::new(Some(tell));
        let ended = move |_, _| {
            let tell = tell.lock().unwrap_or_else(PoisonError::into_inner).take();
            if tell.is_some_and(|tell| tell.send(()).is_err()) {
                tracing::debug!("nobody waits for the end of this drag any more");
            }
        };
        let (item, icon) = (drag::DragItem::Files(paths), drag::Image::Raw(ICON.to_vec()));
        if let Err(error) = drag::start_drag(&at, item, icon, ended, drag::Options::default()) {
            tracing::warn!(%error, "files could not be dragged out");
        }
    })?;
    // The other end is dropped where the drag could not begin: then it has ended.
    drop(told.await);
    Ok(())
}
