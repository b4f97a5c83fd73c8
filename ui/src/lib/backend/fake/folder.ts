// The folders of the in-memory backend: pages in an order, names that are taken, deletions that can be undone.

import type { Answer, Command, EntryView, FolderView, Item, Sort } from "../bindings";
import { type FakeWorld, refused } from "./answers";
import { writableIn } from "./permissions";
import { entry, type FakeRoom, ME, newId, people } from "./world";

const NAME: Sort = { by: "name", descending: false };
const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

const mean = ({ rating }: EntryView): number => (rating ? rating.halves / rating.count : 0);

const orders: Record<Sort["by"], (a: EntryView, b: EntryView) => number> = {
  name: (a, b) => names.compare(a.name, b.name),
  modified: (a, b) => a.modified_at - b.modified_at,
  size: (a, b) => a.size - b.size,
  person: (a, b) => names.compare(a.created_by_name, b.created_by_name),
  kind: (a, b) => names.compare(a.name.split(".").at(-1) ?? "", b.name.split(".").at(-1) ?? ""),
  version: (a, b) => a.version - b.version,
  comments: (a, b) => a.comments - b.comments,
  rating: (a, b) => mean(a) - mean(b),
  lock: (a, b) => (a.lock?.since ?? 0) - (b.lock?.since ?? 0),
};

export function answerFolder(world: FakeWorld, command: Command): Answer | null {
  switch (command.do) {
    case "folder": return { is: "folder", value: page(world.room(command.room), command) };
    case "folder_create": return makeFolder(world, command);
    case "entry_rename": return rename(world, command.entry, command.name);
    case "entry_move": return move(world, command.entry, command.parent);
    case "entry_delete": return remove(world, command.entry);
    case "entry_restore": return restore(world, command.entry);
    case "entry": return { is: "entry", value: find(world, command.entry).entry };
    case "entry_details": return details(world, command.entry);
    case "lock": return lock(world, command.entry, true);
    case "unlock": case "lock_break": return lock(world, command.entry, false);
    case "versions": return versions(world, command);
    case "version_restore": return bringBack(world, command.entry, command.version);
    case "version_get": return { is: "transfers", value: [] };
    case "version_text": return versionText(world, command.entry, command.version);
    case "preview_text": return previewText(world, command.entry);
    case "entries_find": return search(world, command);
    case "room_picture_clear":
      world.room(command.room).view.summary.picture = null;
      return world.changed(world.room(command.room));
    default: return null;
  }
}

/** What was deleted at once: one entry with all that lay in it. */
export type Binned = { room: FakeRoom; top: EntryView; path: string[]; entries: EntryView[]; at: number; position: number };
const deleted = new WeakMap<FakeWorld, Binned[]>();
export const binned = (world: FakeWorld): Binned[] => deleted.get(world) ?? [];
let deletions = 0;

/** Forgets some of it for good; false: there was none. */
export function dropBinned(world: FakeWorld, meant: (one: Binned) => boolean): boolean {
  const before = binned(world);
  deleted.set(world, before.filter((one) => !meant(one)));
  return binned(world).length < before.length;
}

const sorted = new WeakMap<EntryView[], Map<string, EntryView[]>>();
const sums = new WeakMap<EntryView[], number>();

/** Kept until the entries change, as an index would: a folder of 100,000 is not sorted for each page. */
function ordered(room: FakeRoom, parent: string | null, sort: Sort): EntryView[] {
  const kept = sorted.get(room.entries) ?? new Map<string, EntryView[]>();
  sorted.set(room.entries, kept);
  const key = `${parent} ${sort.by} ${sort.descending} ${room.entries.length}`;
  const known = kept.get(key);
  if (known) return known;
  const way = sort.descending ? -1 : 1;
  const entries = room.entries
    .filter((one) => one.parent === parent)
    .sort((a, b) => Number(a.kind === "file") - Number(b.kind === "file") || way * orders[sort.by](a, b) || orders.name(a, b));
  kept.set(key, entries);
  return entries;
}

export function pathOf(room: FakeRoom, parent: string | null): FolderView["path"] {
  const path = [];
  for (let at = parent; at !== null; ) {
    const place = room.entries.find((one) => one.id === at);
    if (!place) throw refused("not_found");
    path.unshift({ id: place.id, name: place.name });
    at = place.parent;
  }
  return path;
}

function page(room: FakeRoom, asked: Extract<Command, { do: "folder" }>): FolderView {
  const sort = asked.sort ?? NAME;
  const path = pathOf(room, asked.parent);
  const all = ordered(room, asked.parent, sort);
  const bytes = sums.get(all) ?? all.reduce((sum, one) => sum + one.size, 0);
  sums.set(all, bytes);
  return {
    room: asked.room, path, entries: all.slice(asked.offset, asked.offset + asked.limit).map((one) => ({ ...one, writable: writableIn(room, one) })),
    writable: writableIn(room, room.entries.find((one) => one.id === asked.parent) ?? null),
    may_remark: room.view.summary.role !== "viewer", position: 1,
    total: all.length, offset: asked.offset, sort, bytes,
  };
}

export function find(world: FakeWorld, id: string): { room: FakeRoom; entry: EntryView } {
  for (const room of world.rooms) {
    const entry = room.entries.find((one) => one.id === id);
    if (entry) return { room, entry };
  }
  throw refused("not_found");
}

function change(world: FakeWorld, room: FakeRoom, entries: EntryView[]): Answer {
  const counts = new Map<string | null, number>();
  for (const one of entries) counts.set(one.parent, (counts.get(one.parent) ?? 0) + 1);
  room.entries = entries.map((one) => (one.kind === "folder" ? { ...one, count: counts.get(one.id) ?? 0 } : one));
  return world.told({ event: "folder", room: room.view.summary.id });
}

function taken(room: FakeRoom, parent: string | null, name: string, but: string): boolean {
  return room.entries.some((one) => one.parent === parent && one.name === name && one.id !== but);
}

function makeFolder(world: FakeWorld, command: Extract<Command, { do: "folder_create" }>): Answer {
  const room = world.room(command.room);
  if (taken(room, command.parent, command.name, "")) throw refused("name_exists");
  const made = entry(command.room, command.name, 0, ME, Date.now(), { kind: "folder", parent: command.parent });
  change(world, room, [...room.entries, made]);
  return { is: "entry_id", value: made.id };
}

function rename(world: FakeWorld, id: string, name: string): Answer {
  const { room, entry } = find(world, id);
  if (taken(room, entry.parent, name, id)) throw refused("name_exists");
  return change(world, room, room.entries.map((one) => (one.id === id ? { ...one, name } : one)));
}

function move(world: FakeWorld, id: string, parent: string | null): Answer {
  const { room, entry } = find(world, id);
  if (pathOf(room, parent).some((place) => place.id === id)) throw refused("conflict");
  if (taken(room, parent, entry.name, id)) throw refused("name_exists");
  return change(world, room, room.entries.map((one) => (one.id === id ? { ...one, parent } : one)));
}

/** The entry and everything in it. */
function tree(room: FakeRoom, id: string): Set<string> {
  const ids = new Set([id]);
  for (let size = 0; size !== ids.size; ) {
    size = ids.size;
    for (const one of room.entries) if (one.parent !== null && ids.has(one.parent)) ids.add(one.id);
  }
  return ids;
}

function remove(world: FakeWorld, id: string): Answer {
  const { room, entry: top } = find(world, id);
  const gone = tree(room, id);
  const path = pathOf(room, top.parent).map((place) => place.name);
  const entries = room.entries.filter((one) => gone.has(one.id));
  deleted.set(world, [...binned(world), { room, top, path, entries, at: Date.now(), position: ++deletions }]);
  return change(world, room, room.entries.filter((one) => !gone.has(one.id)));
}

function restore(world: FakeWorld, id: string): Answer {
  const kept = binned(world);
  const found = kept.find(({ entries }) => entries.some((one) => one.id === id));
  if (!found) throw refused("gone");
  deleted.set(world, kept.filter((one) => one !== found));
  const back = found.entries.map((one) => {
    if (one.id !== id || !taken(found.room, one.parent, one.name, id)) return one;
    return { ...one, name: one.name.replace(/(\.[^.]*)?$/, " (2)$1") };
  });
  return change(world, found.room, [...found.room.entries, ...back]);
}

function details(world: FakeWorld, id: string): Answer {
  const { room, entry } = find(world, id);
  const folder = entry.kind === "folder";
  const act = (kind: "modified" | "downloaded" | "uploaded" | "folder_created", by: string, at: number): Item => {
    const who = people.find((one) => one.account === by)?.display_name ?? by;
    const what = { kind, entry: id, name: entry.name, name_now: entry.name, folder, count: 1, said: null };
    return { key: newId("activity"), pos: null, at, by, by_name: who, mine: by === ME, kind: { type: "activity", ...what } };
  };
  const activities = folder
    ? [act("folder_created", entry.created_by, entry.created_at)]
    : [act("downloaded", "a-aiko", entry.modified_at + 9 * 60_000), act("uploaded", entry.created_by, entry.created_at)];
  const holders = folder ? [] : [...new Set([entry.created_by, "a-aiko"])].map((account) => ({ account, name: people.find((one) => one.account === account)?.display_name ?? account }));
  return { is: "details", value: { entry: { ...entry, writable: writableIn(room, entry) }, path: pathOf(room, entry.parent), holders, opened: folder || !room.view.summary.opened_told ? null : { people: [{ account: "a-aiko", name: "Aiko Sato" }], of: room.view.members.length - 1 }, activities } };
}

function lock(world: FakeWorld, id: string, on: boolean): Answer {
  const { room, entry } = find(world, id);
  if (on && entry.lock) throw refused("locked");
  const mine = { by: ME, by_name: "Mina Park", since: Date.now(), here: true, mine: true };
  return change(world, room, room.entries.map((one) => (one.id === id ? { ...one, lock: on ? mine : null } : one)));
}

/** What was brought back: by the version that it became. */
const broughtBack = new WeakMap<FakeWorld, Map<string, number>>();

function versions(world: FakeWorld, asked: Extract<Command, { do: "versions" }>): Answer {
  const { entry } = find(world, asked.entry);
  const before = Math.min(asked.before ?? Infinity, entry.version + 1);
  const count = Math.min(asked.limit, before - 1);
  const value = Array.from({ length: count }, (_, n) => {
    const version = before - 1 - n;
    const restores = broughtBack.get(world)?.get(`${entry.id}:${version}`) ?? null;
    const [by, by_name] = version === 1 ? [entry.created_by, entry.created_by_name] : [entry.modified_by, entry.modified_by_name];
    const at = version === 1 ? entry.created_at : entry.modified_at - (entry.version - version) * 3_600_000;
    return { version, size: entry.size - (entry.version - version) * 512, digest: entry.digest, by, by_name, at, restores };
  });
  return { is: "versions", value: { entry: entry.id, versions: value, more: before - 1 > count } };
}

function bringBack(world: FakeWorld, id: string, version: number): Answer {
  const { room, entry } = find(world, id);
  const kept = broughtBack.get(world) ?? new Map<string, number>();
  broughtBack.set(world, kept.set(`${id}:${entry.version + 1}`, version));
  return change(world, room, room.entries.map((one) => (one.id === id ? { ...one, version: entry.version + 1, modified_by: ME } : one)));
}

const NOTES = `# Fair day

Bring the **permit** and the *blue* folder. See [the council](https://example.org/fair).

1. Gates at 08:00
2. Stalls by 09:30

- [x] Fire lane
- [ ] Posters

| Stall | Who |
| --- | --- |
| 12 | Aiko |

> Fire lane is 4 m, not 3.

\`\`\`
gate = east
\`\`\`
`;

function previewText(world: FakeWorld, id: string): Answer {
  const { entry } = find(world, id);
  if (entry.preview !== "text" && entry.preview !== "markdown") throw refused("bad_request");
  const markdown = entry.preview === "markdown";
  const text = markdown ? NOTES : Array.from({ length: 40 }, (_, n) => `${n + 1},stall ${n + 1},paid`).join("\n");
  return { is: "preview_text", value: { text, truncated: entry.size > 65_536, markdown } };
}

/** Each version says one thing more, and the second line is another one. */
function versionText(world: FakeWorld, id: string, version: number): Answer {
  const { entry } = find(world, id);
  const lines = Array.from({ length: 30 }, (_, n) => (n === 1 ? `permit ${version}` : `line ${n + 1}`));
  const text = [...lines, ...Array.from({ length: version - 1 }, (_, n) => `added in version ${n + 2}`)].join("\n");
  return { is: "preview_text", value: { text, truncated: entry.size > 65_536, markdown: false } };
}

function search(world: FakeWorld, asked: Extract<Command, { do: "entries_find" }>): Answer {
  const wanted = asked.text.toLowerCase();
  const value = world.rooms
    .filter((room) => asked.room === null || room.view.summary.id === asked.room)
    .flatMap((room) =>
      room.entries
        .filter((one) => one.name.toLowerCase().includes(wanted))
        .map((one) => ({ entry: one, room_title: room.view.summary.title, path: pathOf(room, one.parent).map((place) => place.name) })),
    );
  return { is: "entries_found", value: value.slice(0, asked.limit) };
}

/** A folder of many entries in a room, for speed: `?fake=many`. */
export function fill(room: FakeRoom, count: number, now: number): void {
  const id = room.view.summary.id;
  const endings = ["jpg", "pdf", "xlsx", "txt", "mp4", "zip", "md"];
  const by = people.map((one) => one.account);
  const more = Array.from({ length: count }, (_, n) =>
    entry(id, `Photo ${n + 1}.${endings[n % endings.length]}`, 1000 + ((n * 7919) % 9_000_000), by[n % by.length] ?? ME, now - n * 60_000, {
      file: n % 3 === 0 ? { on: "server" } : { on: "here" },
    }),
  );
  room.entries = [...room.entries, ...more];
}

