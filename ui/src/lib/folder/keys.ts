// The keyboard in a folder: walking, selecting, opening and everything else that has a key.

import type { Browser } from "../state/browser.svelte";

/** How the rows lie on screen. */
export type Layout = { columns: number; page: number };

export type Wish = "menu" | "details" | "chat" | null;

/** Acts on a key; answers what is not the folder's own to do, or `undefined` where the key means nothing here. */
export function folderKey(event: KeyboardEvent, browser: Browser, layout: Layout): Wish | undefined {
  if (event.isComposing || event.target instanceof HTMLInputElement) return undefined;
  const command = event.ctrlKey || event.metaKey;
  if (command && event.shiftKey) return shifted(event, browser);
  if (walk(event, browser, layout)) return null;
  return command ? commanded(event, browser) : plain(event, browser);
}

function walk(event: KeyboardEvent, browser: Browser, { columns, page }: Layout): boolean {
  const { selection, folder } = browser;
  if (event.altKey || folder.total === 0) return false;
  const tiles = columns > 1;
  const step = {
    ArrowDown: columns, ArrowUp: -columns, ArrowRight: tiles ? 1 : 0, ArrowLeft: tiles ? -1 : 0,
    PageDown: page * columns, PageUp: -page * columns, Home: -folder.total, End: folder.total,
  }[event.key];
  if (!step) return false;
  const none = selection.chosen.size === 0 && selection.focus === 0 && Math.abs(step) <= columns && step > 0;
  const index = none ? 0 : Math.max(0, Math.min(folder.total - 1, selection.focus + step));
  void go(event, browser, index);
  return true;
}

async function go(event: KeyboardEvent, browser: Browser, index: number): Promise<void> {
  const { selection, folder } = browser;
  const [shift, command] = [event.shiftKey, event.ctrlKey || event.metaKey];
  selection.focus = index;
  if (folder.at(index) === null) await folder.show(index, index);
  if (selection.focus !== index) return;
  if (shift) await selection.reach(index);
  else if (command) selection.stand(index);
  else selection.only(index);
}

function plain(event: KeyboardEvent, browser: Browser): Wish | undefined {
  const { selection, folder } = browser;
  const entry = folder.at(selection.focus);
  if (event.altKey) {
    if (event.key !== "ArrowUp") return undefined;
    void browser.up();
    return null;
  }
  switch (event.key) {
    case "Enter": if (entry) browser.open(entry); return null;
    case " ": browser.large = entry?.kind === "file"; if (entry && !selection.has(entry.id)) selection.only(selection.focus); return null;
    case "F2": browser.rename(entry); return null;
    case "F5": browser.refresh(); return null;
    case "Delete": void browser.remove(selection.list); return null;
    case "Backspace": void browser.up(); return null;
    case "ContextMenu": return "menu";
    case "F10": return event.shiftKey ? "menu" : undefined;
    case "Escape":
      if (selection.chosen.size === 0) return undefined;
      selection.clear();
      return null;
    default: return undefined;
  }
}

function commanded(event: KeyboardEvent, browser: Browser): Wish | undefined {
  const { selection } = browser;
  switch (event.key.toLowerCase()) {
    case "a": void selection.all(); return null;
    case " ": selection.toggle(selection.focus); return null;
    case "i": return "details";
    case "enter": {
      const entry = browser.folder.at(selection.focus);
      if (entry) browser.locate(entry);
      return null;
    }
    default: return undefined;
  }
}

function shifted(event: KeyboardEvent, browser: Browser): Wish | undefined {
  switch (event.code) {
    case "Digit1": browser.show("table"); return null;
    case "Digit2": browser.show("tiles"); return null;
    case "KeyN": if (browser.writable) browser.naming = true; return null;
    case "KeyU": if (browser.writable) browser.upload(); return null;
    case "KeyC": return "chat";
    default: return undefined;
  }
}

const TYPED_MS = 900;

/** Letters typed one after the other lead to the next name that begins with them, in pages not on screen too. */
export class TypeAhead {
  #text = "";
  #at = 0;
  #search = 0;
  #browser: Browser;

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** Whether the key was one. */
  take(event: KeyboardEvent): boolean {
    const fits = [...event.key].length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (!fits || event.target instanceof HTMLInputElement) return false;
    const now = event.timeStamp;
    const fresh = now - this.#at > TYPED_MS;
    this.#at = now;
    this.#text = (fresh ? "" : this.#text) + event.key.toLocaleLowerCase();
    void this.#go(fresh);
    return true;
  }

  async #go(fresh: boolean): Promise<void> {
    const { folder, selection } = this.#browser;
    const search = ++this.#search;
    const wanted = this.#text;
    const from = (selection.focus + (fresh && selection.chosen.size > 0 ? 1 : 0)) % Math.max(1, folder.total);
    const current = () => search === this.#search;
    const index = await folder.find(from, (entry) => entry.name.toLocaleLowerCase().startsWith(wanted), current);
    if (index === null || !current()) return;
    await folder.show(index, index);
    selection.only(index);
  }
}
