//! How things are, for a status line.

use super::run::Run;
use crate::view::{ConnectionView, StatusView};
use pod_machine::connection::State;
use pod_shared::TimeMs;

impl Run {
    pub(super) fn status(&self) -> StatusView {
        let (me, contacts_waiting, presence) = {
            let live = self.desk.live();
            (live.me.clone(), live.contacts_waiting, live.mine.clone())
        };
        StatusView {
            account: me.map(|me| me.view(self.desk.device.id())),
            connection: self.connection_view(),
            sync: self.sync,
            messages_waiting: u32::try_from(self.outgoing.waiting()).unwrap_or(u32::MAX),
            transfers_waiting: self.desk.transfers.waiting(),
            contacts_waiting,
            synced_at: self.synced_at,
            presence,
        }
    }

    fn connection_view(&self) -> ConnectionView {
        match self.connection.state() {
            // The place of secrets has not answered yet.
            State::SignedOut if self.desk.me().is_ok() => ConnectionView::Connecting,
            State::SignedOut => ConnectionView::SignedOut,
            State::Connecting { .. } => ConnectionView::Connecting,
            State::Online { .. } => ConnectionView::Online,
            State::Waiting { until_ms, reason } => {
                // Counted from the start of the engine, so that the same wait always shows the same time.
                let at = self.epoch_ms.saturating_add(i64::try_from(*until_ms).unwrap_or(i64::MAX));
                ConnectionView::Offline { retry_at: Some(TimeMs(at)), reason: reason.clone().map(Into::into) }
            }
            State::NeedsPerson { reason } => ConnectionView::NeedsPerson { reason: reason.clone().into() },
        }
    }
}
