// Keys in the log: arrows walk over the rows, single letters act on the one that has the focus, Esc goes back to writing.

import type { Item } from "../backend/bindings";
import type { Chat } from "../state/chat/chat.svelte";
import type { Floats } from "../state/chat/floats.svelte";
import type { Pod } from "../state/pod.svelte";
import { actionsFor, copy, mayWrite, pickReaction, storedFile } from "./actions";
import { keyOf } from "../keys";
import { onScreen, reveal, rowsIn } from "./geometry";
import { pictureOf } from "./picture";

export function logKeys(event: KeyboardEvent, pod: Pod, chat: Chat, floats: Floats): void {
  const log = event.currentTarget as HTMLElement;
  const target = event.target as HTMLElement;
  const row = target.closest<HTMLElement>("[data-row]");
  const onRow = target === row || target === log;
  if (event.altKey || event.isComposing) return;
  if (event.key === "Escape") {
    chat.writing.focus();
  } else if (event.key === "End" && onRow) {
    void pod.attempt(() => chat.toNewest());
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && onRow && !event.ctrlKey && !event.metaKey) {
    walk(log, row, event.key === "ArrowDown" ? 1 : -1, chat);
  } else {
    const item = row && target === row ? chat.log.find(row.dataset.key ?? "") : null;
    if (!item || !act(event, { pod, chat, floats }, item)) return;
  }
  event.preventDefault();
  event.stopPropagation();
}

function walk(log: HTMLElement, row: HTMLElement | null, step: 1 | -1, chat: Chat): void {
  const rows = rowsIn(log);
  const { last } = onScreen(log, rows);
  // Into the log from outside: the newest one that can be seen.
  const next = row === null ? rows[last] : rows[rows.indexOf(row) + step];
  if (next) {
    next.focus({ preventScroll: true });
    reveal(log, next);
  } else if (step > 0 && !chat.log.newer) {
    chat.writing.focus();
  }
}

function act(event: KeyboardEvent, place: { pod: Pod; chat: Chat; floats: Floats }, item: Item): boolean {
  const { pod, chat } = place;
  const command = event.ctrlKey || event.metaKey;
  if (event.key === "Enter") {
    const picture = pictureOf(item);
    const file = storedFile(item);
    if (picture && !command) chat.looking = picture.key;
    else if (file && command) void pod.showEntry(file.entry, file.name);
    else if (file) void pod.openEntry(file.entry, file.name);
    else return false;
    return true;
  }
  if (command) {
    const text = item.kind.type === "message" ? item.kind.text : null;
    if (keyOf(event) !== "c" || text === null || !(window.getSelection()?.isCollapsed ?? true)) return false;
    void copy(pod, text);
    return true;
  }
  const wanted = { r: "reply", delete: "delete", backspace: "delete" }[keyOf(event)];
  if (keyOf(event) === "e" && item.kind.type === "message" && !item.kind.deleted && mayWrite(chat)) {
    pickReaction(place, item);
    return true;
  }
  const action = wanted && actionsFor(place, item).find((one) => one.id === wanted);
  if (!action) return false;
  action.act();
  return true;
}
