//! Puts together what the roles ask for, and starts it. The only module that knows all services.

use crate::about::About;
use crate::access::Access;
use crate::auth::Auth;
use crate::config::{Config, ConfigError, Proxy, Roles};
use crate::content::Content;
use crate::error::Refusal;
use crate::interlock::ProgressSink;
use crate::messenger::Messenger;
use crate::router::{Half, router};
use crate::routes::auth::AuthRoutes;
use crate::routes::health::Health;
use crate::serve::Door;
use crate::store::StoreError;
use crate::tls::{self, Identity, Trust};
use pod_shared::limits::{self, INTERLOCK_SILENCE_MS_MAX};
use serde::Serialize;
use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_util::task::TaskTracker;

mod interlock;
mod place;
#[cfg(feature = "relay")]
mod relay;
mod restored;
#[cfg(test)]
mod tests;

pub use place::{FILE as PLACE_FILE, Place};
#[cfg(all(test, feature = "relay"))]
pub(crate) use relay::free_port;
pub use restored::MARK as RESTORED_MARK;

/// Held as long as a server runs on the data folder.
pub const LOCK_FILE: &str = "running.lock";

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings cannot work.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or the network cannot be opened.
    #[error("{0}: {1}")]
    Io(&'static str, std::io::Error),
    /// A service refuses.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// Another process has the data folder.
    #[error("another pod-server runs on this data folder")]
    Running,
}

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it says first.
    pub first_line: FirstLine,
    #[cfg(test)]
    pub(crate) access: Access,
    about: About,
    tasks: TaskTracker,
    door: JoinHandle<()>,
    _lock: File,
}

/// The first line on standard output.
#[derive(Clone, Debug, Serialize)]
pub struct FirstLine {
    /// URL of this process.
    pub listening: String,
    /// SHA-256 of its certificate, where it speaks TLS.
    pub fingerprint: Option<String>,
    /// Makes the first account from another computer; there is none as long as this is here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setup_code: Option<String>,
}

impl Running {
    /// Stops in order: no new connections, the open ones end, then the background work.
    pub async fn stop(self) {
        self.about.stopping().cancel();
        // A door that panicked is closed too.
        _ = self.door.await;
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// What every service gets, and the services of this process.
struct Services {
    about: About,
    access: Access,
    progress: ProgressSink,
    auth: Option<Auth>,
    messenger: Option<Messenger>,
    content: Option<Content>,
}

/// Starts what the settings ask for.
///
/// # Errors
/// A sentence about what is in the way; nothing runs then.
pub async fn start(config: Config) -> Result<Running, StartError> {
    tls::install_provider();
    make_folder(&config.data).map_err(|error| StartError::Io("data folder", error))?;
    let lock = lock(&config.data)?;
    restored::take_notice(&config.data)?;
    let listener =
        TcpListener::bind(config.listen).await.map_err(|error| StartError::Io("cannot listen", error))?;
    let address = listener.local_addr().map_err(|error| StartError::Io("cannot listen", error))?;
    let identity = identity(&config)?;
    let place = Place::of(&config, address, identity.as_ref());
    place.keep(&config.data).map_err(|error| StartError::Io("data folder", error))?;
    let services = open(&config).await?;
    services.about.links_begin_with(place.join_base());
    let tasks = TaskTracker::new();
    if let Some(auth) = &services.auth {
        tasks.spawn(auth.clone().watch());
    }
    if let Some(messenger) = &services.messenger {
        tasks.spawn(messenger.clone().watch());
    }
    #[cfg(feature = "relay")]
    relay::start(&config, &place, identity.as_ref(), &services, &tasks).await?;
    let half = interlock::connect(&config, &services, &place, &tasks).await?;
    let first_line = FirstLine {
        listening: place.listening(address),
        fingerprint: identity.as_ref().map(|identity| identity.fingerprint.clone()),
        setup_code: services.auth.as_ref().and_then(Auth::setup_code),
    };
    let about = services.about.clone();
    #[cfg(test)]
    let access = services.access.clone();
    let mut door = Door::new(listener, paths(services, place, half), about.stopping().clone());
    door.tls = identity.map(|identity| TlsAcceptor::from(identity.config));
    door.proxy = config.proxy;
    let door = tokio::spawn(door.serve());
    tracing::info!(%address, roles = ?config.roles, "serving");
    Ok(Running {
        address,
        first_line,
        #[cfg(test)]
        access,
        about,
        tasks,
        door,
        _lock: lock,
    })
}

/// The certificate for these settings, made if it must be.
///
/// # Errors
/// When it cannot be read or made.
pub fn identity(config: &Config) -> Result<Option<Identity>, StartError> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".into(), "::1".into()];
    if !config.listen.ip().is_unspecified() {
        names.push(config.listen.ip().to_string());
    }
    names.extend(config.public_url.as_deref().and_then(place::host));
    names.dedup();
    tls::identity(&config.tls, &config.data, &names).map_err(|error| StartError::Io("TLS", error))
}

/// Makes the data folder, for its owner only.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder(data: &Path) -> std::io::Result<()> {
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(data)
}

async fn open(config: &Config) -> Result<Services, StartError> {
    let about = About::new(&config.name);
    let progress = ProgressSink::default();
    let access = match config.roles {
        Roles::All | Roles::AuthMessenger => Access::local(),
        Roles::Content => Access::remote(Duration::from_millis(INTERLOCK_SILENCE_MS_MAX)),
    };
    let (mut auth, mut messenger, mut content) = (None, None, None);
    if config.roles != Roles::Content {
        let signs_in = Auth::open(&config.data, access.clone(), about.clone()).await?;
        let directory = Arc::new(signs_in.clone());
        messenger = Some(Messenger::open(&config.data, directory, access.clone(), about.clone())?);
        auth = Some(signs_in);
    }
    if config.roles != Roles::AuthMessenger {
        let opened = Content::open(&config.data, access.clone(), progress.clone(), config.policy)?;
        if let Some(program) = &config.pdf_reader {
            opened.read_pdfs_with(program.clone(), Duration::from_millis(limits::INDEX_PDF_MS_MAX));
        }
        content = Some(opened);
    }
    Ok(Services { about, access, progress, auth, messenger, content })
}

fn paths(services: Services, place: Place, half: Half) -> axum::Router {
    let Services { access, auth, messenger, content, about, progress: _ } = services;
    let auth_routes = auth.clone().map(|auth| AuthRoutes { auth, place });
    router(Health { auth, messenger, content, access }, about, auth_routes, half)
}

fn lock(data: &Path) -> Result<File, StartError> {
    let io = |error| StartError::Io("data folder", error);
    let file =
        File::options().create(true).truncate(false).write(true).open(data.join(LOCK_FILE)).map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StartError::Running),
        Err(std::fs::TryLockError::Error(error)) => Err(io(error)),
    }
}

/// The scheme in which this process is reached from outside.
fn scheme(identity: Option<&Identity>, proxy: Proxy) -> &'static str {
    match (identity, proxy) {
        (Some(_), _) | (None, Proxy::Trusted) => "https",
        (None, Proxy::None) => "http",
    }
}

/// The fingerprint that clients must know.
fn pinned(identity: Option<&Identity>) -> Option<String> {
    identity.filter(|identity| identity.trust == Trust::Pinned).map(|identity| identity.fingerprint.clone())
}
