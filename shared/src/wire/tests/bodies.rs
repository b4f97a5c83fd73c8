//! The JSON of each body over HTTP as it is checked in: a changed field is a changed protocol.
//!
//! `bodies.txt` holds a name and the JSON of each body. When the protocol grows on purpose, the failing test prints the
//! new line; an old line is never edited, as older pods speak it.

use super::samples::{device, id, member_version, offer_id, room};
use crate::auth::{
    Audience, Claims, DeviceClaim, Invite, InviteRequest, ServerInfo, SignIn, SignInRow, SignUp, SignedIn,
    TokenAnswer, TokenRequest,
};
use crate::content::{
    Activity, ActivityKind, Basis, Changes, CommentLine, Entry, EntryChange, EntryKind, EntryPage,
    FileVersion, FolderNew, ForwardNew, ForwardOffset, ForwardState, Group, GroupMember, GroupNew,
    InstantAnswer, InstantNew, InstantProof, MemberRole, NewParent, OpenedNew, OpenedSwitch, Settled,
    UploadState, VersionPage, VersionRestore,
};
use crate::interlock::{
    ContentHello, MessengerHello, ProgressBatch, RelayBody, RelayRow, Revocation, Rows, RowsApplied,
};
use crate::socket::Progress;
use crate::{
    AccountId, ActivityId, CommentId, ContentPosition, EntryId, ErrorBody, ErrorCode, RelayId, Role, TimeMs,
    UploadId,
};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::BTreeSet;

mod finding;
mod of_entries;

const RECORDED: &str = include_str!("bodies.txt");

/// Compares samples with what is recorded.
#[derive(Default)]
struct Book {
    wrong: Vec<String>,
    names: BTreeSet<&'static str>,
}

impl Book {
    /// The sample has a recorded line, and every line recorded under its name is still understood.
    fn body<T: Serialize + DeserializeOwned>(&mut self, name: &'static str, sample: &T) {
        self.names.insert(name);
        let json = serde_json::to_string(sample).unwrap();
        let lines = RECORDED.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let recorded: Vec<&str> = lines.collect();
        for line in &recorded {
            if let Err(error) = serde_json::from_str::<T>(line) {
                self.wrong.push(format!("not understood any more ({error}): {name} {line}"));
            }
        }
        if recorded.contains(&json.as_str()) {
            let back: T = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&back).unwrap(), json, "{name} does not come back");
        } else {
            self.wrong.push(format!("{name} {json}"));
        }
    }
}

#[test]
fn each_body_is_the_recorded_json_and_every_recorded_one_is_understood() {
    let mut book = Book::default();
    accounts(&mut book);
    folders(&mut book);
    activities(&mut book);
    groups(&mut book);
    instant_uploads(&mut book);
    versions(&mut book);
    of_entries::locks(&mut book);
    of_entries::permissions(&mut book);
    of_entries::remarks(&mut book);
    finding::trash(&mut book);
    finding::searches(&mut book);
    forwards(&mut book);
    interlock(&mut book);
    assert!(book.wrong.is_empty(), "not as in bodies.txt:\n{}", book.wrong.join("\n"));
    let unknown = RECORDED.lines().filter(|line| !book.names.contains(line.split(' ').next().unwrap()));
    assert_eq!(unknown.collect::<Vec<_>>(), Vec::<&str>::new(), "recorded, and no body has this name");
}

fn amy() -> AccountId {
    AccountId(id(2))
}

fn entry_id() -> EntryId {
    EntryId(id(20))
}

fn upload() -> UploadId {
    UploadId(id(21))
}

fn server() -> ServerInfo {
    ServerInfo {
        name: "집".into(),
        version: "0.1.0".into(),
        capabilities: vec!["sync-key/1".into()],
        content_url: "https://files.example".into(),
        content_fingerprint: Some("ab".into()),
        needs_first_account: false,
    }
}

fn accounts(book: &mut Book) {
    let claim = DeviceClaim { id: device(), label: "Amy's laptop".into() };
    let at_home = ServerInfo { content_url: String::new(), content_fingerprint: None, ..server() };
    book.body("server", &server());
    book.body("server", &at_home);
    let sign_up = SignUp {
        name: "amy".into(),
        display_name: "에이미".into(),
        password: "correct horse".into(),
        invite: Some("ABCD-EFGH-JKLM".into()),
        setup_code: Some("NPQR-STUV-WXYZ".into()),
        device: claim.clone(),
    };
    book.body("sign_up", &sign_up);
    book.body("sign_up", &SignUp { invite: None, setup_code: None, ..sign_up });
    let sign_in = SignIn { name: "amy".into(), password: "correct horse".into(), device: claim };
    book.body("sign_in", &sign_in);
    let signed_in = SignedIn {
        account: amy(),
        name: "amy".into(),
        display_name: "에이미".into(),
        is_admin: true,
        device_token: "secret".into(),
        server: at_home,
    };
    book.body("signed_in", &signed_in);
    book.body("token_request", &TokenRequest { audience: Audience::Messenger });
    book.body("token_request", &TokenRequest { audience: Audience::Content });
    let token = TokenAnswer {
        token: "secret".into(),
        expires_in_s: 300,
        content_url: "https://files.example".into(),
        content_fingerprint: Some("ab".into()),
    };
    book.body("token", &token);
    book.body("token", &TokenAnswer { content_url: String::new(), content_fingerprint: None, ..token });
    let claims = Claims { sub: amy(), device: device(), aud: Audience::Content, iat: 1, exp: 301 };
    book.body("claims", &claims);
    book.body("invite_request", &InviteRequest { uses: 3, days: 7 });
    let invite = Invite {
        code: "ABCD-EFGH-JKLM".into(),
        link: "pod://example:7600/join?code=ABCD-EFGH-JKLM&fp=ab".into(),
        expires_at: "2026-11-24T00:00:00Z".into(),
    };
    book.body("invite", &invite);
    let row =
        SignInRow { device: device(), label: "pc".into(), since: TimeMs(1), seen: TimeMs(2), current: true };
    book.body("sign_in_row", &row);
    let refusal = ErrorBody::new(ErrorCode::NotFound, "no such room");
    book.body("refusal", &refusal);
    let full = ErrorBody { retry_after_ms: Some(1_000), request: Some("r".into()), ..refusal };
    book.body("refusal", &full);
}

fn file() -> Entry {
    Entry {
        id: entry_id(),
        room: room(),
        parent: Some(EntryId(id(22))),
        name: "봄.txt".into(),
        kind: EntryKind::File,
        size: 7,
        digest: "00ff".into(),
        version: 2,
        created_at: TimeMs(1),
        created_by: amy(),
        modified_at: TimeMs(2),
        modified_by: AccountId(id(5)),
        position: ContentPosition(9),
        deleted: false,
        lock: None,
        comments: 0,
        rating: None,
        permission: None,
        description: String::new(),
        tags: Vec::new(),
    }
}

fn folder() -> Entry {
    Entry { parent: None, kind: EntryKind::Folder, digest: String::new(), size: 0, version: 0, ..file() }
}

fn folders(book: &mut Book) {
    book.body("entry", &file());
    book.body("entry", &Entry { deleted: true, ..folder() });
    book.body("entry_page", &EntryPage { entries: vec![folder()], more: true });
    book.body("folder_new", &FolderNew { id: entry_id(), parent: None, name: "봄".into() });
    book.body("entry_change", &EntryChange::default());
    let top = Some(NewParent::Top);
    book.body("entry_change", &EntryChange { name: Some("b".into()), parent: top, if_position: None });
    let into = Some(NewParent::Folder(EntryId(id(22))));
    book.body(
        "entry_change",
        &EntryChange { name: None, parent: into, if_position: Some(ContentPosition(9)) },
    );
}

fn activities(book: &mut Book) {
    let activity = |kind| Activity {
        id: ActivityId(id(23)),
        position: ContentPosition(9),
        at: TimeMs(2),
        by: amy(),
        kind,
        entry: Some(entry_id()),
        name: "봄.txt".into(),
        size: 7,
        version: 2,
        upload: Some(upload()),
        comment: None,
    };
    book.body("activity", &Activity { entry: None, upload: None, ..activity(ActivityKind::GroupCreated) });
    let said = CommentLine {
        id: CommentId(id(24)),
        text: Some("봄".into()),
        mentions: vec![amy()],
        answers: Some(amy()),
    };
    book.body("activity", &Activity { comment: Some(said), ..activity(ActivityKind::Commented) });
    for kind in super::kinds::kinds() {
        book.body("activity_kind", &kind);
    }
    book.body("opened_new", &OpenedNew { version: 3 });
    book.body("opened_switch", &OpenedSwitch { on: false });
    let state =
        UploadState { id: upload(), room: room(), by: amy(), name: "봄.txt".into(), offset: 3, length: 7 };
    let changes = Changes {
        activities: vec![activity(ActivityKind::Uploaded)],
        entries: vec![file()],
        hidden: Vec::new(),
        shown: Vec::new(),
        uploads: vec![state],
        position: ContentPosition(9),
        more: false,
    };
    book.body("changes", &changes);
    let shifted = Changes { hidden: vec![entry_id()], shown: vec![entry_id()], ..changes };
    book.body("changes", &shifted);
}

fn groups(book: &mut Book) {
    book.body("group_new", &GroupNew { id: room(), title: "봄".into(), members: vec![amy()] });
    let roles = [Role::Viewer, Role::Editor, Role::Manager, Role::Owner];
    let members = roles.into_iter().map(|role| GroupMember { account: amy(), role }).collect();
    let group = Group { id: room(), title: "봄".into(), members, position: ContentPosition(9) };
    book.body("group", &group);
    book.body("member_role", &MemberRole { role: Role::Manager });
    book.body("settled", &Settled::Done);
    book.body("settled", &Settled::Pending);
}

fn instant_uploads(book: &mut Book) {
    let new = InstantNew {
        id: upload(),
        room: room(),
        parent: Some(entry_id()),
        filename: "봄.txt".into(),
        sha256: "00ff".into(),
        size: 70_000,
        modified_ms: Some(17),
        basis: Basis::default(),
    };
    book.body("instant_new", &new);
    let basis =
        Basis { entry: Some(entry_id()), version: Some(3), fence: Some(2), copy: Some("봄 (2).txt".into()) };
    book.body("instant_new", &InstantNew { basis, ..new.clone() });
    book.body("instant_new", &InstantNew { parent: None, modified_ms: None, ..new });
    book.body("instant_answer", &InstantAnswer::Linked { entry: entry_id(), version: 2 });
    book.body("instant_answer", &InstantAnswer::Prove { nonce: "ff00".into() });
    book.body("instant_proof", &InstantProof { proof: "0f0f".into() });
}

fn versions(book: &mut Book) {
    let version = FileVersion {
        version: 4,
        size: 7,
        digest: "00ff".into(),
        by: amy(),
        at: TimeMs(2),
        modified_ms: Some(17),
        restores: Some(2),
    };
    let plain = FileVersion { modified_ms: None, restores: None, ..version.clone() };
    book.body("version_page", &VersionPage { versions: vec![version, plain], more: true });
    book.body("version_restore", &VersionRestore { id: upload(), if_version: Some(3) });
    book.body("version_restore", &VersionRestore { id: upload(), if_version: None });
}

fn forwards(book: &mut Book) {
    let (size, from) = (3 << 20, 1 << 20);
    let new = ForwardNew { to: amy(), size, from, sha256: "00ff".into(), manifest: "ff00".into() };
    book.body("forward_new", &new);
    book.body("forward_offset", &ForwardOffset { offset: 5 });
    book.body("forward_state", &ForwardState { from, size, offset: 5, whole: false, until_ms: TimeMs(9) });
}

fn interlock(book: &mut Book) {
    let bodies = [
        RelayBody::Pair {
            title: "봄".into(),
            creator: amy(),
            at: TimeMs(1),
            members: vec![member_version(Some(Role::Owner))],
        },
        RelayBody::Member { member: member_version(None) },
        RelayBody::Title { title: "여름".into(), counter: 2 },
        RelayBody::FolderAt { at: ContentPosition(9), by: amy(), time: TimeMs(2) },
        RelayBody::OfferMay { offer: offer_id(), by: amy(), to: AccountId(id(5)) },
        RelayBody::OfferForwarded {
            offer: offer_id(),
            by: amy(),
            to: AccountId(id(5)),
            from: 1 << 20,
            until: TimeMs(3),
        },
        RelayBody::OfferExpired { offer: offer_id(), by: amy() },
        RelayBody::OfferOver { offer: offer_id() },
    ];
    let row = |body| RelayRow { id: RelayId(id(24)), room: room(), seq: 5, body };
    for body in bodies {
        book.body("rows", &Rows { rows: vec![row(body)], forget: Vec::new() });
    }
    book.body("rows", &Rows { rows: Vec::new(), forget: vec![RelayId(id(25))] });
    let refused = vec![(RelayId(id(25)), "why".to_owned())];
    book.body("rows_applied", &RowsApplied { applied: vec![RelayId(id(24))], refused });
    let hello = ContentHello {
        public_url: "https://files.example".into(),
        fingerprint: Some("ab".into()),
        capabilities: vec!["interlock/1".into()],
        revocations_after: 4,
    };
    book.body("content_hello", &hello);
    book.body("content_hello", &ContentHello { fingerprint: None, ..hello });
    let hello = MessengerHello {
        capabilities: vec!["interlock/1".into()],
        token_keys: vec![("k1".into(), "AAAA".into())],
        revocations: vec![Revocation { seq: 5, device: device(), at_s: 6 }],
    };
    book.body("messenger_hello", &hello);
    let progress = Progress { room: room(), upload: upload(), offset: 3, length: 7 };
    book.body("progress_batch", &ProgressBatch { progress: vec![progress] });
}
