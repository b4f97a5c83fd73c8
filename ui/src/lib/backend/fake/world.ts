// The people, rooms and files of the in-memory backend: enough to see every screen with.

import type { EntryView, FileState, Item, ItemKind, MemberView, Person, Presence, PreviewKind, Role, RoomId, RoomView } from "../bindings";

export type FakeRoom = { view: RoomView; items: Item[]; entries: EntryView[]; draft: string; /** How far the log goes, where that is further than its last item. */ head?: number };

const DAY = 86_400_000;
const MINUTE = 60_000;

export const people: Person[] = [
  { account: "a-mina", name: "mina", display_name: "Mina Park" },
  { account: "a-tomas", name: "tomas", display_name: "Tomás Rivera" },
  { account: "a-aiko", name: "aiko", display_name: "Aiko Sato" },
  { account: "a-seoyeon", name: "seoyeon", display_name: "이서연" },
  { account: "a-jonas", name: "jonas", display_name: "Jonas Weber" },
  { account: "a-priya", name: "priya", display_name: "Priya Nair" },
];

export const ME = "a-mina";

const MINUTES = 60_000;
const nobody: Presence = { state: "offline", text: "", until: null, seen_at: null };

/** How each person is, told anew by `person` events. */
export const presences = new Map<string, Presence>([
  ["a-mina", { state: "here", text: "Permits week", until: null, seen_at: null }],
  ["a-tomas", { state: "here", text: "On site until 4", until: null, seen_at: null }],
  ["a-aiko", { state: "here", text: "In Budget.xlsx", until: null, seen_at: null }],
  ["a-seoyeon", { state: "away", text: "14시에 돌아와요", until: null, seen_at: null }],
  ["a-jonas", { state: "busy", text: "In a meeting", until: Date.now() + 40 * MINUTES, seen_at: null }],
  ["a-priya", { state: "offline", text: "", until: null, seen_at: Date.now() - 26 * 60 * MINUTES }],
]);

export const presenceOf = (account: string): Presence => presences.get(account) ?? nobody;

let counter = 0;
export const newId = (kind: string): string => `${kind}-${(++counter).toString().padStart(4, "0")}`;

export function person(account: string): Person {
  return people.find((one) => one.account === account) ?? { account, name: account, display_name: account };
}

export function member(account: string, role: Role): MemberView {
  const { name, display_name } = person(account);
  return { account, name, display_name, role, me: account === ME, leaving: false, presence: presenceOf(account) };
}

export function item(room: FakeRoom, by: string, at: number, kind: ItemKind, key = newId("item")): Item {
  const pos = (room.items.findLast((one) => one.pos !== null)?.pos ?? 0) + 1;
  if (kind.type === "message" && by === ME) kind.may_edit = kind.may_delete = true;
  return { key, pos, at, by, by_name: person(by).display_name, mine: by === ME, kind };
}

export function message(text: string): Extract<ItemKind, { type: "message" }> {
  return {
    type: "message", id: newId("m"), text, state: { at: "read" },
    edited: false, deleted: false, reply: null, mentions: [], reactions: [], may_edit: false, may_delete: false,
  };
}

export function previewOf(name: string): PreviewKind | null {
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  if (["png", "jpg", "jpeg", "gif", "webp"].includes(ending)) return "image";
  if (["md"].includes(ending)) return "markdown";
  if (["txt", "csv", "log"].includes(ending)) return "text";
  if (["mp4", "webm", "mov"].includes(ending)) return "video";
  if (["mp3", "wav", "ogg"].includes(ending)) return "audio";
  return ending === "pdf" ? "pdf" : null;
}

export function entry(room: RoomId, name: string, size: number, by: string, at: number, more: Partial<EntryView> = {}): EntryView {
  return {
    id: newId("e"), room, parent: null, name, kind: "file", size, digest: "9f2c41e0", version: 1, lock: null, comments: 0, rating: null, description: "", tags: [], permission: null, writable: true,
    created_by: by, created_by_name: person(by).display_name, modified_by: by, modified_by_name: person(by).display_name,
    created_at: at, modified_at: at, file: { on: "here" }, count: 0, preview: more.kind === "folder" ? null : previewOf(name), ...more,
  };
}

export function makeRoom(title: string, members: MemberView[], at: number, by = ME, id = newId("r")): FakeRoom {
  const others = members.filter((one) => !one.me);
  const summary = {
    id, title, others: others.slice(0, 3), member_count: members.length,
    role: members.find((one) => one.me)?.role ?? "editor", has_folder: true, last: null, last_at: at, unread: 0, waiting: false,
    muted: false, notify: null, favourite: false, rank: null, mentions: 0, draft: null, picture: null, opened_told: true,
  };
  const view: RoomView = { summary: { ...summary }, created_by: by, created_at: at, members, read: 0, entry_count: 0, folder_bytes: 0 };
  return { view, items: [], entries: [], draft: "" };
}

export function say(room: FakeRoom, by: string, at: number, kind: ItemKind): Item {
  const one = item(room, by, at, kind);
  room.items.push(one);
  room.view.summary.last = one;
  room.view.summary.last_at = at;
  return one;
}

function act(kind: Extract<ItemKind, { type: "activity" }>["kind"], file: EntryView, count = 1): ItemKind {
  return { type: "activity", kind, entry: file.id, name: file.name, name_now: file.name, folder: file.kind === "folder", count, said: null };
}

function card(file: EntryView, state: FileState): ItemKind {
  return {
    type: "upload", upload: newId("u"), transfer: null, entry: file.id, name: file.name, size: file.size,
    phase: { phase: "stored", file: state }, may_cancel: false, preview: file.preview, version: file.version, conflict_of: null,
  };
}

export function autumnFair(now: number): FakeRoom {
  const members = [member("a-tomas", "owner"), member(ME, "manager"), member("a-aiko", "editor"), member("a-seoyeon", "editor"), member("a-jonas", "editor"), member("a-priya", "viewer")];
  const room = makeRoom("Autumn Fair", members, now - 40 * DAY, "a-tomas", "r-fair");
  const id = room.view.summary.id;
  const permits = entry(id, "Permits", 0, "a-seoyeon", now - DAY, { kind: "folder", count: 2 });
  const letter = entry(id, "Permit letter.hwp", 212_000, "a-seoyeon", now - 65 * MINUTE);
  const poster = entry(id, "Poster A2.png", 3_800_000, ME, now - 43 * MINUTE);
  room.entries = [
    permits,
    entry(id, "Photos", 0, "a-jonas", now - 2 * DAY, { kind: "folder" }),
    entry(id, "Budget.xlsx", 84_000, "a-tomas", now - 5 * MINUTE, { file: { on: "older" }, modified_by_name: "Aiko Sato" }),
    letter, poster,
    entry(id, "Stall plan v4.pdf", 1_600_000, "a-tomas", now - DAY),
    entry(id, "Vendor list.doc", 96_000, "a-priya", now - 3 * DAY, { file: { on: "server" } }),
    entry(id, "Map sketch.jpg", 5_200_000, "a-jonas", now - 3 * DAY, { file: { on: "server" } }),
    entry(id, "Permit form 2026.pdf", 402_000, "a-seoyeon", now - DAY, { parent: permits.id }),
    entry(id, "Fire lane.pdf", 88_000, "a-seoyeon", now - DAY, { parent: permits.id, file: { on: "server" } }),
  ];
  say(room, "a-tomas", now - 40 * DAY, { type: "created", title: "Autumn Fair" });
  say(room, "a-tomas", now - 40 * DAY + MINUTE, { type: "folder_made" });
  say(room, "a-tomas", now - 40 * DAY + 2 * MINUTE, { type: "member", account: "a-jonas", name: "Jonas Weber", role: "editor" });
  for (let n = 0; n < 150; n++) say(room, n % 3 === 0 ? ME : "a-jonas", now - 30 * DAY + n * 40 * MINUTE, message(`Planning note ${n + 1}`));
  say(room, "a-tomas", now - 94 * MINUTE, message("Morning! The council needs the permit letter by noon."));
  say(room, "a-seoyeon", now - 86 * MINUTE, message("Nearly there. One paragraph left."));
  say(room, "a-seoyeon", now - 65 * MINUTE, act("modified", letter));
  say(room, "a-aiko", now - 62 * MINUTE, act("downloaded", letter));
  say(room, "a-jonas", now - 54 * MINUTE, act({ renamed: { from: "Poster.png" } }, poster));
  say(room, ME, now - 44 * MINUTE, message("Fixed the fire lane. Poster is up too, print size."));
  say(room, ME, now - 43 * MINUTE, card(poster, { on: "here" }));
  room.view.read = room.items.at(-1)?.pos ?? 0;
  say(room, "a-tomas", now - 2 * MINUTE, {
    type: "upload", upload: "u-flyover", transfer: null, entry: null, name: "Site flyover.mp4", size: 664_000_000,
    phase: { phase: "moving", offset: 412_000_000, rate: 8_200_000 }, may_cancel: true, preview: null, version: 1, conflict_of: null,
  });
  say(room, "a-aiko", now - MINUTE, act("modified", room.entries[2] ?? letter, 5));
  say(room, "a-tomas", now - MINUTE / 2, message("Flyover is landing now. Check the east gate at 0:40."));
  room.view.summary.unread = 2;
  room.view.entry_count = 10;
  room.view.folder_bytes = 759_000_000;
  return room;
}

export function family(now: number): FakeRoom {
  const room = makeRoom("우리 가족", [member(ME, "owner"), member("a-seoyeon", "editor")], now - 9 * DAY, ME, "r-family");
  const id = room.view.summary.id;
  const ticket = entry(id, "항공권_김포-제주.pdf", 420_000, ME, now - DAY);
  room.entries = [ticket, entry(id, "일정.hwp", 31_000, "a-seoyeon", now - DAY, { file: { on: "server" } })];
  say(room, ME, now - 9 * DAY, { type: "created", title: "우리 가족" });
  say(room, "a-seoyeon", now - DAY, message("다들 여기에 표랑 사진 올려줘. 올리면 폴더에 바로 들어가더라."));
  say(room, ME, now - DAY + MINUTE, message("항공권부터 올릴게요!"));
  say(room, ME, now - DAY + 2 * MINUTE, card(ticket, { on: "here" }));
  say(room, "a-seoyeon", now - 50 * MINUTE, act("downloaded", ticket));
  say(room, "a-seoyeon", now - 49 * MINUTE, message("표 다 예매했어요"));
  room.view.read = room.items.length;
  return room;
}

export function talk(now: number): FakeRoom {
  const room = makeRoom("", [member(ME, "owner"), member("a-aiko", "owner")], now - 3 * DAY, ME, "r-talk");
  say(room, "a-aiko", now - 2 * DAY, message("Did the printer answer?"));
  say(room, ME, now - 2 * DAY + MINUTE, message("Tomorrow, they said."));
  room.view.read = room.items.length;
  return room;
}
