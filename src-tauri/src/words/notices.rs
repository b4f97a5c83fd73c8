//! What a notification says, by language: a title and a text. Nothing: it is not worth one any more.

use super::Language;
use pod_client::view::{
    Item, ItemKind, NoticeAbout, NoticeKind, NoticeView, OfferAsks, OfferView, RoomName, UploadPhase,
};
use pod_shared::content::ActivityKind;

#[cfg(test)]
mod tests;

/// The longest text in a notification; systems cut at about this length themselves.
const TEXT_CHARS_MAX: usize = 240;

/// The title and the text of a notice.
pub(crate) fn notice(notice: &NoticeView, language: Language) -> Option<(String, String)> {
    match &notice.about {
        NoticeAbout::Item { title, item, more, .. } => {
            let said = sentence(item, notice.kind, language)?;
            let body = if *more == 0 { said } else { format!("{said}\n{}", before(*more, language)) };
            let title =
                if title.is_empty() { item.by_name.clone() } else { format!("{} · {title}", item.by_name) };
            Some((title, body))
        }
        NoticeAbout::Contact { person } => {
            let text = person.contact.as_ref().map(|contact| short(&contact.text)).unwrap_or_default();
            Some((contact_asks(&person.display_name, language), text))
        }
        NoticeAbout::Offers { offers } => {
            let names = offers.iter().map(|offer| offer.name.as_str()).collect::<Vec<_>>().join(", ");
            Some((offered(offers, language), short(&names)))
        }
        NoticeAbout::Summary { messages, mentions, files, changes, requests, offers, rooms, room_count } => {
            let counts = [*messages, *mentions, *files, *changes, *requests, *offers];
            let places = places(rooms, *room_count, language);
            let title = match language {
                Language::English => "While you were away",
                Language::Korean => "자리를 비운 동안",
                Language::Chinese => "您离开期间",
            };
            let lines = [counted(counts, language), places];
            let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
            Some((title.to_owned(), lines.join("\n")))
        }
    }
}

/// What an item says.
fn sentence(item: &Item, kind: NoticeKind, language: Language) -> Option<String> {
    match &item.kind {
        ItemKind::Message { deleted: true, .. } => None,
        ItemKind::Message { text: Some(text), .. } => Some(short(text)),
        ItemKind::Message { text: None, .. } => Some(newer(language).to_owned()),
        ItemKind::Upload(upload) => match upload.phase {
            UploadPhase::Stored { .. } if kind == NoticeKind::Changes => {
                Some(changed(&ActivityKind::Modified, &upload.name, language)?)
            }
            UploadPhase::Stored { .. } => Some(file(&upload.name, language)),
            UploadPhase::Waiting { .. }
            | UploadPhase::Moving { .. }
            | UploadPhase::Paused { .. }
            | UploadPhase::Cancelled
            | UploadPhase::Failed { .. }
            | UploadPhase::Deleted => None,
        },
        ItemKind::Activity(line) => {
            let done = changed(&line.kind, &line.name, language)?;
            // What somebody said about a file is worth more than that they did.
            Some(line.said.as_ref().map_or(done.clone(), |said| format!("{done}\n{}", said.text)))
        }
        ItemKind::Created { .. }
        | ItemKind::Member { .. }
        | ItemKind::Renamed { .. }
        | ItemKind::FolderMade => None,
    }
}

fn newer(language: Language) -> &'static str {
    match language {
        Language::English => "A message from a newer Pod",
        Language::Korean => "더 새로운 Pod에서 보낸 메시지",
        Language::Chinese => "来自更新版 Pod 的消息",
    }
}

fn file(name: &str, language: Language) -> String {
    match language {
        Language::English => format!("Sent a file: {name}"),
        Language::Korean => format!("파일 보냄: {name}"),
        Language::Chinese => format!("发送了文件：{name}"),
    }
}

/// What was done to a file or folder.
fn changed(kind: &ActivityKind, name: &str, language: Language) -> Option<String> {
    let verb = match (kind, language) {
        (ActivityKind::Modified, Language::English) => "Modified",
        (ActivityKind::Modified, Language::Korean) => "수정함",
        (ActivityKind::Modified, Language::Chinese) => "修改了",
        (ActivityKind::Renamed { .. }, Language::English) => "Renamed",
        (ActivityKind::Renamed { .. }, Language::Korean) => "이름 바꿈",
        (ActivityKind::Renamed { .. }, Language::Chinese) => "重命名了",
        (ActivityKind::Moved, Language::English) => "Moved",
        (ActivityKind::Moved, Language::Korean) => "옮김",
        (ActivityKind::Moved, Language::Chinese) => "移动了",
        (ActivityKind::Deleted, Language::English) => "Deleted",
        (ActivityKind::Deleted, Language::Korean) => "삭제함",
        (ActivityKind::Deleted, Language::Chinese) => "删除了",
        (ActivityKind::ConflictKept { .. }, Language::English) => "Kept beside the other one",
        (ActivityKind::ConflictKept { .. }, Language::Korean) => "다른 것과 함께 보관함",
        (ActivityKind::ConflictKept { .. }, Language::Chinese) => "与另一个一并保留",
        (ActivityKind::VersionRestored { .. }, Language::English) => "Earlier version restored",
        (ActivityKind::VersionRestored { .. }, Language::Korean) => "이전 버전으로 되살림",
        (ActivityKind::VersionRestored { .. }, Language::Chinese) => "恢复到较早版本",
        (ActivityKind::Commented, Language::English) => "Commented on",
        (ActivityKind::Commented, Language::Korean) => "댓글 남김",
        (ActivityKind::Commented, Language::Chinese) => "评论了",
        (ActivityKind::Restored, Language::English) => "Restored",
        (ActivityKind::Restored, Language::Korean) => "되살림",
        (ActivityKind::Restored, Language::Chinese) => "恢复了",
        (
            ActivityKind::GroupCreated
            | ActivityKind::UploadStarted
            | ActivityKind::Uploaded
            | ActivityKind::UploadCancelled
            | ActivityKind::Downloaded
            | ActivityKind::Locked
            | ActivityKind::Unlocked
            | ActivityKind::LockExpired
            | ActivityKind::LockBroken { .. }
            | ActivityKind::PermissionChanged
            | ActivityKind::CommentDeleted
            | ActivityKind::Purged
            | ActivityKind::TrashEmptied
            | ActivityKind::MetadataChanged
            | ActivityKind::Rated { .. }
            | ActivityKind::FolderCreated
            | ActivityKind::Opened
            | ActivityKind::OpenedTold { .. }
            | ActivityKind::Unknown { .. }
            | ActivityKind::RoomPicture,
            _,
        ) => return None,
    };
    Some(match language {
        Language::English | Language::Korean => format!("{verb}: {name}"),
        Language::Chinese => format!("{verb}：{name}"),
    })
}

/// So much came before, at the same time.
fn before(more: u32, language: Language) -> String {
    match language {
        Language::English => format!("and {more} more before it"),
        Language::Korean => format!("그 전에 {more}개 더"),
        Language::Chinese => format!("在此之前还有 {more} 条"),
    }
}

fn contact_asks(who: &str, language: Language) -> String {
    match language {
        Language::English => format!("{who} asks to be your contact"),
        Language::Korean => format!("{who} 님이 연락처 추가를 요청했습니다"),
        Language::Chinese => format!("{who} 想加你为联系人"),
    }
}

/// It was accepted once and broke off.
fn is_rest(offer: &OfferView) -> bool {
    match offer.step {
        OfferAsks::Interrupted => true,
        OfferAsks::Asked | OfferAsks::Forwarded => false,
    }
}

/// What somebody wants: all of these files are theirs and stand at the same point.
fn offered(batch: &[OfferView], language: Language) -> String {
    let Some(first) = batch.first() else { return String::new() };
    let (who, count) = (&first.from.name, batch.len());
    match (language, is_rest(first)) {
        (Language::English, false) if count == 1 => format!("{who} wants to send you a file"),
        (Language::English, false) => format!("{who} wants to send you {count} files"),
        (Language::Korean, false) => format!("{who} 님이 파일 {count}개를 보내려고 합니다"),
        (Language::Chinese, false) => format!("{who} 想发送 {count} 个文件给您"),
        (Language::English, true) => format!("The connection to {who} broke. Accept takes the rest"),
        (Language::Korean, true) => format!("{who} 님과 연결이 끊겼습니다. 받기를 누르면 나머지를 받습니다"),
        (Language::Chinese, true) => format!("与 {who} 的连接中断。接收即可取得其余部分"),
    }
}

/// How much of each came: messages, those that name one, files, changes, requests, offers.
fn counted(counts: [u32; 6], language: Language) -> String {
    let [messages, mentions, ..] = counts;
    let word = |at: usize, count: u32| match (language, at) {
        (Language::English, 0) if messages == 1 => format!("{count} message"),
        (Language::English, 0) => format!("{count} messages"),
        (Language::English, 1) => format!("{count} naming you"),
        (Language::English, 2) if count == 1 => format!("{count} new file"),
        (Language::English, 2) => format!("{count} new files"),
        (Language::English, 3) if count == 1 => format!("{count} changed file"),
        (Language::English, 3) => format!("{count} changed files"),
        (Language::English, 4) if count == 1 => format!("{count} contact request"),
        (Language::English, 4) => format!("{count} contact requests"),
        (Language::English, _) if count == 1 => format!("{count} offered file"),
        (Language::English, _) => format!("{count} offered files"),
        (Language::Korean, 0) => format!("메시지 {count}개"),
        (Language::Korean, 1) => format!("나를 언급함 {count}개"),
        (Language::Korean, 2) => format!("새 파일 {count}개"),
        (Language::Korean, 3) => format!("바뀐 파일 {count}개"),
        (Language::Korean, 4) => format!("연락처 요청 {count}개"),
        (Language::Korean, _) => format!("보내려는 파일 {count}개"),
        (Language::Chinese, 0) => format!("{count} 条消息"),
        (Language::Chinese, 1) => format!("{count} 条提到您"),
        (Language::Chinese, 2) => format!("{count} 个新文件"),
        (Language::Chinese, 3) => format!("{count} 个文件有变动"),
        (Language::Chinese, 4) => format!("{count} 个联系人请求"),
        (Language::Chinese, _) => format!("{count} 个待接收的文件"),
    };
    // All of them name one: said once.
    let skipped = |at: usize| at == 0 && messages == mentions;
    let parts = counts.iter().enumerate().filter(|(at, count)| **count > 0 && !skipped(*at));
    let joined = if language == Language::Chinese { "，" } else { ", " };
    parts.map(|(at, count)| word(at, *count)).collect::<Vec<_>>().join(joined)
}

/// Where it came.
fn places(rooms: &[RoomName], room_count: u32, language: Language) -> String {
    let titles: Vec<&str> = rooms.iter().map(|room| room.title.as_str()).collect();
    let named = u32::try_from(titles.len()).unwrap_or(u32::MAX);
    let titles = titles.join(if language == Language::Chinese { "、" } else { ", " });
    match (room_count.saturating_sub(named), language) {
        (0, _) => titles,
        (1, Language::English) => format!("{titles} and 1 other room"),
        (more, Language::English) => format!("{titles} and {more} other rooms"),
        (more, Language::Korean) => format!("{titles} 외 방 {more}개"),
        (more, Language::Chinese) => format!("{titles} 等另外 {more} 个房间"),
    }
}

/// No longer than a notification shows.
fn short(text: &str) -> String {
    text.chars().take(TEXT_CHARS_MAX).collect()
}
