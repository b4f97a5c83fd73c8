//! The server on this computer.

use crate::choosing::Choosing;
use crate::host::{Host, HostInfo, HostStarted, Reach};
use pod_client::view::ErrorView;
use tauri::{AppHandle, Manager, State, WebviewWindow};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

/// How the server on this computer is.
#[tauri::command]
pub(crate) async fn host_info(host: State<'_, Host>) -> Result<HostInfo, ErrorView> {
    Ok(host.info().await)
}

/// The system's folder dialog for where a server keeps its data; nothing: the person closed it.
#[tauri::command]
pub(crate) async fn host_folder(
    app: AppHandle,
    window: WebviewWindow,
    host: State<'_, Host>,
) -> Result<Option<HostInfo>, ErrorView> {
    let Some(_turn) = app.state::<Choosing>().begin(window.label()) else { return Ok(None) };
    let (tell, told) = oneshot::channel();
    app.dialog().file().set_parent(&window).pick_folder(move |picked| {
        drop(tell.send(picked));
    });
    let picked = told.await.ok().flatten().and_then(|path| path.into_path().ok());
    let Some(folder) = picked else {
        return Ok(None);
    };
    host.choose(folder);
    Ok(Some(host.info().await))
}

/// Starts it.
#[tauri::command]
pub(crate) async fn host_start(
    host: State<'_, Host>,
    name: &str,
    reach: Reach,
) -> Result<HostStarted, ErrorView> {
    host.start(name, reach).await
}

/// Stops it.
#[tauri::command]
pub(crate) async fn host_stop(host: State<'_, Host>) -> Result<HostInfo, ErrorView> {
    host.stop().await
}
