//! The engine's side of the local socket.
//!
//! Lives as long as the engine: it holds no [`Pod`], so that the last one elsewhere still ends the engine, and lets the
//! profile's lock go when the engine has stopped.

use super::{Lock, Question, Reply, VERSION, line, place};
use crate::event::Event;
use crate::handle::WeakPod;
use crate::view::ErrorView;
use interprocess::local_socket::ListenerOptions;
use interprocess::local_socket::tokio::prelude::*;
use interprocess::local_socket::tokio::{Listener, Stream};
use pod_shared::ErrorCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::BufReader;
use tokio::sync::{Semaphore, broadcast, mpsc};

/// Connections at once.
const CONNECTIONS_MAX: usize = 32;
/// Lines that wait for one connection; who reads slower loses events and is told so.
const LINES_MAX: usize = 256;

/// Listens until the engine has stopped.
pub(crate) async fn listen(
    lock: Lock,
    pod: WeakPod,
    mut events: broadcast::Receiver<Event>,
) -> Result<(), ErrorView> {
    let profile = lock.profile().to_owned();
    let opened = tokio::task::spawn_blocking(move || open(&profile)).await;
    let options = opened.map_err(|_| ErrorView::stopped())??;
    let listener = options.create_tokio()?;
    tokio::spawn(async move {
        let _lock = lock;
        let seats = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        loop {
            tokio::select! {
                event = events.recv() => match event {
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                accepted = accept(&listener, &seats) => if let Some((stream, seat)) = accepted {
                    let (pod, events) = (pod.clone(), events.resubscribe());
                    tokio::spawn(async move {
                        let _seat = seat;
                        if let Err(error) = serve(stream, pod, events).await {
                            tracing::debug!(kind = %error.kind(), "a local connection ended");
                        }
                    });
                },
            }
        }
    });
    Ok(())
}

/// The lock is held, so a socket that is there already is left from an engine that was killed.
fn open(profile: &std::path::Path) -> Result<ListenerOptions<'static>, ErrorView> {
    let options = ListenerOptions::new().name(place::name(profile)?);
    #[cfg(unix)]
    let options = {
        use interprocess::os::unix::local_socket::ListenerOptionsExt;
        match std::fs::remove_file(place::socket_path(profile)?) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        options.mode(0o600)
    };
    Ok(options)
}

async fn accept(
    listener: &Listener,
    seats: &Arc<Semaphore>,
) -> Option<(Stream, tokio::sync::OwnedSemaphorePermit)> {
    let seat = Arc::clone(seats).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok(stream) => Some((stream, seat)),
        Err(error) => {
            tracing::warn!(kind = %error.kind(), "a local connection could not be taken");
            // Out of file handles: trying again at once would only burn time.
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

async fn serve(stream: Stream, pod: WeakPod, events: broadcast::Receiver<Event>) -> std::io::Result<()> {
    let (mut reader, mut writer) = (BufReader::new(&stream), &stream);
    let (lines, mut queue) = mpsc::channel::<Vec<u8>>(LINES_MAX);
    let stopped = engine_ended(events.resubscribe());
    let hello = line::of(&Reply::Hello { version: VERSION })?;
    let write = async move {
        use tokio::io::AsyncWriteExt;
        writer.write_all(&hello).await?;
        while let Some(line) = queue.recv().await {
            writer.write_all(&line).await?;
        }
        Ok::<(), std::io::Error>(())
    };
    let read = async move {
        let mut events = Some(events);
        let mut tasks = tokio::task::JoinSet::new();
        while let Some(question) = line::read::<Question>(&mut reader).await? {
            match question {
                Question::Run { number, command } => {
                    let (pod, lines) = (pod.clone(), lines.clone());
                    tasks.spawn(async move {
                        let result = match pod.upgrade() {
                            Some(pod) => pod.run(command).await,
                            None => Err(ErrorView::stopped()),
                        };
                        let line = line::of(&Reply::Answer { number, result }).or_else(|_| {
                            let error = ErrorView::new(ErrorCode::TooLarge, "the answer is too long");
                            line::of(&Reply::Answer { number, result: Err(error) })
                        });
                        if let Ok(line) = line {
                            // Who asked may have gone.
                            let _ = lines.send(line).await;
                        }
                    });
                }
                Question::Follow => {
                    if let Some(events) = events.take() {
                        tasks.spawn(tell(events.resubscribe(), lines.clone()));
                    }
                }
            }
        }
        Ok::<(), std::io::Error>(())
    };
    tokio::select! {
        ended = read => ended,
        ended = write => ended,
        () = stopped => Ok(()),
    }
}

/// Completes when the engine has stopped.
async fn engine_ended(mut events: broadcast::Receiver<Event>) {
    while !matches!(events.recv().await, Err(broadcast::error::RecvError::Closed)) {}
}

/// Passes events on; in place of those that a slow reader missed it says that some are missing.
async fn tell(mut events: broadcast::Receiver<Event>, lines: mpsc::Sender<Vec<u8>>) {
    let mut reply = Reply::Following;
    loop {
        let Ok(line) = line::of(&reply) else { return };
        if lines.send(line).await.is_err() {
            return;
        }
        reply = match events.recv().await {
            Ok(event) => Reply::Event(event),
            Err(broadcast::error::RecvError::Lagged(_)) => Reply::Event(Event::Lagged),
            Err(broadcast::error::RecvError::Closed) => return,
        };
    }
}
