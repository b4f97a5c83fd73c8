//! What a person set for the queue: read at the start and when it changes.

use super::queue::Queue;
use super::step::Any;
use crate::state::settings;
use crate::view::ErrorView;
use pod_machine::offer::DownInput;
use pod_machine::transfer::{TransferOptions, WAIT_MS};
use pod_shared::TransferId;
use rusqlite::{Connection, OptionalExtension, params};
use std::path::PathBuf;

/// The settings of the queue.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// How a new transfer behaves.
    pub(super) options: TransferOptions,
    /// The wait for an answer, in milliseconds.
    pub(super) wait_ms: u64,
    /// The queue stands.
    pub(super) paused: bool,
    /// Bytes a second up, all together.
    up: Option<u64>,
    /// Bytes a second down, all together.
    down: Option<u64>,
    /// Where accepted offers go.
    pub(super) folder: Option<PathBuf>,
}

impl Settings {
    /// As set.
    pub(super) fn read(db: &Connection) -> Result<Self, ErrorView> {
        let get = |key: &str| -> Result<Option<String>, ErrorView> {
            let value =
                db.query_row("SELECT value FROM settings WHERE key = ?1", params![key], |row| row.get(0));
            Ok(value.optional()?)
        };
        let on = |key: &str| get(key).map(|value| value.as_deref() != Some("off"));
        let wait_s = get(settings::WAIT_S)?.and_then(|text| text.parse::<u64>().ok());
        Ok(Self {
            options: TransferOptions {
                retransfer: on(settings::RETRANSFER)?,
                receive: on(settings::RECEIVE)?,
                forward: on(settings::FORWARD)?,
            },
            wait_ms: wait_s.map_or(WAIT_MS, |wait_s| wait_s.saturating_mul(1_000)),
            paused: get(settings::PAUSED)?.as_deref() == Some("on"),
            up: get(settings::UP_LIMIT)?.and_then(|text| text.parse().ok()),
            down: get(settings::DOWN_LIMIT)?.and_then(|text| text.parse().ok()),
            folder: get(settings::FOLDER)?.map(PathBuf::from),
        })
    }
}

impl Default for Settings {
    fn default() -> Self {
        let options = TransferOptions::default();
        Self { options, wait_ms: WAIT_MS, paused: false, up: None, down: None, folder: None }
    }
}

impl Queue {
    /// These hold from now on.
    pub(super) fn set(&mut self, settings: Settings) {
        self.ports.up.set(settings.up);
        self.ports.down.set(settings.down);
        self.settings = settings;
    }

    /// Reads them anew.
    pub(super) async fn read_settings(&mut self) {
        match self.ports.state.run(|db| Settings::read(db)).await {
            Ok(settings) => {
                self.set(settings);
                self.pause_if_wanted().await;
            }
            Err(error) => tracing::warn!(code = %error.code, "the settings of the queue could not be read"),
        }
        self.show_all().await;
        self.tell_offers().await;
    }

    /// The whole queue may stand: what moves stops, and waits for its turn with all that it has.
    async fn pause_if_wanted(&mut self) {
        for id in self.open() {
            self.step(id, DownInput::Stands(self.settings.paused)).await;
            if self.settings.paused {
                if self.running.contains_key(&id) {
                    self.step(id, Any::Woke).await;
                }
                self.stop(id);
            }
            self.serve(id);
        }
    }

    /// Those that are not over.
    pub(super) fn open(&self) -> Vec<TransferId> {
        self.rows.values().filter(|row| !row.is_over()).map(|row| row.id()).collect()
    }
}
