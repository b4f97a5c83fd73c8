//! `GET /join`: the page behind an invite link, for who has no Pod yet. Plain HTML in three languages, no script, nothing
//! from elsewhere. Codes are in its address, so it is neither kept nor named to others, and no request is ever logged.
//!
//! A browser shows it; the program itself never asks for it. What it says of a code is what joining with it would say.

use super::extract::InQuery;
use crate::about::About;
use crate::error::Refusal;
use crate::messenger::Messenger;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use pod_shared::limits::LINK_CODE_BYTES_MAX;
use serde::Deserialize;

#[cfg(test)]
mod tests;
mod words;

use words::Words;

/// Nothing but this page's own style, whose digest is its permission; it stands in no frame and sends no form.
const POLICY: &str = "default-src 'none'; style-src 'sha256-STYLE'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;min-height:100vh;display:grid;place-items:center;\
font:16px/1.5 system-ui,sans-serif;background:#f4f5f7;color:#1b1d22}\
main{box-sizing:border-box;width:min(32rem,100vw - 2rem);margin:1rem;padding:2rem;border-radius:16px;background:#fff}\
h1{margin:0 0 .5rem;font-size:1.5rem;line-height:1.25;overflow-wrap:anywhere}\
p{margin:0 0 1rem;overflow-wrap:anywhere}\
ol{margin:0 0 1.5rem;padding-left:1.25rem}li{margin:.5rem 0}\
a.button{display:block;padding:.75rem 1rem;border-radius:10px;background:#2f5bea;color:#fff;\
font-weight:600;text-align:center;text-decoration:none}\
a.button:focus-visible{outline:3px solid #9db4ff;outline-offset:2px}\
small{display:block;margin-top:1rem;color:#5c6370}\
@media(prefers-color-scheme:dark){body{background:#131519;color:#e8eaee}main{background:#1d2026}\
a.button{background:#4d74f5}small{color:#9aa1ad}}";

/// What the page needs.
#[derive(Clone)]
pub struct JoinPage {
    /// Who may know a room's title.
    pub messenger: Messenger,
    /// The server's name, and how it is reached.
    pub about: About,
}

/// The codes of a link; all else in the address is this server's own business.
#[derive(Default, Deserialize)]
pub struct Codes {
    /// Of an account.
    #[serde(default)]
    code: String,
    /// Of a room.
    #[serde(default)]
    room: String,
}

/// `GET /join`
///
/// # Errors
/// `bad_request` for an address that is none, or when the database cannot be read.
pub async fn page(
    State(state): State<JoinPage>,
    headers: HeaderMap,
    InQuery(codes): InQuery<Codes>,
) -> Result<Response, Refusal> {
    let words = Words::of(headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()));
    let told = match (codes.room.is_empty(), codes.code.is_empty()) {
        (false, _) => match state.messenger.shown_link(&codes.room).await? {
            Some(shown) => Told::Room { by: shown.by_name, title: shown.title },
            None => Told::Over,
        },
        (true, false) => Told::Server,
        (true, true) => Told::Over,
    };
    let html = match told {
        Told::Over => page_of(words, words.over_title, words.over, None),
        Told::Server => {
            let title = words.server.replace("{server}", state.about.name());
            page_of(words, &title, words.steps_intro, Some(&link(&state, &codes)))
        }
        Told::Room { by, title } => {
            let line = if title.is_empty() { words.talk } else { words.room };
            let line = line.replace("{server}", state.about.name());
            // What people typed comes last: a brace in a name stands for nothing.
            let line = line.replace("{title}", &title).replace("{name}", &by);
            page_of(words, &line, words.steps_intro, Some(&link(&state, &codes)))
        }
    };
    Ok(answer(html, words))
}

/// What there is to tell.
enum Told {
    /// The link is for nobody any more.
    Over,
    /// It is for the server.
    Server,
    /// It is for a room.
    Room { by: String, title: String },
}

/// The `pod://` link with the same codes.
fn link(state: &JoinPage, codes: &Codes) -> String {
    let mut link = state.about.join_base();
    for (key, value) in [("code", &codes.code), ("room", &codes.room)] {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if !value.is_empty() && value.len() <= LINK_CODE_BYTES_MAX && value.chars().all(plain) {
            let joint = if link.ends_with('?') { "" } else { "&" };
            link.push_str(&format!("{joint}{key}={value}"));
        }
    }
    link
}

fn page_of(words: &Words, title: &str, line: &str, link: Option<&str>) -> String {
    let steps = match link {
        Some(link) => format!(
            "<ol><li>{}</li><li>{}</li><li>{}</li></ol><a class=\"button\" href=\"{}\">{}</a><small>{}</small>",
            words.step_get,
            words.step_open,
            words.step_name,
            escape(link),
            words.button,
            words.keep
        ),
        None => String::new(),
    };
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Pod</title><style>{STYLE}</style></head>\
         <body><main><h1>{}</h1><p>{line}</p>{steps}</main></body></html>",
        words.language,
        escape(title)
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn policy() -> String {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    POLICY.replace("STYLE", &STANDARD.encode(crate::secret::sha256(STYLE.as_bytes())))
}

fn answer(html: String, words: &Words) -> Response {
    let mut response = html.into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::VARY, "Accept-Language"),
        (header::CONTENT_LANGUAGE, words.language),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::try_from(policy()) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
