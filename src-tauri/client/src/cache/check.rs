//! Whether the file is sound as a whole. That takes reading all of it, so it happens beside the first screen, and before
//! the first connection.
//!
//! Damage may be met before the check ends: a question that fails then has the file looked through, and is asked once more. A
//! damaged file is set aside in the running pod: the three threads let go of it, a fresh one takes its place, and whoever
//! shows what was read asks anew. No connection lives meanwhile, so no key can come to stand beside rows that are gone.

use super::{Cache, MIGRATIONS};
use crate::store::{Db, Durability};
use crate::view::ErrorView;
use pod_shared::ErrorCode;
use rusqlite::Transaction;
use std::path::Path;

/// Whether the file was read through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Looked {
    #[default]
    NotYet,
    /// Because a question failed; whoever checks is still to be told what was found.
    ForAQuestion {
        /// A fresh file took its place.
        damaged: bool,
    },
    Checked {
        /// A fresh file took its place: a question that began before was asked of the damaged one.
        damaged: bool,
    },
}

impl Cache {
    /// Reads the file through. True: it was damaged, and a fresh, empty one that belongs to nobody is in its place.
    pub(crate) async fn check(&self) -> Result<bool, ErrorView> {
        let mut looked = self.looked.lock().await;
        let damaged = match *looked {
            Looked::ForAQuestion { damaged } => damaged,
            Looked::NotYet | Looked::Checked { .. } => self.look().await?,
        };
        *looked = Looked::Checked { damaged };
        Ok(damaged)
    }

    /// A question of the start, before the check: where it fails, the file is looked through first, then asked once more.
    /// Whoever shows what is here has not asked yet, and need not be told.
    pub(crate) async fn surely<T, F, A>(&self, ask: F) -> Result<T, ErrorView>
    where
        F: Fn(Self) -> A + Send,
        A: Future<Output = Result<T, ErrorView>> + Send,
    {
        if let Ok(answer) = ask(self.clone()).await {
            return Ok(answer);
        }
        let mut looked = self.looked.lock().await;
        if !matches!(*looked, Looked::Checked { .. }) {
            self.look().await?;
            *looked = Looked::NotYet;
        }
        drop(looked);
        ask(self.clone()).await
    }

    /// A question.
    pub(super) async fn read<T, F>(&self, ask: F) -> Result<T, ErrorView>
    where
        T: Send + 'static,
        F: Fn(&Transaction<'_>) -> Result<T, ErrorView> + Clone + Send + 'static,
    {
        self.ask(&self.reader, ask).await
    }

    /// A question that may look at much: nobody waits behind it.
    pub(super) async fn seek<T, F>(&self, ask: F) -> Result<T, ErrorView>
    where
        T: Send + 'static,
        F: Fn(&Transaction<'_>) -> Result<T, ErrorView> + Clone + Send + 'static,
    {
        self.ask(&self.seeker, ask).await
    }

    /// One that fails before the file was looked through is asked once more, when a damaged one has been replaced.
    async fn ask<T, F>(&self, of: &Db, ask: F) -> Result<T, ErrorView>
    where
        T: Send + 'static,
        F: Fn(&Transaction<'_>) -> Result<T, ErrorView> + Clone + Send + 'static,
    {
        let failed = match of.run(ask.clone()).await {
            Ok(answer) => return Ok(answer),
            Err(failed) => failed,
        };
        let mut looked = self.looked.lock().await;
        match *looked {
            Looked::Checked { damaged: false } => return Err(failed),
            Looked::Checked { damaged: true } | Looked::ForAQuestion { .. } => {}
            Looked::NotYet => *looked = Looked::ForAQuestion { damaged: self.look().await? },
        }
        drop(looked);
        of.run(ask).await
    }

    /// Reads it through; one that is damaged is replaced.
    async fn look(&self) -> Result<bool, ErrorView> {
        let path = self.path.clone();
        let sound = tokio::task::spawn_blocking(move || sound(&path)).await;
        let damaged = matches!(sound, Ok(Err(_)));
        if damaged {
            self.start_anew().await?;
        }
        Ok(damaged)
    }

    async fn start_anew(&self) -> Result<(), ErrorView> {
        tracing::warn!("the cache is damaged and is set aside");
        let (seeker, reader, db) =
            (self.seeker.close().await?, self.reader.close().await?, self.db.close().await?);
        let path = self.path.clone();
        let fresh = tokio::task::spawn_blocking(move || {
            set_aside(&path)?;
            let db = Db::connect(&path, MIGRATIONS, Durability::Crash)?;
            Ok::<_, ErrorView>((db, Db::connect_reader(&path)?, Db::connect_reader(&path)?))
        });
        let (fresh_db, fresh_reader, fresh_seeker) = fresh.await.map_err(|_| ErrorView::stopped())??;
        self.marks.forget_all();
        db.open(fresh_db);
        reader.open(fresh_reader);
        seeker.open(fresh_seeker);
        Ok(())
    }
}

/// On a connection of its own: nobody waits behind it. Blocks.
fn sound(path: &Path) -> Result<(), ErrorView> {
    let connection = Db::connect_reader(path)?;
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(ErrorView::new(ErrorCode::Internal, "the cache is damaged")) }
}

/// Keeps the newest damaged file for a look, and makes room for a fresh one.
pub(super) fn set_aside(path: &Path) -> Result<(), ErrorView> {
    for ending in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(std::fs::rename(path, path.with_extension("damaged.db"))?)
}
