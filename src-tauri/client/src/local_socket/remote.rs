//! The other side of the local socket: an engine that runs in another process.

use super::{Question, Reply, VERSION, line, place};
use crate::command::{Answer, Command};
use crate::event::Event;
use crate::view::ErrorView;
use interprocess::local_socket::tokio::Stream;
use interprocess::local_socket::tokio::prelude::*;
use pod_shared::ErrorCode;
use std::collections::VecDeque;
use std::path::Path;
use tokio::io::{BufReader, ReadHalf, WriteHalf};

/// Events kept while an answer is awaited.
const EVENTS_MAX: usize = 4_096;

/// A connection to a running engine.
pub struct Remote {
    reader: BufReader<ReadHalf<Stream>>,
    writer: WriteHalf<Stream>,
    events: VecDeque<Event>,
    number: u64,
}

impl Remote {
    /// Connects to the engine that runs on a profile; nothing: none does.
    ///
    /// # Errors
    /// When an engine of another version runs there.
    pub async fn connect(profile: &Path) -> Result<Option<Self>, ErrorView> {
        let profile = profile.to_owned();
        let named = move || -> Result<_, ErrorView> {
            if !profile.exists() {
                return Ok(None);
            }
            place::name(&place::canonical(&profile)?).map(Some)
        };
        let name = tokio::task::spawn_blocking(named).await.map_err(|_| ErrorView::stopped())??;
        let Some(name) = name else { return Ok(None) };
        let Ok(stream) = Stream::connect(name).await else { return Ok(None) };
        let (reader, writer) = tokio::io::split(stream);
        let mut remote = Self { reader: BufReader::new(reader), writer, events: VecDeque::new(), number: 0 };
        match line::read::<Reply>(&mut remote.reader).await {
            Ok(Some(Reply::Hello { version: VERSION })) => Ok(Some(remote)),
            Ok(Some(_)) => Err(ErrorView::new(
                ErrorCode::UnsupportedVersion,
                "another version of Pod runs on this profile",
            )),
            // It is just ending.
            Ok(None) | Err(_) => Ok(None),
        }
    }

    /// Does what is asked, in the other process.
    ///
    /// # Errors
    /// Why it was not done; `unavailable` when the engine ended.
    pub async fn run(&mut self, command: Command) -> Result<Answer, ErrorView> {
        self.number += 1;
        let asked = self.number;
        let question = Question::Run { number: asked, command };
        line::write(&mut self.writer, &question).await.map_err(|_| ErrorView::stopped())?;
        loop {
            match self.reply().await? {
                Reply::Answer { number, result } if number == asked => return result,
                Reply::Event(event) => self.keep(event),
                Reply::Hello { .. } | Reply::Answer { .. } | Reply::Following => {}
            }
        }
    }

    /// From now on events are told; answers when that is so.
    ///
    /// # Errors
    /// `unavailable` when the engine ended.
    pub async fn follow(&mut self) -> Result<(), ErrorView> {
        line::write(&mut self.writer, &Question::Follow).await.map_err(|_| ErrorView::stopped())?;
        while !matches!(self.reply().await?, Reply::Following) {}
        Ok(())
    }

    /// The next event; nothing: the engine has ended.
    pub async fn next_event(&mut self) -> Option<Event> {
        if let Some(event) = self.events.pop_front() {
            return Some(event);
        }
        loop {
            match self.reply().await.ok()? {
                Reply::Event(event) => return Some(event),
                Reply::Hello { .. } | Reply::Answer { .. } | Reply::Following => {}
            }
        }
    }

    fn keep(&mut self, event: Event) {
        if self.events.len() >= EVENTS_MAX {
            self.events.clear();
            self.events.push_back(Event::Lagged);
        }
        self.events.push_back(event);
    }

    async fn reply(&mut self) -> Result<Reply, ErrorView> {
        match line::read(&mut self.reader).await {
            Ok(Some(reply)) => Ok(reply),
            Ok(None) | Err(_) => Err(ErrorView::stopped()),
        }
    }
}
