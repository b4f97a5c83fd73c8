//! Every limit of Pod, in one place. A request beyond one is refused with the code named, and changes nothing.

/// Longest name of an account, in bytes of UTF-8 (`invalid_name`).
pub const ACCOUNT_NAME_BYTES_MAX: usize = 64;
/// Longest display name of an account, in bytes of UTF-8 (`invalid_name`).
pub const DISPLAY_NAME_BYTES_MAX: usize = 128;
/// Shortest password, in characters (`weak_password`).
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Longest password, in bytes (`too_large`).
pub const PASSWORD_BYTES_MAX: usize = 1024;
/// Longest label of a device, in bytes (`invalid_name`).
pub const DEVICE_LABEL_BYTES_MAX: usize = 128;
/// Most devices signed in for one account (`too_many`).
pub const DEVICES_PER_ACCOUNT_MAX: usize = 32;
/// Longest title of a room, in bytes of UTF-8 (`invalid_name`).
pub const ROOM_TITLE_BYTES_MAX: usize = 256;
/// Most members of one room (`too_many`).
pub const MEMBERS_PER_ROOM_MAX: usize = 1_000;
/// Most rooms one account may be in (`too_many`).
pub const ROOMS_PER_ACCOUNT_MAX: usize = 10_000;
/// Longest body of a message, in bytes, envelope included (`too_large`).
pub const MESSAGE_BODY_BYTES_MAX: usize = 32 * 1024;
/// Longest body of a reaction or deletion, in bytes, envelope included (`too_large`).
pub const ABOUT_BODY_BYTES_MAX: usize = 256;
/// Longest emoji of a reaction, in bytes of UTF-8 (`too_large`); longer ones are not shown.
pub const EMOJI_BYTES_MAX: usize = 64;
/// Different emoji shown under one message.
pub const REACTIONS_SHOWN_MAX: u32 = 64;
/// People named in one message (`too_many`); more are not shown.
pub const MENTIONS_MAX: usize = 50;
/// Longest quote of what a message answers, in characters; more is not shown.
pub const QUOTE_CHARS_MAX: usize = 200;
/// Largest room in which it is told who has and who has read a message, and who is writing, in members.
pub const MARKS_TOLD_MEMBERS_MAX: usize = 50;
/// One person's typing is told in one room at most this often, in milliseconds.
pub const TYPING_EVERY_MS: u64 = 3_000;
/// Rooms in one report of what is on a device (`too_many`).
pub const DELIVERED_ROOMS_MAX: usize = 256;
/// Longest name of a file or folder, in bytes of UTF-8 (`invalid_name`).
pub const ENTRY_NAME_BYTES_MAX: usize = 255;
/// Deepest nesting of folders in a room (`too_many`).
pub const FOLDER_DEPTH_MAX: usize = 64;
/// Most entries in one room's folder, deleted ones not counted (`too_many`).
pub const ENTRIES_PER_ROOM_MAX: usize = 1_000_000;
/// Largest file, in bytes (`too_large`).
pub const FILE_BYTES_MAX: u64 = 1 << 40;
/// An edit lock that nobody renews ends after this long, in seconds.
pub const LOCK_LEASE_S: u64 = 120;
/// Longest that a lock may last without being renewed, in seconds (`too_large`).
pub const LOCK_S_MAX: u64 = 12 * 3600;
/// Longest reason for breaking a lock, in bytes of UTF-8 (`too_large`).
pub const LOCK_REASON_BYTES_MAX: usize = 512;
/// Files that one account may have locked (`too_many`).
pub const LOCKS_PER_ACCOUNT_MAX: usize = 200;
/// People named in one permission (`too_many`).
pub const PERMISSION_PEOPLE_MAX: usize = 64;
/// Files and folders of one room with a permission of their own (`too_many`).
pub const PERMISSIONS_PER_ROOM_MAX: usize = 1_000;
/// Client: opened versions that are remembered, so that none is told twice; the oldest are forgotten.
pub const OPENINGS_KEPT_MAX: u32 = 1_000;
/// Client: files that are edited on one computer at once (`too_many`).
pub const EDITS_MAX: usize = 50;
/// Longest comment on a file or folder, in bytes of UTF-8 (`too_large`).
pub const COMMENT_TEXT_BYTES_MAX: usize = 8 * 1024;
/// Characters of a comment that the folder's log tells; the rest is read where the comment is.
pub const COMMENT_LINE_CHARS_MAX: u32 = 300;
/// Most comments on one file or folder, deleted ones counted (`too_many`).
pub const COMMENTS_PER_ENTRY_MAX: u64 = 100_000;
/// Most days that what was deleted can come back; the operator says how many.
pub const TRASH_DAYS_MAX: u32 = 3_650;
/// Files and folders of which all is removed in one step, after they were deleted for good.
pub const PURGE_BATCH_MAX: u32 = 64;
/// Longest description of a file or folder, in bytes of UTF-8 (`too_large`).
pub const DESCRIPTION_BYTES_MAX: usize = 2_048;
/// Most tags of a file or folder (`too_many`).
pub const TAGS_PER_ENTRY_MAX: usize = 20;
/// Longest tag, in bytes of UTF-8 (`too_large`).
pub const TAG_BYTES_MAX: usize = 64;
/// Rooms in which one search looks (`too_many`).
pub const SEARCH_ROOMS_MAX: usize = 64;
/// Words in one search of files (`too_many`).
pub const SEARCH_PARTS_MAX: usize = 16;
/// Endings of names in one search of files (`too_many`).
pub const SEARCH_ENDINGS_MAX: usize = 64;
/// Files and folders that one page of a search looks at; then it answers what it has, and where to go on.
pub const SEARCH_LOOKED_MAX: usize = 20_000;
/// Files and folders that are put into the index for searching in one step.
pub const INDEX_BATCH_MAX: u32 = 16;
/// Beginning of what a file says that is searched, in bytes; the rest is left out.
pub const INDEX_TEXT_BYTES_MAX: usize = 256 * 1024;
/// Largest PDF that is read for searching, in bytes; a larger one is found by its name.
pub const INDEX_PDF_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Pages of a PDF that are read for searching, the first.
pub const INDEX_PDF_PAGES_MAX: usize = 300;
/// Time for reading a PDF, in milliseconds; what was read by then counts.
pub const INDEX_PDF_MS_MAX: u64 = 20_000;
/// Versions kept of one file; beyond it the oldest go.
pub const VERSIONS_PER_FILE_MAX: u32 = 100;
/// Most uploads one account may have open (`too_many`).
pub const OPEN_UPLOADS_PER_ACCOUNT_MAX: usize = 512;
/// Longest `Upload-Metadata` header, in bytes (`too_large`).
pub const UPLOAD_METADATA_BYTES_MAX: usize = 8 * 1024;
/// An open upload that got no byte for this long is dropped, in seconds.
pub const UPLOAD_IDLE_S_MAX: u64 = 7 * 24 * 3600;
/// Bytes of an upload held in memory, at most.
pub const UPLOAD_BUFFER_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Largest file that is taken whole, in memory, when all its bytes come with its creation, in bytes.
pub const UPLOAD_WHOLE_BYTES_MAX: u64 = 256 * 1024;
/// Smallest file that may be uploaded without its bytes, in bytes; of smaller ones the bytes are sent (`not_found`).
pub const INSTANT_BYTES_MIN: u64 = 64 * 1024;
/// A nonce for the proof of an instant upload is good for this long, in seconds (`not_found`).
pub const INSTANT_NONCE_S_MAX: u64 = 600;
/// Nonces one account may have open; of more the oldest is forgotten (`not_found`).
pub const INSTANT_NONCES_PER_ACCOUNT_MAX: usize = 1_024;
/// Largest file of which only what changed is moved, in bytes; larger ones move whole (`too_large`).
pub const CHUNKED_BYTES_MAX: u64 = 1 << 33;
/// Bytes of an older version that one request appends to an upload, at most (`too_large`).
pub const UPLOAD_COPY_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Largest file that the server keeps for somebody who is away, in bytes (`too_large`).
pub const FORWARD_BYTES_MAX: u64 = 1 << 36;
/// Most files the server keeps from one account for people who are away (`too_many`).
pub const FORWARDS_PER_ACCOUNT_MAX: usize = 2_000;
/// Most bytes the server keeps from one account for people who are away (`too_many`), those on their way included.
pub const FORWARDS_BYTES_PER_ACCOUNT_MAX: u64 = 1 << 37;
/// Most days that the server keeps a file for somebody who is away.
pub const FORWARD_DAYS_MAX: u32 = 365;
/// A forwarded file that is over is remembered this long, in days, so that whoever asks again is told.
pub const FORWARD_OVER_DAYS: u32 = 7;

/// Largest socket frame from a client, in bytes (`too_large`, and the socket is closed).
pub const CLIENT_FRAME_BYTES_MAX: usize = 64 * 1024;
/// Largest socket frame from the server, in bytes.
pub const SERVER_FRAME_BYTES_MAX: usize = 1024 * 1024;
/// Bytes queued for one connection before it counts as a slow consumer and is cut (`slow_consumer`).
pub const CONNECTION_QUEUE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Frames queued for one connection before it counts as a slow consumer and is cut (`slow_consumer`).
pub const CONNECTION_QUEUE_FRAMES_MAX: usize = 8_192;
/// Sockets one account may hold at once (`too_many`).
pub const SOCKETS_PER_ACCOUNT_MAX: usize = 64;
/// Time from the opening of a socket to its first frame, in milliseconds (`bad_request`).
pub const HELLO_MS_MAX: u64 = 10_000;
/// The server pings this often, in milliseconds (O19).
pub const HEARTBEAT_MS: u64 = 20_000;
/// Silence after which either side counts the connection as dead, in milliseconds (O19: within 45 s).
pub const SILENCE_MS_MAX: u64 = 45_000;
/// Requests of one connection that wait for an answer (`too_many`).
pub const REQUESTS_IN_FLIGHT_MAX: usize = 256;
/// Longest capability name, in bytes, and most capabilities in a greeting.
pub const CAPABILITIES_MAX: usize = 64;
/// Events in one page of history.
pub const HISTORY_PAGE_MAX: u32 = 200;
/// Newest events of a room in a delta or a snapshot; a longer gap is closed by pages of history.
pub const SYNC_EVENTS_PER_ROOM_MAX: u32 = 200;
/// Rooms in one part of a snapshot or delta.
pub const SYNC_ROOMS_PER_PART_MAX: usize = 16;
/// People in the answer to a search.
pub const PEOPLE_PAGE_MAX: u32 = 50;
/// Longest search text, in bytes (`too_large`).
pub const SEARCH_TEXT_BYTES_MAX: usize = 256;
/// Rooms a connection may say it is looking at (`too_many`).
pub const LOOKING_ROOMS_MAX: usize = 64;

/// Largest JSON body of an HTTP request, in bytes (`too_large`). Uploads are not JSON and have their own limit.
pub const JSON_BODY_BYTES_MAX: usize = 256 * 1024;
/// Longest list of headers of an HTTP request, in bytes.
pub const HTTP_HEADERS_BYTES_MAX: usize = 32 * 1024;
/// Time for the headers of an HTTP request to arrive, in milliseconds.
pub const HTTP_HEADERS_MS_MAX: u64 = 15_000;
/// A transfer over HTTP that moves no byte for this long is cut, in milliseconds.
pub const HTTP_STALL_MS_MAX: u64 = 60_000;
/// Connections of one process.
pub const CONNECTIONS_MAX: usize = 16_384;
/// Entries, or activities, in one page.
pub const CONTENT_PAGE_MAX: u32 = 500;

/// Largest picture that a preview is made of, in bytes (`too_large`).
pub const PREVIEW_SOURCE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most pixels of a picture that a preview is made of (`too_large`).
pub const PREVIEW_PIXELS_MAX: u64 = 50_000_000;
/// Memory for the pixels of a picture while a preview is made of it, in bytes (`too_large`).
pub const PREVIEW_MEMORY_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Longest side of a preview, in pixels; larger pictures are made smaller.
pub const PREVIEW_SIDE_PX: u32 = 640;
/// Previews that wait for their turn; one at a time is made (`rate_limited`).
pub const PREVIEWS_WAITING_MAX: usize = 32;
/// Previews kept by the server, in bytes; the oldest are dropped.
pub const PREVIEWS_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Beginning of a text that a preview shows, in bytes; the rest is left out.
pub const PREVIEW_TEXT_BYTES_MAX: usize = 64 * 1024;
/// Largest picture that is sent for a room, in bytes (`too_large`).
pub const ROOM_PICTURE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Longest side of a room's picture, in pixels; larger ones are made smaller.
pub const ROOM_PICTURE_SIDE_PX: u32 = 256;

/// Life of a token for one audience, in seconds.
pub const TOKEN_S: u64 = 300;
/// Uses of one invite, at most.
pub const INVITE_USES_MAX: u32 = 1_000;
/// Days an invite lasts, at most.
pub const INVITE_DAYS_MAX: u32 = 365;
/// Failed passwords from one address or for one account in a minute (`rate_limited`).
pub const SIGN_IN_FAILURES_PER_MINUTE_MAX: u32 = 20;
/// Passwords that wait to be hashed; one is hashed at a time (`unavailable`).
pub const PASSWORDS_WAITING_MAX: usize = 64;
/// Links of one room that can be used at once (`too_many`); their uses and days are bounded like those of an invite.
pub const LINKS_PER_ROOM_MAX: usize = 50;
/// Longest code of a room link, in bytes; a longer one is no code (`invite_invalid`).
pub const LINK_CODE_BYTES_MAX: usize = 64;
/// Longest text of a presence, in bytes of UTF-8 (`too_large`).
pub const PRESENCE_TEXT_BYTES_MAX: usize = 256;
/// Changes of presence are told at most this often, in milliseconds: what changes and changes back in between is not.
pub const PRESENCE_EVERY_MS: u64 = 1_000;
/// Who lost their last connection counts as gone after this long, in milliseconds: a reconnect is no news.
pub const PRESENCE_LINGER_MS: u64 = 5_000;
/// Presences in one part of a snapshot or delta.
pub const SYNC_PEOPLE_PER_PART_MAX: usize = 256;
/// Contacts of one account: those it has, asks, or blocks (`too_many`).
pub const CONTACTS_PER_ACCOUNT_MAX: usize = 100_000;
/// Requests that wait for one person's answer (`too_many`).
pub const CONTACT_REQUESTS_WAITING_MAX: usize = 1_000;
/// Requests that one person makes in a minute (`rate_limited`).
pub const CONTACT_ASKS_PER_MINUTE_MAX: u32 = 60;
/// Changes that one person makes of their contacts in a minute, requests included (`rate_limited`).
pub const CONTACT_CHANGES_PER_MINUTE_MAX: u32 = 2_400;
/// Longest text of a request, in bytes of UTF-8 (`too_large`).
pub const CONTACT_TEXT_BYTES_MAX: usize = 512;
/// Longest name that somebody gives a contact, in bytes of UTF-8 (`invalid_name`).
pub const NICKNAME_BYTES_MAX: usize = 128;
/// Contact groups of one account (`too_many`).
pub const CONTACT_GROUPS_MAX: usize = 200;
/// Longest name of a contact group, in bytes of UTF-8 (`invalid_name`).
pub const CONTACT_GROUP_NAME_BYTES_MAX: usize = 128;
/// Groups that one contact is in (`too_many`).
pub const GROUPS_PER_CONTACT_MAX: usize = 20;
/// Places of contacts and groups lie between this and its negative (`bad_request`): exact in every language.
pub const CONTACT_RANK_MAX: i64 = 1 << 52;
/// A contact or group that is gone is remembered this long for devices that have not heard of it, in days.
pub const CONTACT_GONE_DAYS: u64 = 90;
/// Contacts, or groups, in one part of a snapshot or delta.
pub const SYNC_CONTACTS_PER_PART_MAX: usize = 128;
/// Longest key of a setting that follows its person, in bytes (`bad_request`).
pub const SETTING_KEY_BYTES_MAX: usize = 64;
/// Longest value of a setting, in bytes of UTF-8 (`too_large`).
pub const SETTING_VALUE_BYTES_MAX: usize = 4_096;
/// Settings of one person that follow them (`too_many`).
pub const SETTINGS_PER_ACCOUNT_MAX: usize = 1_024;
/// Skins that a person brought along; each is a setting that follows them (`too_many`).
pub const SKINS_OWN_MAX: usize = 8;
/// Largest file of a skin, in bytes (`too_large`); written short, every skin fits into the value of a setting.
pub const SKIN_FILE_BYTES_MAX: u64 = 16 * 1_024;
/// Settings in one part of a snapshot or delta.
pub const SYNC_SETTINGS_PER_PART_MAX: usize = 64;
/// Longest title, organisation, telephone number or mail address of a person, in bytes of UTF-8 (`too_large`).
pub const PROFILE_LINE_BYTES_MAX: usize = 128;
/// Longest postal address or other text that a person says of themself, in bytes of UTF-8 (`too_large`).
pub const PROFILE_TEXT_BYTES_MAX: usize = 1_024;
/// Profiles in one part of a snapshot or delta.
pub const SYNC_PROFILES_PER_PART_MAX: usize = 128;
/// Changes that one person makes of their profile in a minute (`rate_limited`).
pub const PROFILE_CHANGES_PER_MINUTE_MAX: u32 = 60;
/// Longest body of an offer, in bytes, envelope included (`too_large`).
pub const OFFER_BODY_BYTES_MAX: usize = 1024;
/// Offers from one person to another that are not ended (`too_many`).
pub const OFFERS_OPEN_PER_PAIR_MAX: usize = 500;
/// Offers that one person makes or renews in a minute (`rate_limited`).
pub const OFFER_ASKS_PER_MINUTE_MAX: u32 = 1_200;
/// An offer that nothing happens to for this long is over, in days.
pub const OFFER_DAYS: u64 = 30;
/// An ended offer is remembered this long for devices that have not heard of its end, in days.
pub const OFFER_ENDED_DAYS: u64 = 7;
/// Offers in one part of a snapshot or delta.
pub const SYNC_OFFERS_PER_PART_MAX: usize = 256;
/// The pieces of an offered file, in bytes: the digest of each is in its manifest, and paths change between two of them.
pub const OFFER_PIECE_BYTES: u64 = 1024 * 1024;
/// Longest description of where a device can be met, in bytes (`too_large`).
pub const ENDPOINT_BYTES_MAX: usize = 1024;
/// Relay: bytes a second of one connection; more wait. It is for meeting, not for moving files.
pub const RELAY_BYTES_PER_SECOND_MAX: u32 = 256 * 1024;
/// Relay: bytes of one connection that pass at once before that holds.
pub const RELAY_BURST_BYTES_MAX: u32 = 1024 * 1024;
/// Relay: connections of one device; more are refused.
pub const RELAY_CONNECTIONS_PER_DEVICE_MAX: usize = 4;
/// Relay: connections of all devices; more are refused.
pub const RELAY_CONNECTIONS_MAX: usize = 8_192;
/// A device that was silent for this long loses its sync key, in days.
pub const SYNC_KEY_DAYS: u64 = 90;

/// Interlock: the two services tell each other at least this often that they live, in milliseconds.
pub const INTERLOCK_HEARTBEAT_MS: u64 = 15_000;
/// Interlock: content refuses everybody when it has not heard from the messenger for this long, in milliseconds.
pub const INTERLOCK_SILENCE_MS_MAX: u64 = 60_000;
/// Interlock: rows in one request.
pub const RELAY_BATCH_MAX: usize = 64;
/// Interlock: settled rows named in one request, which the receiver then forgets (`too_many`).
pub const RELAY_FORGET_MAX: usize = 256;
/// Interlock: age of a signed request, in milliseconds.
pub const INTERLOCK_SKEW_MS_MAX: i64 = 60_000;
/// Live progress of one room is told at most this often, in milliseconds (architecture 19: twice a second).
pub const PROGRESS_EVERY_MS: u64 = 500;

/// Client: messages that wait for the server.
pub const OUTBOX_MESSAGES_MAX: usize = 10_000;
/// Client: changes of contacts that wait for the server (`too_many`).
pub const CONTACT_WISHES_MAX: usize = 10_000;
/// Client: transfers in the queue, finished ones not counted.
pub const TRANSFERS_MAX: usize = 100_000;
/// Transfers that one question may name.
pub const TRANSFERS_LOOK_MAX: usize = 1_000;
/// Client: uploads that the server does not know yet, shown in the chat of one room; the rest is in the list of transfers.
pub const UPLOADS_SHOWN_MAX: usize = 100;
/// Client: events waiting for the user interface.
pub const CLIENT_EVENTS_MAX: usize = 1_024;
/// Client: longest JSON answer that is read, in bytes (`too_large`).
pub const JSON_ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Client: longest line on the local socket, in bytes.
pub const LOCAL_SOCKET_LINE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Client: entries in one page of a folder; a larger page is cut to this.
pub const FOLDER_PAGE_MAX: u32 = 500;
/// Client: entries in the answer to a search by name; more are left out.
pub const ENTRIES_FOUND_MAX: u32 = 100;
/// Client: previews and pictures of rooms kept on this computer, in bytes; the oldest are dropped.
pub const PREVIEWS_HERE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Client: a piece of a file that is looked into or played where it lies, in bytes (`too_large`).
pub const LOOK_PIECE_BYTES_MAX: u64 = 2 * 1024 * 1024;
/// Client: a piece that does not come for this long is given up, in milliseconds; until then a cut only makes one wait.
pub const LOOK_PATIENCE_MS: u64 = 60_000;
/// Client: longest wait for an answer to an offer before its file goes through the server, in seconds (`bad_request`).
pub const OFFER_WAIT_S_MAX: u64 = 600;
/// Client: smallest speed limit, in bytes a second (`bad_request`): with less, no connection stays alive.
pub const SPEED_LIMIT_MIN: u64 = 16 * 1024;

/// Direct path: bytes between which a limit of speed is asked, at most.
pub const DIRECT_SLICE_BYTES: usize = 256 * 1024;
/// Direct path: bytes on their way in one fetch, and so in the memory of each side.
pub const DIRECT_WINDOW_BYTES: u32 = 2 * 1024 * 1024;
/// Direct path: bytes written and not yet synced; a power cut costs no more.
pub const DIRECT_UNSYNCED_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Direct path: what was written waits no longer for its sync while more comes, in milliseconds: the sender, who counts
/// only what is synced, sees a slow file move.
pub const DIRECT_UNSYNCED_MS_MAX: u64 = 1_000;
/// Direct path: silence after which a connection is dead, in milliseconds.
pub const DIRECT_SILENCE_MS_MAX: u32 = 30_000;
/// Direct path: only the relay is left for this long, and the way is lost, in milliseconds.
pub const DIRECT_RELAYED_MS_MAX: u64 = 5_000;
/// Direct path: files that one connection may fetch at once; more wait in the network.
pub const DIRECT_STREAMS_MAX: u32 = 16;
/// Direct path: connections to this device at once; more are turned away.
pub const DIRECT_CONNECTIONS_MAX: usize = 64;
/// Direct path: files that this device sends at once; who wants more comes again.
pub const DIRECT_SERVED_MAX: usize = 16;
/// Direct path: fetches refused to one connection before it is closed.
pub const DIRECT_REFUSALS_MAX: u32 = 16;
/// Direct path: addresses in the description of where a device can be met; more are left out.
pub const DIRECT_ADDRESSES_MAX: usize = 24;
/// Client: folders of this computer that are kept in step with rooms (`too_many`).
pub const LINKED_FOLDERS_MAX: usize = 64;
/// Client: people whose offers are taken without a question (`too_many`).
pub const ALWAYS_ACCEPTED_MAX: usize = 10_000;
