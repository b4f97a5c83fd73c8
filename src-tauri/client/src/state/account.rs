//! Who is signed in on this profile, and the profile's device id.

use crate::net::Endpoint;
use crate::store::Db;
use crate::view::{AccountView, ErrorView};
use pod_shared::{AccountId, DeviceId, ErrorCode};
use rusqlite::{OptionalExtension, Transaction, params};
use tokio::sync::watch;

/// The signed-in account and its server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) is_admin: bool,
    pub(crate) server_name: String,
    pub(crate) endpoint: Endpoint,
}

impl Account {
    /// As a user interface shows it.
    pub(crate) fn view(&self, device: DeviceId) -> AccountView {
        AccountView {
            account: self.id,
            device,
            name: self.name.clone(),
            display_name: self.display_name.clone(),
            is_admin: self.is_admin,
            server_name: self.server_name.clone(),
            server_url: self.endpoint.url.clone(),
        }
    }
}

/// The id of this profile as a device, as everybody of the engine reads it. It changes only when a copy of the profile is
/// told apart from it; what belongs to the former id, as its key, follows.
#[derive(Clone, Debug)]
pub(crate) struct ThisDevice {
    now: watch::Sender<DeviceId>,
}

impl ThisDevice {
    pub(crate) fn new(id: DeviceId) -> Self {
        Self { now: watch::Sender::new(id) }
    }

    pub(crate) fn id(&self) -> DeviceId {
        *self.now.borrow()
    }

    /// For whoever follows it.
    pub(crate) fn watch(&self) -> watch::Receiver<DeviceId> {
        self.now.subscribe()
    }

    fn set(&self, id: DeviceId) {
        self.now.send_replace(id);
    }
}

/// This profile is another device from now on.
pub(crate) async fn become_device(state: &Db, this: &ThisDevice, id: DeviceId) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        tx.execute("UPDATE device SET id = ?1", params![id.as_bytes()])?;
        Ok(())
    };
    state.run(run).await?;
    this.set(id);
    Ok(())
}

/// The id of this profile as a device; `fresh` becomes it the first time.
pub(crate) async fn device(state: &Db, fresh: DeviceId) -> Result<DeviceId, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        tx.execute("INSERT OR IGNORE INTO device (one, id) VALUES (1, ?1)", params![fresh.as_bytes()])?;
        let bytes: Vec<u8> = tx.query_row("SELECT id FROM device", [], |row| row.get(0))?;
        DeviceId::from_slice(&bytes)
            .ok_or_else(|| ErrorView::new(ErrorCode::Internal, "the device id cannot be read"))
    };
    state.run(run).await
}

/// The signed-in account, if any.
pub(crate) async fn load(state: &Db) -> Result<Option<Account>, ErrorView> {
    let run = |tx: &Transaction<'_>| {
        let row = tx
            .query_row(
                "SELECT account, name, display_name, is_admin, server_name, url, fingerprint FROM account",
                [],
                |row| {
                    let id: Vec<u8> = row.get(0)?;
                    Ok(AccountId::from_slice(&id).map(|id| Account {
                        id,
                        name: row.get(1).unwrap_or_default(),
                        display_name: row.get(2).unwrap_or_default(),
                        is_admin: row.get(3).unwrap_or_default(),
                        server_name: row.get(4).unwrap_or_default(),
                        endpoint: Endpoint {
                            url: row.get(5).unwrap_or_default(),
                            fingerprint: row.get(6).unwrap_or_default(),
                        },
                    }))
                },
            )
            .optional()?;
        Ok(row.flatten())
    };
    state.run(run).await
}

/// Keeps who is signed in.
pub(crate) async fn save(state: &Db, account: Account) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        tx.execute(
            "INSERT OR REPLACE INTO account
                 (one, account, name, display_name, is_admin, server_name, url, fingerprint)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                account.id.as_bytes(),
                account.name,
                account.display_name,
                account.is_admin,
                account.server_name,
                account.endpoint.url,
                account.endpoint.fingerprint,
            ],
        )?;
        Ok(())
    };
    state.run(run).await
}

/// Nobody is signed in any more.
pub(crate) async fn forget(state: &Db) -> Result<(), ErrorView> {
    let run = |tx: &Transaction<'_>| {
        tx.execute("DELETE FROM account", [])?;
        Ok(())
    };
    state.run(run).await
}
