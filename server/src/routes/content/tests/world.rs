//! A content service on a port of its own, and people who ask it.

use crate::access::{Access, now_s, public_key};
use crate::blobs::{Blobs, DiskBlobs};
use crate::content::check::{Depth, check_files};
use crate::content::{Content, Policy};
use crate::interlock::{ProgressSink, Side};
use crate::store::sqlite::content::expected_files;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use pod_shared::auth::{Audience, Claims};
use pod_shared::content::{Changes, Entry, EntryPage, FolderNew, Group, GroupNew, MemberRole};
use pod_shared::interlock::{RelayRow, RowsApplied};
use pod_shared::{AccountId, DeviceId, EntryId, ErrorBody, ErrorCode, Role, RoomId, UploadId, limits};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

pub(super) struct World {
    pub(super) dir: tempfile::TempDir,
    pub(super) content: Content,
    pub(super) access: Access,
    pub(super) progress: ProgressSink,
    pub(super) address: std::net::SocketAddr,
    key: EncodingKey,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl World {
    pub(super) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Arc::new(DiskBlobs::open(&dir.path().join(crate::content::BLOBS)).unwrap());
        Self::with(dir, blobs, Access::local()).await
    }

    /// A service that waits only so long for a stream that stands still.
    pub(super) async fn impatient(stall: Duration) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Arc::new(DiskBlobs::open(&dir.path().join(crate::content::BLOBS)).unwrap());
        Self::with_stall(dir, blobs, Access::local(), stall).await
    }

    pub(super) async fn with(dir: tempfile::TempDir, blobs: Arc<dyn Blobs>, access: Access) -> Self {
        Self::with_stall(dir, blobs, access, Duration::from_millis(limits::HTTP_STALL_MS_MAX)).await
    }

    /// A service whose operator decides so.
    pub(super) async fn under(policy: Policy) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Arc::new(DiskBlobs::open(&dir.path().join(crate::content::BLOBS)).unwrap());
        let stall = Duration::from_millis(limits::HTTP_STALL_MS_MAX);
        Self::with_parts(dir, blobs, Access::local(), policy, stall).await
    }

    pub(super) async fn with_stall(
        dir: tempfile::TempDir,
        blobs: Arc<dyn Blobs>,
        access: Access,
        stall: Duration,
    ) -> Self {
        Self::with_parts(dir, blobs, access, Policy::default(), stall).await
    }

    async fn with_parts(
        dir: tempfile::TempDir,
        blobs: Arc<dyn Blobs>,
        access: Access,
        policy: Policy,
        stall: Duration,
    ) -> Self {
        // Another test may have chosen it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        access.trust(&[("k".into(), public_key(pair.public_key_raw()))]);
        let key = EncodingKey::from_ed_der(pair.serialized_der());
        let progress = ProgressSink::default();
        let content =
            Content::with_parts(dir.path(), blobs, access.clone(), progress.clone(), policy, stall).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = crate::router::file_paths(content.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { dir, content, access, progress, address, key, server }
    }

    /// The same data after the process ended and another began.
    pub(super) async fn restarted(self) -> Self {
        let dir = std::mem::replace(&mut { self }.dir, tempfile::tempdir().unwrap());
        let blobs = Arc::new(DiskBlobs::open(&dir.path().join(crate::content::BLOBS)).unwrap());
        Self::with(dir, blobs, Access::local()).await
    }

    pub(super) fn person(&self) -> Person {
        self.device_of(AccountId(Uuid::now_v7()))
    }

    /// A new device of somebody: after a restart, too.
    pub(super) fn device_of(&self, account: AccountId) -> Person {
        let device = DeviceId(Uuid::now_v7());
        let http = reqwest::Client::builder().build().unwrap();
        let token = self.token(account, device, Audience::Content, now_s() + 300);
        Person { account, device, token, base: format!("http://{}", self.address), http }
    }

    /// The same device after a restart.
    pub(super) fn device_again(&self, person: &Person) -> Person {
        let token = self.token(person.account, person.device, Audience::Content, now_s() + 300);
        Person { token, base: format!("http://{}", self.address), ..person.clone() }
    }

    pub(super) fn token(&self, account: AccountId, device: DeviceId, aud: Audience, exp: u64) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some("k".into());
        let claims = Claims { sub: account, device, aud, iat: now_s().min(exp), exp };
        jsonwebtoken::encode(&header, &claims, &self.key).unwrap()
    }

    /// As the interlock does it: rows of the messenger.
    pub(super) async fn apply(&self, rows: Vec<RelayRow>) -> RowsApplied {
        self.content.apply(rows).await.unwrap()
    }

    /// As the interlock does it: everything that waits is settled, whenever it comes.
    pub(super) fn settle_everything(&self) -> tokio::task::JoinHandle<()> {
        let content = self.content.clone();
        tokio::spawn(async move {
            loop {
                let applied: Vec<_> =
                    content.pending(64, Vec::new()).await.unwrap().into_iter().map(|row| row.id).collect();
                if applied.is_empty() {
                    content.relay_woken().notified().await;
                }
                content.settled(RowsApplied { applied, refused: Vec::new() }).await.unwrap();
            }
        })
    }

    pub(super) fn database(&self) -> rusqlite::Connection {
        let database = rusqlite::Connection::open(self.dir.path().join("content.db")).unwrap();
        database.busy_timeout(Duration::from_secs(10)).unwrap();
        database
    }

    /// Everything that `check` finds.
    pub(super) fn violations(&self) -> Vec<String> {
        let database = self.database();
        let mut found = crate::store::sqlite::content::check(&database).unwrap();
        found.extend(check_files(self.dir.path(), Depth::Digests, || expected_files(&database)).unwrap());
        found
    }
}

/// Waits until something holds, with a deadline.
pub(super) async fn until<T>(what: &str, mut holds: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(found) = holds().await {
            return found;
        }
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::task::yield_now().await;
    }
}

/// A person at a device.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) account: AccountId,
    pub(super) device: DeviceId,
    pub(super) token: String,
    pub(super) base: String,
    pub(super) http: reqwest::Client,
}

pub(super) async fn refused(response: Response) -> ErrorCode {
    let status = response.status();
    let body: ErrorBody = response.json().await.unwrap();
    assert_eq!(body.code.http_status(), status.as_u16(), "{body:?}");
    body.code
}

pub(super) async fn good<T: DeserializeOwned>(response: Response) -> T {
    assert_eq!(response.status(), StatusCode::OK, "{:?}", response.text().await);
    response.json().await.unwrap()
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// What an upload says of itself.
#[derive(Clone, Default)]
pub(super) struct Meta(Vec<(&'static str, String)>);

impl Meta {
    pub(super) fn new(room: RoomId, name: &str) -> Self {
        Self(vec![("room", room.to_string()), ("filename", name.to_owned())])
    }

    pub(super) fn with(mut self, key: &'static str, value: impl ToString) -> Self {
        self.0.push((key, value.to_string()));
        self
    }

    pub(super) fn header(&self) -> String {
        let pairs: Vec<_> =
            self.0.iter().map(|(key, value)| format!("{key} {}", STANDARD.encode(value))).collect();
        pairs.join(",")
    }
}

impl Person {
    pub(super) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token)
    }

    pub(super) async fn get(&self, path: &str) -> Response {
        self.ask(Method::GET, path).send().await.unwrap()
    }

    pub(super) async fn send(&self, method: Method, path: &str, body: &impl serde::Serialize) -> Response {
        self.ask(method, path).json(body).send().await.unwrap()
    }

    pub(super) async fn group(&self, members: &[&Person]) -> RoomId {
        let id = RoomId(Uuid::now_v7());
        let members = members.iter().map(|person| person.account).collect();
        let new = GroupNew { id, title: "plans".into(), members };
        let group: Group = good(self.send(Method::POST, "/v1/groups", &new).await).await;
        assert_eq!(group.id, id);
        id
    }

    pub(super) async fn put_member(&self, room: RoomId, account: AccountId, role: Role) -> Response {
        self.send(Method::PUT, &format!("/v1/groups/{room}/members/{account}"), &MemberRole { role }).await
    }

    pub(super) async fn remove_member(&self, room: RoomId, account: AccountId) -> Response {
        self.ask(Method::DELETE, &format!("/v1/groups/{room}/members/{account}")).send().await.unwrap()
    }

    pub(super) async fn folder(&self, room: RoomId, parent: Option<EntryId>, name: &str) -> Response {
        let new = FolderNew { id: EntryId(Uuid::now_v7()), parent, name: name.into() };
        self.send(Method::POST, &format!("/v1/rooms/{room}/folders"), &new).await
    }

    pub(super) async fn list(&self, room: RoomId) -> Vec<Entry> {
        let page: EntryPage = good(self.get(&format!("/v1/rooms/{room}/entries")).await).await;
        page.entries
    }

    pub(super) async fn changes(&self, room: RoomId, after: u64) -> Changes {
        good(self.get(&format!("/v1/rooms/{room}/changes?after={after}")).await).await
    }

    pub(super) fn tus(&self, method: Method, path: &str) -> RequestBuilder {
        self.ask(method, path).header("Tus-Resumable", "1.0.0")
    }

    pub(super) async fn create(&self, meta: &Meta, length: u64) -> Response {
        self.tus(Method::POST, "/v1/uploads")
            .header("Upload-Length", length)
            .header("Upload-Metadata", meta.header())
            .send()
            .await
            .unwrap()
    }

    /// Begins an upload and answers its path.
    pub(super) async fn begin(&self, meta: &Meta, length: u64) -> String {
        let response = self.create(meta, length).await;
        assert_eq!(response.status(), StatusCode::CREATED, "{:?}", response.text().await);
        header(&response, "location")
    }

    pub(super) fn patch(&self, path: &str, offset: u64, bytes: impl Into<reqwest::Body>) -> RequestBuilder {
        self.tus(Method::PATCH, path)
            .header("Upload-Offset", offset)
            .header("Content-Type", "application/offset+octet-stream")
            .body(bytes)
    }

    pub(super) async fn offset(&self, path: &str) -> u64 {
        let response = self.tus(Method::HEAD, path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        header(&response, "upload-offset").parse().unwrap()
    }

    /// A whole file in one go; answers its entry.
    pub(super) async fn upload(&self, room: RoomId, name: &str, bytes: &[u8]) -> EntryId {
        self.upload_as(&Meta::new(room, name), bytes).await
    }

    pub(super) async fn upload_as(&self, meta: &Meta, bytes: &[u8]) -> EntryId {
        let path = self.begin(meta, bytes.len() as u64).await;
        if bytes.is_empty() {
            let response = self.tus(Method::HEAD, &path).send().await.unwrap();
            return header(&response, "pod-entry").parse().unwrap();
        }
        let response = self.patch(&path, 0, bytes.to_vec()).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT, "{:?}", response.text().await);
        header(&response, "pod-entry").parse().unwrap()
    }

    pub(super) async fn download(&self, entry: EntryId) -> Vec<u8> {
        let response = self.get(&format!("/v1/entries/{entry}/content")).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.bytes().await.unwrap().to_vec()
    }
}

pub(super) fn upload_id(path: &str) -> UploadId {
    path.rsplit('/').next().unwrap().parse().unwrap()
}
