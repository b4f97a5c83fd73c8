//! The run loop: one enum of wakes, one match.

use super::{Ask, Shared};
use crate::view::ErrorView;
use tokio::sync::mpsc;

pub(super) async fn spawn(shared: Shared, mut asks: mpsc::Receiver<Ask>) -> Result<(), ErrorView> {
    tokio::spawn(async move {
        while let Some(ask) = asks.recv().await {
            let _ = ask.answer.send(shared.transfers.handle(ask.command).await);
        }
    });
    Ok(())
}
