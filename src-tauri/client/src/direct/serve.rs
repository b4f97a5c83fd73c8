//! Being fetched from: connections that come in, and one file for each of their streams.
//!
//! Everybody may connect, since a handshake proves a key and nothing else; only whom the [`Book`](super::Book) names for
//! an offer gets a byte. Who asks for much that is not theirs is hung up on. Nothing is sent while only the relay is left.

use super::frames::{Code, FRAME_BYTES, Frame, HELLO_BYTES, Hello};
use super::outlet::Outlet;
use super::part::Run;
use super::quic::Shared;
use super::running::Turn;
use super::{Lost, PeerKey, Source, ways};
use iroh::endpoint::{
    Connection, Incoming, ReadError, ReadExactError, RecvStream, SendStream, VarInt, WriteError,
};
use pod_shared::{ErrorCode, limits};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// A stream that does not say what it wants for this long is closed; a handshake that takes longer, too.
const HELLO: Duration = Duration::from_millis(limits::HELLO_MS_MAX);
/// How long the receiver has to come again after only the relay was left.
const AGAIN: Duration = Duration::from_millis(limits::DIRECT_RELAYED_MS_MAX + 1_000);
/// Asks that wait while earlier ones are served; more wait in the network.
const ASKS: usize = 16;

/// Takes up a connection, or turns it away when there are too many.
pub(super) fn accept(shared: &Arc<Shared>, incoming: Incoming) {
    let Ok(room) = Arc::clone(&shared.connections).try_acquire_owned() else {
        incoming.refuse();
        return;
    };
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        let _room = room;
        let Ok(accepting) = incoming.accept() else { return };
        if let Ok(Ok(connection)) = timeout(HELLO, accepting).await {
            streams(&shared, connection).await;
        }
    });
}

/// Serves the streams of one connection until it ends.
async fn streams(shared: &Arc<Shared>, connection: Connection) {
    let refusals = Arc::new(AtomicU32::new(0));
    while let Ok((send, recv)) = connection.accept_bi().await {
        let (shared, connection, refusals) = (Arc::clone(shared), connection.clone(), Arc::clone(&refusals));
        tokio::spawn(async move {
            let mut stream = Stream { connection: &connection, send, recv };
            if let Err(code) = stream.serve(&shared).await {
                stream.close(code);
                let wrong = code == Code::Refused || code == Code::Nonsense;
                if wrong && refusals.fetch_add(1, Ordering::Relaxed) + 1 >= limits::DIRECT_REFUSALS_MAX {
                    connection.close(VarInt::from_u32(code.number()), b"");
                }
            }
        });
    }
}

/// One stream: one fetch.
struct Stream<'a> {
    connection: &'a Connection,
    send: SendStream,
    recv: RecvStream,
}

/// How a fetch ended before the whole was there.
enum End {
    /// The receiver, or the connection.
    Theirs(Lost),
    /// This side; the receiver is told the code.
    Ours(Code, Lost),
}

impl Stream<'_> {
    /// Serves. An error is what the other side is told when the book is not.
    async fn serve(&mut self, shared: &Shared) -> Result<(), Code> {
        let mut hello = [0; HELLO_BYTES];
        let read = timeout(HELLO, self.recv.read_exact(&mut hello)).await;
        let hello =
            read.ok().and_then(Result::ok).and_then(|()| Hello::read(&hello)).ok_or(Code::Nonsense)?;
        let peer = PeerKey(*self.connection.remote_id().as_bytes());
        let source = shared.book.source(hello.offer, peer).await.ok_or(Code::Refused)?;
        if source.manifest.size() != hello.size || source.manifest.root() != hello.root {
            return Err(Code::Changed);
        }
        let _room = shared.served.try_acquire().map_err(|_| Code::Busy)?;
        let turn = shared.serves.begin(hello.offer);
        let end = tokio::select! {
            biased;
            () = turn.stop.cancelled() => return Err(Code::Stopped),
            () = ways::relayed(self.connection, Duration::ZERO) => End::Ours(Code::Relayed, Lost::Cut),
            sent = talk(&mut self.send, &mut self.recv, &source, |acked| shared.book.served(hello.offer, acked)) => {
                match sent {
                    Ok(()) => return Ok(()),
                    Err(end) => end,
                }
            }
        };
        let lost = match end {
            End::Theirs(lost) => lost,
            End::Ours(code, lost) => {
                self.close(code);
                lost
            }
        };
        if lost != Lost::Cut || !comes_again(&turn, self.connection).await {
            shared.book.lost(hello.offer, lost);
        }
        Ok(())
    }

    fn close(&mut self, code: Code) {
        let code = VarInt::from_u32(code.number());
        // Either half may be closed already.
        let _ = self.send.reset(code);
        let _ = self.recv.stop(code);
    }
}

/// After the direct way was lost: whether the receiver fetches again before long, or somebody stopped this meanwhile.
async fn comes_again(turn: &Turn, connection: &Connection) -> bool {
    tokio::select! {
        () = turn.stop.cancelled() => true,
        _ = connection.closed() => false,
        () = tokio::time::sleep(AGAIN) => false,
    }
}

/// Says what the file is, then sends what is asked for, until the receiver has the whole.
async fn talk(
    send: &mut SendStream,
    recv: &mut RecvStream,
    source: &Source,
    served: impl Fn(u64),
) -> Result<(), End> {
    let outlet = Outlet::open(source).await.map_err(unreadable)?;
    let (asks, asked) = mpsc::channel(ASKS);
    let size = source.manifest.size();
    let heard = hear(recv, size, asks, served);
    let sent = async {
        send.write_all(source.manifest.pieces().as_flattened()).await.map_err(written)?;
        give(send, source, outlet, asked).await
    };
    // The end of the asks ends the sending; a sending that fails ends both.
    tokio::try_join!(heard, sent)?;
    // The receiver waits for this to know that the end was heard; it may be gone already.
    let _ = send.finish();
    Ok(())
}

/// Reads what the receiver says until it has everything.
async fn hear(
    recv: &mut RecvStream,
    size: u64,
    asks: mpsc::Sender<Run>,
    served: impl Fn(u64),
) -> Result<(), End> {
    let nonsense = || End::Ours(Code::Nonsense, Lost::Stopped);
    let mut durable = 0;
    let mut frame = [0; FRAME_BYTES];
    loop {
        match recv.read_exact(&mut frame).await {
            Ok(()) => {}
            Err(ReadExactError::ReadError(error)) => return Err(read(error)),
            Err(ReadExactError::FinishedEarly(0)) if durable == size => return Ok(()),
            Err(ReadExactError::FinishedEarly(_)) => return Err(End::Theirs(Lost::Stopped)),
        }
        match Frame::read(frame).ok_or_else(nonsense)? {
            Frame::Ask(run) => {
                let end = u64::from(run.first) + u64::from(run.count);
                if end > super::pieces_of(size) {
                    return Err(nonsense());
                }
                // When the sending has failed, that is what counts.
                let _ = asks.send(run).await;
            }
            Frame::Ack(acked) => {
                let boundary = acked == size || acked % limits::OFFER_PIECE_BYTES == 0;
                if acked < durable || acked > size || !boundary {
                    return Err(nonsense());
                }
                durable = acked;
                served(acked);
            }
        }
    }
}

/// Sends the pieces that are asked for.
async fn give(
    send: &mut SendStream,
    source: &Source,
    outlet: Outlet,
    asked: mpsc::Receiver<Run>,
) -> Result<(), End> {
    let mut pieces = outlet.read(asked);
    while let Some(piece) = pieces.recv().await {
        let mut rest = piece.map_err(unreadable)?;
        while !rest.is_empty() {
            let slice = rest.split_to(rest.len().min(limits::DIRECT_SLICE_BYTES));
            source.pace.take(slice.len() as u64).await;
            send.write_chunk(slice).await.map_err(written)?;
        }
    }
    Ok(())
}

fn unreadable(code: ErrorCode) -> End {
    if code == ErrorCode::FileChanged {
        End::Ours(Code::Changed, Lost::Changed)
    } else {
        End::Ours(Code::Disk, Lost::Unreadable(code))
    }
}

fn written(error: WriteError) -> End {
    match error {
        WriteError::Stopped(code) => End::Theirs(said(code)),
        WriteError::ConnectionLost(_) | WriteError::ClosedStream | WriteError::ZeroRttRejected => {
            End::Theirs(Lost::Cut)
        }
    }
}

fn read(error: ReadError) -> End {
    match error {
        ReadError::Reset(code) => End::Theirs(said(code)),
        ReadError::ConnectionLost(_) | ReadError::ClosedStream | ReadError::ZeroRttRejected => {
            End::Theirs(Lost::Cut)
        }
    }
}

/// What the receiver's reason is for the sender.
fn said(code: VarInt) -> Lost {
    match Code::from_number(code.into_inner()) {
        Code::Disk => Lost::Disk,
        Code::Wrong => Lost::Wrong,
        Code::Relayed => Lost::Cut,
        Code::Stopped | Code::Refused | Code::Changed | Code::Busy | Code::Nonsense => Lost::Stopped,
    }
}
