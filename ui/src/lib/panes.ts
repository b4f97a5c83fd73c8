// F6 walks through the panes of a window: the landmarks that are on screen, in order.

import { tick } from "svelte";

export function panes(step: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>("nav, aside, main")].filter((pane) => pane.checkVisibility?.() ?? true);
  const at = all.findIndex((pane) => pane.contains(document.activeElement));
  const next = all[((at < 0 && step < 0 ? 0 : at) + step + all.length) % all.length];
  const first = next?.querySelector<HTMLElement>('[tabindex="0"], button:not([tabindex="-1"]), input, textarea, a[href]');
  (first ?? next)?.focus();
}

/** Where the control that was used is gone from the page, the focus goes to what is open rather than nowhere. */
export async function keepFocus(held: Element | null): Promise<void> {
  if (held === null || held === document.body) return;
  await tick();
  if (held.isConnected || document.activeElement !== document.body) return;
  const pane = document.querySelector<HTMLElement>("main") ?? document.querySelector<HTMLElement>("aside");
  if (pane?.tabIndex === -1 && pane.hasAttribute("tabindex")) pane.focus();
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
