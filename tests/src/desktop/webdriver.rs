//! A WebDriver client as small as these tests need it, speaking to WebKitWebDriver.
//!
//! One [`Driver`] process holds one [`Session`], which is one run of the program. It knows the protocol only; what is
//! in a page is for `page`.

use crate::process::{Launch, Process};
use crate::wait;
use serde_json::{Value, json};
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

/// The key under which the protocol hides the id of an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// A program that shows no window within this time does not start.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// A question to a page that is not answered within this time, in milliseconds, is an error, which says so: whoever
/// waits for a state asks again instead of waiting for one answer. The protocol's own limit is five minutes for a page
/// that is loading, which is longer than any wait of a test.
const QUESTION_MS: u64 = 8_000;

/// One run of the program, driven.
#[derive(Debug)]
pub struct Session {
    driver: Process,
    http: reqwest::Client,
    base: String,
}

/// An element of a page.
#[derive(Clone, Debug)]
pub struct Element(pub String);

impl Session {
    /// Starts the driver, and through it the program.
    pub async fn start(program: &Path, args: &[String], env: &[(String, String)], log: &Path) -> Self {
        // One that is installed already is the same one.
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = reqwest::Client::builder().no_proxy().timeout(ANSWER_WITHIN).build().expect("a client");
        let (driver, url) = start_driver(&http, env, log).await;
        let wish = json!({"capabilities": {"alwaysMatch": {
            "webkitgtk:browserOptions": {"binary": program, "args": args},
            "timeouts": {"script": QUESTION_MS, "pageLoad": QUESTION_MS}
        }}});
        let answer = send(&http, reqwest::Method::POST, &format!("{url}/session"), Some(wish)).await;
        let answer = answer.unwrap_or_else(|error| panic!("no session: {error}\n{}", driver.log_tail()));
        let id = answer["sessionId"].as_str().expect("a session has an id");
        Self { base: format!("{url}/session/{id}"), driver, http }
    }

    /// Asks something; the error is the protocol's name for it, and its message.
    pub async fn post(&self, path: &str, body: Value) -> Result<Value, String> {
        send(&self.http, reqwest::Method::POST, &format!("{}{path}", self.base), Some(body)).await
    }

    /// Reads something.
    pub async fn get(&self, path: &str) -> Result<Value, String> {
        send(&self.http, reqwest::Method::GET, &format!("{}{path}", self.base), None).await
    }

    /// Runs a script in the current page; elements may go in and come out.
    pub async fn script(&self, script: &str, args: Value) -> Result<Value, String> {
        self.post("/execute/sync", json!({"script": script, "args": args})).await
    }

    /// The windows of the program.
    pub async fn windows(&self) -> Result<Vec<String>, String> {
        let handles = self.get("/window/handles").await?;
        let handles = handles.as_array().cloned().unwrap_or_default();
        Ok(handles.iter().filter_map(|handle| handle.as_str().map(str::to_owned)).collect())
    }

    /// From now on everything goes to this window.
    pub async fn switch(&self, handle: &str) -> Result<(), String> {
        self.post("/window", json!({"handle": handle})).await.map(drop)
    }

    /// A click in the middle of an element.
    pub async fn click(&self, element: &Element) -> Result<(), String> {
        self.post(&format!("/element/{}/click", element.0), json!({})).await.map(drop)
    }

    /// Keys, typed into an element.
    pub async fn keys(&self, element: &Element, text: &str) -> Result<(), String> {
        self.post(&format!("/element/{}/value", element.0), json!({"text": text})).await.map(drop)
    }

    /// Ends the driver; what it drove may run on or be gone.
    pub async fn end(mut self) {
        self.driver.kill().await;
    }
}

/// The element a script answered with.
#[must_use]
pub fn element(value: &Value) -> Option<Element> {
    value.get(ELEMENT).and_then(Value::as_str).map(|id| Element(id.to_owned()))
}

async fn start_driver(http: &reqwest::Client, env: &[(String, String)], log: &Path) -> (Process, String) {
    // The driver takes no port 0; one that was free a moment ago is, but for bad luck, free still.
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port();
    let launch = Launch {
        program: "WebKitWebDriver".into(),
        args: vec![format!("--port={port}")],
        env: env.to_vec(),
        log: log.to_owned(),
    };
    let driver = Process::start(&launch);
    let url = format!("http://127.0.0.1:{port}");
    wait::until("the driver to listen", async || {
        let answer = send(http, reqwest::Method::GET, &format!("{url}/status"), None).await;
        answer.ok().map(drop)
    })
    .await;
    (driver, url)
}

async fn send(
    http: &reqwest::Client,
    method: reqwest::Method,
    url: &str,
    body: Option<Value>,
) -> Result<Value, String> {
    let mut request = http.request(method, url);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let response = request.send().await.map_err(|error| error.to_string())?;
    let good = response.status().is_success();
    let mut answer = response.json::<Value>().await.map_err(|error| error.to_string())?;
    let value = answer["value"].take();
    if good { Ok(value) } else { Err(format!("{}: {}", value["error"], value["message"])) }
}
