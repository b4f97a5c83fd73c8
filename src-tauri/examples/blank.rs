//! A Tauri program with one empty page: what `pod-bench window` compares the start of Pod with.
//!
//! The same web view, window size and content policy as Pod's main window; no plugin, no pod, no network.

use tauri::{WebviewUrl, WebviewWindowBuilder, http::Response};

/// One letter, so that there is a first contentful paint.
const PAGE: &str = "<!doctype html><html lang=\"en\"><title>Blank</title><body>.</body></html>";

fn main() -> tauri::Result<()> {
    let folder = std::env::args_os().nth(1).map(std::path::PathBuf::from);
    tauri::Builder::default()
        .register_uri_scheme_protocol("blank", |_, _| {
            Response::builder()
                .header("content-type", "text/html; charset=utf-8")
                .body(PAGE.as_bytes().to_vec())
                .unwrap_or_default()
        })
        .setup(move |app| {
            let url = "blank://localhost/".parse()?;
            let mut builder = WebviewWindowBuilder::new(app, "main", WebviewUrl::CustomProtocol(url))
                .inner_size(1280.0, 800.0)
                .decorations(false);
            if let Some(folder) = &folder {
                builder = builder.data_directory(folder.clone());
            }
            builder.build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
}
