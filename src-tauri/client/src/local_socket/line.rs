//! One JSON value a line, with a limit on its length.

use pod_shared::limits::LOCAL_SOCKET_LINE_BYTES_MAX;
use serde::{Serialize, de::DeserializeOwned};
use std::io::{self, ErrorKind};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// The next value; nothing: the other side has ended.
pub(super) async fn read<T: DeserializeOwned>(
    from: &mut (impl AsyncBufRead + Unpin),
) -> io::Result<Option<T>> {
    let mut line = Vec::new();
    let limit = LOCAL_SOCKET_LINE_BYTES_MAX as u64 + 1;
    let read = from.take(limit).read_until(b'\n', &mut line).await?;
    if read == 0 {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') {
        return Err(ErrorKind::InvalidData.into());
    }
    Ok(Some(serde_json::from_slice(&line)?))
}

/// The line of a value, if it is short enough.
pub(super) fn of(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    if line.len() > LOCAL_SOCKET_LINE_BYTES_MAX {
        return Err(ErrorKind::InvalidData.into());
    }
    Ok(line)
}

/// Writes one value.
pub(super) async fn write(to: &mut (impl AsyncWrite + Unpin), value: &impl Serialize) -> io::Result<()> {
    to.write_all(&of(value)?).await
}
