//! A thousand people at a pod-server who are contacts of one, each on a connection of their own; and that one's other
//! computer, which sees them all.

use crate::account::Account;
use crate::host::pass;
use crate::socket::Socket;
use anyhow::Context;
use pod_shared::AccountId;
use pod_shared::contact::{ContactAnswer, ContactRequest};
use pod_shared::presence::{MyPresence, PersonPresence, PresenceChoice, PresenceState};
use pod_shared::socket::{Request, ServerFrame};
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// Requests that wait for one person's answer at once, below the limit of the server.
const ASKED_AT_ONCE: usize = 500;
/// What is not done after this long will not be.
const PATIENCE: Duration = Duration::from_secs(120);
/// A server that is away is looked for this often.
const AGAIN: Duration = Duration::from_millis(100);

/// How everybody is, as the observer has heard.
pub(super) type Seen = HashMap<AccountId, PresenceState>;

struct Ask(Request, oneshot::Sender<anyhow::Result<()>>);

/// The people.
pub(super) struct Crowd {
    people: Vec<(AccountId, mpsc::Sender<Ask>)>,
    seen: watch::Receiver<Seen>,
    here: watch::Sender<usize>,
    tasks: Vec<JoinHandle<()>>,
    /// Who is busy: the first so many were changed last.
    busy: Vec<bool>,
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Crowd {
    /// Opens a connection for each, and makes all contacts of the first.
    pub(super) async fn gather(accounts: &[Account]) -> anyhow::Result<Self> {
        let (one, others) = accounts.split_first().context("nobody")?;
        let (here, mut tasks, mut people) = (watch::Sender::new(0), Vec::new(), Vec::new());
        for account in others {
            let (asks, queue) = mpsc::channel(4);
            tasks.push(tokio::spawn(person(account.clone(), queue, here.clone())));
            people.push((account.id, asks));
        }
        let mut observer = Socket::open(one).await?;
        for some in people.chunks(ASKED_AT_ONCE) {
            for (_, asks) in some {
                let request = ContactRequest::Ask { account: one.id, text: String::new(), round: 1 };
                ask(asks, Request::Contact(request)).await?;
            }
            for (account, _) in some {
                let how = ContactAnswer::Accept;
                let answer = ContactRequest::Answer { account: *account, round: 1, how };
                observer.request(Request::Contact(answer)).await?;
            }
        }
        drop(observer);
        let (seen, heard) = watch::channel(Seen::new());
        tasks.push(tokio::spawn(observe(one.clone(), seen)));
        let busy = vec![false; people.len()];
        let crowd = Self { people, seen: heard, here, tasks, busy };
        crowd.are_seen().await?;
        Ok(crowd)
    }

    /// The first so many are seen otherwise than before.
    pub(super) async fn change(&mut self, count: usize) -> anyhow::Result<()> {
        for ((_, asks), busy) in self.people.iter().zip(&mut self.busy).take(count) {
            *busy = !*busy;
            let state = if *busy { PresenceChoice::Busy } else { PresenceChoice::Here };
            ask(asks, Request::Presence(MyPresence { state, ..MyPresence::default() })).await?;
        }
        self.are_seen().await
    }

    /// The server was started anew: everybody comes back.
    pub(super) async fn come_back(&self) -> anyhow::Result<()> {
        let mut here = self.here.subscribe();
        let all = here.wait_for(|here| *here == self.people.len());
        tokio::time::timeout(PATIENCE, all).await.context("not everybody came back")??;
        self.are_seen().await
    }

    /// Who is busy now, in how many.
    pub(super) fn busy(&self) -> usize {
        self.busy.iter().filter(|busy| **busy).count()
    }

    /// Waits until the observer sees everybody as they are.
    async fn are_seen(&self) -> anyhow::Result<()> {
        let mut seen = self.seen.clone();
        let as_they_are = |seen: &Seen| {
            self.people.iter().zip(&self.busy).all(|((account, _), busy)| {
                let state = if *busy { PresenceState::Busy } else { PresenceState::Here };
                seen.get(account) == Some(&state)
            })
        };
        tokio::time::timeout(PATIENCE, seen.wait_for(as_they_are))
            .await
            .context("not everybody is seen")??;
        Ok(())
    }
}

async fn ask(asks: &mpsc::Sender<Ask>, request: Request) -> anyhow::Result<()> {
    let (answer, answered) = oneshot::channel();
    asks.send(Ask(request, answer)).await?;
    answered.await?
}

/// Holds a connection, opens another when it ends, and asks what is wanted.
async fn person(account: Account, mut queue: mpsc::Receiver<Ask>, here: watch::Sender<usize>) {
    loop {
        let Ok(mut socket) = Socket::open(&account).await else {
            pass(AGAIN).await;
            continue;
        };
        here.send_modify(|here| *here += 1);
        let ended = loop {
            tokio::select! {
                frame = socket.next() => if frame.is_err() { break true },
                wanted = queue.recv() => {
                    let Some(Ask(request, answer)) = wanted else { break false };
                    // Nobody may wait any more.
                    let _ = answer.send(socket.request(request).await.map(|_| ()));
                }
            }
        };
        here.send_modify(|here| *here -= 1);
        if !ended {
            return;
        }
    }
}

/// Hears of everybody, from the beginning and as it comes.
async fn observe(account: Account, seen: watch::Sender<Seen>) {
    loop {
        let heard = |frame: ServerFrame| {
            let people: Vec<PersonPresence> = if let ServerFrame::SyncPresences(people) = frame {
                people.into_iter().map(|person| person.0).collect()
            } else if let ServerFrame::SyncPeople { people, .. } | ServerFrame::Presence { people, .. } =
                frame
            {
                people
            } else {
                return;
            };
            seen.send_modify(|seen| {
                seen.extend(people.into_iter().map(|person| (person.account, person.presence.state)));
            });
        };
        if let Ok(mut socket) = Socket::open_with(&account, &heard).await {
            while let Ok(frame) = socket.next().await {
                heard(frame);
            }
        }
        pass(AGAIN).await;
    }
}
