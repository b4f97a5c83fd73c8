//! What a greeting says of the server, as far as the loop needs it. The relay's pass is a secret and never kept on disk: a
//! greeting in few bytes only names it by its mark, and whoever knows another asks for it, behind the sync.

use super::run::Run;
use super::wake::Wake;
use pod_machine::sync::{Greeted, RelayNews};
use pod_shared::capability;
use pod_shared::offer::RelayInfo;
use pod_shared::socket::{Answer, Request};

/// The relay that this pod knows.
#[derive(Default)]
pub(super) struct Known {
    /// Its mark; 0: none.
    mark: u64,
    /// The server has another.
    wanted: bool,
}

impl Run {
    pub(super) fn greeted(&mut self, Greeted { hello, relay }: Greeted) {
        tracing::debug!(connection = %hello.connection, "greeted");
        let follow = hello.capabilities.iter().any(|name| name == capability::SETTINGS);
        self.desk.live().settings_follow = follow;
        match relay {
            RelayNews::Told => self.relay_is(hello.relay),
            RelayNews::Marked(0) => self.relay_is(None),
            RelayNews::Marked(mark) => self.relay.wanted = mark != self.relay.mark,
        }
    }

    pub(super) fn relay_is(&mut self, relay: Option<RelayInfo>) {
        self.relay = Known { mark: relay.as_ref().map_or(0, RelayInfo::mark), wanted: false };
        self.desk.transfers.direct().relay(relay);
    }

    pub(super) fn ask_for_relay(&mut self) {
        if !std::mem::take(&mut self.relay.wanted) {
            return;
        }
        let desk = self.desk.clone();
        tokio::spawn(async move {
            match desk.request(Request::Relay {}).await {
                Ok(answer) => {
                    if let Answer::Relay { relay } = answer {
                        let _ = desk.wake(Wake::Relay(relay)).await;
                    }
                }
                Err(error) => {
                    tracing::info!(code = %error.code, "the relay is asked for with the next connection")
                }
            }
        });
    }
}
