// Where rows stand in a scrolled log: which are on screen, and how to keep one in place while others come and go.

import type { Position } from "../backend/bindings";

/** A row and how far its top stands below the top of the log. */
export type Anchor = { key: string; top: number };

/** So far from the top the day floats above what is on screen. */
const TOP = 48;
const ROW = "[data-row]";

export function rowsIn(log: HTMLElement): HTMLElement[] {
  return [...log.querySelectorAll<HTMLElement>(ROW)];
}

export function rowOf(log: HTMLElement, key: string): HTMLElement | null {
  return rowsIn(log).find((row) => row.dataset.key === key) ?? null;
}

export function posOf(row: HTMLElement | undefined): Position | null {
  const pos = Number(row?.dataset.pos);
  return Number.isFinite(pos) && pos > 0 ? pos : null;
}

/** The rows that can be seen, first and last as indexes. Without a layout all of them can. */
export function onScreen(log: HTMLElement, rows: HTMLElement[]): { first: number; last: number } {
  const box = log.getBoundingClientRect();
  if (box.height === 0) return { first: 0, last: rows.length - 1 };
  const first = firstThat(rows, (row) => row.getBoundingClientRect().bottom > box.top + 1);
  const after = firstThat(rows, (row) => row.getBoundingClientRect().top >= box.bottom - 1);
  return { first: Math.min(first, rows.length - 1), last: Math.max(0, after - 1) };
}

/** What is to stay where it is: the row that has the focus if it is on screen, else the first one on screen. */
export function anchorOf(log: HTMLElement): Anchor | null {
  const rows = rowsIn(log);
  if (rows.length === 0) return null;
  const { first, last } = onScreen(log, rows);
  const held = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[held >= first && held <= last ? held : first];
  return row ? { key: row.dataset.key ?? "", top: topIn(log, row) } : null;
}

/** Scrolls so that the row stands where it stood; nothing happens when it is gone. */
export function holdAt(log: HTMLElement, anchor: Anchor): void {
  const row = rowOf(log, anchor.key);
  if (!row) return;
  const moved = topIn(log, row) - anchor.top;
  if (Math.abs(moved) >= 1) log.scrollTop += moved;
}

/** Scrolls a row to a part of the log's height from its top. */
export function placeAt(log: HTMLElement, row: HTMLElement, part: number): void {
  log.scrollTop += topIn(log, row) - log.clientHeight * part;
}

/** Scrolls no further than it takes to see the whole row. */
export function reveal(log: HTMLElement, row: HTMLElement): void {
  const top = topIn(log, row);
  const below = top + row.offsetHeight - log.clientHeight;
  if (top < 0) log.scrollTop += top - 8;
  else if (below > 0) log.scrollTop += Math.min(below + 8, top);
}

/** Whether the line of a day lies at the top of what is on screen. */
export function lineOnTop(log: HTMLElement): boolean {
  return [...log.querySelectorAll<HTMLElement>(".day:not(.new)")].some((line) => topIn(log, line) > -line.offsetHeight && topIn(log, line) < TOP);
}

export function fromFoot(log: HTMLElement): number {
  return log.scrollHeight - log.scrollTop - log.clientHeight;
}

function topIn(log: HTMLElement, row: HTMLElement): number {
  return row.getBoundingClientRect().top - log.getBoundingClientRect().top;
}

/** The first index for which it holds, in rows that stand in order; their number if for none. */
function firstThat(rows: HTMLElement[], holds: (row: HTMLElement) => boolean): number {
  let from = 0;
  let to = rows.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const row = rows[middle];
    if (row && holds(row)) to = middle;
    else from = middle + 1;
  }
  return from;
}
