// F6 walks through the panes of a window: the landmarks that are on screen, in order, and in a chat its messages and
// the line one writes in. Each begins where one works in it (`data-start`), not at its first button.

import { tick } from "svelte";

export function panes(step: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>("nav, aside, main, [data-pane]")]
    .filter((pane) => (pane.checkVisibility?.() ?? true) && pane.querySelector("[data-pane]") === null);
  const at = all.findIndex((pane) => pane.contains(document.activeElement));
  const next = all[((at < 0 && step < 0 ? 0 : at) + step + all.length) % all.length];
  if (next) startOf(next).focus();
}

const FOCUSABLE = '[tabindex="0"], button:not([tabindex="-1"], :disabled), input, textarea, a[href]';

/** Where one begins in a part of the window. */
function startOf(pane: HTMLElement): HTMLElement {
  const starts = [...pane.querySelectorAll<HTMLElement>("[data-start]")].filter((one) => one.tabIndex >= 0);
  return starts[0] ?? (pane.tabIndex === 0 ? pane : (pane.querySelector<HTMLElement>(FOCUSABLE) ?? pane));
}

/** Where the control that was used is gone from the page, the focus goes to what is open rather than nowhere. */
export async function keepFocus(held: Element | null): Promise<void> {
  if (held === null || held === document.body) return;
  await tick();
  if (held.isConnected || document.activeElement !== document.body) return;
  const pane = document.querySelector<HTMLElement>("main") ?? document.querySelector<HTMLElement>("aside");
  if (pane?.querySelector("[data-start]")) startOf(pane).focus();
  else if (pane?.tabIndex === -1 && pane.hasAttribute("tabindex")) pane.focus();
  else pane?.querySelector<HTMLElement>('[tabindex="0"], input, button:not([tabindex="-1"])')?.focus();
}

/** Arrow keys inside a list of which one row takes part in the order of Tab. */
export function rove(event: KeyboardEvent, list: HTMLElement, selector: string): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const edge = { Home: 0, End: -1 }[event.key];
  if (event.altKey || event.ctrlKey || event.metaKey || (step === undefined && edge === undefined)) return;
  const rows = [...list.querySelectorAll<HTMLElement>(selector)];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = edge === undefined ? rows[Math.min(rows.length - 1, Math.max(0, at + (step ?? 0)))] : rows.at(edge);
  if (!next) return;
  event.preventDefault();
  for (const row of rows) row.tabIndex = row === next ? 0 : -1;
  next.focus();
}
