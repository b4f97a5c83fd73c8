//! Offers from person to person.

use super::args::offers::{Accept, Offer};
use super::end::{End, unexpected};
use super::find;
use super::human;
use super::out::{Out, with_id};
use super::session::Session;
use super::transfers;
use pod_client::command::{Answer, Command, TransferCommand};
use pod_client::view::{OfferView, TransferView};
use std::path::PathBuf;

/// Offers files, and waits until each is taken, or safe at the server.
pub(crate) async fn offer(session: &mut Session, out: &Out, asked: Offer) -> Result<(), End> {
    let to = find::person(session, &asked.person).await?;
    // The engine may run in another folder than this command.
    let paths = asked.files.iter().map(std::path::absolute).collect::<Result<Vec<PathBuf>, _>>()?;
    let command = Command::AboutTransfers(TransferCommand::Offer { to, paths });
    let Answer::Transfers(views) = session.run(command).await? else { return Err(unexpected()) };
    transfers::until_over(session, out, views).await
}

/// What waits for an answer.
pub(crate) async fn list(session: &mut Session, out: &Out) -> Result<(), End> {
    session.settle().await?;
    let offers = waiting(session).await?;
    let row = |offer: &OfferView| {
        let cells = vec![
            offer.name.clone(),
            human::bytes(offer.bytes),
            offer.from.name.clone(),
            human::when(offer.at),
            offer.offer.to_string(),
        ];
        (with_id(&offer.offer.to_string(), offer), cells)
    };
    let heading = ["FILE", "SIZE", "FROM", "WHEN", "ID"];
    out.table(&heading, offers.iter().map(row).collect(), "Nobody offers anything.");
    Ok(())
}

async fn waiting(session: &mut Session) -> Result<Vec<OfferView>, End> {
    let Answer::Offers(offers) = session.run(Command::AboutTransfers(TransferCommand::Offers)).await? else {
        return Err(unexpected());
    };
    Ok(offers)
}

/// Takes an offer, and waits until the file is here.
pub(crate) async fn accept(session: &mut Session, out: &Out, asked: Accept) -> Result<(), End> {
    session.settle().await?;
    let offer = find::offer(waiting(session).await?, &asked.offer)?.offer;
    let folder = asked.to.map(std::path::absolute).transpose()?;
    let command = TransferCommand::OfferAccept { offers: vec![offer], always: asked.always, folder };
    session.run(Command::AboutTransfers(command)).await?;
    let all = transfers::all(session).await?;
    let taken: Vec<TransferView> = all.into_iter().filter(|view| view.offer == Some(offer)).collect();
    transfers::until_over(session, out, taken).await
}

/// Does not take an offer.
pub(crate) async fn decline(session: &mut Session, out: &Out, text: &str) -> Result<(), End> {
    session.settle().await?;
    let offer = find::offer(waiting(session).await?, text)?;
    let command = TransferCommand::OfferDecline { offers: vec![offer.offer] };
    session.run(Command::AboutTransfers(command)).await?;
    out.say(&with_id(&offer.offer.to_string(), &offer), || "Declined.".to_owned());
    Ok(())
}
