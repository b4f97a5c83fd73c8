//! A server, two people, twenty rooms of which two are long, and a profile whose cache holds all of it.

use super::probe::Run;
use crate::account::people;
use crate::host::Process;
use crate::socket::Socket;
use anyhow::{Context, ensure};
use pod_shared::envelope::Envelope;
use pod_shared::socket::{ClientFrame, SendMessage, ServerFrame};
use pod_shared::{MessageId, RoomId};
use pod_tests::desktop::{Screen, Seat};
use pod_tests::process::program;
use std::process::Stdio;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use uuid::Uuid;

/// Rooms.
pub(super) const ROOMS: usize = 20;
/// Messages in each of the two long ones.
pub(super) const MESSAGES: usize = 10_000;
/// Messages in each of the others.
const FEW: usize = 30;
/// Sent before the next answers are waited for.
const WINDOW: usize = 64;

/// The stage.
pub(super) struct Stage {
    _server: Process,
    screen: Screen,
    seat: Seat,
    pub(super) rooms: Vec<RoomId>,
    pub(super) long: (RoomId, RoomId),
}

impl Stage {
    /// Everything is on the server and in the cache of the profile when this answers.
    pub(super) async fn set() -> anyhow::Result<Self> {
        let server = Process::pod_server()?;
        let people = people(&server.address, 2).await?;
        let (reader, writer) = (people.first().context("nobody")?, people.get(1).context("nobody")?);
        let screen = Screen::start("bench").await;
        let seat = Seat::new(&screen, "reader");
        sign_in(&seat, &server.address).await?;
        // The engine runs while all is said, so that its cache holds every message.
        let mut engine = cli(&seat, &["watch"]).stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let mut rooms = Vec::new();
        for number in 0..ROOMS {
            let room = writer.room(vec![reader.id]).await?;
            let long = number + 2 >= ROOMS;
            say(&mut Socket::open(writer).await?, room, if long { MESSAGES } else { FEW }).await?;
            rooms.push(room);
        }
        let long = (rooms[ROOMS - 2], rooms[ROOMS - 1]);
        for room in [long.0, long.1] {
            cached(&seat, room).await?;
        }
        engine.kill().await?;
        cli(&seat, &["settings", "set", "rooms.open", "list"]).output().await?;
        Ok(Self { _server: server, screen, seat, rooms, long })
    }

    /// Pod on the profile.
    pub(super) async fn pod(&self) -> anyhow::Result<Run> {
        Run::start(&program("pod"), &[], &self.seat).await
    }

    /// The empty page, on a profile of its own.
    pub(super) async fn blank(&self) -> anyhow::Result<Run> {
        let path = program("pod").with_file_name("examples").join("blank");
        ensure!(
            path.exists(),
            "{} is not built: run scripts/bench.sh, or cargo build --workspace --bins --example blank",
            path.display()
        );
        let folder = self.seat.home().join("blank").display().to_string();
        Run::start(&path, &[folder], &self.seat).await
    }

    /// Ends the screen.
    pub(super) async fn end(self) {
        self.screen.end().await;
    }
}

fn cli(seat: &Seat, words: &[&str]) -> Command {
    let mut command = Command::new(program("pod-cli"));
    command.envs(seat.env().iter().map(|(name, value)| (name, value)));
    command.arg("--profile").arg(seat.home().join("profile")).arg("--json").args(words).kill_on_drop(true);
    command
}

async fn sign_in(seat: &Seat, server: &str) -> anyhow::Result<()> {
    let mut child = cli(seat, &["sign-in", "--server", server, "--name", "person0"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    child.stdin.take().context("no input")?.write_all(b"correct horse battery\n").await?;
    let output = child.wait_with_output().await?;
    ensure!(output.status.success(), "sign-in: {}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

/// Sends numbered messages, a window at a time.
async fn say(socket: &mut Socket, room: RoomId, count: usize) -> anyhow::Result<()> {
    let (mut sent, mut accepted) = (0, 0);
    while accepted < count {
        while sent < count && sent - accepted < WINDOW {
            let text =
                format!("Message {sent} of a long talk about the fair, the stalls and who brings what.");
            let message = SendMessage {
                id: MessageId(Uuid::now_v7()),
                room,
                body: Envelope::text(text).seal()?,
                about: None,
            };
            socket.feed(&ClientFrame::Send(message)).await?;
            sent += 1;
        }
        socket.flush().await?;
        let frame = socket.next().await?;
        if let ServerFrame::Refused { error, .. } = &frame {
            anyhow::bail!("a message was refused: {error:?}");
        }
        accepted += usize::from(matches!(frame, ServerFrame::Accepted { .. }));
    }
    Ok(())
}

/// Waits until the newest message of a long room is in the profile's cache.
async fn cached(seat: &Seat, room: RoomId) -> anyhow::Result<()> {
    let last = format!("Message {} of", MESSAGES - 1);
    pod_tests::wait::deadline(pod_tests::wait::STEP * 4, async || {
        let output = cli(seat, &["log", &room.to_string(), "--limit", "1"]).output().await.ok()?;
        String::from_utf8_lossy(&output.stdout).contains(&last).then_some(())
    })
    .await
    .context("the messages did not reach the cache")
}
