// Joins stretches of a timeline. Pure: positions alone decide what lies where; what waits for the server stands last.

import type { Item, Position, Timeline } from "../backend/bindings";

export type Stretch = Pick<Timeline, "items" | "more" | "newer">;

export const EMPTY: Stretch = { items: [], more: false, newer: false };

export function firstPosition(items: Item[]): Position | null {
  return items.find((item) => item.pos !== null)?.pos ?? null;
}

export function lastPosition(items: Item[]): Position | null {
  return items.findLast((item) => item.pos !== null)?.pos ?? null;
}

/** An older stretch before what is shown. Of an item that is in both, the shown one is the newer reading. */
export function before(shown: Stretch, older: Stretch): Stretch {
  const keys = new Set(shown.items.map((item) => item.key));
  return { items: [...older.items.filter((item) => !keys.has(item.key)), ...shown.items], more: older.more, newer: shown.newer };
}

/** A newer stretch after what is shown. */
export function after(shown: Stretch, newer: Stretch): Stretch {
  const keys = new Set(newer.items.map((item) => item.key));
  return { items: [...shown.items.filter((item) => !keys.has(item.key)), ...newer.items], more: shown.more, newer: newer.newer };
}

/** Drops what is far away from the end that is being read; what is dropped is asked for again when it is needed. */
export function trimmed(stretch: Stretch, max: number, keep: "older" | "newer"): Stretch {
  if (stretch.items.length <= max) return stretch;
  if (keep === "older") return { ...stretch, items: stretch.items.slice(0, max), newer: true };
  const items = stretch.items.slice(-max);
  // A stretch that begins with something that has no place could not be continued upwards.
  return firstPosition(items) === null ? stretch : { ...stretch, items, more: true };
}

/** The new reading, with every item that says the same as before being the same object: what did not change is not drawn anew. */
export function reused(shown: Item[], read: Item[]): Item[] {
  const known = new Map(shown.map((item) => [item.key, item]));
  return read.map((item) => {
    const old = known.get(item.key);
    return old !== undefined && JSON.stringify(old) === JSON.stringify(item) ? old : item;
  });
}
