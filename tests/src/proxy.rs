//! A TCP way between a pod and a server that can be cut, reset, stalled, slowed and delayed, and that can lose its end,
//! at once or after so many bytes.
//!
//! Its address stays the same while the server behind it is killed and started on another port. It refuses to look
//! into the bytes: what it does to them is what a network does.

mod line;
mod weather;

pub use line::{Exchange, Moved};
pub use weather::{Blow, Direction, Weather};

use crate::wait;
use line::Line;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Duration, MissedTickBehavior, interval, timeout};

/// A slow way moves its bytes in so many parts of a second.
const SLOW_PARTS: u64 = 250;
/// What is read at once; with it a slow way moves 16 MiB a second at most.
const PORTION_BYTES: usize = 64 * 1024;
/// What is lost of the end.
const TAIL_BYTES: u64 = 1024;

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
    /// How often all connections were closed, and reset. Fair weather that follows at once saves none of them.
    cuts: AtomicU64,
    resets: AtomicU64,
    up: watch::Sender<u64>,
    down: watch::Sender<u64>,
    connections: Mutex<Vec<Arc<Line>>>,
}

impl Proxy {
    /// Starts one on a free loopback port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let way = Arc::new(Way {
            target: Mutex::new(SocketAddr::from(([127, 0, 0, 1], 9))),
            weather: watch::Sender::new(Weather::Fair),
            cuts: AtomicU64::new(0),
            resets: AtomicU64::new(0),
            up: watch::Sender::new(0),
            down: watch::Sender::new(0),
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

    /// What it does from now on. Bytes until a blow are counted from now on.
    pub fn set(&self, weather: Weather) {
        let weather = match weather.plan() {
            Some((direction, bytes, blow)) => Weather::Until(direction, self.bytes(direction) + bytes, blow),
            None => weather,
        };
        self.way.turns(weather);
    }

    /// Bytes that went that way in all.
    #[must_use]
    pub fn bytes(&self, direction: Direction) -> u64 {
        *self.way.counted(direction).borrow()
    }

    /// Bytes that went up through it in all.
    #[must_use]
    pub fn bytes_up(&self) -> u64 {
        self.bytes(Direction::Up)
    }

    /// Bytes that came down through it in all.
    #[must_use]
    pub fn bytes_down(&self) -> u64 {
        self.bytes(Direction::Down)
    }

    /// Completes the moment so many bytes in all went that way.
    pub async fn passed(&self, direction: Direction, bytes: u64) {
        let mut count = self.way.counted(direction).subscribe();
        // The count lives as long as the proxy.
        let _ = count.wait_for(|count| *count >= bytes).await;
    }

    /// What each connection has moved, in the order in which they were opened; those that ended too.
    #[must_use]
    pub fn connections(&self) -> Vec<Moved> {
        let all = self.way.connections.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().map(|line| line.moved()).collect()
    }

    /// Waits until a planned cut, or another blow, has happened.
    pub async fn was_cut(&self) {
        wait::soon("the planned cut", self.cut_comes()).await;
    }

    /// Waits until a planned cut, or another blow, has happened, however long it takes.
    pub async fn cut_comes(&self) {
        let mut weather = self.way.weather.subscribe();
        let _ = weather.wait_for(|now| now.breaks() || *now == Weather::Stalled).await;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.way.turns(Weather::Cut);
        self.accept.abort();
    }
}

async fn accept(listener: TcpListener, way: Arc<Way>) {
    while let Ok((client, _)) = listener.accept().await {
        let weather = *way.weather.borrow();
        if weather.breaks() {
            if weather == Weather::Reset {
                let _ = client.set_zero_linger();
            }
            continue;
        }
        let (way, born, line) = (Arc::clone(&way), way.ended(), Arc::new(Line::default()));
        way.connections.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&line));
        tokio::spawn(async move {
            let target = *way.target.lock().unwrap_or_else(PoisonError::into_inner);
            let Ok(server) = TcpStream::connect(target).await else { return };
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            let (client_in, client_out) = client.into_split();
            let (server_in, server_out) = server.into_split();
            // Either end closing its half lets the other half finish, as TCP does; a cut ends both.
            tokio::join!(
                pump(client_in, server_out, (&way, &line, born), Direction::Up),
                pump(server_in, client_out, (&way, &line, born), Direction::Down)
            );
        });
    }
}

/// How one half of a connection ended.
enum End {
    /// Its sender closed it.
    Closed,
    Cut,
    Reset,
}

/// One half of a connection on a way that had ended all connections so often when it was made.
async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    way: (&Way, &Line, (u64, u64)),
    direction: Direction,
) {
    match carry(&mut from, &mut to, way, direction).await {
        End::Closed => drop(to.shutdown().await),
        End::Cut => {}
        End::Reset => {
            // Dropped, both sockets say that they were reset; neither says first that it ends.
            let _ = (from.as_ref().set_zero_linger(), to.as_ref().set_zero_linger());
            to.forget();
        }
    }
}

async fn carry(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    (way, line, born): (&Way, &Line, (u64, u64)),
    direction: Direction,
) -> End {
    let mut weather = way.weather.subscribe();
    let mut buffer = vec![0; PORTION_BYTES];
    let mut pace = interval(Duration::from_millis(1000 / SLOW_PARTS));
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let now = *weather.borrow_and_update();
        match way.ended() {
            (_, resets) if resets != born.1 => return End::Reset,
            (cuts, _) if cuts != born.0 => return End::Cut,
            _ => {}
        }
        let most = match now.rate(direction) {
            Some(bytes) => {
                pace.tick().await;
                usize::try_from(bytes / SLOW_PARTS).map_or(buffer.len(), |part| part.clamp(1, buffer.len()))
            }
            None => buffer.len(),
        };
        let read = match now {
            Weather::Cut => return End::Cut,
            Weather::Reset => return End::Reset,
            Weather::Stalled => {
                if weather.changed().await.is_err() {
                    return End::Cut;
                }
                continue;
            }
            Weather::Fair
            | Weather::Slow(_)
            | Weather::Throttled(_)
            | Weather::Late(_)
            | Weather::CutAfterUp(_)
            | Weather::Until(..) => tokio::select! {
                biased;
                changed = weather.changed() => match changed {
                    Ok(()) => continue,
                    Err(_) => return End::Cut,
                },
                read = from.read(&mut buffer[..most]) => read,
            },
        };
        let Ok(read @ 1..) = read else { return End::Closed };
        if let Weather::Late(ms) = now {
            let broken = weather.wait_for(|now| now.breaks());
            drop(timeout(Duration::from_millis(ms), broken).await);
        }
        line.count(direction, read);
        let portion = way.count(now, direction, read);
        let write = to.write_all(&buffer[..portion.passes]);
        // A receiver that does not read must not hold up a cut.
        let written = tokio::select! {
            written = write => written.is_ok(),
            _ = weather.wait_for(|now| now.breaks()) => continue,
        };
        if let Some(blow) = portion.blow {
            way.turns(blow.weather());
        }
        if !written {
            return End::Cut;
        }
    }
}

/// What becomes of bytes that came.
struct Portion {
    /// How many of them go on.
    passes: usize,
    /// What happens after them.
    blow: Option<Blow>,
}

impl Way {
    /// Other weather, which every connection will have met.
    fn turns(&self, weather: Weather) {
        match weather {
            Weather::Cut => _ = self.cuts.fetch_add(1, Ordering::SeqCst),
            Weather::Reset => _ = self.resets.fetch_add(1, Ordering::SeqCst),
            Weather::Fair
            | Weather::Slow(_)
            | Weather::Throttled(_)
            | Weather::Late(_)
            | Weather::Stalled
            | Weather::CutAfterUp(_)
            | Weather::Until(..) => {}
        }
        self.weather.send_replace(weather);
    }

    /// How often all connections were ended so far.
    fn ended(&self) -> (u64, u64) {
        (self.cuts.load(Ordering::SeqCst), self.resets.load(Ordering::SeqCst))
    }

    fn counted(&self, direction: Direction) -> &watch::Sender<u64> {
        match direction {
            Direction::Up => &self.up,
            Direction::Down => &self.down,
        }
    }

    /// Counts the bytes and says what becomes of them.
    fn count(&self, now: Weather, direction: Direction, bytes: usize) -> Portion {
        let mut after = 0;
        self.counted(direction).send_modify(|count| {
            *count += bytes as u64;
            after = *count;
        });
        let plan = now.plan().filter(|(of, ..)| *of == direction);
        let Some((_, limit, blow)) = plan else { return Portion { passes: bytes, blow: None } };
        let before = after - bytes as u64;
        let passes = match blow {
            Blow::Cut | Blow::Reset => limit.saturating_sub(before),
            // Nothing is lost of what was read: the connection lives on.
            Blow::Stall => bytes as u64,
            Blow::LoseTail => limit.saturating_sub(TAIL_BYTES).saturating_sub(before),
        };
        let passes = usize::try_from(passes).map_or(bytes, |passes| passes.min(bytes));
        Portion { passes, blow: (after >= limit).then_some(blow) }
    }
}
