// One room's folder, open at some place in it: only the pages that are on screen are held, however many entries there are.

import type { AccountId, CommentId, EntryId, EntryView, ErrorView, FolderView, Permission, RoomId, Sort } from "../backend/bindings";
import { ask, tell } from "../backend/ask";
import { type Backend, Refused } from "../backend/backend";
import { Found } from "./found.svelte";
import { Latest } from "./latest";

/** Entries asked for at once. */
export const PAGE = 200;
/** Entries asked for at once where they are only looked through; the engine's own most. */
const BULK = 500;
/** Pages held; the farthest from what is on screen are let go. */
const PAGES_MAX = 24;

const BY_NAME: Sort = { by: "name", descending: false };

export class Folder {
  /** The newest answer: the way here, how much there is, who may write. Its entries are in `at`. */
  view = $state.raw<FolderView | null>(null);
  parent = $state<EntryId | null>(null);
  sort = $state.raw<Sort>(BY_NAME);
  /** Why nothing can be shown; what is shown already stays. */
  failed = $state.raw<ErrorView | null>(null);
  /** What is looked for in the room, in place of what lies in the open folder. */
  readonly found: Found;
  total = $derived.by(() => (this.finding ? this.found.entries.length : (this.view?.total ?? 0)));

  readonly room: RoomId;
  #backend: Backend;
  #latest = new Latest();
  #pages = $state.raw<ReadonlyMap<number, EntryView[]>>(new Map());
  #from = 0;
  #to = 0;
  #pumping = false;
  #epoch = 0;

  constructor(backend: Backend, room: RoomId) {
    this.#backend = backend;
    this.room = room;
    this.found = new Found(backend, room);
  }

  /** The entries are those that were found. */
  get finding(): boolean {
    return this.found.asked;
  }

  /** The entry at a place of the order, once its page is here. */
  at(index: number): EntryView | null {
    if (this.finding) return this.found.entries[index]?.entry ?? null;
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE] ?? null;
  }

  /** Everything that is held, with its place. */
  *held(): Generator<[number, EntryView]> {
    if (this.finding) {
      yield* this.found.entries.map(({ entry }, n): [number, EntryView] => [n, entry]);
      return;
    }
    for (const [page, entries] of this.#pages) for (const [n, entry] of entries.entries()) yield [page * PAGE + n, entry];
  }

  /** All entries are held. */
  get whole(): boolean {
    if (this.finding) return true;
    let count = 0;
    for (const entries of this.#pages.values()) count += entries.length;
    return count >= this.total;
  }

  /** Reads what is on screen anew; a place that is gone leads back to the top. */
  async load(): Promise<void> {
    if (this.finding) await this.found.load();
    await this.#latest.run(async (current) => {
      const { parent, sort } = this;
      const still = () => current() && this.parent === parent && this.sort === sort;
      try {
        await this.#read(still);
      } catch (thrown) {
        const refusal = Refused.from(thrown);
        if (!still()) return;
        if (parent !== null && refusal.code === "not_found") {
          this.parent = null;
          this.#latest.again();
          return;
        }
        if (this.view !== null && (this.view.path.at(-1)?.id ?? null) === parent) throw refusal;
        this.view = null;
        this.failed = refusal.view;
      }
    });
  }

  async enter(parent: EntryId | null): Promise<void> {
    this.found.clear();
    this.parent = parent;
    this.#from = this.#to = 0;
    await this.load();
  }

  async order(sort: Sort): Promise<void> {
    this.sort = sort;
    if (this.finding) return this.found.order(sort);
    await this.load();
  }

  /** Says which places are on screen; their pages are fetched one after the other. */
  async show(from: number, to: number): Promise<void> {
    if (this.finding) return this.found.show(to);
    this.#from = from;
    this.#to = to;
    if (this.#pumping || this.view === null) return;
    this.#pumping = true;
    try {
      for (let page = this.#missing(); page !== null; page = this.#missing()) if (!(await this.#fetch(page))) break;
    } finally {
      this.#pumping = false;
    }
  }

  /** The first place from `from` on, around the end, whose entry is meant; what is read for it is not kept. */
  async find(from: number, meant: (entry: EntryView) => boolean, current: () => boolean = () => true): Promise<number | null> {
    const { total } = this;
    for (let step = 0; step < total; ) {
      const start = (from + step) % total;
      const held = this.at(start);
      const entries = held ? [held] : await this.#bulk(start, Math.min(BULK, total - step, total - start));
      if (!current() || entries.length === 0) return null;
      const found = entries.findIndex(meant);
      if (found >= 0) return start + found;
      step += entries.length;
    }
    return null;
  }

  /** The entries of a stretch, read where they are not held. */
  async between(from: number, to: number): Promise<EntryView[]> {
    const found: EntryView[] = [];
    for (let at = from; at <= to; at = from + found.length) {
      const held = this.at(at);
      const more = held ? [held] : await this.#bulk(at, Math.min(BULK, to - at + 1));
      if (more.length === 0) break;
      found.push(...more);
    }
    return found;
  }

  /** The folder above, or nothing at the top. */
  above(): { id: EntryId | null } | null {
    const path = this.view?.path ?? [];
    return path.length === 0 ? null : { id: path.at(-2)?.id ?? null };
  }

  make = (name: string) => ask(this.#backend, "entry_id", { do: "folder_create", room: this.room, parent: this.parent, name });
  rename = (entry: EntryId, name: string) => tell(this.#backend, { do: "entry_rename", entry, name });
  move = (entry: EntryId, parent: EntryId | null) => tell(this.#backend, { do: "entry_move", entry, parent });
  remove = (entry: EntryId) => tell(this.#backend, { do: "entry_delete", entry });
  restore = (entry: EntryId) => tell(this.#backend, { do: "entry_restore", entry });
  download = (entry: EntryId) => tell(this.#backend, { do: "get", entry, dest: null });
  versions = (entry: EntryId, before: number | null, limit: number) => ask(this.#backend, "versions", { do: "versions", entry, before, limit });
  bringBack = (entry: EntryId, version: number, newest: number) => tell(this.#backend, { do: "version_restore", entry, version, if_version: newest });
  fetchVersion = (entry: EntryId, version: number) => tell(this.#backend, { do: "version_get", entry, version, dest: null });
  versionText = (entry: EntryId, version: number, size: number) => ask(this.#backend, "preview_text", { do: "version_text", entry, version, size });
  comments = (entry: EntryId, before: number | null, limit: number) => ask(this.#backend, "comments", { do: "comments", entry, before, limit });
  comment = (entry: EntryId, text: string, mentions: AccountId[], reply: CommentId | null) => tell(this.#backend, { do: "comment", entry, text, mentions, reply });
  deleteComment = (entry: EntryId, comment: CommentId) => tell(this.#backend, { do: "comment_delete", entry, comment });
  ratings = (entry: EntryId) => ask(this.#backend, "ratings", { do: "ratings", entry });
  rate = (entry: EntryId, halves: number | null) => tell(this.#backend, { do: "rate", entry, halves });
  lock = (entry: EntryId) => tell(this.#backend, { do: "lock", entry, minutes: null });
  unlock = (entry: EntryId) => tell(this.#backend, { do: "unlock", entry });
  breakLock = (entry: EntryId, reason: string) => tell(this.#backend, { do: "lock_break", entry, reason });
  permissions = (entry: EntryId) => ask(this.#backend, "permissions", { do: "permissions", entry });
  permit = (entry: EntryId, permission: Permission) => tell(this.#backend, { do: "permission_set", entry, permission });
  members = async () => (await ask(this.#backend, "room", { do: "room", room: this.room })).members;
  say = (text: string, to: AccountId) => ask(this.#backend, "message_id", { do: "send", room: this.room, text, mentions: [to], reply: null });
  describe = (entry: EntryId, description: string, tags: string[]) => tell(this.#backend, { do: "describe", entry, description, tags });
  details = (entry: EntryId) => ask(this.#backend, "details", { do: "entry_details", entry });
  text = (entry: EntryId) => ask(this.#backend, "preview_text", { do: "preview_text", entry });
  upload = () => this.#backend.pickFiles(this.room, this.parent);

  #ask(parent: EntryId | null, sort: Sort, page: number): Promise<FolderView> {
    return ask(this.#backend, "folder", { do: "folder", room: this.room, parent, sort, offset: page * PAGE, limit: PAGE });
  }

  async #bulk(offset: number, limit: number): Promise<EntryView[]> {
    const { parent, sort } = this;
    return (await ask(this.#backend, "folder", { do: "folder", room: this.room, parent, sort, offset, limit })).entries;
  }

  /** The pages on screen, of this place and order. */
  async #read(still: () => boolean): Promise<void> {
    const { parent, sort } = this;
    const fresh = new Map<number, EntryView[]>();
    let view: FolderView | null = null;
    for (let page = Math.floor(this.#from / PAGE); page <= Math.floor(this.#to / PAGE); page++) {
      view = await this.#ask(parent, sort, page);
      if (!still()) return;
      fresh.set(page, view.entries);
      if ((page + 1) * PAGE >= view.total) break;
    }
    this.#epoch += 1;
    this.#pages = fresh;
    this.view = view;
    this.failed = null;
  }

  #missing(): number | null {
    const last = Math.min(this.#to, this.total - 1);
    for (let page = Math.floor(this.#from / PAGE); page * PAGE <= last; page++) if (!this.#pages.has(page)) return page;
    return null;
  }

  /** Whether the page came and still counts. */
  async #fetch(page: number): Promise<boolean> {
    const { parent, sort } = this;
    const epoch = this.#epoch;
    const view = await this.#ask(parent, sort, page);
    if (this.#epoch !== epoch || this.parent !== parent || this.sort !== sort) return true;
    const pages = new Map(this.#pages).set(page, view.entries);
    const middle = Math.floor((this.#from + this.#to) / 2 / PAGE);
    const far = [...pages.keys()].toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle)).slice(PAGES_MAX);
    for (const old of far) pages.delete(old);
    this.#pages = pages;
    if (view.total !== this.total) this.view = view;
    return pages.has(page) && view.entries.length > 0;
  }
}
