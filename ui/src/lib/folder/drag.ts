// Dragging entries by the pointer: into a folder, onto the path, or into another room's row never. HTML5 drags do not
// work beside the shell's own, so this is done with pointer events. Beyond the window the system's own drag takes over.

import type { Browser } from "../state/browser.svelte";

/** Pixels the pointer moves before it is a drag. */
const SLACK = 5;
/** Pixels at the upper and lower edge that scroll, and by how much a frame. */
const EDGE = 28;
const PACE = 12;

/** Begins at a press on the row at `index`; lasts until the pointer is let go. */
export function dragFrom(event: PointerEvent, index: number, browser: Browser, scroller: HTMLElement): void {
  if (event.button !== 0 || event.pointerType === "touch") return;
  const start = { x: event.clientX, y: event.clientY };
  let scrolling = 0;

  const move = (to: PointerEvent) => {
    if (browser.dragging === null) {
      if (Math.hypot(to.clientX - start.x, to.clientY - start.y) < SLACK) return;
      const entry = browser.folder.at(index);
      if (!entry) return stop();
      if (!browser.selection.has(entry.id)) browser.selection.only(index);
      scrolling = requestAnimationFrame(edge);
    }
    if (outside(to)) return leave();
    browser.dragging = { entries: browser.selection.list, x: to.clientX, y: to.clientY, over: under(to.clientX, to.clientY, browser) };
  };
  const edge = () => {
    const at = browser.dragging;
    if (!at) return;
    const box = scroller.getBoundingClientRect();
    if (at.y < box.top + EDGE) scroller.scrollTop -= PACE;
    else if (at.y > box.bottom - EDGE) scroller.scrollTop += PACE;
    scrolling = requestAnimationFrame(edge);
  };
  const leave = () => {
    const files = browser.selection.list.filter((entry) => entry.kind === "file");
    stop();
    if (files.length > 0) browser.dragOut(files);
  };
  const drop = () => {
    const dragging = browser.dragging;
    stop();
    if (!dragging || dragging.over === undefined) return;
    void browser.move(dragging.entries, dragging.over, nameOf(dragging.over, browser));
  };
  const keys = (pressed: KeyboardEvent) => {
    if (pressed.key !== "Escape" || browser.dragging === null) return;
    pressed.preventDefault();
    pressed.stopPropagation();
    stop();
  };
  const stop = () => {
    // The click that ends a drag is not one.
    if (browser.dragging) window.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
    browser.dragging = null;
    cancelAnimationFrame(scrolling);
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", drop);
    window.removeEventListener("pointercancel", stop);
    window.removeEventListener("keydown", keys, { capture: true });
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", drop);
  window.addEventListener("pointercancel", stop);
  window.addEventListener("keydown", keys, { capture: true });
}

/** The pointer has left the window. */
function outside({ clientX, clientY }: PointerEvent): boolean {
  return clientX < 0 || clientY < 0 || clientX >= window.innerWidth || clientY >= window.innerHeight;
}

export function swallow(event: Event): void {
  event.stopPropagation();
  event.preventDefault();
}

/** The folder of this room under the pointer that takes what is dragged. */
function under(x: number, y: number, browser: Browser): string | null | undefined {
  if (!browser.writable) return undefined;
  const holder = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-drop-folder]");
  if (!holder || holder.closest<HTMLElement>("[data-drop-room]")?.dataset.dropRoom !== browser.folder.room) return undefined;
  const folder = holder.dataset.dropFolder || null;
  if (folder === browser.folder.parent || browser.selection.list.some((entry) => entry.id === folder)) return undefined;
  return folder;
}

function nameOf(folder: string | null, browser: Browser): string {
  const place = browser.folder.view?.path.find((one) => one.id === folder);
  if (place) return place.name;
  for (const [, entry] of browser.folder.held()) if (entry.id === folder) return entry.name;
  return "";
}
