//! The clipboard of Windows and macOS.

use super::Copied;
use std::io::Cursor;
use tauri::AppHandle;

/// Reads the clipboard; nothing: it has neither files nor a picture.
pub(crate) async fn read(_app: &AppHandle) -> tauri::Result<Option<Copied>> {
    Ok(tauri::async_runtime::spawn_blocking(look).await?)
}

fn look() -> Option<Copied> {
    let mut clipboard = arboard::Clipboard::new().ok()?;
    match clipboard.get().file_list() {
        Ok(files) if !files.is_empty() => return Some(Copied::Files(files)),
        Ok(_) | Err(_) => {}
    }
    let picture = clipboard.get_image().ok()?;
    let (width, height) = (u32::try_from(picture.width).ok()?, u32::try_from(picture.height).ok()?);
    png(width, height, &picture.bytes).ok().map(Copied::Picture)
}

fn png(width: u32, height: u32, rgba: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(rgba)?;
    Ok(bytes.into_inner())
}

/// The time as it stands in a file's name: by the clock of the person.
pub(crate) fn stamp() -> String {
    let now = time::OffsetDateTime::now_local().unwrap_or_else(|_| time::OffsetDateTime::now_utc());
    let (date, clock) = (now.date(), now.time());
    format!(
        "{}-{:02}-{:02} {:02}.{:02}.{:02}",
        date.year(),
        u8::from(date.month()),
        date.day(),
        clock.hour(),
        clock.minute(),
        clock.second()
    )
}
