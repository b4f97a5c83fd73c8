// Made from the Rust types by `POD_UPDATE=1 cargo test -p pod-client bindings`; not to be edited.

/**
 * What is asked.
 */
export type AccountCommand = { "do": "sign_ins" } | { "do": "sign_in_end", 
/**
 * Which.
 */
device: DeviceId, };

/**
 * A person on a server.
 */
export type AccountId = string;

/**
 * The signed-in account of this profile.
 */
export type AccountView = { 
/**
 * The account.
 */
account: AccountId, 
/**
 * This device.
 */
device: DeviceId, 
/**
 * Unique name.
 */
name: string, 
/**
 * What others see.
 */
display_name: string, 
/**
 * May invite people.
 */
is_admin: boolean, 
/**
 * Name of the server.
 */
server_name: string, 
/**
 * Address of the server.
 */
server_url: string, };

/**
 * A line of the activity thread (N8).
 */
export type ActivityItem = { 
/**
 * What was done.
 */
kind: ActivityKind, 
/**
 * The entry; its links work only when it is there and not deleted.
 */
entry: EntryId | null, 
/**
 * Its name at that time.
 */
name: string, 
/**
 * Its name now, or nothing if deleted.
 */
name_now: string | null, 
/**
 * It is a folder.
 */
folder: boolean, 
/**
 * It happened this many times in a row (same person, same file).
 */
count: number, 
/**
 * What the comment says that it is about; nothing: it is about none, or that was deleted.
 */
said: SaidLine | null, };

/**
 * What was done (N8).
 */
export type ActivityKind = "group_created" | "upload_started" | "uploaded" | "upload_cancelled" | "modified" | "downloaded" | "folder_created" | { "renamed": { 
/**
 * The name before.
 */
from: string, } } | "moved" | "deleted" | "restored" | "room_picture" | { "conflict_kept": { 
/**
 * Name of the file that it was written for.
 */
of: string, } } | { "version_restored": { 
/**
 * Which.
 */
version: number, } } | "locked" | "unlocked" | "lock_expired" | { "lock_broken": { 
/**
 * Why.
 */
reason: string, } } | "commented" | "comment_deleted" | { "rated": { 
/**
 * Half stars; 0: the rating was taken back.
 */
halves: number, } } | "permission_changed" | "purged" | "trash_emptied" | "metadata_changed" | "opened" | { "opened_told": { 
/**
 * It is told.
 */
on: boolean, } } | { "unknown": { 
/**
 * How it was written.
 */
was: string, } };

/**
 * Why something on the disk is left alone.
 */
export type Alone = "busy" | "moving" | "link" | "special" | "unreadable" | "name" | "clash" | "in_the_way" | "read_only" | "not_shared";

/**
 * What came of a command; an error is a `view::ErrorView` beside this.
 */
export type Answer = { "is": "done" } | { "is": "pending" } | { "is": "address", "value": ServerAddress } | { "is": "account", "value": AccountView } | { "is": "status", "value": StatusView } | { "is": "opening", "value": OpeningView } | { "is": "invite", "value": InviteView } | { "is": "people", "value": Array<Person> } | { "is": "person", "value": PersonView } | { "is": "contacts", "value": Array<PersonView> } | { "is": "contact_groups", "value": ContactGroupsView } | { "is": "contact_group_id", "value": ContactGroupId } | { "is": "room_links", "value": Array<RoomLinkView> } | { "is": "sign_ins", "value": Array<SignInView> } | { "is": "rooms", "value": Array<RoomSummary> } | { "is": "room", "value": RoomView } | { "is": "room_id", "value": RoomId } | { "is": "message_id", "value": MessageId } | { "is": "entry_id", "value": EntryId } | { "is": "timeline", "value": Timeline } | { "is": "found", "value": FoundView } | { "is": "marks", "value": MarksView } | { "is": "folder", "value": FolderView } | { "is": "entry", "value": EntryView } | { "is": "details", "value": EntryDetails } | { "is": "entries_found", "value": Array<EntryFound> } | { "is": "comments", "value": CommentsView } | { "is": "ratings", "value": Array<RatingView> } | { "is": "permissions", "value": PermissionsView } | { "is": "versions", "value": VersionsView } | { "is": "edit", "value": EditView } | { "is": "edits", "value": Array<EditView> } | { "is": "concerning", "value": Array<ConcerningView> } | { "is": "files_found", "value": FilesFoundView } | { "is": "space", "value": Space } | { "is": "trash", "value": TrashView } | { "is": "preview_text", "value": TextPreview } | { "is": "piece", "value": Array<number> } | { "is": "linked_folders", "value": Array<LinkedView> } | { "is": "transfers", "value": Array<TransferView> } | { "is": "offers", "value": Array<OfferView> } | { "is": "path", "value": string | null } | { "is": "text", "value": string | null };

/**
 * What is asked.
 */
export type Command = { "do": "read_address", 
/**
 * The text.
 */
text: string, } | { "do": "sign_up", 
/**
 * Where.
 */
server: ServerAddress, 
/**
 * Unique name.
 */
name: string, 
/**
 * What others see; empty: the name.
 */
display_name: string, 
/**
 * The password.
 */
password: Secret, 
/**
 * The setup code, for the first account from another computer.
 */
setup_code: string | null, } | { "do": "sign_in", 
/**
 * Where.
 */
server: ServerAddress, 
/**
 * Unique name.
 */
name: string, 
/**
 * The password.
 */
password: Secret, } | { "do": "sign_out" } | { "do": "status" } | { "do": "opening" } | { "do": "connect_now" } | { "do": "invite", 
/**
 * How many may use it.
 */
uses: number, 
/**
 * How long it lasts.
 */
days: number, } | { "do": "people", 
/**
 * The text.
 */
text: string, } | { "do": "rooms" } | { "do": "room", 
/**
 * Which.
 */
room: RoomId, } | { "do": "room_create", 
/**
 * The title.
 */
title: string, 
/**
 * The other members.
 */
members: Array<AccountId>, 
/**
 * From which side.
 */
side: Side, } | { "do": "room_rename", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The title.
 */
title: string, } | { "do": "member_set", 
/**
 * The room.
 */
room: RoomId, 
/**
 * Whom.
 */
account: AccountId, 
/**
 * The role.
 */
role: Role | null, } | { "do": "room_leave", 
/**
 * The room.
 */
room: RoomId, } | { "do": "timeline", 
/**
 * The room.
 */
room: RoomId, 
/**
 * Where.
 */
place: Place, 
/**
 * At most this many items.
 */
limit: number, } | { "do": "search", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The text, in any case.
 */
text: string, 
/**
 * Only before this; nothing: from the newest.
 */
before: Position | null, 
/**
 * At most this many items.
 */
limit: number, } | { "do": "send", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The text.
 */
text: string, 
/**
 * The people it names.
 */
mentions: Array<AccountId>, 
/**
 * What it answers.
 */
reply: ReplyTarget | null, } | { "do": "message_edit", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The message.
 */
id: MessageId, 
/**
 * The text.
 */
text: string, 
/**
 * The people it names now.
 */
mentions: Array<AccountId>, } | { "do": "message_delete", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The message.
 */
id: MessageId, } | { "do": "message_react", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The message.
 */
id: MessageId, 
/**
 * The emoji.
 */
emoji: string, 
/**
 * Give it.
 */
on: boolean, } | { "do": "message_marks", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The message.
 */
id: MessageId, } | { "do": "typing", 
/**
 * The room.
 */
room: RoomId, } | { "do": "message_retry", 
/**
 * The message.
 */
id: MessageId, } | { "do": "message_discard", 
/**
 * The message.
 */
id: MessageId, } | { "do": "draft_set", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The text.
 */
text: string, } | { "do": "draft", 
/**
 * The room.
 */
room: RoomId, } | { "do": "read", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The position.
 */
pos: Position, } | { "do": "looking", 
/**
 * All of them.
 */
rooms: Array<RoomId>, } | { "do": "folder", 
/**
 * The room.
 */
room: RoomId, 
/**
 * Which folder; nothing: the top.
 */
parent: EntryId | null, 
/**
 * How it is sorted; nothing: by name.
 */
sort: Sort | null, 
/**
 * How many entries stand before the page.
 */
offset: number, 
/**
 * How many are on it, at most 500.
 */
limit: number, } | { "do": "entry", 
/**
 * Which.
 */
entry: EntryId, } | { "do": "entry_details", 
/**
 * Which.
 */
entry: EntryId, } | { "do": "entries_find", 
/**
 * The part.
 */
text: string, 
/**
 * Of this room; nothing: of all.
 */
room: RoomId | null, 
/**
 * At most this many, and at most 100.
 */
limit: number, } | { "do": "put", 
/**
 * The room.
 */
room: RoomId, 
/**
 * Into which folder; nothing: the top.
 */
parent: EntryId | null, 
/**
 * Which files.
 */
paths: Array<string>, } | { "do": "get", 
/**
 * The file.
 */
entry: EntryId, 
/**
 * A file or an existing folder.
 */
dest: string | null, } | { "do": "local_path", 
/**
 * The file.
 */
entry: EntryId, } | { "do": "folder_create", 
/**
 * The room.
 */
room: RoomId, 
/**
 * Where.
 */
parent: EntryId | null, 
/**
 * Its name.
 */
name: string, } | { "do": "entry_rename", 
/**
 * Which.
 */
entry: EntryId, 
/**
 * The new name.
 */
name: string, } | { "do": "entry_move", 
/**
 * Which.
 */
entry: EntryId, 
/**
 * Where; nothing: the top.
 */
parent: EntryId | null, } | { "do": "entry_delete", 
/**
 * Which.
 */
entry: EntryId, } | { "do": "entry_restore", 
/**
 * Which.
 */
entry: EntryId, } | { "do": "preview_text", 
/**
 * The file.
 */
entry: EntryId, } | { "do": "preview_file", 
/**
 * The file.
 */
entry: EntryId, } | { "do": "room_picture_file", 
/**
 * The room.
 */
room: RoomId, } | { "do": "room_picture_set", 
/**
 * The room.
 */
room: RoomId, 
/**
 * A file on this computer.
 */
path: string, } | { "do": "room_picture_clear", 
/**
 * The room.
 */
room: RoomId, } | { "do": "transfers" } | { "do": "transfer_pause", 
/**
 * Which.
 */
id: TransferId, } | { "do": "transfer_resume", 
/**
 * Which.
 */
id: TransferId, } | { "do": "transfer_cancel", 
/**
 * Which.
 */
id: TransferId, } | { "do": "transfer_retry", 
/**
 * Which.
 */
id: TransferId, } | { "do": "upload_cancel", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The upload.
 */
upload: UploadId, } | { "do": "setting_get", 
/**
 * Its key.
 */
key: string, } | { "do": "setting_set", 
/**
 * Its key.
 */
key: string, 
/**
 * The value.
 */
value: string | null, } | { "do": "token", 
/**
 * For which service.
 */
audience: TokenFor, } | PeopleCommand | ContactCommand | AccountCommand | LinkedCommand | TransferCommand | FileCommand;

/**
 * Something said about a file or folder; made by the client that says it.
 */
export type CommentId = string;

/**
 * One comment.
 */
export type CommentView = { 
/**
 * Its id.
 */
id: CommentId, 
/**
 * Its place, from 1.
 */
seq: number, 
/**
 * By whom.
 */
by: AccountId, 
/**
 * As to be shown.
 */
by_name: string, 
/**
 * It is this person's own.
 */
mine: boolean, 
/**
 * It names this person.
 */
names_me: boolean, 
/**
 * When.
 */
at: TimeMs, 
/**
 * The newest version of the file at that time.
 */
version: number, 
/**
 * What it says; nothing: it was deleted.
 */
text: string | null, 
/**
 * The comment that it answers.
 */
reply: CommentId | null, };

/**
 * Comments on an entry, newest first.
 */
export type CommentsView = { 
/**
 * The entry.
 */
entry: EntryId, 
/**
 * The comments.
 */
comments: Array<CommentView>, 
/**
 * There are older ones.
 */
more: boolean, };

/**
 * Something that a person did in a room and that concerns this one.
 */
export type ConcerningView = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * What it is called.
 */
room_title: string, 
/**
 * The line.
 */
item: Item, };

/**
 * The connection as it is (the wish to be connected is always there while somebody is signed in).
 */
export type ConnectionView = { "state": "signed_out" } | { "state": "connecting" } | { "state": "online" } | { "state": "offline", 
/**
 * The next try, if one is planned.
 */
retry_at: TimeMs | null, 
/**
 * The last known reason.
 */
reason: ErrorView | null, } | { "state": "needs_person", 
/**
 * Why.
 */
reason: ErrorView, };

/**
 * An answer to a request.
 */
export type ContactAnswer = "accept" | "decline" | "ignore";

/**
 * What is asked.
 */
export type ContactCommand = { "do": "contact_ask", 
/**
 * Whom.
 */
account: AccountId, 
/**
 * What to say; may be empty.
 */
text: string, } | { "do": "contact_answer", 
/**
 * Whose.
 */
account: AccountId, 
/**
 * How.
 */
how: ContactAnswer, } | { "do": "contact_remove", 
/**
 * Whom.
 */
account: AccountId, } | { "do": "contact_block", 
/**
 * Whom.
 */
account: AccountId, 
/**
 * They are to be.
 */
blocked: boolean, } | { "do": "contact_mark", 
/**
 * Whom.
 */
account: AccountId, 
/**
 * What to call them; empty: by their own name.
 */
nickname: string | null, 
/**
 * They stand above the others.
 */
favourite: boolean | null, 
/**
 * They do not disturb.
 */
muted: boolean | null, } | { "do": "contact_place", 
/**
 * Whom.
 */
account: AccountId, 
/**
 * The group.
 */
group: ContactGroupId, 
/**
 * Before whom; nothing: at the end.
 */
before: AccountId | null, 
/**
 * The group they leave for it.
 */
from: ContactGroupId | null, } | { "do": "contact_unplace", 
/**
 * Whom.
 */
account: AccountId, 
/**
 * The group.
 */
group: ContactGroupId, } | { "do": "contact_groups" } | { "do": "contact_group_create", 
/**
 * Its name.
 */
name: string, } | { "do": "contact_group_rename", 
/**
 * Which.
 */
group: ContactGroupId, 
/**
 * The name.
 */
name: string, } | { "do": "contact_group_move", 
/**
 * Which.
 */
group: ContactGroupId, 
/**
 * Before which; nothing: at the end.
 */
before: ContactGroupId | null, } | { "do": "contact_group_delete", 
/**
 * Which.
 */
group: ContactGroupId, };

/**
 * A group into which a person sorts their contacts; made by their client.
 */
export type ContactGroupId = string;

/**
 * A group of contacts.
 */
export type ContactGroupView = { 
/**
 * Which.
 */
id: ContactGroupId, 
/**
 * Its name.
 */
name: string, 
/**
 * Who is in it, in their order.
 */
members: Array<AccountId>, };

/**
 * The groups of contacts.
 */
export type ContactGroupsView = { 
/**
 * In their order.
 */
groups: Array<ContactGroupView>, 
/**
 * Changes of contacts and groups that wait for the server.
 */
waiting: number, };

/**
 * A contact's place in a group.
 */
export type ContactPlace = { 
/**
 * The group.
 */
group: ContactGroupId, 
/**
 * Smaller ones come first, equal ones by account.
 */
rank: number, };

/**
 * How another person stands to the one who keeps them.
 */
export type ContactStanding = "none" | "asked" | "asks" | "ignored" | "contact" | "declined";

/**
 * How somebody stands as a contact, what waits for the server included.
 */
export type ContactView = { 
/**
 * How they stand.
 */
standing: ContactStanding, 
/**
 * They see nothing and reach nobody here.
 */
blocked: boolean, 
/**
 * They stand above the others.
 */
favourite: boolean, 
/**
 * They do not disturb.
 */
muted: boolean, 
/**
 * What this person calls them; may be empty.
 */
nickname: string, 
/**
 * What the request says, while it waits.
 */
text: string, 
/**
 * The groups they are in.
 */
places: Array<ContactPlace>, 
/**
 * Something about them waits for the server.
 */
waiting: boolean, };

/**
 * A place in the log of one room's folder on the content side, from 1; 0 is before the first.
 */
export type ContentPosition = number;

/**
 * One installed pod of a person: the *client id* of the sync key (P2).
 */
export type DeviceId = string;

/**
 * Up or down.
 */
export type Direction = "up" | "down";

/**
 * An edit.
 */
export type EditView = { 
/**
 * The file.
 */
entry: EntryId, 
/**
 * The room.
 */
room: RoomId, 
/**
 * Its name.
 */
name: string, 
/**
 * Where it lies on this computer.
 */
path: string, 
/**
 * It is here, and can be opened.
 */
ready: boolean, 
/**
 * Versions that were made of it.
 */
sent: number, 
/**
 * Something of it is not at the server yet.
 */
unsent: boolean, 
/**
 * It lies in a linked folder, which sends what is saved.
 */
linked: boolean, 
/**
 * It is a copy: the lock of the file of this name was lost.
 */
copy_of: string | null, } & ({ "state": "fetching" } | { "state": "open" } | { "state": "sending" } | { "state": "lost" } | { "state": "closing" } | { "state": "stuck", 
/**
 * What.
 */
error: ErrorView, });

/**
 * All about one entry.
 */
export type EntryDetails = { 
/**
 * The entry.
 */
entry: EntryView, 
/**
 * The folders above it, from the top down.
 */
path: Array<EntryPlace>, 
/**
 * Who uploaded the newest version, then who downloaded it.
 */
holders: Array<Name>, 
/**
 * Who else of the room opened the newest version; nothing: the room is not told.
 */
opened: OpenedBy | null, 
/**
 * What was done to it, newest first; at most 20.
 */
activities: Array<Item>, };

/**
 * An entry that was found by its name.
 */
export type EntryFound = { 
/**
 * The entry.
 */
entry: EntryView, 
/**
 * What the room is called.
 */
room_title: string, 
/**
 * Names of the folders above it, from the top down.
 */
path: Array<string>, };

/**
 * A file or folder in a room's folder; keeps its id through renames, moves and versions.
 */
export type EntryId = string;

/**
 * File or folder.
 */
export type EntryKind = "file" | "folder";

/**
 * One step of a path.
 */
export type EntryPlace = { 
/**
 * The folder.
 */
id: EntryId, 
/**
 * Its name.
 */
name: string, };

/**
 * A file or folder.
 */
export type EntryView = { 
/**
 * Its id.
 */
id: EntryId, 
/**
 * The room.
 */
room: RoomId, 
/**
 * The folder it lies in.
 */
parent: EntryId | null, 
/**
 * Its name.
 */
name: string, 
/**
 * File or folder.
 */
kind: EntryKind, 
/**
 * Bytes.
 */
size: number, 
/**
 * SHA-256 in hex.
 */
digest: string, 
/**
 * Number of the newest version.
 */
version: number, 
/**
 * Who registered it.
 */
created_by: AccountId, 
/**
 * As to be shown.
 */
created_by_name: string, 
/**
 * Who changed it last.
 */
modified_by: AccountId, 
/**
 * As to be shown.
 */
modified_by_name: string, 
/**
 * When it was made.
 */
created_at: TimeMs, 
/**
 * When it was last changed.
 */
modified_at: TimeMs, 
/**
 * Where this device has it.
 */
file: FileState, 
/**
 * Entries in it, for folders.
 */
count: number, 
/**
 * What a look into it shows.
 */
preview: PreviewKind | null, 
/**
 * Who edits it, so that nobody else may change it.
 */
lock: LockView | null, 
/**
 * Comments on it.
 */
comments: number, 
/**
 * What people gave it; nothing: nobody rated it.
 */
rating: RatingSum | null, 
/**
 * Who sees and changes it, where it says so itself.
 */
permission: Permission | null, 
/**
 * This person may change its content, name and place, as far as role and permissions go.
 */
writable: boolean, 
/**
 * What somebody said that it is; empty: nothing.
 */
description: string, 
/**
 * Its tags.
 */
tags: Array<string>, };

/**
 * What went wrong, for programs; people read a sentence made from it in their language.
 */
export type ErrorCode = "bad_request" | "invalid_name" | "too_large" | "too_many" | "unauthorized" | "token_expired" | "wrong_audience" | "signed_out" | "device_in_use" | "wrong_password" | "weak_password" | "name_taken" | "invite_invalid" | "setup_code_needed" | "role_too_low" | "not_found" | "conflict" | "locked" | "id_reused" | "name_exists" | "gone" | "offset_mismatch" | "digest_mismatch" | "unsupported_version" | "last_owner" | "quota_exceeded" | "server_disk_full" | "interlock_stale" | "unavailable" | "rate_limited" | "slow_consumer" | "internal" | "offline" | "server_not_trusted" | "keyring_unavailable" | "not_signed_in" | "file_unreadable" | "file_changed" | "folder_missing" | "disk_full" | "newer_data" | "ambiguous" | "cancelled";

/**
 * An error as a user interface gets it; the sentence for it is found by its code and the language.
 */
export type ErrorView = { 
/**
 * What went wrong.
 */
code: ErrorCode, 
/**
 * English detail for *More*; never a secret.
 */
message: string, 
/**
 * When asking again makes sense.
 */
retry: Retry, };

/**
 * One event.
 */
export type Event = { "event": "status", 
/**
 * As it is now.
 */
status: StatusView, } | { "event": "connection", 
/**
 * As it is now.
 */
connection: ConnectionView, } | { "event": "room", 
/**
 * As it is now.
 */
room: RoomSummary, } | { "event": "room_gone", 
/**
 * Which.
 */
room: RoomId, } | { "event": "room_open", 
/**
 * Which.
 */
room: RoomId, } | { "event": "timeline", 
/**
 * The room.
 */
room: RoomId, } | { "event": "arrived", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The item.
 */
item: Item, } | { "event": "notice", 
/**
 * What.
 */
notice: NoticeView, } | { "event": "notices_gone", 
/**
 * Their numbers.
 */
ids: number[], } | { "event": "typing", 
/**
 * The room.
 */
room: RoomId, 
/**
 * Who.
 */
account: AccountId, 
/**
 * As to be shown.
 */
name: string, } | { "event": "folder", 
/**
 * The room.
 */
room: RoomId, } | { "event": "progress", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The upload.
 */
upload: UploadId, 
/**
 * Bytes the server has.
 */
offset: number, 
/**
 * Bytes of the whole.
 */
length: number, } | { "event": "transfer", 
/**
 * As it is now.
 */
transfer: TransferView, } | { "event": "linked", 
/**
 * All of them.
 */
folders: Array<LinkedView>, } | { "event": "edits", 
/**
 * All of them.
 */
edits: Array<EditView>, } | { "event": "offers", 
/**
 * All of them.
 */
offers: Array<OfferView>, } | { "event": "person", 
/**
 * Who.
 */
account: AccountId, 
/**
 * As it is now.
 */
presence: Presence, } | { "event": "contacts", 
/**
 * Whose cards; nothing: too many to be named, everybody's.
 */
people: Array<AccountId> | null, 
/**
 * The groups, or who is in which.
 */
groups: boolean, } | { "event": "contact_asks", 
/**
 * Who.
 */
person: PersonView, } | { "event": "contact_refused", 
/**
 * Whom it was about; nothing: a group.
 */
account: AccountId | null, 
/**
 * Why.
 */
error: ErrorView, } | { "event": "join_refused", 
/**
 * Why.
 */
error: ErrorView, } | { "event": "setting", 
/**
 * Which.
 */
key: string, } | { "event": "lagged" };

/**
 * What is asked.
 */
export type FileCommand = { "do": "versions", 
/**
 * The file.
 */
entry: EntryId, 
/**
 * Only before this one; nothing: from the newest.
 */
before: number | null, 
/**
 * At most this many.
 */
limit: number, } | { "do": "version_restore", 
/**
 * The file.
 */
entry: EntryId, 
/**
 * Which.
 */
version: number, 
/**
 * Refuse if the newest version is another one by now.
 */
if_version: number | null, } | { "do": "version_get", 
/**
 * The file.
 */
entry: EntryId, 
/**
 * Which.
 */
version: number, 
/**
 * A file or an existing folder.
 */
dest: string | null, } | { "do": "version_put", 
/**
 * The file in the folder.
 */
entry: EntryId, 
/**
 * The file here.
 */
path: string, 
/**
 * The version that it is based on: when there is a newer one by then, it is kept as a copy beside it. Nothing: it
 * goes on top of whatever is there.
 */
version: number | null, 
/**
 * The lock with which it was written; nothing: that of this device, if it has one.
 */
fence: bigint | null, } | { "do": "version_text", 
/**
 * The file.
 */
entry: EntryId, 
/**
 * Which version.
 */
version: number, 
/**
 * Its bytes.
 */
size: number, } | { "do": "piece", 
/**
 * The file.
 */
entry: EntryId, 
/**
 * Which version.
 */
version: number, 
/**
 * The first byte.
 */
from: number, 
/**
 * How many; the file has them all.
 */
bytes: number, } | { "do": "lock", 
/**
 * The file.
 */
entry: EntryId, 
/**
 * For how long; nothing: as long as this pod runs, until it is given back.
 */
minutes: number | null, } | { "do": "unlock", 
/**
 * The file.
 */
entry: EntryId, } | { "do": "edit", 
/**
 * The file.
 */
entry: EntryId, } | { "do": "edits" } | { "do": "edit_done", 
/**
 * The file.
 */
entry: EntryId, } | { "do": "edit_retry", 
/**
 * The file.
 */
entry: EntryId, } | { "do": "edit_leave", 
/**
 * The file.
 */
entry: EntryId, } | { "do": "opened", 
/**
 * The file.
 */
entry: EntryId, } | { "do": "opened_told", 
/**
 * The room.
 */
room: RoomId, 
/**
 * It is told.
 */
on: boolean, } | { "do": "concerning", 
/**
 * Who.
 */
account: AccountId, 
/**
 * At most this many.
 */
limit: number, } | { "do": "comments", 
/**
 * Which.
 */
entry: EntryId, 
/**
 * Only before this place; nothing: from the newest.
 */
before: number | null, 
/**
 * At most this many.
 */
limit: number, } | { "do": "comment", 
/**
 * Which.
 */
entry: EntryId, 
/**
 * What.
 */
text: string, 
/**
 * The members it names.
 */
mentions: Array<AccountId>, 
/**
 * The comment that it answers.
 */
reply: CommentId | null, } | { "do": "comment_delete", 
/**
 * On which.
 */
entry: EntryId, 
/**
 * The comment.
 */
comment: CommentId, } | { "do": "rate", 
/**
 * Which.
 */
entry: EntryId, 
/**
 * Half stars, 2 to 10.
 */
halves: number | null, } | { "do": "ratings", 
/**
 * Which.
 */
entry: EntryId, } | { "do": "permissions", 
/**
 * Which.
 */
entry: EntryId, } | { "do": "permission_set", 
/**
 * Which.
 */
entry: EntryId, 
/**
 * Who; what takes nothing away clears it.
 */
permission: Permission, } | { "do": "lock_break", 
/**
 * The file.
 */
entry: EntryId, 
/**
 * Why, for everybody to read.
 */
reason: string, } | FolderCommand;

/**
 * Where this device has a file.
 */
export type FileState = { "on": "server" } | { "on": "downloading", 
/**
 * The transfer.
 */
transfer: TransferId, 
/**
 * Bytes here.
 */
done: number, } | { "on": "here" } | { "on": "older" };

/**
 * A page of what a search of files found, what came last first.
 */
export type FilesFoundView = { 
/**
 * What was found; a page may hold less than was asked for, and there is more all the same.
 */
found: Array<EntryFound>, 
/**
 * Where to go on; nothing: that was all.
 */
next: number | null, 
/**
 * The server could not be reached: only names that are known here were searched.
 */
here: boolean, };

/**
 * What is looked for; what is missing is not asked for.
 */
export type FindAsk = { 
/**
 * In this room; nothing: in the 64 rooms in which something happened last.
 */
room: RoomId | null, 
/**
 * Words.
 */
text: string, 
/**
 * The registrant.
 */
by: AccountId | null, 
/**
 * File or folder.
 */
kind: EntryKind | null, 
/**
 * Files whose names end so, without the dot; none: all.
 */
endings: Array<string>, 
/**
 * Last changed then or later.
 */
since: TimeMs | null, 
/**
 * Last changed then or before.
 */
until: TimeMs | null, 
/**
 * Files of at least so many bytes.
 */
size_min: number | null, 
/**
 * Files of at most so many bytes.
 */
size_max: number | null, 
/**
 * Rated with at least so many half stars on average.
 */
halves_min: number | null, 
/**
 * With this tag.
 */
tag: string | null, 
/**
 * Go on after this: `next` of the page before.
 */
after: number | null, 
/**
 * At most so many.
 */
limit: number, };

/**
 * What is asked.
 */
export type FolderCommand = { "do": "trash", 
/**
 * The room.
 */
room: RoomId, 
/**
 * Only what was deleted before this; nothing: from the newest.
 */
before: ContentPosition | null, 
/**
 * At most this many.
 */
limit: number, } | { "do": "purge", 
/**
 * The room.
 */
room: RoomId, 
/**
 * Which.
 */
entry: EntryId, } | { "do": "trash_empty", 
/**
 * The room.
 */
room: RoomId, 
/**
 * Up to here.
 */
up_to: ContentPosition, } | { "do": "files_find", 
/**
 * What is looked for.
 */
ask: FindAsk, } | { "do": "space", 
/**
 * The room.
 */
room: RoomId, } | { "do": "describe", 
/**
 * Which.
 */
entry: EntryId, 
/**
 * A text; empty: none.
 */
description: string, 
/**
 * Tags; none: no tags.
 */
tags: Array<string>, };

/**
 * A page of one folder.
 */
export type FolderView = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * The way from the top to this folder; empty: the top.
 */
path: Array<EntryPlace>, 
/**
 * Entries in it.
 */
total: number, 
/**
 * Bytes of the files in it.
 */
bytes: number, 
/**
 * How it is sorted.
 */
sort: Sort, 
/**
 * How many entries stand before the page.
 */
offset: number, 
/**
 * The page.
 */
entries: Array<EntryView>, 
/**
 * This person may add and change.
 */
writable: boolean, 
/**
 * This person may comment and rate, in what is for viewing only too.
 */
may_remark: boolean, 
/**
 * Everything up to here is included.
 */
position: ContentPosition, };

/**
 * What a search in one room found.
 */
export type FoundView = { 
/**
 * Messages, newest first.
 */
items: Array<Item>, 
/**
 * Older ones were not looked at yet: ask again with `before` = `reached`.
 */
more: boolean, 
/**
 * Everything from here on was looked at; nothing: nothing is here.
 */
reached: Position | null, };

/**
 * Whose disk is full.
 */
export type FullDisk = "here" | "server";

/**
 * An invite to send on.
 */
export type InviteView = { 
/**
 * The code of the server's invite; empty where the link only joins a room.
 */
code: string, 
/**
 * The link.
 */
link: string, 
/**
 * The page of the server that says what to do with it.
 */
page: string, 
/**
 * When it is over.
 */
expires_at: TimeMs, };

/**
 * One item.
 */
export type Item = { 
/**
 * Stays the same through the item's life: the message id, `upload:ID`, `activity:ID` or `event:POS`.
 */
key: string, 
/**
 * Its place; nothing: not at the server yet.
 */
pos: Position | null, 
/**
 * When.
 */
at: TimeMs, 
/**
 * Who.
 */
by: AccountId, 
/**
 * Who, as to be shown (members who left included).
 */
by_name: string, 
/**
 * It is this person.
 */
mine: boolean, 
/**
 * What.
 */
kind: ItemKind, };

/**
 * What an item is.
 */
export type ItemKind = { "type": "message", 
/**
 * Its id.
 */
id: MessageId, 
/**
 * The text as it stands now; nothing: deleted, or written by a newer Pod.
 */
text: string | null, 
/**
 * Where it is; a change of it that waits or failed is told here too.
 */
state: MessageState, 
/**
 * Its text was changed.
 */
edited: boolean, 
/**
 * It was deleted: its line stays.
 */
deleted: boolean, 
/**
 * What it answers.
 */
reply: ReplyView | null, 
/**
 * The people it names.
 */
mentions: Array<Name>, 
/**
 * The emoji under it, in the order in which they came.
 */
reactions: Array<ReactionView>, 
/**
 * This person may change its text.
 */
may_edit: boolean, 
/**
 * This person may delete it.
 */
may_delete: boolean, } | { "type": "upload" } & LiveUpload | { "type": "activity" } & ActivityItem | { "type": "created", 
/**
 * Its title.
 */
title: string, } | { "type": "member", 
/**
 * Who.
 */
account: AccountId, 
/**
 * As to be shown.
 */
name: string, 
/**
 * The role.
 */
role: Role | null, } | { "type": "renamed", 
/**
 * The title.
 */
title: string, } | { "type": "folder_made" };

/**
 * Something that is left alone.
 */
export type LeftAlone = { 
/**
 * Its path below the linked folder.
 */
path: string, 
/**
 * Why.
 */
why: Alone, };

/**
 * A link by which people join a room.
 */
export type LinkId = string;

/**
 * What is asked.
 */
export type LinkedCommand = { "do": "linked_add", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The folder of the room; nothing: its top.
 */
entry: EntryId | null, 
/**
 * Where; made when it is not there.
 */
path: string, } | { "do": "linked_remove", 
/**
 * Which.
 */
id: LinkedId, } | { "do": "linked_folders" } | { "do": "linked_pause", 
/**
 * Which.
 */
id: LinkedId, 
/**
 * Stop it.
 */
paused: boolean, } | { "do": "linked_answer", 
/**
 * Which.
 */
id: LinkedId, 
/**
 * Delete them; else what is gone comes back from the other side.
 */
delete: boolean, };

/**
 * A folder of this computer that is kept in step with a room; made by its pod.
 */
export type LinkedId = string;

/**
 * Many deletions at once that wait for a person's word.
 */
export type LinkedQuestion = { 
/**
 * Files that would be deleted on this computer, because they are gone in the room.
 */
here: number, 
/**
 * Files that would be deleted in the room, because they are gone on this computer.
 */
there: number, };

/**
 * A linked folder.
 */
export type LinkedView = { 
/**
 * Which.
 */
id: LinkedId, 
/**
 * The room.
 */
room: RoomId, 
/**
 * What the room is called.
 */
room_title: string, 
/**
 * The folder of the room; nothing: its top.
 */
entry: EntryId | null, 
/**
 * Where it lies on this computer.
 */
path: string, 
/**
 * Files that both sides have.
 */
files: number, 
/**
 * Files that move or are about to.
 */
left: number, 
/**
 * What waits for a word.
 */
question: LinkedQuestion | null, 
/**
 * What is left alone for longer than a moment; at most 100.
 */
alone: Array<LeftAlone>, } & ({ "state": "working" } | { "state": "in_step" } | { "state": "paused" } | { "state": "offline" } | { "state": "stuck", 
/**
 * What.
 */
error: ErrorView, });

/**
 * A file in the chat (N8, N12): one item from the first byte to the card.
 */
export type LiveUpload = { 
/**
 * The upload.
 */
upload: UploadId, 
/**
 * This device's transfer, when it is the sender.
 */
transfer: TransferId | null, 
/**
 * The entry, once stored.
 */
entry: EntryId | null, 
/**
 * Name of the file.
 */
name: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * How far.
 */
phase: UploadPhase, 
/**
 * This person may cancel it: the sender, and who manages the room.
 */
may_cancel: boolean, 
/**
 * What a look into the file shows, once stored.
 */
preview: PreviewKind | null, 
/**
 * The version it became; 0: not stored.
 */
version: number, 
/**
 * It is a copy that was kept beside the file of this name, because that had changed meanwhile.
 */
conflict_of: string | null, };

/**
 * Who edits a file.
 */
export type LockView = { 
/**
 * Who.
 */
by: AccountId, 
/**
 * As to be shown.
 */
by_name: string, 
/**
 * Since when.
 */
since: TimeMs, 
/**
 * At this computer.
 */
here: boolean, 
/**
 * It is this person, here or at another computer.
 */
mine: boolean, };

/**
 * Who has a message.
 */
export type MarksView = { 
/**
 * Who has read it.
 */
read: Array<Name>, 
/**
 * Who has it on a device and has not read it yet.
 */
delivered: Array<Name>, };

/**
 * A member.
 */
export type MemberView = { 
/**
 * Who.
 */
account: AccountId, 
/**
 * Unique name.
 */
name: string, 
/**
 * What others see.
 */
display_name: string, 
/**
 * The role.
 */
role: Role, 
/**
 * It is this person.
 */
me: boolean, 
/**
 * Being removed; the content service has not confirmed it yet.
 */
leaving: boolean, 
/**
 * As last heard.
 */
presence: Presence, };

/**
 * A message; made by the client that writes it, unique per account.
 */
export type MessageId = string;

/**
 * Where a message is.
 */
export type MessageState = { "at": "waiting" } | { "at": "sent" } | { "at": "delivered" } | { "at": "read" } | { "at": "failed", 
/**
 * Why.
 */
error: ErrorView, };

/**
 * A person's own choice: the same on all their devices, until it runs out.
 */
export type MyPresence = { 
/**
 * What they chose to be.
 */
state: PresenceChoice, 
/**
 * What they say of it; at most `limits::PRESENCE_TEXT_BYTES_MAX`.
 */
text: string, 
/**
 * Then both are over: *here*, without a text.
 */
until: TimeMs | null, };

/**
 * Somebody by name.
 */
export type Name = { 
/**
 * Who.
 */
account: AccountId, 
/**
 * As to be shown.
 */
name: string, };

/**
 * What a notice is about.
 */
export type NoticeAbout = { "of": "item", 
/**
 * The room.
 */
room: RoomId, 
/**
 * Its title; empty: a conversation of two.
 */
title: string, 
/**
 * The newest of it.
 */
item: Item, 
/**
 * So much came before it at the same time.
 */
more: number, } | { "of": "contact", 
/**
 * Who.
 */
person: PersonView, } | { "of": "offers", 
/**
 * Them.
 */
offers: Array<OfferView>, } | { "of": "summary", 
/**
 * Messages, those that name this person included.
 */
messages: number, 
/**
 * Those that do.
 */
mentions: number, 
/**
 * New files.
 */
files: number, 
/**
 * Other changes of files and folders.
 */
changes: number, 
/**
 * Requests to be a contact.
 */
requests: number, 
/**
 * Files that somebody wants to send.
 */
offers: number, 
/**
 * The rooms where most of it is.
 */
rooms: Array<RoomName>, 
/**
 * How many rooms it is in.
 */
room_count: number, };

/**
 * What can be worth a notice. More kinds come with more activities; each has a word in the settings.
 */
export type NoticeKind = "messages" | "mentions" | "files" | "changes" | "comments" | "contacts" | "offers";

/**
 * One notice; it goes when what it is about was read or answered, on any device.
 */
export type NoticeView = { 
/**
 * Its number in this run of the pod.
 */
id: number, 
/**
 * What happened; of a summary the newest.
 */
kind: NoticeKind, 
/**
 * What it is about.
 */
about: NoticeAbout, };

/**
 * How much a person wants to hear, of a room or of everything.
 */
export type NotifyWish = "all" | "mentions" | "none";

/**
 * What an offer wants of this person.
 */
export type OfferAsks = "asked" | "interrupted" | "forwarded";

/**
 * One file that one person offers to another; made by the client of who offers it.
 */
export type OfferId = string;

/**
 * One file that is offered and waits for an answer.
 */
export type OfferView = { 
/**
 * The offer.
 */
offer: OfferId, 
/**
 * The same for all files that were offered in one go.
 */
batch: OfferId, 
/**
 * Who offers.
 */
from: Name, 
/**
 * Name of the file.
 */
name: string, 
/**
 * Bytes.
 */
bytes: number, 
/**
 * What a look into it would show, by its name.
 */
kind_of: PreviewKind | null, 
/**
 * When it was offered.
 */
at: TimeMs, 
/**
 * What is to be answered.
 */
step: OfferAsks, 
/**
 * The folder that it would go into, as a person reads it.
 */
folder: string, };

/**
 * Who opened a version, of all who did not make it.
 */
export type OpenedBy = { 
/**
 * Who opened it.
 */
people: Array<Name>, 
/**
 * Of so many.
 */
of: number, };

/**
 * All of it, from the databases of this computer. Where nobody is signed in the lists are empty.
 */
export type OpeningView = { 
/**
 * Who is signed in, and how the connection is.
 */
status: StatusView, 
/**
 * The settings that are set.
 */
settings: { [key in string]: string }, 
/**
 * The rooms, newest activity first.
 */
rooms: Array<RoomSummary>, 
/**
 * The transfer queue.
 */
transfers: Array<TransferView>, 
/**
 * What people offer to this person.
 */
offers: Array<OfferView>, };

/**
 * The way the bytes take.
 */
export type Path = "server" | "direct";

/**
 * What is asked.
 */
export type PeopleCommand = { "do": "room_notify", 
/**
 * The room.
 */
room: RoomId, 
/**
 * How much; nothing: as in general.
 */
wish: NotifyWish | null, } | { "do": "room_favourite", 
/**
 * The room.
 */
room: RoomId, 
/**
 * It does, behind those that do already.
 */
favourite: boolean, } | { "do": "rooms_order", 
/**
 * In their order.
 */
rooms: Array<RoomId>, } | { "do": "talk_to", 
/**
 * Who.
 */
account: AccountId, } | { "do": "person", 
/**
 * Who.
 */
account: AccountId, } | { "do": "contacts" } | { "do": "presence_set", 
/**
 * What to be.
 */
state: PresenceChoice, 
/**
 * What to say of it; may be empty.
 */
text: string, 
/**
 * Then both are over.
 */
until: TimeMs | null, } | { "do": "idle", 
/**
 * Nobody is.
 */
idle: boolean, } | { "do": "room_link", 
/**
 * The room.
 */
room: RoomId, 
/**
 * How many may use it.
 */
uses: number, 
/**
 * How long it lasts.
 */
days: number, } | { "do": "room_links", 
/**
 * The room.
 */
room: RoomId, } | { "do": "room_link_revoke", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The link.
 */
id: LinkId, } | { "do": "room_join", 
/**
 * The link.
 */
link: string, } | { "do": "password_set", 
/**
 * The password until now.
 */
old: Secret, 
/**
 * The new one.
 */
new: Secret, } | { "do": "profile_fields_set", 
/**
 * What; an empty field says nothing.
 */
profile: ProfileFields, } | { "do": "profile_set", 
/**
 * What others see.
 */
display_name: string, };

/**
 * Who sees an entry and what lies in it, and whether they may change it.
 */
export type Permission = { 
/**
 * Who sees it.
 */
shared_with: SharedWith, 
/**
 * Only the registrant and who manages the room change it.
 */
view_only: boolean, };

/**
 * The permission of a folder above an entry.
 */
export type PermissionAbove = { 
/**
 * The folder.
 */
entry: EntryId, 
/**
 * Its name.
 */
name: string, 
/**
 * Its registrant.
 */
by: AccountId, 
/**
 * Its permission.
 */
permission: Permission, };

/**
 * Who may see and change an entry.
 */
export type PermissionsView = { 
/**
 * The entry.
 */
entry: EntryId, 
/**
 * Who made it, and always sees it.
 */
registrant: AccountId, 
/**
 * Its own permission.
 */
own: Permission, 
/**
 * Those of the folders above it, from the top down; each of them counts too.
 */
above: Array<PermissionAbove>, 
/**
 * This person may set it.
 */
may_set: boolean, 
/**
 * This person is the registrant, who alone may keep it for themselves.
 */
mine: boolean, };

/**
 * Somebody with an account on this server.
 */
export type Person = { 
/**
 * Who.
 */
account: AccountId, 
/**
 * Unique name.
 */
name: string, 
/**
 * What others see.
 */
display_name: string, };

/**
 * A person's card.
 */
export type PersonView = { 
/**
 * Who.
 */
account: AccountId, 
/**
 * Unique name.
 */
name: string, 
/**
 * What others see.
 */
display_name: string, 
/**
 * It is this person.
 */
me: boolean, 
/**
 * As last heard; *offline* where no room is shared and they are no contact.
 */
presence: Presence, 
/**
 * What they say of themself; empty: nothing, or nothing that this person may see.
 */
profile: ProfileFields, 
/**
 * The rooms shared with them, conversations of two not counted, by title.
 */
rooms: Array<RoomName>, 
/**
 * The conversation of two with them, if there is one.
 */
talk: RoomId | null, 
/**
 * How they stand as a contact, and how this person keeps them; nothing: nothing is kept.
 */
contact: ContactView | null, };

/**
 * Where a stretch of chat is.
 */
export type Place = { "at": "newest" } | { "at": "before", 
/**
 * The position.
 */
pos: Position, } | { "at": "after", 
/**
 * The position.
 */
pos: Position, } | { "at": "around", 
/**
 * The position.
 */
pos: Position, };

/**
 * A place in one room's log, from 1; 0 is before the first.
 */
export type Position = number;

/**
 * A person's presence, as others see it.
 */
export type Presence = { 
/**
 * Whether they are there.
 */
state: PresenceState, 
/**
 * What they say of it; may be empty.
 */
text: string, 
/**
 * Until when they say so.
 */
until: TimeMs | null, 
/**
 * When they were last there, once they are offline.
 */
seen_at: TimeMs | null, };

/**
 * What a person chose to be; *here* leaves it to their devices.
 */
export type PresenceChoice = "here" | "away" | "busy" | "invisible";

/**
 * Whether a person is there, as others see it.
 */
export type PresenceState = "here" | "away" | "busy" | "offline";

/**
 * What a look into a file shows.
 */
export type PreviewKind = "image" | "text" | "markdown" | "pdf" | "audio" | "video";

/**
 * Fields of a person; each may be empty.
 */
export type ProfileFields = { 
/**
 * What they are.
 */
title: string, 
/**
 * Where they belong.
 */
organisation: string, 
/**
 * A telephone number.
 */
phone: string, 
/**
 * An address for mail.
 */
mail: string, 
/**
 * Where they are to be found; lines.
 */
address: string, 
/**
 * Anything else; lines.
 */
about: string, };

/**
 * All ratings of an entry as one: their average is `halves` by `count`.
 */
export type RatingSum = { 
/**
 * Half stars of all together.
 */
halves: number, 
/**
 * How many rated it.
 */
count: number, };

/**
 * One person's rating.
 */
export type RatingView = { 
/**
 * Who.
 */
by: AccountId, 
/**
 * As to be shown.
 */
by_name: string, 
/**
 * It is this person's own.
 */
mine: boolean, 
/**
 * Half stars, 2 to 10.
 */
halves: number, };

/**
 * One emoji under a message.
 */
export type ReactionView = { 
/**
 * The emoji.
 */
emoji: string, 
/**
 * How many gave it.
 */
count: number, 
/**
 * This person did.
 */
mine: boolean, 
/**
 * Up to ten of them.
 */
names: Array<string>, };

/**
 * What can be answered.
 */
export type ReplyTarget = { "to": "message", 
/**
 * Its id.
 */
id: MessageId, } | { "to": "upload", 
/**
 * Its upload.
 */
id: UploadId, };

/**
 * What a message answers, as to be shown above it.
 */
export type ReplyView = { 
/**
 * The message or file.
 */
target: ReplyTarget, 
/**
 * Its place, to go there.
 */
pos: Position | null, 
/**
 * Who wrote or sent it.
 */
by: AccountId, 
/**
 * As to be shown.
 */
by_name: string, 
/**
 * It is this person's.
 */
mine: boolean, 
/**
 * Its text now, or its beginning as it was quoted; nothing: deleted, or not to be read.
 */
quote: string | null, };

/**
 * When asking again makes sense.
 */
export type Retry = "now" | "after" | "on_change" | "never";

/**
 * The role of a member, the same in the room and in its sharing group (N4). Ordered from least to most.
 */
export type Role = "viewer" | "editor" | "manager" | "owner";

/**
 * A room and its sharing group: two records with this one id (N1, N2).
 */
export type RoomId = string;

/**
 * A link by which people join a room.
 */
export type RoomLinkView = { 
/**
 * The link.
 */
id: LinkId, 
/**
 * Who made it.
 */
by_name: string, 
/**
 * How many people may still use it.
 */
uses_left: number, 
/**
 * When it is over.
 */
expires_at: TimeMs, };

/**
 * A room and what it is called.
 */
export type RoomName = { 
/**
 * The room.
 */
id: RoomId, 
/**
 * Its title.
 */
title: string, };

/**
 * One row of the list of rooms.
 */
export type RoomSummary = { 
/**
 * The room.
 */
id: RoomId, 
/**
 * Its title; empty: a conversation of two, show the other's name.
 */
title: string, 
/**
 * Up to three other members, for conversations of two and for avatars.
 */
others: Array<MemberView>, 
/**
 * Number of members.
 */
member_count: number, 
/**
 * This person's role.
 */
role: Role, 
/**
 * It has a folder.
 */
has_folder: boolean, 
/**
 * The newest item, for the second line.
 */
last: Item | null, 
/**
 * Time of the newest item, or of the room.
 */
last_at: TimeMs, 
/**
 * Items after the read mark that are worth a badge.
 */
unread: number, 
/**
 * Those among them that name this person.
 */
mentions: number, 
/**
 * The beginning of what this person is writing here.
 */
draft: string | null, 
/**
 * Made on this device and not yet at the server.
 */
waiting: boolean, 
/**
 * The digest of its picture; nothing: it has none.
 */
picture: string | null, 
/**
 * The room is told who opened what.
 */
opened_told: boolean, 
/**
 * It may not disturb: *none* was chosen for it.
 */
muted: boolean, 
/**
 * What this person wants to hear of it; nothing: as in general.
 */
notify: NotifyWish | null, 
/**
 * It stands above the others.
 */
favourite: boolean, 
/**
 * Its place among the favourites, from 0.
 */
rank: number | null, };

/**
 * One room, open.
 */
export type RoomView = { 
/**
 * The row of the list.
 */
summary: RoomSummary, 
/**
 * Who made it.
 */
created_by: AccountId, 
/**
 * When.
 */
created_at: TimeMs, 
/**
 * All members, by role and name.
 */
members: Array<MemberView>, 
/**
 * Up to where this person has read.
 */
read: Position, 
/**
 * Entries in the folder, as far as known.
 */
entry_count: number, 
/**
 * Bytes in the folder, as far as known.
 */
folder_bytes: number, };

/**
 * The beginning of a comment, in the line that tells it.
 */
export type SaidLine = { 
/**
 * The comment.
 */
id: CommentId, 
/**
 * Its beginning.
 */
text: string, 
/**
 * It names this person, or answers them.
 */
to_me: boolean, 
/**
 * Whom it answers, as to be shown.
 */
answers: string | null, };

/**
 * A text that is a secret: never shown by `Debug`.
 */
export type Secret = string;

/**
 * A server address or invite link, read and understood.
 */
export type ServerAddress = { 
/**
 * `https://host:port` or `http://host:port`.
 */
url: string, 
/**
 * SHA-256 of the certificate in hex, to be pinned.
 */
fingerprint: string | null, 
/**
 * The invite code.
 */
invite: string | null, 
/**
 * The code of a room to join. A secret.
 */
room: string | null, };

/**
 * Who sees an entry.
 */
export type SharedWith = "everyone" | { "some": Array<AccountId> } | "only_me";

/**
 * The side a room is made from.
 */
export type Side = "chat" | "files";

/**
 * A computer on which this person is signed in.
 */
export type SignInView = { 
/**
 * The device.
 */
device: DeviceId, 
/**
 * What it calls itself.
 */
label: string, 
/**
 * Since when it is signed in.
 */
since: TimeMs, 
/**
 * When it last asked the server for something.
 */
seen: TimeMs, 
/**
 * It is this one.
 */
current: boolean, };

/**
 * How a folder is sorted. Folders always stand before files.
 */
export type Sort = { 
/**
 * By what.
 */
by: SortBy, 
/**
 * The last first.
 */
descending: boolean, };

/**
 * What a folder can be sorted by; equal ones stand by name.
 */
export type SortBy = "name" | "modified" | "size" | "person" | "kind" | "version" | "comments" | "rating" | "lock";

/**
 * `GET /v1/rooms/{room}/space`: bytes of all versions that are kept, what lies in the trash too, and of uploads on their way.
 * What goes beyond is refused (`quota_exceeded`) before a byte of it comes.
 */
export type Space = { 
/**
 * Of the room.
 */
room_used: number, 
/**
 * What it may take; nothing: whatever there is.
 */
room_max?: number | null, 
/**
 * Of the person who asks, in all rooms.
 */
own_used: number, 
/**
 * What they may take; nothing: whatever there is.
 */
own_max?: number | null, };

/**
 * All that a status line or `pod-cli status` says.
 */
export type StatusView = { 
/**
 * Who is signed in.
 */
account: AccountView | null, 
/**
 * The connection.
 */
connection: ConnectionView, 
/**
 * The last sync of this run.
 */
sync: SyncView | null, 
/**
 * Messages that wait for the server.
 */
messages_waiting: number, 
/**
 * Files that wait or move, up and down.
 */
transfers_waiting: number, 
/**
 * Changes of contacts and groups that wait for the server.
 */
contacts_waiting: number, 
/**
 * When the shown data was last known to be current.
 */
synced_at: TimeMs | null, 
/**
 * What this person chose to be.
 */
presence: MyPresence, };

/**
 * One thing that happened to a transfer.
 */
export type StoryLine = { 
/**
 * When.
 */
at: TimeMs, 
/**
 * What.
 */
what: StoryWhat, 
/**
 * At which byte, where that says something.
 */
byte: number | null, 
/**
 * Nobody asked for it at this moment: an option or a rule did.
 */
auto: boolean, };

/**
 * What happened, for the story of a row.
 */
export type StoryWhat = "asked" | "accepted" | "declined" | "direct" | "server" | "cut" | "resumed" | "held" | "full" | "forwarding" | "forwarded" | "receiver_away" | "sender_away" | "changed" | "lost" | "done" | "failed";

/**
 * What a transfer waits for.
 */
export type Stuck = { "for": "turn" } | { "for": "network", 
/**
 * The next try; nothing: as soon as there is a way.
 */
until: TimeMs | null, } | { "for": "room" } | { "for": "receiver" } | { "for": "sender" } | { "for": "asking" } | { "for": "held" } | { "for": "paused_all" } | { "for": "space", 
/**
 * Whose.
 */
disk: FullDisk, 
/**
 * Bytes that are missing there, as far as known.
 */
missing: number, 
/**
 * When it is looked at again.
 */
until: TimeMs | null, } | { "for": "person", 
/**
 * What.
 */
error: ErrorView, };

/**
 * What a sync turned out to be (P4, P5).
 */
export type SyncKind = "null" | "delta" | "full";

/**
 * How the last sync went (P3–P6).
 */
export type SyncView = { 
/**
 * Null, delta or full.
 */
kind: SyncKind, 
/**
 * Bytes received for it, frames only.
 */
bytes_in: number, 
/**
 * Bytes sent for it.
 */
bytes_out: number, 
/**
 * Request–answer exchanges it took.
 */
round_trips: number, };

/**
 * The beginning of a text.
 */
export type TextPreview = { 
/**
 * What it says.
 */
text: string, 
/**
 * The file goes on behind it.
 */
truncated: boolean, 
/**
 * It is Markdown.
 */
markdown: boolean, };

/**
 * Milliseconds since 1970 in UTC, for showing; never used to put things in order.
 */
export type TimeMs = number;

/**
 * A stretch of a room's chat, oldest first.
 */
export type Timeline = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * The items; what waits in the outbox stands last.
 */
items: Array<Item>, 
/**
 * There are older ones: ask again with `before` the position of the first.
 */
more: boolean, 
/**
 * There are newer ones: ask again with `after` the position of the last.
 */
newer: boolean, 
/**
 * Up to where the log is known. Whoever sees the newest item has seen all up to there: a file keeps the place it
 * was begun at, and what became of it lies behind.
 */
head: Position, };

/**
 * The service a token is for.
 */
export type TokenFor = "messenger" | "content";

/**
 * What is asked.
 */
export type TransferCommand = { "do": "offer", 
/**
 * Whom.
 */
to: AccountId, 
/**
 * Which files.
 */
paths: Array<string>, } | { "do": "offers" } | { "do": "offer_accept", 
/**
 * Which.
 */
offers: Array<OfferId>, 
/**
 * What the same people offer from now on is taken without a question.
 */
always: boolean, 
/**
 * An existing folder; nothing: the usual one.
 */
folder: string | null, } | { "do": "offer_decline", 
/**
 * Which.
 */
offers: Array<OfferId>, } | { "do": "always_accepted" } | { "do": "always_accept", 
/**
 * Who.
 */
account: AccountId, 
/**
 * It is.
 */
on: boolean, } | { "do": "transfers_look", 
/**
 * Which, at most `TRANSFERS_LOOK_MAX`.
 */
ids: Array<TransferId>, } | { "do": "transfers_pause", 
/**
 * Stop it.
 */
paused: boolean, } | { "do": "transfer_order", 
/**
 * Which.
 */
id: TransferId, 
/**
 * Before this one; nothing: last.
 */
before: TransferId | null, } | { "do": "transfer_options", 
/**
 * Which.
 */
id: TransferId, 
/**
 * How.
 */
options: TransferOptions, } | { "do": "transfer_forward", 
/**
 * Which.
 */
id: TransferId, };

/**
 * A movement of one file in a client's queue.
 */
export type TransferId = string;

/**
 * What happens by itself after a disconnection (seed 004).
 */
export type TransferOptions = { 
/**
 * Sender: ask again.
 */
retransfer: boolean, 
/**
 * Receiver: say yes to the renewed request.
 */
receive: boolean, 
/**
 * Sender: send the rest through the server when no answer comes.
 */
forward: boolean, };

/**
 * Where a transfer stands.
 */
export type TransferState = { "state": "waiting" } & Stuck | { "state": "moving" } | { "state": "paused" } | { "state": "verifying" } | { "state": "done" } | { "state": "failed", 
/**
 * Why.
 */
error: ErrorView, } | { "state": "cancelled" };

/**
 * One row of the queue.
 */
export type TransferView = { 
/**
 * The transfer.
 */
id: TransferId, 
/**
 * Its place in the queue; lower ones go first.
 */
rank: number, 
/**
 * Up or down.
 */
direction: Direction, 
/**
 * The room; nothing: it is an offer.
 */
room: RoomId | null, 
/**
 * The room's title; empty for an offer.
 */
room_title: string, 
/**
 * The other person of an offer.
 */
peer: Name | null, 
/**
 * The offer.
 */
offer: OfferId | null, 
/**
 * The entry, once known.
 */
entry: EntryId | null, 
/**
 * Name of the file.
 */
name: string, 
/**
 * Where it is or will be on this computer.
 */
local_path: string, 
/**
 * The way in use, as far as one is.
 */
path: Path | null, 
/**
 * Bytes durably at the destination.
 */
done: number, 
/**
 * Bytes of the whole.
 */
total: number, 
/**
 * Bytes a second, when moving and steady.
 */
rate: number | null, 
/**
 * Seconds left, when moving and steady.
 */
eta_s: number | null, 
/**
 * The byte that it last went on from, while moving.
 */
resumed_at: number | null, 
/**
 * Where it stands.
 */
state: TransferState, 
/**
 * When it was asked for.
 */
created_at: TimeMs, 
/**
 * How it behaves after a disconnection.
 */
options: TransferOptions, 
/**
 * What happened to it, oldest first; the last 12.
 */
story: Array<StoryLine>, };

/**
 * One thing that was deleted, with all that went with it.
 */
export type TrashItemView = { 
/**
 * Its id.
 */
id: EntryId, 
/**
 * What it was called.
 */
name: string, 
/**
 * File or folder.
 */
kind: EntryKind, 
/**
 * Bytes, for files.
 */
size: number, 
/**
 * Names of the folders in which it lay, from the top down.
 */
path: Array<string>, 
/**
 * Files and folders that come back with it.
 */
below: number, 
/**
 * Who deleted it.
 */
by: AccountId, 
/**
 * As to be shown.
 */
by_name: string, 
/**
 * It was this person.
 */
mine: boolean, 
/**
 * When.
 */
at: TimeMs, 
/**
 * Where its deletion stands in the folder's log.
 */
position: ContentPosition, 
/**
 * When it is deleted for good.
 */
until: TimeMs, 
/**
 * This person may delete it for good.
 */
purgeable: boolean, };

/**
 * What was deleted and can come back, what was deleted last first.
 */
export type TrashView = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * What was deleted.
 */
items: Array<TrashItemView>, 
/**
 * There is more, deleted before.
 */
more: boolean, 
/**
 * Days until the server deletes for good.
 */
days: number, 
/**
 * This person may bring things back.
 */
writable: boolean, 
/**
 * This person may empty it.
 */
manages: boolean, };

/**
 * An upload that is open or was (N12).
 */
export type UploadId = string;

/**
 * How far an upload is.
 */
export type UploadPhase = { "phase": "waiting", 
/**
 * Waits for: the network, or its turn.
 */
stuck: Stuck | null, 
/**
 * Bytes the server has.
 */
offset: number, } | { "phase": "moving", 
/**
 * Bytes the server has.
 */
offset: number, 
/**
 * Bytes a second, when known.
 */
rate: number | null, } | { "phase": "paused", 
/**
 * Bytes the server has.
 */
offset: number, } | { "phase": "stored", 
/**
 * Where this device has it.
 */
file: FileState, } | { "phase": "cancelled" } | { "phase": "failed", 
/**
 * Why.
 */
error: ErrorView, } | { "phase": "deleted" };

/**
 * One version.
 */
export type VersionView = { 
/**
 * Its number.
 */
version: number, 
/**
 * Bytes.
 */
size: number, 
/**
 * SHA-256 in hex.
 */
digest: string, 
/**
 * By whom.
 */
by: AccountId, 
/**
 * As to be shown.
 */
by_name: string, 
/**
 * When.
 */
at: TimeMs, 
/**
 * The version that it brought back.
 */
restores: number | null, };

/**
 * Versions of a file, newest first.
 */
export type VersionsView = { 
/**
 * The file.
 */
entry: EntryId, 
/**
 * The versions.
 */
versions: Array<VersionView>, 
/**
 * There are older ones.
 */
more: boolean, };
