// A folder as one works in it: what is open, selected, renamed, dragged and deleted, and how it is undone.

import type { EntryId, EntryView, SortBy } from "../backend/bindings";
import { ask, tell } from "../backend/ask";
import type { Box } from "../folder/band";
import type { Folder } from "./folder.svelte";
import { dragOut } from "../transfers/offering";
import type { Pod } from "./pod.svelte";
import { Selection } from "./selection.svelte";

export type Look = "table" | "tiles";
/** Entries on their way with the pointer; `over`: the folder under it, `undefined`: none that takes them. */
export type Dragging = { entries: EntryView[]; x: number; y: number; over: EntryId | null | undefined };

const LOOK = "folder.look";

export class Browser {
  readonly folder: Folder;
  readonly selection: Selection;
  look = $state<Look>("table");
  renaming = $state<EntryId | null>(null);
  naming = $state(false);
  /** The file whose lock is to be ended, while its reason is asked for. */
  breaking = $state.raw<EntryView | null>(null);
  /** The search is open. */
  seeking = $state(false);
  /** The trash is shown in place of the folder. */
  binned = $state(false);
  /** The large preview is open. */
  large = $state(false);
  dragging = $state.raw<Dragging | null>(null);
  /** The box that is drawn to select, on the window. */
  band = $state.raw<Box | null>(null);

  #pod: Pod;

  constructor(pod: Pod, folder: Folder) {
    this.#pod = pod;
    this.folder = folder;
    this.selection = new Selection(folder);
  }

  /** Out of the window, to the desktop or another program. */
  dragOut(files: EntryView[]): void {
    void dragOut(this.#pod, files);
  }

  get writable(): boolean {
    return this.folder.view?.writable ?? false;
  }

  /** This person's role lets them change files, whatever is for viewing only. */
  get writes(): boolean {
    return this.folder.view?.may_remark ?? false;
  }

  async start(): Promise<void> {
    const kept = await this.#pod.attempt(() => ask(this.#pod.backend, "text", { do: "setting_get", key: LOOK }));
    if (kept === "tiles") this.look = "tiles";
  }

  show(look: Look): void {
    this.look = look;
    void this.#pod.attempt(() => tell(this.#pod.backend, { do: "setting_set", key: LOOK, value: look }));
  }

  async enter(parent: EntryId | null): Promise<void> {
    this.selection.reset();
    this.renaming = null;
    await this.#pod.attempt(() => this.folder.enter(parent));
  }

  async up(): Promise<void> {
    const above = this.folder.above();
    const from = this.folder.parent;
    if (!above || from === null) return;
    await this.enter(above.id);
    await this.#pod.attempt(() => this.#select(from));
  }

  /** Opens the folder an entry lies in and selects it. */
  async reveal(id: EntryId): Promise<void> {
    await this.#pod.attempt(async () => {
      const { entry } = await this.folder.details(id);
      this.folder.found.clear();
      if (this.folder.parent !== entry.parent || this.folder.view === null) await this.folder.enter(entry.parent);
      this.selection.reset();
      await this.#select(id);
    });
  }

  /** Opens the search, or closes it and goes back to the folder. */
  seek(): void {
    this.seeking = !this.seeking;
    this.binned = false;
    if (!this.seeking) void this.enter(this.folder.parent);
  }

  open(entry: EntryView): void {
    if (entry.kind === "folder") void this.enter(entry.id);
    else void this.#pod.openEntry(entry.id, entry.name);
  }

  /** Where it lies on this computer, in the system's own file manager. */
  locate(entry: EntryView): void {
    if (entry.kind === "file") void this.#pod.showEntry(entry.id, entry.name);
  }

  /** A column again: the other way round; first the newest and the largest, and those that have something. */
  order(by: SortBy): void {
    const { sort } = this.folder;
    const descending = sort.by === by ? !sort.descending : by !== "name" && by !== "person" && by !== "kind";
    void this.#pod.attempt(() => this.folder.order({ by, descending }));
  }

  rename(entry: EntryView | null): void {
    if (entry?.writable) this.renaming = entry.id;
  }

  /** This person manages the room. */
  get manages(): boolean {
    const role = this.#pod.rooms.find(this.folder.room)?.role;
    return role === "owner" || role === "manager";
  }

  lock = (entry: EntryView) => void this.#each([entry], () => this.folder.lock(entry.id));
  unlock = (entry: EntryView) => void this.#each([entry], () => this.folder.unlock(entry.id));

  /** Asks in the chat, by name, whoever edits the file to let it go. */
  askRelease(entry: EntryView): void {
    const { lock } = entry;
    if (!lock) return;
    const { words, notices } = this.#pod;
    void this.#pod.attempt(async () => {
      await this.folder.say(words.t("lock.ask_text", { who: lock.by_name, file: entry.name }), lock.by);
      notices.say(words.t("lock.asked", { who: lock.by_name }));
    });
  }

  /** Ends somebody else's lock. */
  async breakLock(reason: string): Promise<void> {
    if (this.breaking) await this.folder.breakLock(this.breaking.id, reason);
  }

  /** Deletes at once; for a while it can be undone. */
  async remove(entries: EntryView[]): Promise<void> {
    if (entries.length === 0 || !entries.every((entry) => entry.writable)) return;
    const { words, notices } = this.#pod;
    const done = await this.#each(entries, (entry) => this.folder.remove(entry.id));
    if (done.length === 0) return;
    this.selection.clear();
    const text = done.length === 1 ? words.t("folder.deleted", { file: done[0]?.name ?? "" }) : words.t("folder.deleted_many", { n: done.length });
    notices.offer(text, words.t("common.undo"), () => void this.#each(done, (entry) => this.folder.restore(entry.id)));
  }

  /** Moves into a folder; what lies there already, or would lie in itself, stays. */
  async move(entries: EntryView[], parent: EntryId | null, name: string): Promise<void> {
    const movable = entries.filter((entry) => entry.parent !== parent && entry.id !== parent);
    const done = await this.#each(movable, (entry) => this.folder.move(entry.id, parent));
    if (done.length === 0) return;
    const { words, notices } = this.#pod;
    this.selection.clear();
    notices.offer(words.t("folder.moved", { n: done.length, folder: name }), words.t("common.undo"), () =>
      void this.#each(done, (entry) => this.folder.move(entry.id, entry.parent)),
    );
  }

  download(entries: EntryView[]): void {
    const wanted = entries.filter((entry) => entry.kind === "file" && entry.file.on !== "here" && entry.file.on !== "downloading");
    void this.#each(wanted, (entry) => this.folder.download(entry.id));
  }

  upload = () => void this.#pod.attempt(() => this.folder.upload());
  refresh = () => void this.#pod.attempt(() => this.folder.load());

  async #select(id: EntryId): Promise<void> {
    const index = await this.folder.find(0, (entry) => entry.id === id);
    if (index === null) return;
    await this.folder.show(index, index);
    this.selection.only(index);
  }

  /** Does something to each, one after the other; stops at the first refusal. Answers those that are done. */
  async #each(entries: EntryView[], work: (entry: EntryView) => Promise<unknown>): Promise<EntryView[]> {
    const done: EntryView[] = [];
    await this.#pod.attempt(async () => {
      try {
        for (const entry of entries) {
          await work(entry);
          done.push(entry);
        }
      } finally {
        await this.folder.load();
      }
    });
    return done;
  }
}
