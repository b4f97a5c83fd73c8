// Arranges the items of a chat into what is drawn: days, groups of speech by one person, threads of activity.
//
// Pure: the same items give the same blocks. Keys come from the items, so that a block keeps its place on screen.

import type { AccountId, Item, Position } from "../backend/api";

export type Block =
  | { kind: "day"; key: string; at: number }
  | { kind: "new"; key: string; count: number }
  | { kind: "speech"; key: string; by: AccountId; name: string; mine: boolean; items: Item[] }
  | { kind: "acts"; key: string; items: Item[] };

const GROUP_MS = 10 * 60_000;

/** The blocks; `read` is where this person had read to when the room was opened, or nothing if no line is wanted. */
export function blocksOf(items: Item[], read: Position | null): Block[] {
  const blocks: Block[] = [];
  const firstNew = read === null ? undefined : items.find((item) => isNew(item, read));
  const count = read === null ? 0 : items.filter((item) => isNew(item, read)).length;
  let lastAt = Number.NaN;
  for (const item of items) {
    if (!sameDay(lastAt, item.at)) blocks.push({ kind: "day", key: `day:${dayKey(item.at)}:${item.key}`, at: item.at });
    if (item === firstNew) blocks.push({ kind: "new", key: "new", count });
    append(blocks, item, lastAt);
    lastAt = item.at;
  }
  return blocks;
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

function isNew(item: Item, read: Position): boolean {
  return item.pos !== null && item.pos > read && !item.mine && isSpeech(item);
}

function append(blocks: Block[], item: Item, lastAt: number): void {
  const last = blocks.at(-1);
  if (!isSpeech(item)) {
    if (last?.kind === "acts") last.items.push(item);
    else blocks.push({ kind: "acts", key: `acts:${item.key}`, items: [item] });
    return;
  }
  const joins = last?.kind === "speech" && last.by === item.by && last.mine === item.mine && item.at - lastAt < GROUP_MS;
  if (joins) last.items.push(item);
  else blocks.push({ kind: "speech", key: `said:${item.key}`, by: item.by, name: item.by_name, mine: item.mine, items: [item] });
}

function dayKey(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

function sameDay(a: number, b: number): boolean {
  return dayKey(a) === dayKey(b);
}
