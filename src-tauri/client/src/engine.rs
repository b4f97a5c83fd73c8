//! The engine: the run loop and what it shares with the tasks around it.
//!
//! One task owns every decision; disk and network work happens in tasks of their own that report back as wakes.
//! Neighbours: `pod-machine` decides, `net` talks, `cache` and `state` keep, `transfer` moves files.

mod asker;
mod browse;
mod chat;
mod commands;
mod concerning;
mod contacts;
mod edits;
mod entry_commands;
mod finding;
mod folders;
mod line;
mod linked;
mod links;
mod locks;
mod messages;
mod notices;
mod opened;
mod opening;
mod outgoing;
mod people;
mod permits;
mod pieces;
mod presence;
mod previews;
mod profile;
mod relay;
mod remarks;
mod rooms;
mod run;
mod search;
mod session;
mod settings;
mod sign_in;
mod space;
mod status;
mod tell;
mod trash;
mod typing;
mod versions;
mod wake;
mod wishes;

pub(crate) use asker::Asker;

use crate::cache::Cache;
use crate::command::{Answer, Command};
use crate::direct::{DeviceKey, LateKey};
use crate::event::Event;
use crate::handle::StartOptions;
use crate::net::Net;
use crate::secrets::Secrets;
use crate::state::account::{Account, ThisDevice};
use crate::state::{self, account};
use crate::store::Db;
use crate::transfer::{Driver, Ports};
use crate::view::ErrorView;
use pod_shared::presence::MyPresence;
use pod_shared::socket::{self, Person};
use pod_shared::{AccountId, DeviceId, ErrorCode, Position, RoomId, TimeMs, UploadId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use wake::Wake;

/// Wakes that may wait for the loop.
const WAKES_MAX: usize = 1_024;

/// A command on its way to the loop.
pub(crate) struct Ask {
    /// What is asked.
    pub(crate) command: Command,
    /// Where the answer goes.
    pub(crate) answer: oneshot::Sender<Result<Answer, ErrorView>>,
}

/// Where events go; cheap to clone.
#[derive(Clone)]
pub(crate) struct Sink {
    pub(crate) events: broadcast::Sender<Event>,
}

impl Sink {
    /// Tells everybody who listens.
    pub(crate) fn emit(&self, event: Event) {
        // Nobody listening is fine.
        let _ = self.events.send(event);
    }
}

/// What changes often, is lost without harm, and is read by tasks.
#[derive(Default)]
struct Live {
    me: Option<Arc<Account>>,
    /// Bytes there, of open uploads.
    progress: BTreeMap<UploadId, u64>,
    /// Read marks not yet confirmed.
    reads: BTreeMap<RoomId, Position>,
    /// Removals that the content service has not confirmed.
    leaving: BTreeSet<(RoomId, AccountId)>,
    /// People found by name, for rooms that are made offline.
    people: BTreeMap<AccountId, Person>,
    /// What this person chose to be.
    mine: MyPresence,
    /// Wishes about contacts that the server refused, for who waits for one.
    refused: BTreeMap<i64, ErrorView>,
    /// Changes of contacts that wait for the server.
    contacts_waiting: u32,
    /// The server keeps the settings that follow this person.
    settings_follow: bool,
    /// Locks of this device that are renewed.
    locks: locks::Held,
    /// A copy of this profile is connected in its place: who signs in here again becomes a device of their own.
    taken: bool,
}

/// What the tasks of the engine share; cheap to clone.
#[derive(Clone)]
struct Desk {
    state: Db,
    cache: Cache,
    net: Net,
    secrets: Secrets,
    transfers: Driver,
    previews: previews::Previews,
    sink: Sink,
    device: ThisDevice,
    device_label: Arc<str>,
    profile: Arc<std::path::Path>,
    live: Arc<Mutex<Live>>,
    wakes: mpsc::Sender<Wake>,
    /// Folders of this computer that are kept in step with rooms.
    linked: linked::Keepers,
    /// Files that are edited on this computer.
    edits: edits::Edits,
    /// One at a time tells what is wanted of contacts.
    contacts_turn: Arc<tokio::sync::Mutex<()>>,
    /// One at a time tells what was opened.
    opened_turn: Arc<tokio::sync::Mutex<()>>,
}

impl Desk {
    fn live(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who is signed in.
    fn me(&self) -> Result<Arc<Account>, ErrorView> {
        self.live().me.clone().ok_or_else(ErrorView::not_signed_in)
    }

    /// Tells the loop.
    async fn wake(&self, wake: Wake) -> Result<(), ErrorView> {
        self.wakes.send(wake).await.map_err(|_| ErrorView::stopped())
    }

    /// Asks the messenger over the socket.
    async fn request(&self, body: socket::Request) -> Result<socket::Answer, ErrorView> {
        Asker::new(self.wakes.clone()).request(body).await
    }
}

/// The computer's clock, for showing.
fn now() -> TimeMs {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    TimeMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A fresh id.
fn fresh<T>(make: fn(&[u8]) -> Option<T>) -> Result<T, ErrorView> {
    make(uuid::Uuid::now_v7().as_bytes())
        .ok_or_else(|| ErrorView::new(ErrorCode::Internal, "no id could be made"))
}

/// Opens everything and spawns the loop.
pub(crate) async fn launch(
    options: StartOptions,
    asks: mpsc::Receiver<Ask>,
    events: broadcast::Sender<Event>,
) -> Result<(), ErrorView> {
    let sink = Sink { events };
    let profile = options.profile.clone();
    let open = move || {
        std::fs::create_dir_all(&profile)?;
        let state = state::open(&profile)?;
        let cache = Cache::open(&profile)?;
        Ok::<_, ErrorView>((state, cache))
    };
    let opened = tokio::task::spawn_blocking(open).await;
    let (state, cache) =
        opened.map_err(|_| ErrorView::new(ErrorCode::Internal, "the profile could not be opened"))??;
    let net = Net::not_yet_known();
    let files = options.profile.join("files");
    let (wakes, woken) = mpsc::channel(WAKES_MAX);
    let device = account::device(&state, fresh(DeviceId::from_slice)?).await?;
    let secrets = Secrets::open(options.secrets, &options.profile);
    let device = ThisDevice::new(device);
    let key = device_key(&secrets, device.watch());
    let ports = Ports {
        device: device.clone(),
        key,
        asker: Asker::new(wakes.clone()),
        ..Ports::new(state.clone(), net.clone(), cache.clone(), sink.clone(), files)
    };
    let transfers = Driver::start(ports).await?;
    let desk = Desk {
        device,
        secrets,
        state,
        cache,
        net,
        transfers,
        previews: previews::Previews::of(&options.profile),
        sink,
        device_label: label(options.device_label).into(),
        profile: options.profile.clone().into(),
        live: Arc::default(),
        wakes,
        linked: linked::Keepers::default(),
        edits: edits::Edits::default(),
        contacts_turn: Arc::default(),
        opened_turn: Arc::default(),
    };
    run::spawn(desk, asks, woken).await
}

/// The key by which other devices know this one, once the place of secrets has given it, and another when this is another
/// device. It ends without one where there is none: this device is met nowhere then, and files go through the server.
fn device_key(secrets: &Secrets, mut device: watch::Receiver<DeviceId>) -> LateKey {
    let (key, keys) = watch::channel(None);
    let secrets = secrets.clone();
    tokio::spawn(async move {
        loop {
            let id = *device.borrow_and_update();
            let read = read_device_key(&secrets, id).await;
            let is_there = read.is_some();
            key.send_replace(read);
            if !is_there || device.changed().await.is_err() {
                return;
            }
            // Nobody is to meet the former device here meanwhile.
            key.send_replace(None);
        }
    });
    keys
}

async fn read_device_key(secrets: &Secrets, device: DeviceId) -> Option<DeviceKey> {
    let name = format!("device-key.{device}");
    let kept = secrets.get(&name).await;
    if let Ok(Some(secret)) = &kept
        && let Some(key) = DeviceKey::from_secret(secret)
    {
        return Some(key);
    }
    let key = DeviceKey::fresh();
    match kept {
        Ok(_) if secrets.set(&name, key.to_secret()).await.is_ok() => Some(key),
        Ok(_) | Err(_) => {
            tracing::info!("there is no place for this device's key: files go through the server");
            None
        }
    }
}

fn label(given: String) -> String {
    if !given.is_empty() {
        return given;
    }
    let name = std::env::var("COMPUTERNAME").or_else(|_| std::env::var("HOSTNAME"));
    let name = name.or_else(|_| std::fs::read_to_string("/etc/hostname"));
    name.map(|name| name.trim().to_owned())
        .ok()
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "Pod".into())
}
