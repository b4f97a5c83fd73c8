//! Few bytes where they do (`brief/1`): a device that has a key and knows how the server greets says only that. What comes in
//! few bytes is made into what it stands for, so that nothing behind this file knows of it.

use super::{Effect, Form, RelayNews, State, Sync};
use pod_shared::capability;
use pod_shared::socket::{ClientAgain, ClientFrame, ClientHello, ServerFrame, ServerHello};
use pod_shared::sync::{SyncKey, SyncKind};

impl Sync {
    /// The first frame of the connection.
    pub(super) fn greeting(&self, sent: Option<SyncKey>) -> (Form, ClientFrame) {
        if let (Some(kept), Some(key)) = (&self.kept, sent) {
            let SyncKey { epoch, session, txn, .. } = key;
            let capabilities = capability::bits(capability::ALL);
            let again = ClientAgain { capabilities, greeting: kept.mark(), epoch, session, txn };
            return (Form::Brief, ClientFrame::Again(again));
        }
        let hello = ClientHello {
            capabilities: capability::ALL.iter().map(|name| (*name).to_owned()).collect(),
            client: self.client.to_owned(),
            device: self.device,
            key: sent,
        };
        (Form::Long, ClientFrame::Hello(hello))
    }

    /// The frame that this one stands for, or why it stands for none here.
    pub(super) fn at_length(&self, frame: ServerFrame) -> Result<ServerFrame, &'static str> {
        match (frame, &self.state) {
            (ServerFrame::Again(again), State::Greeted { form: Form::Brief, .. }) => {
                let kept = self.kept.as_ref().ok_or("a greeting came in few bytes without one before")?;
                Ok(ServerFrame::Hello(kept.again(again)))
            }
            (ServerFrame::Again(_), _) => Err("a greeting came in few bytes that was not asked for so"),
            (ServerFrame::SyncEnded(ended), State::Parts { sent: Some(sent), hello })
                if ended.0 != SyncKind::Full =>
            {
                let (epoch, session) = (sent.epoch, hello.connection);
                let key = SyncKey { epoch, session, device: self.device, txn: ended.1 };
                Ok(ServerFrame::SyncEnd { kind: ended.0, key })
            }
            (ServerFrame::SyncEnded(_), _) => Err("an end came in few bytes where it stands for none"),
            (ServerFrame::SyncPresences(people), _) => {
                let people = people.into_iter().map(|person| person.0).collect();
                Ok(ServerFrame::SyncPeople { people, mine: None })
            }
            (frame, _) => Ok(frame),
        }
    }

    /// How the server greets is kept, when it is new and the server reads what rests on it.
    pub(super) fn keep(&mut self, hello: &ServerHello, out: &mut Vec<Effect>) {
        let reads = hello.capabilities.iter().any(|name| name == capability::BRIEF);
        let greeting = reads.then(|| Box::new(ServerHello { relay: None, ..hello.clone() }));
        let mark = |greeting: &Option<Box<ServerHello>>| greeting.as_ref().map(|greeting| greeting.mark());
        if mark(&greeting) != mark(&self.kept) {
            self.kept.clone_from(&greeting);
            out.push(Effect::KeepGreeting(greeting));
        }
    }
}

/// What a frame says of the relay, if it is a greeting.
pub(super) fn relay(frame: &ServerFrame) -> RelayNews {
    if let ServerFrame::Again(again) = frame { RelayNews::Marked(again.relay) } else { RelayNews::Told }
}
