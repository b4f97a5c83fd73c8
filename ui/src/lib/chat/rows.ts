// Arranges the items of a chat into the rows that are drawn: days, the unread line, speech, albums, activity.
//
// Pure and flat: the same items give the same rows, and a row keeps its key while others come and go above and below it.

import type { AccountId, Item, Position } from "../backend/bindings";
import { type Group, groupOf } from "./groups";
import { isPicture } from "./picture";

/** Which activity is shown: all, only what changed something, or none. */
export type Show = "all" | "changes" | "off";

export type Row =
  | { kind: "day"; key: string; at: number }
  | { kind: "new"; key: string; count: number }
  /** `repeats`: so many versions of one file, sent one after the other; the item is the newest. */
  | { kind: "said"; key: string; item: Item; first: boolean; last: boolean; repeats: number }
  /** Many files at once. */
  | { kind: "stack"; key: string; item: Item; items: Item[]; first: boolean; last: boolean }
  | { kind: "album"; key: string; item: Item; items: Item[]; first: boolean; last: boolean }
  | { kind: "act"; key: string; item: Item }
  | { kind: "fold"; key: string; items: Item[] };

export type RowsWish = {
  /** Where this person had read to when the room was opened; nothing: no line is wanted. */
  read: Position | null;
  /** At least so many are new; more may be known than are loaded. */
  unread?: number;
  show?: Show;
  /** Kinds that are hidden in this room. */
  hide?: ReadonlySet<Group>;
};

const GROUP_MS = 10 * 60_000;
const FOLD_MIN = 4;
const ALBUM_MIN = 3;
const STACK_MIN = 5;

type Unit = { item: Item; items: Item[]; what: "said" | "album" | "stack" | "act" | "fold" };

export function rowsOf(items: Item[], wish: RowsWish): Row[] {
  const rows: Row[] = [];
  const fresh = wish.read === null ? [] : items.filter((item) => isNew(item, wish.read ?? 0));
  const firstNew = fresh[0];
  const newCount = () => Math.max(fresh.length, (wish.unread ?? 0) - goneAfter(items, wish.read ?? 0));
  let lastAt = Number.NaN;
  let open: Speech | null = null;
  for (const unit of unitsOf(items, wish, firstNew)) {
    const { item } = unit;
    if (dayOf(lastAt) !== dayOf(item.at)) {
      rows.push({ kind: "day", key: `day:${dayOf(item.at)}`, at: item.at });
      open = null;
    }
    if (firstNew && unit.items.includes(firstNew)) {
      rows.push({ kind: "new", key: "new", count: newCount() });
      open = null;
    }
    if (unit.what === "act") rows.push({ kind: "act", key: item.key, item });
    else if (unit.what === "fold") rows.push({ kind: "fold", key: `fold:${item.key}`, items: unit.items });
    if (unit.what === "act" || unit.what === "fold") open = null;
    else {
      const joins: boolean = open !== null && open.item.by === item.by && item.at - lastAt < GROUP_MS;
      if (joins && open) open.last = false;
      open = speech(unit, !joins);
      rows.push(open);
    }
    lastAt = unit.items.at(-1)?.at ?? item.at;
  }
  return distinctDays(rows);
}

type Speech = Extract<Row, { kind: "said" | "album" | "stack" }>;

/** Something said, as a row that ends its group until another one follows. */
function speech({ what, item, items }: Unit, first: boolean): Speech {
  if (what === "stack") return { kind: "stack", key: `stack:${item.key}`, item, items, first, last: true };
  if (what === "album") return { kind: "album", key: `album:${item.key}`, item, items, first, last: true };
  return { kind: "said", key: item.key, item: items.at(-1) ?? item, first, last: true, repeats: items.length };
}

/** Keys of the member events that change the role of somebody who was a member already. */
export function roleChanges(items: Item[]): Set<string> {
  const members = new Set<AccountId>();
  const changes = new Set<string>();
  for (const item of items) {
    // Whoever says or does something is a member, also where the event of their coming is not loaded.
    members.add(item.by);
    if (item.kind.type !== "member") continue;
    const { account, role } = item.kind;
    if (role === null) members.delete(account);
    else if (members.has(account) && account !== item.by) changes.add(item.key);
    else members.add(account);
  }
  return changes;
}

/** Said (a bubble or a file), not done (the activity thread). */
export function isSpeech(item: Item): boolean {
  return item.kind.type === "message" || item.kind.type === "upload";
}

/** Of a deleted message nothing is left to be read. */
function isDeleted(item: Item): boolean {
  return item.kind.type === "message" && item.kind.deleted;
}

function isNew(item: Item, read: Position): boolean {
  return item.pos !== null && item.pos > read && !item.mine && isSpeech(item) && !isDeleted(item);
}

function goneAfter(items: Item[], read: Position): number {
  return items.filter((item) => item.pos !== null && item.pos > read && !item.mine && isDeleted(item)).length;
}

/** Runs of pictures become albums, runs of other files stacks, runs of activity by one person fold; nothing runs over a day or the unread line. */
function unitsOf(items: Item[], wish: RowsWish, firstNew: Item | undefined): Unit[] {
  const units: Unit[] = [];
  let run: Item[] = [];
  const close = () => {
    const [item] = run;
    if (item && isStored(item)) units.push(...filesOf(run));
    else if (item) {
      const picture = isPicture(item);
      const long = run.length >= (picture ? ALBUM_MIN : FOLD_MIN);
      if (long) units.push({ item, items: run, what: picture ? "album" : "fold" });
      else for (const one of run) units.push({ item: one, items: [one], what: isSpeech(one) ? "said" : "act" });
    }
    run = [];
  };
  for (const item of items) {
    if (hidden(item, wish)) continue;
    const last = run.at(-1);
    const joins = last && last.by === item.by && item !== firstNew && dayOf(last.at) === dayOf(item.at) && sameRun(last, item);
    if (!joins) close();
    run.push(item);
  }
  close();
  return units;
}

/** A file that is no picture, in the folder. */
function isStored(item: Item): boolean {
  return item.kind.type === "upload" && item.kind.phase.phase === "stored" && !isPicture(item);
}

/** Versions of one file are one card; many files are one stack. */
function filesOf(run: Item[]): Unit[] {
  const files: Item[][] = [];
  for (const item of run) {
    const last = files.at(-1);
    if (last && entryOf(last[0]) !== null && entryOf(last[0]) === entryOf(item)) last.push(item);
    else files.push([item]);
  }
  const [first] = run;
  if (first && files.length >= STACK_MIN) return [{ item: first, items: run, what: "stack" }];
  return files.flatMap((items) => (items[0] ? [{ item: items[0], items, what: "said" as const }] : []));
}

const entryOf = (item: Item | undefined) => (item?.kind.type === "upload" ? item.kind.entry : null);

function sameRun(a: Item, b: Item): boolean {
  if (isPicture(a)) return isPicture(b) && b.at - a.at < GROUP_MS;
  if (isStored(a)) return isStored(b) && b.at - a.at < GROUP_MS;
  return folds(a) && folds(b);
}

/** What somebody said about a file is read where it stands. */
function folds(item: Item): boolean {
  return item.kind.type === "activity" && item.kind.kind !== "group_created" && item.kind.said === null;
}

function hidden(item: Item, { show = "all", hide }: RowsWish): boolean {
  if (item.kind.type !== "activity") return false;
  const group = groupOf(item.kind.kind);
  if (group !== null && hide?.has(group)) return true;
  return show === "off" || (show === "changes" && group === "looks");
}

/** Clocks of several computers may go back over midnight: a day that comes twice still has two rows. */
function distinctDays(rows: Row[]): Row[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    if (row.kind !== "day") return row;
    const key = seen.has(row.key) ? `${row.key}:${seen.size}` : row.key;
    seen.add(key);
    return { ...row, key };
  });
}

let cachedDay = { from: 0, to: -1, name: "" };

/** The calendar day here; most calls ask for the same day as the one before. */
function dayOf(at: number): string {
  if (at >= cachedDay.from && at < cachedDay.to) return cachedDay.name;
  if (Number.isNaN(at)) return "";
  const date = new Date(at);
  const from = new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const to = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
  cachedDay = { from, to, name: `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}` };
  return cachedDay.name;
}
