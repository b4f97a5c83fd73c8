//! One fetch, on the receiver's side.

use super::address::Address;
use super::frames::{Code, Frame, Hello};
use super::intake::{Fault, Intake};
use super::lines::Held;
use super::part::{Part, Run};
use super::quic::Shared;
use super::running::Turn;
use super::{Manifest, PullAsk, PullTrouble, pieces_of, ways};
use iroh::endpoint::{
    ConnectionError, ReadError, ReadExactError, RecvStream, SendStream, VarInt, WriteError,
};
use pod_shared::limits;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout};

/// A sender that sends nothing for this long, though asked and there, is gone.
const STALL: Duration = Duration::from_millis(limits::HTTP_STALL_MS_MAX);
/// Only the relay is left for this long: the way is lost.
const RELAYED: Duration = Duration::from_millis(limits::DIRECT_RELAYED_MS_MAX);
/// The sender may take this long to say that it has heard of the end; the file is whole without it.
const FAREWELL: Duration = Duration::from_secs(5);
/// Progress is told this often at most.
const TELL_EVERY: Duration = Duration::from_millis(100);
/// Falls to the relay in one fetch, after which the way counts as lost.
const FALLS_MAX: u32 = 3;

/// How one stream ended early.
enum End {
    Trouble(PullTrouble),
    /// The sender stopped because only the relay was left.
    Relayed,
}

impl From<PullTrouble> for End {
    fn from(trouble: PullTrouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// Fetches; see [`super::DirectTransport::pull`].
pub(super) async fn pull(
    shared: Arc<Shared>,
    ask: PullAsk,
    progress: mpsc::Sender<u64>,
) -> Result<(), PullTrouble> {
    let turn = Arc::new(shared.pulls.begin(ask.offer));
    let stop = turn.stop.clone();
    tokio::select! {
        biased;
        () = stop.cancelled() => Err(PullTrouble::Stopped),
        done = run(&shared, &ask, &turn, &progress) => done,
    }
}

async fn run(
    shared: &Shared,
    ask: &PullAsk,
    turn: &Arc<Turn>,
    progress: &mpsc::Sender<u64>,
) -> Result<(), PullTrouble> {
    if ask.size > limits::FILE_BYTES_MAX {
        return Err(PullTrouble::Refused);
    }
    let address = Address::read(&ask.peer_endpoint).ok_or(PullTrouble::NoWay)?;
    let line = timeout(ask.wait, meet(shared, &address)).await.ok().flatten().ok_or(PullTrouble::NoWay)?;
    let mut part = None;
    let mut falls = 0;
    loop {
        let fetch = Fetch { ask, turn, progress, line: &line };
        match fetch.stream(&mut part).await {
            Ok(()) => return Ok(()),
            Err(End::Trouble(trouble)) => return Err(trouble),
            Err(End::Relayed) if falls < FALLS_MAX => {
                falls += 1;
                let back = timeout(RELAYED, ways::direct(&line)).await;
                if !back.unwrap_or_default() {
                    return Err(PullTrouble::Lost);
                }
            }
            Err(End::Relayed) => return Err(PullTrouble::Lost),
        }
    }
}

/// A connection without a relay in between.
async fn meet(shared: &Shared, address: &Address) -> Option<Held> {
    let endpoint = shared.endpoint().await?;
    let line = shared.lines.to(&endpoint, address).await?;
    ways::direct(&line).await.then_some(line)
}

/// One stream of a fetch.
struct Fetch<'a> {
    ask: &'a PullAsk,
    turn: &'a Arc<Turn>,
    progress: &'a mpsc::Sender<u64>,
    line: &'a Held,
}

impl Fetch<'_> {
    /// Fetches what `part` does not have; it is opened first, and given back for another try.
    async fn stream(&self, part: &mut Option<Part>) -> Result<(), End> {
        let (mut send, mut recv) = self.line.open_bi().await.map_err(cut)?;
        let done = self.fetch(part, &mut send, &mut recv).await;
        if let Err(End::Trouble(trouble)) = &done {
            give_up(&mut send, &mut recv, trouble);
        }
        done
    }

    async fn fetch(
        &self,
        part: &mut Option<Part>,
        send: &mut SendStream,
        recv: &mut RecvStream,
    ) -> Result<(), End> {
        let hello = Hello { offer: self.ask.offer, root: self.ask.manifest_root, size: self.ask.size };
        send.write_all(&hello.write()).await.map_err(written)?;
        let manifest = timeout(STALL, self.manifest(recv)).await.map_err(|_| PullTrouble::Lost)??;
        let open = match part.take() {
            Some(part) => part,
            None => self.open(manifest.clone()).await?,
        };
        // What is told first is where the fetch goes on.
        let _ = self.progress.try_send(open.bytes());
        let runs = open.missing();
        let (intake, durable) = Intake::start(open, Arc::clone(self.turn));
        let came = self.come(intake, &manifest, runs.clone(), recv);
        let (taken, said) = tokio::select! {
            both = async { tokio::join!(came, tell(send, &runs, durable, self.ask.size)) } => both,
            () = ways::relayed(self.line, RELAYED) => return Err(PullTrouble::Lost.into()),
        };
        let (left, outcome) = taken;
        *part = left;
        outcome?;
        if said {
            // The sender closes its half when it has heard; without that the file is whole all the same.
            let _ = timeout(FAREWELL, recv.read_to_end(0)).await;
        }
        let _ = timeout(TELL_EVERY, self.progress.send(self.ask.size)).await;
        Ok(())
    }

    async fn manifest(&self, recv: &mut RecvStream) -> Result<Arc<Manifest>, End> {
        let whole = usize::try_from(pieces_of(self.ask.size) * 32).unwrap_or_default();
        let mut bytes = Vec::new();
        // Room is made for what came, not for what was promised.
        while bytes.len() < whole {
            match recv.read_chunk(whole - bytes.len()).await.map_err(read)? {
                Some(chunk) => bytes.extend_from_slice(&chunk),
                None => return Err(PullTrouble::Lost.into()),
            }
        }
        let manifest = Manifest::from_bytes(self.ask.size, &bytes).map(Arc::new);
        manifest.filter(|manifest| manifest.root() == self.ask.manifest_root).ok_or(PullTrouble::Wrong.into())
    }

    /// Opens the part file and reads it again, once nobody else has it.
    async fn open(&self, manifest: Arc<Manifest>) -> Result<Part, End> {
        let (turn, path) = (Arc::clone(self.turn), self.ask.part.clone());
        let guard = Arc::clone(&turn.file).lock_owned().await;
        let opened = tokio::task::spawn_blocking(move || {
            let _guard = guard;
            Part::open(&path, manifest, &|| turn.stop.is_cancelled())
        });
        let opened = opened.await.map_err(|_| PullTrouble::Lost)?;
        opened.map_err(|error| PullTrouble::Disk(error.code).into())
    }

    /// Takes in the pieces as they come; gives the part file back.
    async fn come(
        &self,
        mut intake: Intake,
        manifest: &Manifest,
        runs: Vec<Run>,
        recv: &mut RecvStream,
    ) -> (Option<Part>, Result<(), End>) {
        let read = self.pieces(&mut intake, manifest, runs, recv).await;
        let (part, wrote) = intake.end().await;
        // A fault of the disk is why reading stopped.
        let wrote = wrote.map_err(|fault| match fault {
            Fault::Disk(code) => End::Trouble(PullTrouble::Disk(code)),
            Fault::Wrong => End::Trouble(PullTrouble::Wrong),
            Fault::Stopped => End::Trouble(PullTrouble::Lost),
        });
        (part, wrote.and(read))
    }

    async fn pieces(
        &self,
        intake: &mut Intake,
        manifest: &Manifest,
        runs: Vec<Run>,
        recv: &mut RecvStream,
    ) -> Result<(), End> {
        let mut told = Instant::now();
        for index in runs.into_iter().flat_map(|run| run.first..run.first.saturating_add(run.count)) {
            let Some((_, length)) = manifest.place(index) else { return Err(PullTrouble::Wrong.into()) };
            // Nothing: the disk gave up, and says why at the end.
            let Some(mut piece) = intake.room().await else { return Ok(()) };
            piece.resize(length, 0);
            self.piece(&mut piece, recv).await?;
            if !intake.put(index, piece).await {
                return Ok(());
            }
            if told.elapsed() >= TELL_EVERY {
                told = Instant::now();
                let _ = self.progress.try_send(intake.bytes());
            }
        }
        Ok(())
    }

    async fn piece(&self, piece: &mut [u8], recv: &mut RecvStream) -> Result<(), End> {
        for slice in piece.chunks_mut(limits::DIRECT_SLICE_BYTES) {
            let came = timeout(STALL, recv.read_exact(slice)).await.map_err(|_| PullTrouble::Lost)?;
            came.map_err(|error| match error {
                ReadExactError::ReadError(error) => read(error),
                ReadExactError::FinishedEarly(_) => PullTrouble::Lost.into(),
            })?;
            self.ask.pace.take(slice.len() as u64).await;
        }
        Ok(())
    }
}

/// Says what is wanted and what is durable. `true`: the sender was told of the end. When it cannot be told, what is read
/// says why, and this waits for nothing else.
async fn tell(send: &mut SendStream, runs: &[Run], mut durable: watch::Receiver<u64>, size: u64) -> bool {
    for run in runs {
        if send.write_all(&Frame::Ask(*run).write()).await.is_err() {
            return false;
        }
    }
    loop {
        let so_far = *durable.borrow_and_update();
        if send.write_all(&Frame::Ack(so_far).write()).await.is_err() {
            return false;
        }
        if so_far == size {
            return send.finish().is_ok();
        }
        if durable.changed().await.is_err() {
            return false;
        }
    }
}

fn give_up(send: &mut SendStream, recv: &mut RecvStream, trouble: &PullTrouble) {
    let code = match trouble {
        PullTrouble::Disk(_) => Code::Disk,
        PullTrouble::Wrong => Code::Wrong,
        PullTrouble::NoWay
        | PullTrouble::Lost
        | PullTrouble::Refused
        | PullTrouble::SourceChanged
        | PullTrouble::Stopped => return,
    };
    // Either half may be closed already.
    let _ = send.reset(VarInt::from_u32(code.number()));
    let _ = recv.stop(VarInt::from_u32(code.number()));
}

fn cut(error: ConnectionError) -> End {
    tracing::debug!(%error, "a fetch lost its connection");
    PullTrouble::Lost.into()
}

fn written(error: WriteError) -> End {
    match error {
        WriteError::Stopped(code) => said(code),
        WriteError::ConnectionLost(error) => cut(error),
        WriteError::ClosedStream | WriteError::ZeroRttRejected => PullTrouble::Lost.into(),
    }
}

fn read(error: ReadError) -> End {
    match error {
        ReadError::Reset(code) => said(code),
        ReadError::ConnectionLost(error) => cut(error),
        ReadError::ClosedStream | ReadError::ZeroRttRejected => PullTrouble::Lost.into(),
    }
}

/// What the sender's reason is for the receiver.
fn said(code: VarInt) -> End {
    match Code::from_number(code.into_inner()) {
        Code::Relayed => End::Relayed,
        Code::Refused | Code::Nonsense => PullTrouble::Refused.into(),
        Code::Changed => PullTrouble::SourceChanged.into(),
        Code::Wrong => PullTrouble::Wrong.into(),
        // The sender's queue knows more, and tells it through the messenger.
        Code::Stopped | Code::Disk | Code::Busy => PullTrouble::Lost.into(),
    }
}
