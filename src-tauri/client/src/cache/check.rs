//! Whether the file is sound as a whole. That takes reading all of it, so it happens beside the first screen, and before
//! the first connection.
//!
//! Damage may be met before the check ends: who reads and fails asks [`Cache::settled`] and reads once more. A damaged file
//! is set aside in the running pod: the three threads let go of it, a fresh one takes its place, and whoever shows what
//! was read asks anew. No connection lives meanwhile, so no key can come to stand beside rows that are gone.

use super::{Cache, MIGRATIONS};
use crate::store::{Db, Durability};
use crate::view::ErrorView;
use pod_shared::ErrorCode;
use std::path::Path;

impl Cache {
    /// Reads the file through. True: it was damaged, and a fresh, empty one that belongs to nobody is in its place.
    pub(crate) async fn check(&self) -> Result<bool, ErrorView> {
        let path = self.path.clone();
        let sound = tokio::task::spawn_blocking(move || sound(&path)).await;
        let damaged = matches!(sound, Ok(Err(_)));
        let done = if damaged { self.start_anew().await } else { Ok(()) };
        self.checked.send_replace(true);
        done.map(|()| damaged)
    }

    /// A question of the start, before the check: where it fails, the file is looked through first, then asked once more.
    pub(crate) async fn surely<T, F, A>(&self, ask: F) -> Result<T, ErrorView>
    where
        F: Fn(Self) -> A + Send,
        A: Future<Output = Result<T, ErrorView>> + Send,
    {
        if let Ok(answer) = ask(self.clone()).await {
            return Ok(answer);
        }
        self.check().await?;
        ask(self.clone()).await
    }

    /// The check is over.
    pub(crate) fn is_checked(&self) -> bool {
        *self.checked.borrow()
    }

    /// Waits until it is.
    pub(crate) async fn settled(&self) {
        // The sender is part of this handle: it cannot be gone.
        let _ = self.checked.subscribe().wait_for(|checked| *checked).await;
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
