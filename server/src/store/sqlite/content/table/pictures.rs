//! Pictures of rooms, as this server drew them.

use crate::content::previews::{Drawn, Form};
use crate::store::StoreError;
use pod_shared::RoomId;
use rusqlite::{Connection, OptionalExtension, params};

/// One picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    /// SHA-256 of its bytes.
    pub(crate) digest: [u8; 32],
    /// How it is written, and its bytes.
    pub(crate) drawn: Drawn,
}

pub(in super::super) fn get(conn: &Connection, room: RoomId) -> Result<Option<Picture>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT digest, kind, bytes FROM pictures WHERE room = ?1")?
        .query_row([room.as_bytes()], |row| {
            let form = match row.get::<_, i64>(1)? {
                1 => Form::Png,
                2 => Form::Jpeg,
                _ => return Err(super::columns::strange(1, "kind of picture")),
            };
            Ok(Picture { digest: row.get(0)?, drawn: Drawn { form, bytes: row.get(2)? } })
        })
        .optional()?)
}

/// Writes the picture of a room; nothing: it has none any more.
pub(in super::super) fn put(
    conn: &Connection,
    room: RoomId,
    picture: Option<&Picture>,
) -> Result<(), StoreError> {
    let Some(picture) = picture else {
        conn.prepare_cached("DELETE FROM pictures WHERE room = ?1")?.execute([room.as_bytes()])?;
        return Ok(());
    };
    let kind = match picture.drawn.form {
        Form::Png => 1,
        Form::Jpeg => 2,
    };
    conn.prepare_cached(
        "INSERT OR REPLACE INTO pictures (room, digest, kind, bytes) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![room.as_bytes(), picture.digest, kind, picture.drawn.bytes])?;
    Ok(())
}
