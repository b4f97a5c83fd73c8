//! A server with only the messenger in it, and people made up as needed.

use crate::about::About;
use crate::access::{Access, now_s, public_key};
use crate::directory::Directory;
use crate::error::Refusal;
use crate::messenger::{Messenger, Pace};
use futures_util::future::BoxFuture;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use pod_shared::auth::{Audience, Claims};
use pod_shared::socket::Person;
use pod_shared::{AccountId, DeviceId, RoomId};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use uuid::Uuid;

/// Longer than anything here takes; a test that waits this long has failed.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Default)]
pub(super) struct People(Arc<Mutex<BTreeMap<AccountId, Person>>>, Arc<watch::Sender<bool>>);

impl People {
    /// Searches are answered only after [`People::let_go`].
    pub(super) fn hold(&self) {
        self.1.send_replace(true);
    }

    pub(super) fn let_go(&self) {
        self.1.send_replace(false);
    }
}

impl Directory for People {
    fn get(&self, ids: Vec<AccountId>) -> BoxFuture<'_, Result<Vec<Person>, Refusal>> {
        let people = self.0.lock().unwrap();
        let found = ids.iter().filter_map(|id| people.get(id).cloned()).collect();
        Box::pin(async move { Ok(found) })
    }

    fn find(&self, text: String, limit: u32) -> BoxFuture<'_, Result<Vec<Person>, Refusal>> {
        let people = self.0.lock().unwrap();
        let hits = people.values().filter(|person| person.name.starts_with(&text));
        let found = hits.take(limit as usize).cloned().collect();
        let mut held = self.1.subscribe();
        Box::pin(async move {
            held.wait_for(|held| !held).await.unwrap();
            Ok(found)
        })
    }
}

pub(super) struct World {
    pub(super) dir: TempDir,
    pub(super) people: People,
    pub(super) access: Access,
    pub(super) messenger: Messenger,
    pub(super) about: About,
    pub(super) address: SocketAddr,
    pace: Pace,
    key: EncodingKey,
    serving: tokio::task::JoinHandle<()>,
}

/// A person's device.
#[derive(Clone, Copy, Debug)]
pub(super) struct Who {
    pub(super) account: AccountId,
    pub(super) device: DeviceId,
}

pub(super) fn room_id() -> RoomId {
    RoomId(Uuid::now_v7())
}

impl World {
    pub(super) async fn new() -> Self {
        let pace = Pace { settle: Duration::from_millis(200), ..Pace::default() };
        Self::paced(pace).await
    }

    pub(super) async fn paced(pace: Pace) -> Self {
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        let access = Access::local();
        access.trust(&[("k".into(), public_key(pair.public_key_raw()))]);
        let key = EncodingKey::from_ed_der(pair.serialized_der());
        let (dir, people) = (tempfile::tempdir().unwrap(), People::default());
        let (about, messenger, address, serving) = serve(&dir, &people, &access, pace).await;
        Self { dir, people, access, messenger, about, address, pace, key, serving }
    }

    /// As the whole server does: presence is told.
    pub(super) fn watch(&self) -> tokio::task::JoinHandle<()> {
        tokio::spawn(self.messenger.clone().watch())
    }

    /// Somebody has another display name in the directory.
    pub(super) fn rename(&self, who: Who, display_name: &str) {
        let mut people = self.people.0.lock().unwrap();
        people.get_mut(&who.account).unwrap().display_name = display_name.into();
    }

    /// Stops and starts again on the same data; `kill`: as after a crash, nothing is written down at the end.
    pub(super) async fn restart(&mut self, how: Stop) {
        match how {
            Stop::Properly => {
                self.about.stopping().cancel();
                tokio::time::timeout(PATIENCE, self.messenger.clone().watch()).await.unwrap();
            }
            Stop::Killed => {}
        }
        self.serving.abort();
        let copy = tempfile::tempdir().unwrap();
        if how == Stop::Killed {
            // What the old process still does after "kill" does not reach the new one's data.
            for entry in std::fs::read_dir(self.dir.path()).unwrap() {
                let entry = entry.unwrap();
                std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
            }
            self.about.stopping().cancel();
            self.dir = copy;
        }
        (self.about, self.messenger, self.address, self.serving) =
            serve(&self.dir, &self.people, &self.access, self.pace).await;
    }

    pub(super) fn person(&self, name: &str) -> Who {
        let account = AccountId(Uuid::now_v7());
        let person = Person { account, name: name.into(), display_name: name.to_uppercase() };
        self.people.0.lock().unwrap().insert(account, person);
        self.device_of(account)
    }

    pub(super) fn device_of(&self, account: AccountId) -> Who {
        Who { account, device: DeviceId(Uuid::now_v7()) }
    }

    pub(super) fn token(&self, who: Who, aud: Audience, life_s: i64) -> String {
        let iat = now_s();
        let exp = iat.saturating_add_signed(life_s);
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some("k".into());
        let claims = Claims { sub: who.account, device: who.device, aud, iat, exp };
        jsonwebtoken::encode(&header, &claims, &self.key).unwrap()
    }

    /// Nothing that must hold is broken.
    pub(super) fn check(&self) {
        let path = self.dir.path().join("messenger.db");
        let connection = rusqlite::Connection::open(path).unwrap();
        let violations = crate::store::sqlite::messenger::check(&connection).unwrap();
        assert!(violations.is_empty(), "{violations:#?}");
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    Properly,
    Killed,
}

async fn serve(
    dir: &TempDir,
    people: &People,
    access: &Access,
    pace: Pace,
) -> (About, Messenger, SocketAddr, tokio::task::JoinHandle<()>) {
    let about = About::new("test");
    let directory = Arc::new(people.clone());
    let messenger =
        Messenger::open_paced(dir.path(), directory, access.clone(), about.clone(), pace).unwrap();
    let router = crate::router::socket_path(messenger.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (about, messenger, address, serving)
}
