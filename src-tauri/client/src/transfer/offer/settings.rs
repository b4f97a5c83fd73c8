//! What a person set for the queue: read at the start and when it changes.

use super::desk::Desk;
use super::row::Side;
use crate::state::settings;
use crate::view::ErrorView;
use pod_machine::offer::{DownInput, Options, UpInput};
use rusqlite::{Connection, OptionalExtension, params};
use std::path::PathBuf;

/// The wait for an answer unless said otherwise, in seconds.
const WAIT_S: u64 = 10;

/// The settings of offers.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// How a new offer behaves.
    pub(super) options: Options,
    /// The queue stands.
    pub(super) paused: bool,
    /// Bytes a second up, all together.
    pub(super) up: Option<u64>,
    /// Bytes a second down, all together.
    pub(super) down: Option<u64>,
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
        let wait_s = get(settings::WAIT_S)?.and_then(|text| text.parse().ok()).unwrap_or(WAIT_S);
        Ok(Self {
            options: Options {
                retransfer: on(settings::RETRANSFER)?,
                receive: on(settings::RECEIVE)?,
                forward: on(settings::FORWARD)?,
                wait_ms: wait_s * 1_000,
            },
            paused: get(settings::PAUSED)?.as_deref() == Some("on"),
            up: get(settings::UP_LIMIT)?.and_then(|text| text.parse().ok()),
            down: get(settings::DOWN_LIMIT)?.and_then(|text| text.parse().ok()),
            folder: get(settings::FOLDER)?.map(PathBuf::from),
        })
    }
}

impl Default for Settings {
    fn default() -> Self {
        let options = Options { retransfer: true, receive: true, forward: true, wait_ms: WAIT_S * 1_000 };
        Self { options, paused: false, up: None, down: None, folder: None }
    }
}

impl Desk {
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
        self.tell_offers().await;
    }

    /// The whole queue may stand: what moves stops, and goes on where it was.
    async fn pause_if_wanted(&mut self) {
        for id in self.open() {
            if self.settings.paused && self.running.contains_key(&id) {
                match self.row(id).map(|row| matches!(row.side, Side::Up(_))) {
                    Some(true) => self.up(id, UpInput::Woke).await,
                    Some(false) => self.down(id, DownInput::Woke).await,
                    None => {}
                }
                self.running.remove(&id);
            }
            self.serve(id);
            if let Some(offer) = self.row(id).map(|row| row.offer()).filter(|_| self.settings.paused) {
                self.direct.stop(offer);
            }
            self.show(id).await;
        }
    }
}
