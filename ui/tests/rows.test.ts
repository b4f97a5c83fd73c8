import { describe, expect, it } from "vitest";
import type { Item, ItemKind } from "../src/lib/backend/bindings";
import { message } from "../src/lib/backend/fake/world";
import { roleChanges, type Row, rowsOf, type RowsWish } from "../src/lib/chat/rows";
import { after, before, reused, trimmed } from "../src/lib/chat/stretch";

const NOON = new Date(2026, 9, 14, 12).getTime();
const said = (text: string): ItemKind => ({ ...message(text), id: text });
const came = (account: string, role: "editor" | "viewer" | null): ItemKind => ({ type: "member", account, name: account, role });
const did = (kind: "modified" | "downloaded", name = "a"): ItemKind => ({ type: "activity", kind, entry: name, name, name_now: name, folder: false, count: 1, said: null });
const photo = (name: string): ItemKind => ({
  type: "upload", upload: name, transfer: null, entry: name, name, size: 1, phase: { phase: "stored", file: { on: "here" } }, may_cancel: false, preview: "image", version: 1, conflict_of: null,
});

let pos = 0;
function item(by: string, at: number, kind: ItemKind): Item {
  pos += 1;
  return { key: `k${pos}`, pos, at, by, by_name: by, mine: by === "me", kind };
}

const nameOf = (row: Row): string => {
  if (row.kind === "said") return `said${row.first ? " first" : ""}${row.last ? " last" : ""}`;
  return "items" in row ? `${row.kind} ${row.items.length}` : row.kind;
};
const shape = (items: Item[], wish: RowsWish = { read: null }) => rowsOf(items, wish).map(nameOf);
const times = <T>(n: number, make: (n: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

describe("rows", () => {
  it("group what one person says in a row", () => {
    const items = [item("a", NOON, said("1")), item("a", NOON + 1000, said("2")), item("a", NOON + 1500, said("3")), item("b", NOON + 2000, said("4"))];
    expect(shape(items)).toEqual(["day", "said first", "said", "said last", "said first last"]);
  });

  it("begin a group anew after a pause", () => {
    expect(shape([item("a", NOON, said("1")), item("a", NOON + 3_600_000, said("2"))])).toEqual(["day", "said first last", "said first last"]);
  });

  it("keep activity out of speech", () => {
    const items = [item("a", NOON, said("1")), item("a", NOON, { type: "folder_made" }), item("b", NOON, came("c", "editor")), item("a", NOON, said("2"))];
    expect(shape(items)).toEqual(["day", "said first last", "act", "act", "said first last"]);
  });

  it("name each day once, and keep two rows apart when clocks go back", () => {
    expect(shape([item("a", NOON, said("1")), item("a", NOON + 86_400_000, said("2"))])).toEqual(["day", "said first last", "day", "said first last"]);
    const back = rowsOf([item("a", NOON, said("1")), item("b", NOON - 86_400_000, said("2")), item("a", NOON, said("3"))], { read: null });
    expect(new Set(back.map((row) => row.key)).size).toBe(back.length);
  });

  it("mark where the unread begins, own messages not counted", () => {
    const items = [item("a", NOON, said("1")), item("me", NOON, said("2")), item("a", NOON, said("3")), item("a", NOON, said("4"))];
    const read = items[0]?.pos ?? 0;
    expect(shape(items, { read })).toEqual(["day", "said first last", "said first last", "new", "said first", "said last"]);
    expect(rowsOf(items, { read }).find((row) => row.kind === "new")).toMatchObject({ count: 2 });
    expect(rowsOf(items, { read, unread: 70 }).find((row) => row.kind === "new")).toMatchObject({ count: 70 });
  });

  it("count no deleted message as new", () => {
    const gone: ItemKind = { ...message("x"), id: "gone", text: null, deleted: true };
    const items = [item("a", NOON, said("1")), item("a", NOON + 1, gone), item("a", NOON + 2, said("2")), item("a", NOON + 3, said("3"))];
    const line = (read: number, unread?: number) => rowsOf(items, { read, unread }).find((row) => row.kind === "new");
    const read = items[0]?.pos ?? 0;
    expect(line(read)).toMatchObject({ count: 2 });
    expect(line(read, 3)).toMatchObject({ count: 2 });
    expect(line(read, 70)).toMatchObject({ count: 69 });
    const last = items.slice(0, 2);
    expect(rowsOf(last, { read }).some((row) => row.kind === "new")).toBe(false);
  });

  it("fold four or more things that one person did in a row, and no fewer", () => {
    expect(shape(times(3, () => item("a", NOON, did("modified"))))).toEqual(["day", "act", "act", "act"]);
    expect(shape(times(4, () => item("a", NOON, did("modified"))))).toEqual(["day", "fold 4"]);
    expect(shape([...times(4, () => item("a", NOON, did("modified"))), ...times(2, () => item("b", NOON, did("modified")))])).toEqual(["day", "fold 4", "act", "act"]);
  });

  it("leave out the activity that is not wanted", () => {
    const items = [item("a", NOON, did("modified")), item("a", NOON, did("downloaded")), item("a", NOON, came("c", "editor"))];
    expect(shape(items, { read: null, show: "all" })).toEqual(["day", "act", "act", "act"]);
    expect(shape(items, { read: null, show: "changes" })).toEqual(["day", "act", "act"]);
    expect(shape(items, { read: null, show: "off" })).toEqual(["day", "act"]);
  });

  it("put forty photos sent at once into one album", () => {
    const items = [item("a", NOON, said("here they are")), ...times(40, (n) => item("a", NOON + n, photo(`p${n}`)))];
    expect(shape(items)).toEqual(["day", "said first", "album 40"]);
    expect(shape(items.slice(0, 3))).toEqual(["day", "said first", "said", "said last"]);
  });

  it("put many files sent at once into one card, and versions of one file into one", () => {
    const file = (name: string, version = 1): ItemKind => ({ ...(photo(name) as Extract<ItemKind, { type: "upload" }>), upload: `${name}${version}`, entry: name, preview: null, version });
    expect(shape(times(12, (n) => item("a", NOON + n, file(`f${n}`))))).toEqual(["day", "stack 12"]);
    expect(shape(times(4, (n) => item("a", NOON + n, file(`g${n}`))))).toEqual(["day", "said first", "said", "said", "said last"]);
    const saves = times(6, (n) => item("a", NOON + n * 60_000, file("plan", n + 1)));
    const [, card] = rowsOf(saves, { read: null });
    expect(card).toMatchObject({ kind: "said", repeats: 6, key: saves[0]?.key, item: saves[5] });
    // Somebody else's file, or a long pause, ends it.
    expect(shape([...saves.slice(0, 2), item("b", NOON + 70_000, file("plan", 9)), item("b", NOON + 3_600_000, file("plan", 10))])).toEqual(["day", "said first last", "said first last", "said first last"]);
  });

  it("hide the kinds that a room hides, and read a comment where it stands", () => {
    const comment = (text: string): ItemKind => ({ type: "activity", kind: "commented", entry: "a", name: "a", name_now: "a", folder: false, count: 1, said: { id: text, text, to_me: false, answers: null } });
    const items = [item("a", NOON, did("modified")), item("a", NOON, did("downloaded")), ...times(5, (n) => item("a", NOON, comment(`c${n}`)))];
    expect(shape(items)).toEqual(["day", "act", "act", ...times(5, () => "act")]);
    expect(shape(items, { read: null, hide: new Set(["comments"]) })).toEqual(["day", "act", "act"]);
    expect(shape(items, { read: null, hide: new Set(["looks", "comments"]) })).toEqual(["day", "act"]);
  });

  it("let no album run over the unread line", () => {
    const items = times(8, (n) => item("a", NOON + n, photo(`q${n}`)));
    expect(shape(items, { read: items[3]?.pos ?? 0 })).toEqual(["day", "album 4", "new", "album 4"]);
  });

  it("keep their keys while older ones come above and are let go", () => {
    const items = times(20, (n) => item(n % 3 === 0 ? "a" : "b", NOON + n * 1000, said(`m${n}`)));
    const keysOf = (part: Item[]) => rowsOf(part, { read: null }).map((row) => row.key);
    const all = keysOf(items);
    expect(keysOf(items.slice(5)).every((key) => all.includes(key))).toBe(true);
  });
});

describe("stretches", () => {
  const part = (from: number, to: number, more: boolean, newer: boolean) => ({ items: times(to - from, (n) => ({ ...item("a", NOON, said("x")), key: `s${from + n}`, pos: from + n })), more, newer });

  it("join at either end without doubling", () => {
    const shown = part(10, 20, true, true);
    expect(before(shown, part(5, 11, false, true)).items.map((one) => one.pos)).toEqual(times(15, (n) => n + 5));
    expect(after(shown, part(19, 25, true, false)).items.map((one) => one.pos)).toEqual(times(15, (n) => n + 10));
    expect(before(shown, part(5, 10, false, true)).more).toBe(false);
    expect(after(shown, part(20, 25, true, false)).newer).toBe(false);
  });

  it("let go what is far from the end that is read, and know that it is there", () => {
    const long = part(1, 101, false, false);
    expect(trimmed(long, 60, "older")).toMatchObject({ newer: true, more: false, items: { length: 60 } });
    expect(trimmed(long, 60, "newer")).toMatchObject({ newer: false, more: true, items: { length: 60 } });
    expect(trimmed(long, 60, "newer").items[0]?.pos).toBe(41);
  });

  it("never end above at what has no place", () => {
    const waiting = { items: times(5, (n) => ({ ...item("me", NOON, said("w")), key: `w${n}`, pos: null })), more: false, newer: false };
    expect(trimmed(waiting, 3, "newer").items.length).toBe(5);
  });

  it("keep the object of what says the same as before", () => {
    const shown = part(1, 4, false, false).items;
    const read = reused(shown, [...structuredClone(shown.slice(0, 2)), { ...structuredClone(shown[2] as Item), at: 1 }]);
    expect([read[0] === shown[0], read[1] === shown[1], read[2] === shown[2]]).toEqual([true, true, false]);
  });
});

it("a change of a role is told from an addition", () => {
  const items = [item("a", NOON, came("c", "editor")), item("a", NOON, came("c", "viewer")), item("a", NOON, came("d", "editor")), item("a", NOON, came("c", null)), item("a", NOON, came("c", "editor"))];
  expect([...roleChanges(items)]).toEqual([items[1]?.key]);
});
