//! Comments and ratings of files.

use super::end::{End, unexpected};
use super::files::changed;
use super::find;
use super::human;
use super::out::{Out, with_id};
use super::session::Session;
use pod_client::command::{Answer, Command, FileCommand};
use pod_client::view::{CommentView, RatingView};
use pod_shared::RoomId;

pub(crate) async fn list(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    name: &str,
    limit: u32,
) -> Result<(), End> {
    let entry = find::entry(session, room, name).await?;
    session.online().await?;
    let asked = Command::AboutFiles(FileCommand::Comments { entry, before: None, limit });
    let Answer::Comments(view) = session.run(asked).await? else { return Err(unexpected()) };
    let row = |comment: &CommentView| {
        let text = comment.text.clone().unwrap_or_else(|| "(deleted)".to_owned());
        (with_id(&comment.id, comment), vec![human::when(comment.at), comment.by_name.clone(), text])
    };
    let rows = view.comments.iter().rev().map(row).collect();
    out.table(&["AT", "BY", "COMMENT"], rows, "Nobody has said anything about it.");
    Ok(())
}

pub(crate) async fn say(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    name: &str,
    (text, to): (String, Vec<String>),
) -> Result<(), End> {
    let entry = find::entry(session, room, name).await?;
    let mut mentions = Vec::with_capacity(to.len());
    for person in &to {
        mentions.push(find::member(session, room, person).await?);
    }
    let asked = Command::AboutFiles(FileCommand::Comment { entry, text, mentions, reply: None });
    changed(session, out, entry, asked, "Said.").await
}

/// Stars as a person types them: 1 to 5 in half steps, or `none`.
pub(crate) async fn rate(
    session: &mut Session,
    out: &Out,
    room: RoomId,
    name: &str,
    stars: &str,
) -> Result<(), End> {
    let halves =
        match stars {
            "none" => None,
            text => Some(halves(text).ok_or_else(|| {
                End::Usage("Stars are 1 to 5 in half steps, like 3.5, or `none`.".to_owned())
            })?),
        };
    let entry = find::entry(session, room, name).await?;
    changed(session, out, entry, Command::AboutFiles(FileCommand::Rate { entry, halves }), "Rated.").await
}

fn halves(text: &str) -> Option<u8> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let half = match rest {
        "0" => 0,
        "5" => 1,
        _ => return None,
    };
    whole.parse::<u8>().ok()?.checked_mul(2)?.checked_add(half)
}

pub(crate) async fn ratings(session: &mut Session, out: &Out, room: RoomId, name: &str) -> Result<(), End> {
    let entry = find::entry(session, room, name).await?;
    session.online().await?;
    let asked = Command::AboutFiles(FileCommand::Ratings { entry });
    let Answer::Ratings(all) = session.run(asked).await? else { return Err(unexpected()) };
    let row = |rating: &RatingView| {
        let stars = format!("{}.{}", rating.halves / 2, rating.halves % 2 * 5);
        (with_id(&rating.by, rating), vec![stars, rating.by_name.clone()])
    };
    out.table(&["STARS", "BY"], all.iter().map(row).collect(), "Nobody has rated it.");
    Ok(())
}
