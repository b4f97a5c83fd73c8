//! A TCP way between a pod and a server that can be cut, stalled, or cut after so many bytes.
//!
//! Its address stays the same while the server behind it is killed and started on another port. It refuses to look
//! into the bytes: what it does to them is what a network does.

use crate::wait;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Duration, MissedTickBehavior, interval};

/// A slow way moves its bytes in so many parts of a second.
const SLOW_PARTS: u64 = 100;

/// What the way does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// Bytes go through.
    Fair,
    /// So many bytes in a second go up through each connection; down goes all.
    Slow(u64),
    /// Connections stay open and no byte moves: a dead network that nobody noticed.
    Stalled,
    /// All connections are closed, and new ones at once.
    Cut,
    /// Goes through until so many bytes in all went up, then as `Cut`.
    CutAfterUp(u64),
}

/// The proxy; its connections end when it is dropped.
#[derive(Debug)]
pub struct Proxy {
    way: Arc<Way>,
    address: SocketAddr,
    accept: JoinHandle<()>,
}

#[derive(Debug)]
struct Way {
    target: Mutex<SocketAddr>,
    weather: watch::Sender<Weather>,
    up: AtomicU64,
    down: AtomicU64,
    connections: Mutex<Vec<Arc<Line>>>,
}

/// What one connection has moved.
#[derive(Debug, Default)]
struct Line {
    up: AtomicU64,
    down: AtomicU64,
    exchanges: Mutex<Vec<Exchange>>,
    answered: AtomicBool,
}

/// A question and its answer, where one waits for the other: what went up until something else went up after an answer.
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// When its first byte went up.
    pub begun: Instant,
    /// Bytes up.
    pub up: u64,
    /// Bytes down.
    pub down: u64,
}

/// What one connection has moved so far.
#[derive(Clone, Debug, Default)]
pub struct Moved {
    /// Bytes up.
    pub up: u64,
    /// Bytes down.
    pub down: u64,
    /// Its round trips, oldest first.
    pub exchanges: Vec<Exchange>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

impl Proxy {
    /// Starts one on a free loopback port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (weather, _) = watch::channel(Weather::Fair);
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 9));
        let way = Arc::new(Way {
            target: Mutex::new(nowhere),
            weather,
            up: AtomicU64::new(0),
            down: AtomicU64::new(0),
            connections: Mutex::default(),
        });
        let accept = tokio::spawn(accept(listener, Arc::clone(&way)));
        Self { way, address, accept }
    }

    /// Where clients go.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where clients go, as host and port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it leads from now on.
    pub fn lead_to(&self, target: SocketAddr) {
        *self.way.target.lock().unwrap_or_else(PoisonError::into_inner) = target;
    }

    /// What it does from now on.
    pub fn set(&self, weather: Weather) {
        let weather = match weather {
            Weather::CutAfterUp(bytes) => Weather::CutAfterUp(self.bytes_up() + bytes),
            Weather::Fair | Weather::Slow(_) | Weather::Stalled | Weather::Cut => weather,
        };
        self.way.weather.send_replace(weather);
    }

    /// Bytes that went up through it in all.
    #[must_use]
    pub fn bytes_up(&self) -> u64 {
        self.way.up.load(Ordering::SeqCst)
    }

    /// Bytes that came down through it in all.
    #[must_use]
    pub fn bytes_down(&self) -> u64 {
        self.way.down.load(Ordering::SeqCst)
    }

    /// What each connection has moved, in the order in which they were opened; those that ended too.
    #[must_use]
    pub fn connections(&self) -> Vec<Moved> {
        let all = self.way.connections.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().map(|line| line.moved()).collect()
    }

    /// Waits until a planned cut has happened.
    pub async fn was_cut(&self) {
        wait::soon("the planned cut", self.cut_comes()).await;
    }

    /// Waits until a planned cut has happened, however long it takes.
    pub async fn cut_comes(&self) {
        let mut weather = self.way.weather.subscribe();
        let _ = weather.wait_for(|now| *now == Weather::Cut).await;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.way.weather.send_replace(Weather::Cut);
        self.accept.abort();
    }
}

async fn accept(listener: TcpListener, way: Arc<Way>) {
    while let Ok((client, _)) = listener.accept().await {
        if *way.weather.borrow() == Weather::Cut {
            continue;
        }
        let (way, line) = (Arc::clone(&way), Arc::new(Line::default()));
        way.connections.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&line));
        tokio::spawn(async move {
            let target = *way.target.lock().unwrap_or_else(PoisonError::into_inner);
            let Ok(server) = TcpStream::connect(target).await else { return };
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            let (client_in, client_out) = client.into_split();
            let (server_in, server_out) = server.into_split();
            // Either end closing its half lets the other half finish, as TCP does; a cut ends both.
            tokio::join!(
                pump(client_in, server_out, &way, &line, Direction::Up),
                pump(server_in, client_out, &way, &line, Direction::Down)
            );
        });
    }
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, way: &Way, line: &Line, direction: Direction) {
    let mut weather = way.weather.subscribe();
    let mut buffer = vec![0; 64 * 1024];
    let mut pace = interval(Duration::from_millis(1000 / SLOW_PARTS));
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let now = *weather.borrow_and_update();
        let most = match (now, direction) {
            (Weather::Slow(bytes), Direction::Up) => {
                pace.tick().await;
                usize::try_from(bytes / SLOW_PARTS).map_or(buffer.len(), |part| part.clamp(1, buffer.len()))
            }
            (
                Weather::Fair | Weather::Slow(_) | Weather::Stalled | Weather::Cut | Weather::CutAfterUp(_),
                Direction::Up | Direction::Down,
            ) => buffer.len(),
        };
        let read = match now {
            Weather::Cut => return,
            Weather::Stalled => {
                if weather.changed().await.is_err() {
                    return;
                }
                continue;
            }
            Weather::Fair | Weather::Slow(_) | Weather::CutAfterUp(_) => tokio::select! {
                biased;
                changed = weather.changed() => match changed {
                    Ok(()) => continue,
                    Err(_) => return,
                },
                read = from.read(&mut buffer[..most]) => read,
            },
        };
        let Ok(read @ 1..) = read else {
            let _ = to.shutdown().await;
            return;
        };
        line.count(direction, read);
        let allowed = way.count(now, direction, read);
        let write = to.write_all(&buffer[..allowed]);
        // A receiver that does not read must not hold up a cut.
        let written = tokio::select! {
            written = write => written.is_ok(),
            _ = weather.wait_for(|now| *now == Weather::Cut) => false,
        };
        if !written {
            return;
        }
        if allowed < read {
            way.weather.send_replace(Weather::Cut);
            return;
        }
    }
}

impl Way {
    /// Counts the bytes and says how many of them may still go through.
    fn count(&self, now: Weather, direction: Direction, bytes: usize) -> usize {
        if direction == Direction::Down {
            self.down.fetch_add(bytes as u64, Ordering::SeqCst);
            return bytes;
        }
        let before = self.up.fetch_add(bytes as u64, Ordering::SeqCst);
        match now {
            Weather::CutAfterUp(limit) => {
                usize::try_from(limit.saturating_sub(before)).map_or(bytes, |n| n.min(bytes))
            }
            Weather::Fair | Weather::Slow(_) | Weather::Stalled | Weather::Cut => bytes,
        }
    }
}

impl Line {
    fn count(&self, direction: Direction, bytes: usize) {
        match direction {
            Direction::Up => {
                self.up.fetch_add(bytes as u64, Ordering::SeqCst);
                let mut exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
                if self.answered.swap(false, Ordering::SeqCst) || exchanges.is_empty() {
                    exchanges.push(Exchange { begun: Instant::now(), up: 0, down: 0 });
                }
                if let Some(last) = exchanges.last_mut() {
                    last.up += bytes as u64;
                }
            }
            Direction::Down => {
                self.down.fetch_add(bytes as u64, Ordering::SeqCst);
                self.answered.store(true, Ordering::SeqCst);
                let mut exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(last) = exchanges.last_mut() {
                    last.down += bytes as u64;
                }
            }
        }
    }

    fn moved(&self) -> Moved {
        let read = |count: &AtomicU64| count.load(Ordering::SeqCst);
        let exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Moved { up: read(&self.up), down: read(&self.down), exchanges }
    }
}
