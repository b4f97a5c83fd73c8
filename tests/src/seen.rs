//! What people see: the room in the list, the line in the chat, the file in the folder. Each waits until it is so.

use crate::{Pod, wait};
use serde_json::Value;

/// The room as this person sees it, once it fits.
pub async fn room(pod: &Pod, title: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
    let look = async || {
        let rooms = pod.run(&["rooms", "list"]).await;
        rooms.into_iter().find(|room| room["title"] == title && fits(room))
    };
    wait::until(&format!("{} to see {title} {what}", pod.name()), look).await
}

/// The chat as this person sees it, once an item fits.
pub async fn said(pod: &Pod, room: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
    let look = async || {
        let said = pod.ask(&["log", room, "--limit", "200"]).await;
        if said.code == 0 { said.lines.into_iter().find(|item| fits(item)) } else { None }
    };
    wait::until(&format!("{} to see {what} in {room}", pod.name()), look).await
}

/// A message with this text that is in the room's log.
pub async fn message(pod: &Pod, room: &str, text: &str) -> Value {
    said(pod, room, text, |item| item["text"] == text && !item["pos"].is_null()).await
}

/// How many messages with this text the chat has.
pub async fn times(pod: &Pod, room: &str, text: &str) -> usize {
    let log = pod.run(&["log", room, "--limit", "1000"]).await;
    log.iter().filter(|item| item["text"] == text).count()
}

/// The file card of a finished upload.
pub async fn card(pod: &Pod, room: &str, name: &str) -> Value {
    let is_card =
        |item: &Value| item["type"] == "upload" && item["name"] == name && item["phase"]["phase"] == "stored";
    said(pod, room, &format!("the card of {name}"), is_card).await
}

/// The folder of a room, once this name is in it.
pub async fn entry(pod: &Pod, room: &str, name: &str) -> Value {
    let look = async || {
        let said = pod.ask(&["files", room, "ls"]).await;
        if said.code == 0 { said.lines.into_iter().find(|entry| entry["name"] == name) } else { None }
    };
    wait::until(&format!("{} to see {name} in the folder of {room}", pod.name()), look).await
}

/// Bytes that don't repeat soon.
#[must_use]
pub fn bytes(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..length.div_ceil(8)).flat_map(|_| next()).take(length).collect()
}
