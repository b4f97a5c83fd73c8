//! The greeting and the sync (P3–P6): what the device has is compared with what there is, and only the rest is sent.
//!
//! The connection listens before it reads, so that nothing falls between the snapshot and the live frames.

use super::outbox::Wanted;
use super::wire::{Incoming, Wire};
use super::{Context, End};
use crate::messenger::{now, teller};
use crate::store::sqlite::messenger::{Contacts, Greeted, Greeting, Offers, People};
use bytes::Bytes;
use pod_shared::limits::{
    CAPABILITIES_MAX, SYNC_CONTACTS_PER_PART_MAX, SYNC_OFFERS_PER_PART_MAX, SYNC_PEOPLE_PER_PART_MAX,
    SYNC_PROFILES_PER_PART_MAX, SYNC_ROOMS_PER_PART_MAX, SYNC_SETTINGS_PER_PART_MAX,
};
use pod_shared::offer::{OfferState, RelayInfo};
use pod_shared::presence::PersonPresence;
use pod_shared::profile::PersonProfile;
use pod_shared::setting::SettingState;
use pod_shared::socket::{BriefPresence, ClientFrame, Ended, ServerAgain, ServerFrame, ServerHello};
use pod_shared::sync::{SyncKey, SyncKind};
use pod_shared::wire::{Decoded, decode_frame};
use pod_shared::{ErrorCode, capability};
use std::collections::HashMap;

/// What a device says first, in either form.
struct Asked {
    capabilities: Vec<String>,
    key: Option<SyncKey>,
    /// The mark of the greeting that it keeps.
    greeting: Option<u64>,
}

/// The first frame, checked; the answer; the sync. Answers what the device knows now.
pub(super) async fn greet(context: &Context, wire: &mut Wire) -> Result<Greeted, End> {
    let asked = first_frame(context, wire).await?;
    let greeting = Greeting {
        account: context.caller.account,
        device: context.caller.device,
        session: context.id,
        key: asked.key.filter(|_| asked.knows(capability::SYNC_KEY)),
        now: now(),
    };
    let greeted = context.inner.store.greet(greeting).await?;
    let hello = server_hello(context);
    let again = asked.greeting == Some(hello.mark());
    let mut frames = vec![encode(&if again { brief(&hello) } else { ServerFrame::Hello(hello) })?];
    let mut told = HashMap::new();
    let mut rooms = &greeted.rooms[..];
    while !rooms.is_empty() {
        let next = rooms[..rooms.len().min(SYNC_ROOMS_PER_PART_MAX)].to_vec();
        let part = context.inner.store.sync_part(greeting.account, next, greeted.after).await?;
        if part.head > greeted.key.txn {
            told.extend(part.rooms.iter().map(|room| (room.room, part.head)));
        }
        frames.push(encode(&ServerFrame::SyncPart { rooms: part.rooms })?);
        wire.write(frames.drain(..)).await?;
        rooms = &rooms[part.done.max(1)..];
    }
    let wanted = Wanted {
        presence: asked.knows(capability::PRESENCE),
        offers: asked.knows(capability::OFFERS),
        contacts: asked.knows(capability::CONTACTS),
    };
    let before = frames.len();
    if wanted.presence {
        frames.extend(people(context, &greeted, asked.knows(capability::BRIEF)).await?);
    }
    if wanted.offers {
        frames.extend(offers(context, &greeted).await?);
    }
    if wanted.contacts {
        frames.extend(contacts(context, &greeted).await?);
    }
    if asked.knows(capability::PROFILES) {
        frames.extend(profiles(context, &greeted).await?);
    }
    if asked.knows(capability::SETTINGS) {
        frames.extend(settings(context, &greeted).await?);
    }
    let mut kind = greeted.kind;
    if frames.len() > before && kind == SyncKind::Null {
        kind = SyncKind::Delta;
    }
    // A full sync may be of another epoch than the key that the device has.
    let brief = again && kind != SyncKind::Full;
    let ended = ServerFrame::SyncEnded(Ended(kind, greeted.key.txn));
    frames.push(encode(&if brief { ended } else { ServerFrame::SyncEnd { kind, key: greeted.key } })?);
    wire.write(frames.drain(..)).await?;
    context.outbox.release(greeted.key.txn, told, wanted);
    Ok(greeted)
}

impl Asked {
    fn knows(&self, wanted: &str) -> bool {
        self.capabilities.iter().any(|capability| capability == wanted)
    }
}

/// A greeting of which the device knows all that stays.
fn brief(hello: &ServerHello) -> ServerFrame {
    let relay = hello.relay.as_ref().map_or(0, RelayInfo::mark);
    ServerFrame::Again(ServerAgain { connection: hello.connection, now: hello.now, relay })
}

/// The frames of what the device has to learn of its person's offers.
async fn offers(context: &Context, greeted: &Greeted) -> Result<Vec<Bytes>, End> {
    let Offers { offers, mut all, .. } =
        context.inner.store.offers_after(context.caller.account, greeted.after).await?;
    let mut parts: Vec<Vec<OfferState>> =
        offers.chunks(SYNC_OFFERS_PER_PART_MAX).map(<[OfferState]>::to_vec).collect();
    if parts.is_empty() && all && greeted.kind != SyncKind::Full {
        parts.push(Vec::new());
    }
    let frame = |offers| ServerFrame::SyncOffers { offers, all: std::mem::take(&mut all) };
    parts.into_iter().map(frame).map(|frame| encode(&frame)).collect()
}

/// The frames of what the device has to learn of its person's contacts and contact groups.
async fn contacts(context: &Context, greeted: &Greeted) -> Result<Vec<Bytes>, End> {
    let Contacts { contacts, groups, mut all, .. } =
        context.inner.store.contacts_after(context.caller.account, greeted.after).await?;
    let mut parts = Vec::new();
    for contacts in contacts.chunks(SYNC_CONTACTS_PER_PART_MAX) {
        parts.push((contacts.to_vec(), Vec::new()));
    }
    for groups in groups.chunks(SYNC_CONTACTS_PER_PART_MAX) {
        parts.push((Vec::new(), groups.to_vec()));
    }
    if parts.is_empty() && all && greeted.kind != SyncKind::Full {
        parts.push((Vec::new(), Vec::new()));
    }
    let frame =
        |(contacts, groups)| ServerFrame::SyncContacts { contacts, groups, all: std::mem::take(&mut all) };
    parts.into_iter().map(frame).map(|frame| encode(&frame)).collect()
}

/// The frames of what the device has to learn of its person's settings.
async fn settings(context: &Context, greeted: &Greeted) -> Result<Vec<Bytes>, End> {
    let settings = context.inner.store.settings_after(context.caller.account, greeted.after).await?;
    let part = |settings: &[SettingState]| encode(&ServerFrame::SyncSettings { settings: settings.to_vec() });
    settings.chunks(SYNC_SETTINGS_PER_PART_MAX).map(part).collect()
}

/// The frames of what people say of themselves that the device has to learn.
async fn profiles(context: &Context, greeted: &Greeted) -> Result<Vec<Bytes>, End> {
    let (account, rooms) = (context.caller.account, greeted.rooms.clone());
    let profiles = context.inner.store.profiles_after(account, rooms, greeted.after).await?;
    let part = |profiles: &[PersonProfile]| encode(&ServerFrame::SyncProfiles(profiles.to_vec()));
    profiles.chunks(SYNC_PROFILES_PER_PART_MAX).map(part).collect()
}

/// The frames of what the device has to learn of people.
async fn people(context: &Context, greeted: &Greeted, brief: bool) -> Result<Vec<Bytes>, End> {
    let (account, rooms) = (context.caller.account, greeted.rooms.clone());
    let People { people, mine, .. } = context.inner.store.people_after(account, rooms, greeted.after).await?;
    let part = |people: &[PersonPresence]| match brief {
        true => ServerFrame::SyncPresences(people.iter().cloned().map(BriefPresence).collect()),
        false => ServerFrame::SyncPeople { people: people.to_vec(), mine: None },
    };
    let mut frames: Vec<ServerFrame> = people.chunks(SYNC_PEOPLE_PER_PART_MAX).map(part).collect();
    if mine.is_some() {
        frames.push(ServerFrame::SyncPeople { people: Vec::new(), mine });
    }
    frames.iter().map(encode).collect()
}

fn encode(frame: &ServerFrame) -> Result<Bytes, End> {
    teller::encode(frame).ok_or_else(|| End::bye(ErrorCode::Internal, "a frame could not be encoded"))
}

async fn first_frame(context: &Context, wire: &mut Wire) -> Result<Asked, End> {
    let frame = async {
        loop {
            if let Incoming::Frame(bytes) = wire.next().await? {
                return Ok::<Bytes, End>(bytes);
            }
        }
    };
    let bytes = match tokio::time::timeout(context.inner.pace.hello, frame).await {
        Ok(bytes) => bytes?,
        Err(_) => return Err(End::bye(ErrorCode::BadRequest, "no greeting came in time")),
    };
    let device = context.caller.device;
    let hello = match decode_frame::<ClientFrame>(&bytes) {
        Ok(Decoded::Known(ClientFrame::Hello(hello))) => hello,
        Ok(Decoded::Known(ClientFrame::Again(again))) => {
            let capabilities = capability::of_bits(again.capabilities);
            return Ok(Asked { capabilities, key: Some(again.key(device)), greeting: Some(again.greeting) });
        }
        Ok(_) => return Err(End::bye(ErrorCode::BadRequest, "the first frame is the greeting")),
        Err(_) => return Err(End::bye(ErrorCode::BadRequest, "the frame cannot be read")),
    };
    if hello.capabilities.len() > CAPABILITIES_MAX
        || hello.capabilities.iter().any(|name| name.len() > CAPABILITIES_MAX)
        || hello.client.len() > CAPABILITIES_MAX * 4
    {
        return Err(End::bye(ErrorCode::TooMany, "the greeting is too long"));
    }
    if hello.device != device {
        return Err(End::bye(ErrorCode::BadRequest, "the greeting names another device than the token"));
    }
    Ok(Asked { capabilities: hello.capabilities, key: hello.key, greeting: None })
}

fn server_hello(context: &Context) -> ServerHello {
    let about = &context.inner.about;
    let content = about.content();
    ServerHello {
        capabilities: about.capabilities(),
        server: about.name().to_owned(),
        connection: context.id,
        account: context.caller.account,
        heartbeat_ms: u64::try_from(context.inner.pace.heartbeat.as_millis()).unwrap_or(u64::MAX),
        now: now(),
        content_url: content.url,
        content_fingerprint: content.fingerprint,
        relay: about.relay(context.caller.device),
    }
}
