// Which rows of a long list are on screen: pure, for lists of any length.

export type Frame = { from: number; to: number };

/** Rows drawn above and below what can be seen, so that a quick turn of the wheel shows no gap. */
const OVER = 8;
/** Rows come and go by so many at once. */
const STEP = 4;
/** What a window without a size (not yet laid out) is taken for, in pixels. */
const UNKNOWN = 800;

/** The rows from `from` up to, not including, `to`. */
export function frameOf(top: number, height: number, row: number, rows: number): Frame {
  const seen = height > 0 ? height : UNKNOWN;
  const first = Math.max(0, Math.floor((Math.floor(top / row) - OVER) / STEP) * STEP);
  const last = Math.min(rows, Math.ceil((Math.ceil((top + seen) / row) + OVER) / STEP) * STEP);
  return { from: Math.min(first, Math.max(0, rows - 1)), to: Math.max(last, 0) };
}

/** Where to scroll so that a row is seen, or nothing if it is. */
export function scrollFor(index: number, top: number, height: number, row: number): number | null {
  if (height <= 0) return null;
  if (index * row < top) return index * row;
  return (index + 1) * row > top + height ? (index + 1) * row - height : null;
}

/** The name without its ending: what is selected when a file is renamed. */
export function stemLength(name: string, folder: boolean): number {
  const dot = name.lastIndexOf(".");
  return folder || dot <= 0 ? name.length : dot;
}

/** A drawn row and the place in the order that it shows at present. */
export type Slot = { slot: number; index: number };

/** Rows are made once and then show other places: as many as fit on the largest screen at once, and some. */
const POOL = 96;

/** The places of a stretch, each on the drawn row that has shown it or is free for it. */
export function slots(from: number, to: number): Slot[] {
  const pool = Math.max(POOL, to - from);
  return Array.from({ length: Math.max(0, to - from) }, (_, n) => ({ slot: (from + n) % pool, index: from + n })).sort((a, b) => a.slot - b.slot);
}
