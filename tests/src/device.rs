//! A device without a pod: it signs up, fetches its tokens and speaks HTTP as it likes, well or badly.

use crate::world::{PASSWORD, World};
use pod_shared::auth::{Audience, DeviceClaim, SignIn, SignUp, SignedIn, TokenAnswer, TokenRequest};
use pod_shared::content::{Entry, FolderNew, Group, GroupNew};
use pod_shared::{AccountId, DeviceId, EntryId, ErrorBody, ErrorCode, RoomId};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Once;
use uuid::Uuid;

/// A signed-in device.
#[derive(Clone)]
pub struct Device {
    /// Who.
    pub account: AccountId,
    /// Which.
    pub id: DeviceId,
    /// Its standing right.
    pub device_token: String,
    /// For chat.
    pub messenger_token: String,
    /// For files.
    pub content_token: String,
    server: String,
    content: String,
    http: reqwest::Client,
}

/// A client for HTTP with the project's choice of cryptography.
#[must_use]
pub fn http() -> reqwest::Client {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Another test of this process may have chosen it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::builder().http1_only().build().expect("a client without options can be built")
}

fn claim() -> DeviceClaim {
    DeviceClaim { id: DeviceId(Uuid::now_v7()), label: "a test".into() }
}

/// The refusal in an answer, and that its status is the one of its code.
pub async fn refusal(answer: Response) -> ErrorBody {
    let status = answer.status();
    let text = answer.text().await.expect("an answer has a body");
    let body: ErrorBody =
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{status} without a refusal ({e}): {text}"));
    assert_eq!(status.as_u16(), body.code.http_status(), "the status of {}", body.code);
    body
}

/// That an answer is a refusal with this code.
pub async fn refused(answer: Response, code: ErrorCode) {
    let body = refusal(answer).await;
    assert_eq!(body.code, code, "{}", body.message);
}

/// The value in an answer that is no refusal.
pub async fn taken<T: DeserializeOwned>(answer: Response) -> T {
    let status = answer.status();
    let text = answer.text().await.expect("an answer has a body");
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{status} with another body ({e}): {text}"))
}

impl Device {
    /// The same device on another way to the messenger.
    #[must_use]
    pub fn by_way_of(self, server: String) -> Self {
        Self { server, ..self }
    }

    /// Signs up somebody new.
    pub async fn sign_up(world: &World, name: &str) -> Self {
        let device = claim();
        let id = device.id;
        let body = SignUp {
            name: name.to_owned(),
            display_name: name.to_owned(),
            password: PASSWORD.to_owned(),
            invite: Some(world.invite().await),
            setup_code: None,
            device,
        };
        Self::enter(world, id, "/v1/accounts", &body).await
    }

    /// Signs somebody who has an account in, on another device.
    pub async fn elsewhere(world: &World, name: &str) -> Self {
        let device = claim();
        let id = device.id;
        let body = SignIn { name: name.to_owned(), password: PASSWORD.to_owned(), device };
        Self::enter(world, id, "/v1/sign-ins", &body).await
    }

    async fn enter(world: &World, id: DeviceId, path: &str, body: &impl Serialize) -> Self {
        let http = http();
        let request = http.post(format!("{}{path}", world.url())).json(body);
        let signed_in: SignedIn = taken(request.send().await.expect("the server answers")).await;
        let mut device = Self {
            account: signed_in.account,
            id,
            device_token: signed_in.device_token,
            messenger_token: String::new(),
            content_token: String::new(),
            server: world.url(),
            content: world.content_url(),
            http,
        };
        device.messenger_token = device.token(Audience::Messenger).await;
        device.content_token = device.token(Audience::Content).await;
        device
    }

    /// A new token for one service.
    pub async fn token(&self, audience: Audience) -> String {
        let request = self.server_request(Method::POST, "/v1/tokens").json(&TokenRequest { audience });
        let answer: TokenAnswer = taken(request.send().await.expect("the server answers")).await;
        answer.token
    }

    /// Where chat and accounts are.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.server
    }

    /// A request to auth, with the device's standing right.
    pub fn server_request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.server)).bearer_auth(&self.device_token)
    }

    /// A request to the content service, with its token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.request_with(&self.content_token, method, path)
    }

    /// A request to the content service, with any token.
    pub fn request_with(&self, token: &str, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.content)).bearer_auth(token)
    }

    /// A request to the content service, sent.
    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.expect("the server answers")
    }

    /// Makes a sharing group with these others.
    pub async fn group(&self, title: &str, others: &[AccountId]) -> RoomId {
        let id = RoomId(Uuid::now_v7());
        let body = GroupNew { id, title: title.to_owned(), members: others.to_vec() };
        let request = self.request(Method::POST, "/v1/groups").json(&body);
        let group: Group = taken(request.send().await.expect("the server answers")).await;
        assert_eq!(group.id, id);
        id
    }

    /// Asks for a new folder.
    pub async fn new_folder(&self, room: RoomId, parent: Option<EntryId>, name: &str) -> Response {
        let body = FolderNew { id: EntryId(Uuid::now_v7()), parent, name: name.to_owned() };
        let path = format!("/v1/rooms/{room}/folders");
        self.request(Method::POST, &path).json(&body).send().await.expect("the server answers")
    }

    /// Opens an upload at the content service: the answer to its creation.
    pub async fn new_upload(&self, room: RoomId, name: &str, length: u64) -> Response {
        self.new_upload_with(&upload_metadata(room, name), length).await
    }

    /// As [`Device::new_upload`], with any metadata.
    pub async fn new_upload_with(&self, metadata: &str, length: u64) -> Response {
        self.request(Method::POST, "/v1/uploads")
            .header("Tus-Resumable", "1.0.0")
            .header("Upload-Length", length)
            .header("Upload-Metadata", metadata)
            .send()
            .await
            .expect("the server answers")
    }

    /// Sends bytes to an open upload.
    pub async fn append(&self, location: &str, offset: u64, bytes: Vec<u8>) -> Response {
        self.request(Method::PATCH, location)
            .header("Tus-Resumable", "1.0.0")
            .header("Upload-Offset", offset)
            .header("Content-Type", "application/offset+octet-stream")
            .body(bytes)
            .send()
            .await
            .expect("the server answers")
    }

    /// Puts a whole file into a room's folder and gives its entry.
    pub async fn put(&self, room: RoomId, name: &str, bytes: &[u8]) -> Entry {
        let created = self.new_upload(room, name, bytes.len() as u64).await;
        let location = location(&created);
        let stored = self.append(&location, 0, bytes.to_vec()).await;
        assert_eq!(stored.status(), StatusCode::NO_CONTENT, "{}", stored.text().await.unwrap_or_default());
        let page: pod_shared::content::EntryPage =
            taken(self.get(&format!("/v1/rooms/{room}/entries")).await).await;
        page.entries.into_iter().find(|entry| entry.name == name).expect("the file is in the folder")
    }
}

/// The path of an upload that was just created.
#[must_use]
pub fn location(created: &Response) -> String {
    assert_eq!(created.status(), StatusCode::CREATED, "an upload is created");
    let location = created.headers().get("location").and_then(|value| value.to_str().ok());
    location.expect("an answer to a creation names its location").to_owned()
}

/// The `Upload-Metadata` of a file at the top of a room's folder.
#[must_use]
pub fn upload_metadata(room: RoomId, name: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let pair = |key: &str, value: &str| format!("{key} {}", STANDARD.encode(value));
    [pair("room", &room.to_string()), pair("filename", name)].join(",")
}
