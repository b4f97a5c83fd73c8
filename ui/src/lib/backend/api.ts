// The engine's types as the interface uses them: what is made from Rust, and above it what the contract promises
// and the Rust side has not landed yet. A name defined here stands before the same name of `bindings`.

export * from "./bindings";
import type * as Rust from "./bindings";
import type {
  AccountId, AccountView, EntryId, EntryPlace, Name, RoomId, TimeMs,
} from "./bindings";

// ---- chat ----

export type FoundView = Omit<Rust.FoundView, "items"> & { items: Item[] };

export type PreviewKind = "image" | "text" | "markdown" | "pdf";
export type ActivityKind = Rust.ActivityKind | "restored" | "room_picture";
export type ActivityItem = Omit<Rust.ActivityItem, "kind"> & { kind: ActivityKind };
export type LiveUpload = Rust.LiveUpload & { preview: PreviewKind | null; version: number };
export type MessageItem = Omit<Extract<Rust.ItemKind, { type: "message" }>, "type">;
export type ItemKind =
  | Exclude<Rust.ItemKind, { type: "upload" | "activity" }>
  | ({ type: "upload" } & LiveUpload)
  | ({ type: "activity" } & ActivityItem);
export type Item = Omit<Rust.Item, "kind"> & { kind: ItemKind };
export type Timeline = Omit<Rust.Timeline, "items"> & { items: Item[] };

// ---- people and rooms ----

export type PresenceState = "here" | "away" | "busy" | "offline";
export type OwnState = "here" | "away" | "busy" | "invisible";
export type Presence = { state: PresenceState; text: string; until: TimeMs | null; seen_at: TimeMs | null };
export type OwnPresence = { state: OwnState; text: string; until: TimeMs | null };
export type PersonView = {
  account: AccountId;
  name: string;
  display_name: string;
  me: boolean;
  presence: Presence;
  rooms: { id: RoomId; title: string }[];
  talk: RoomId | null;
};
export type MemberView = Rust.MemberView & { presence: Presence };
export type RoomSummary = Omit<Rust.RoomSummary, "others" | "last"> & {
  others: MemberView[];
  last: Item | null;
  muted: boolean;
  favourite: boolean;
  rank: number | null;
  picture: string | null;
};
export type RoomView = Omit<Rust.RoomView, "summary" | "members"> & { summary: RoomSummary; members: MemberView[] };
export type StatusView = Rust.StatusView & { presence: OwnPresence };
export type InviteView = Rust.InviteView & { page: string };
export type RoomLinkView = { id: string; by_name: string; uses_left: number; expires_at: TimeMs };
export type ServerAddress = Rust.ServerAddress & { room: string | null };

// ---- folder ----

export type SortBy = "name" | "modified" | "size" | "person" | "kind";
export type Sort = { by: SortBy; descending: boolean };
export type EntryView = Rust.EntryView & { preview: PreviewKind | null };
export type FolderView = Omit<Rust.FolderView, "entries"> & { entries: EntryView[]; total: number; offset: number; sort: Sort; bytes: number };
export type DetailsView = { entry: EntryView; path: EntryPlace[]; holders: Name[]; activities: Item[] };
export type PreviewText = { text: string; truncated: boolean; markdown: boolean };
export type EntryFound = { entry: EntryView; room_title: string; path: string[] };

// ---- commands, answers, events ----

type Asked = "folder" | "sign_up" | "sign_in";

export type Command =
  | Exclude<Rust.Command, { do: Asked }>
  | { do: "sign_up"; server: ServerAddress; name: string; display_name: string; password: string; setup_code: string | null }
  | { do: "sign_in"; server: ServerAddress; name: string; password: string }
  | { do: "room_mute"; room: RoomId; muted: boolean }
  | { do: "room_favourite"; room: RoomId; favourite: boolean }
  | { do: "rooms_order"; rooms: RoomId[] }
  | { do: "talk_to"; account: AccountId }
  | { do: "person"; account: AccountId }
  | { do: "presence_set"; state: OwnState; text: string; until: TimeMs | null }
  | { do: "room_link"; room: RoomId; uses: number; days: number }
  | { do: "room_links"; room: RoomId }
  | { do: "room_link_revoke"; room: RoomId; id: string }
  | { do: "room_join"; link: string }
  | { do: "password_set"; old: string; new: string }
  | { do: "profile_set"; display_name: string }
  | { do: "folder"; room: RoomId; parent: EntryId | null; sort: Sort | null; offset: number; limit: number }
  | { do: "entry"; entry: EntryId }
  | { do: "entry_details"; entry: EntryId }
  | { do: "entry_restore"; entry: EntryId }
  | { do: "preview_text"; entry: EntryId }
  | { do: "preview_file"; entry: EntryId }
  | { do: "entries_find"; text: string; room: RoomId | null; limit: number }
  | { do: "room_picture_set"; room: RoomId; path: string }
  | { do: "room_picture_clear"; room: RoomId }
  | { do: "room_picture_file"; room: RoomId };

type Answered = "address" | "account" | "status" | "invite" | "rooms" | "room" | "timeline" | "folder" | "found";

export type Answer =
  | Exclude<Rust.Answer, { is: Answered }>
  | { is: "address"; value: ServerAddress }
  | { is: "account"; value: AccountView }
  | { is: "status"; value: StatusView }
  | { is: "invite"; value: InviteView }
  | { is: "rooms"; value: RoomSummary[] }
  | { is: "room"; value: RoomView }
  | { is: "timeline"; value: Timeline }
  | { is: "folder"; value: FolderView }
  | { is: "found"; value: FoundView }
  | { is: "person"; value: PersonView }
  | { is: "room_links"; value: RoomLinkView[] }
  | { is: "entry"; value: EntryView }
  | { is: "details"; value: DetailsView }
  | { is: "preview_text"; value: PreviewText }
  | { is: "entries_found"; value: EntryFound[] };

type Told = "status" | "room" | "arrived";

export type Event =
  | Exclude<Rust.Event, { event: Told }>
  | { event: "status"; status: StatusView }
  | { event: "room"; room: RoomSummary }
  | { event: "arrived"; room: RoomId; item: Item }
  | { event: "person"; account: AccountId; presence: Presence };
