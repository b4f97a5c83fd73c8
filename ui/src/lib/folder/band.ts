// Selecting with a box drawn by the pointer, as file managers do. It begins where nothing would be dragged: on empty
// ground, or in a row beside its name. With Ctrl or Shift held it adds to what is selected.

import type { Browser } from "../state/browser.svelte";
import { swallow } from "./drag";

/** Pixels the pointer moves before it is a box. */
const SLACK = 4;
/** Pixels at the upper and lower edge that scroll, and by how much a frame. */
const EDGE = 24;
const PACE = 14;
/** What is taken hold of to drag an entry. */
const GRIP = ".cells .name > *, .entry-tile > *";

type Point = { x: number; y: number };
export type Box = { left: number; top: number; right: number; bottom: number };
/** Entries lie in lines of so many, each line so high, on ground so wide. */
export type Ground = { columns: number; height: number; width: number; total: number };
/** Whole lines from `from` up to `to`, both within; of each the columns `left` to `right`. */
export type Stretch = { from: number; to: number; left: number; right: number };

export const boxOf = (one: Point, other: Point): Box => ({
  left: Math.min(one.x, other.x), top: Math.min(one.y, other.y), right: Math.max(one.x, other.x), bottom: Math.max(one.y, other.y),
});

/** What a box on the ground touches; nothing where it lies below the last line. */
export function touched(box: Box, { columns, height, width, total }: Ground): Stretch | null {
  const lines = Math.ceil(total / columns);
  const [from, to] = [Math.max(0, Math.floor(box.top / height)), Math.min(lines - 1, Math.floor(box.bottom / height))];
  const column = width / columns;
  // A row of the table is one, wherever the box lies across it.
  const [left, right] = columns === 1 ? [0, 0] : [Math.max(0, Math.floor(box.left / column)), Math.min(columns - 1, Math.floor(box.right / column))];
  return from > to || left > right ? null : { from, to, left, right };
}

/** Whether a press here takes hold of an entry rather than of the ground. */
export function grips(event: PointerEvent, browser: Browser, index: number): boolean {
  const entry = browser.folder.at(index);
  return entry === null || browser.selection.has(entry.id) || (event.target as Element).closest(GRIP) !== null;
}

/** Begins at a press on the ground; lasts until the pointer is let go. */
export function bandFrom(event: PointerEvent, browser: Browser, scroller: HTMLElement, columns: number): void {
  const ground = scroller.querySelector<HTMLElement>("[data-ground]");
  const frame = scroller.getBoundingClientRect();
  const onBar = event.clientX >= frame.left + scroller.clientWidth && scroller.clientWidth > 0;
  if (!ground || onBar || event.button !== 0 || event.pointerType === "touch" || (event.target as Element).closest("button, input, .stick")) return;
  const { selection, folder } = browser;
  const before = selection.chosen;
  const kept = event.ctrlKey || event.metaKey || event.shiftKey ? before : new Map();
  const within = (at: Point): Point => {
    const box = ground.getBoundingClientRect();
    return { x: at.x - box.left, y: at.y - box.top };
  };
  let at: Point = { x: event.clientX, y: event.clientY };
  const start = within(at);
  let scrolling = 0;
  let covered = "";

  const draw = () => {
    const origin = ground.getBoundingClientRect();
    const box = boxOf(start, within(at));
    browser.band = clipped({ left: box.left + origin.left, right: box.right + origin.left, top: box.top + origin.top, bottom: box.bottom + origin.top }, scroller);
    const lines = Math.ceil(folder.total / columns);
    const stretch = touched(box, { columns, height: (Number.parseFloat(ground.style.height) || origin.height) / lines, width: origin.width || 1, total: folder.total });
    const known = JSON.stringify(stretch);
    if (known !== covered) selection.cover(stretch, columns, kept);
    covered = known;
  };
  const edge = () => {
    if (!browser.band) return;
    const box = scroller.getBoundingClientRect();
    const by = at.y < box.top + EDGE ? -PACE : at.y > box.bottom - EDGE ? PACE : 0;
    const top = scroller.scrollTop;
    if (by !== 0) scroller.scrollTop += by;
    if (scroller.scrollTop !== top) draw();
    scrolling = requestAnimationFrame(edge);
  };
  const move = (to: PointerEvent) => {
    const first = browser.band === null;
    if (first && Math.hypot(to.clientX - at.x, to.clientY - at.y) < SLACK) return;
    at = { x: to.clientX, y: to.clientY };
    draw();
    if (first) scrolling = requestAnimationFrame(edge);
  };
  const keys = (pressed: KeyboardEvent) => {
    if (pressed.key !== "Escape" || browser.band === null) return;
    pressed.preventDefault();
    pressed.stopPropagation();
    stop();
    selection.choose(before);
  };
  const stop = () => {
    // The click that ends a box is not one.
    if (browser.band) window.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
    browser.band = null;
    cancelAnimationFrame(scrolling);
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", stop);
    window.removeEventListener("pointercancel", stop);
    window.removeEventListener("keydown", keys, { capture: true });
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", stop);
  window.addEventListener("pointercancel", stop);
  window.addEventListener("keydown", keys, { capture: true });
}

/** Only what lies on the list is drawn, not over its head or beyond its edges. */
function clipped(box: Box, scroller: HTMLElement): Box {
  const frame = scroller.getBoundingClientRect();
  const top = frame.top + (scroller.querySelector(".stick")?.clientHeight ?? 0);
  return {
    left: Math.max(box.left, frame.left), right: Math.min(box.right, frame.left + scroller.clientWidth),
    top: Math.max(box.top, top), bottom: Math.min(box.bottom, frame.bottom),
  };
}
