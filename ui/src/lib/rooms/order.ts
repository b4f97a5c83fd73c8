// Puts a row elsewhere in its list by dragging it with the pointer.

/** The rows that have an order among them, and the name each of them has; or what lies at a height of the list. */
export type Rows = { selector: string; id: (row: HTMLElement) => string | undefined } | { find: (y: number, list: HTMLElement) => string | null };
type Told = {
  moving: (on: boolean) => void;
  placed: (before: string | null) => void;
  /** The row it would stand before if it were let go now; nothing: after the last. */
  over?: (before: string | null) => void;
};

const FAVOURITES: Rows = { selector: '[data-testid="favourites"] [data-room]', id: (row) => row.dataset.room };

/** Pixels the pointer moves before it is a drag and no click. */
const SLACK = 6;

export function orderByPointer(event: PointerEvent, list: HTMLElement, told: Told, rows: Rows = FAVOURITES): void {
  if (event.button !== 0 || event.pointerType === "touch") return;
  const from = event.clientY;
  let dragging = false;

  const move = (to: PointerEvent) => {
    if (!dragging && Math.abs(to.clientY - from) > SLACK) {
      dragging = true;
      told.moving(true);
    }
    if (dragging) told.over?.(before(to.clientY, list, rows));
  };
  const drop = (to: PointerEvent) => {
    const was = dragging;
    stop();
    if (!was) return;
    window.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
    told.placed(before(to.clientY, list, rows));
  };
  const keys = (pressed: KeyboardEvent) => {
    if (pressed.key === "Escape") stop();
  };
  const stop = () => {
    if (dragging) told.moving(false);
    dragging = false;
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", drop);
    window.removeEventListener("pointercancel", stop);
    window.removeEventListener("keydown", keys);
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", drop);
  window.addEventListener("pointercancel", stop);
  window.addEventListener("keydown", keys);
}

function swallow(event: Event): void {
  event.stopPropagation();
  event.preventDefault();
}

/** The row whose middle lies below the pointer; nothing: after the last. */
function before(y: number, list: HTMLElement, rows: Rows): string | null {
  if ("find" in rows) return rows.find(y, list);
  for (const row of list.querySelectorAll<HTMLElement>(rows.selector)) {
    const box = row.getBoundingClientRect();
    if (y < box.top + box.height / 2) return rows.id(row) ?? null;
  }
  return null;
}
