//! The server on this computer: a `pod-server` beside this program, started detached, with a data folder of its own.
//!
//! It goes on when Pod is quit, and is started again with Pod when it is not there any more (after the computer was
//! off) unless the person stopped it. What is known of it stands in `record`; `process` starts and stops it, `probe`
//! asks it how it is. It refuses to touch a server it did not start itself.

mod probe;
mod process;
mod record;
#[cfg(test)]
mod tests;

pub(crate) use record::Reach;

use crate::engine::{broken, refused};
use pod_client::view::{ErrorView, ServerAddress};
use pod_shared::ErrorCode;
use record::Record;
use serde::Serialize;
use std::{
    path::{Path, PathBuf},
    sync::{Mutex as StdMutex, PoisonError},
};
use tokio::sync::Mutex;

/// Where a first server listens, so that its address is the same on every computer.
const PORT: u16 = 7600;

/// What a page shows of the server on this computer.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct HostInfo {
    /// It answers now.
    pub(crate) running: bool,
    /// Its name.
    pub(crate) name: String,
    /// Its address, as this computer reaches it.
    pub(crate) url: Option<String>,
    /// Where its data are, or will be.
    pub(crate) folder: PathBuf,
    /// Bytes free there.
    pub(crate) free: u64,
}

/// What a page needs to sign up on the server just started.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct HostStarted {
    /// Where it is.
    pub(crate) server: ServerAddress,
    /// The setup code, should the first account need it.
    pub(crate) setup: Option<String>,
    /// Nobody has an account there yet.
    pub(crate) first: bool,
}

/// The one place that starts and stops the server; one wish at a time.
pub(crate) struct Host {
    base: PathBuf,
    usual: PathBuf,
    busy: Mutex<()>,
    chosen: StdMutex<Option<PathBuf>>,
}

impl Host {
    /// The server of this person on this computer; `base` holds the record, `usual` the data if nothing is chosen.
    pub(crate) fn new(base: PathBuf, usual: PathBuf) -> Self {
        Self { base, usual, busy: Mutex::new(()), chosen: StdMutex::new(None) }
    }

    /// How it is.
    pub(crate) async fn info(&self) -> HostInfo {
        let record = Record::load(&self.base);
        let running = match &record {
            Some(record) => probe::ready(&record.url).await,
            None => false,
        };
        let folder = match &record {
            Some(record) => record.folder.clone(),
            None => self.folder(),
        };
        HostInfo {
            running,
            name: record.as_ref().map(|record| record.name.clone()).unwrap_or_default(),
            url: record.map(|record| record.url),
            free: free_bytes(&folder),
            folder,
        }
    }

    /// The person chose where the data of a server yet to be started are kept.
    pub(crate) fn choose(&self, folder: PathBuf) {
        *self.chosen.lock().unwrap_or_else(PoisonError::into_inner) = Some(folder);
    }

    /// Starts the server, or finds it running.
    pub(crate) async fn start(&self, name: &str, reach: Reach) -> Result<HostStarted, ErrorView> {
        let _one_at_a_time = self.busy.lock().await;
        if let Some(mut record) = Record::load(&self.base) {
            if !probe::ready(&record.url).await {
                name.clone_into(&mut record.name);
                record.reach = reach;
                record = self.spawn(record).await?;
            }
            record.wanted = true;
            record.save(&self.base).map_err(broken)?;
            return started(&record).await;
        }
        let record = self.spawn(Record::new(name, reach, self.folder())).await?;
        record.save(&self.base).map_err(broken)?;
        started(&record).await
    }

    /// Starts a server that should run and does not: the computer was off.
    pub(crate) async fn resume(&self) -> Result<(), ErrorView> {
        let _one_at_a_time = self.busy.lock().await;
        match Record::load(&self.base) {
            Some(record) if record.wanted && !probe::ready(&record.url).await => {
                let record = self.spawn(record).await?;
                record.save(&self.base).map_err(broken)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Stops it.
    pub(crate) async fn stop(&self) -> Result<HostInfo, ErrorView> {
        {
            let _one_at_a_time = self.busy.lock().await;
            if let Some(mut record) = Record::load(&self.base) {
                if probe::ready(&record.url).await {
                    process::stop(record.pid).await.map_err(broken)?;
                    probe::wait_gone(&record.url).await?;
                }
                record.wanted = false;
                record.save(&self.base).map_err(broken)?;
            }
        }
        Ok(self.info().await)
    }

    /// Starts the process at its own port, or at the first one free.
    async fn spawn(&self, record: Record) -> Result<Record, ErrorView> {
        let mut tried = Vec::new();
        for port in record.ports() {
            match process::start(&record, port).await {
                Ok(running) => {
                    let record = record.running(running);
                    probe::wait_ready(&record.url).await?;
                    return Ok(record);
                }
                Err(error) => tried.push(format!("port {port}: {error}")),
            }
        }
        Err(refused(ErrorCode::Unavailable, tried.join("; ")))
    }

    fn folder(&self) -> PathBuf {
        let chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        chosen.clone().unwrap_or_else(|| self.usual.clone())
    }
}

async fn started(record: &Record) -> Result<HostStarted, ErrorView> {
    let first = probe::needs_first_account(&record.url).await?;
    let server = ServerAddress {
        url: record.url.clone(),
        fingerprint: record.fingerprint.clone(),
        invite: None,
        room: None,
    };
    Ok(HostStarted { server, setup: record.setup.clone().filter(|_| first), first })
}

/// Bytes free where a folder is or will be; 0 where the disk does not say.
fn free_bytes(folder: &Path) -> u64 {
    let there = folder.ancestors().find(|place| place.exists());
    there.and_then(|place| fs4::available_space(place).ok()).unwrap_or(0)
}
