// What is selected in a folder, and which row the keyboard stands on. Rows are places in the order, entries their content.

import type { EntryId, EntryView } from "../backend/bindings";
import type { Stretch } from "../folder/band";
import type { Folder } from "./folder.svelte";
import { Latest } from "./latest";

type Chosen = ReadonlyMap<EntryId, EntryView>;

export class Selection {
  chosen = $state.raw<Chosen>(new Map());
  /** The row the keyboard stands on. */
  focus = $state(0);

  list = $derived([...this.chosen.values()]);
  bytes = $derived(this.list.reduce((sum, entry) => sum + entry.size, 0));
  /** The one that is selected, if exactly one is. */
  single = $derived(this.list.length === 1 ? (this.list[0] ?? null) : null);

  #folder: Folder;
  #anchor = 0;
  #covering = new Latest();
  #wanted: { stretch: Stretch | null; columns: number; kept: Chosen } = { stretch: null, columns: 1, kept: new Map() };
  #focused: EntryId | null = null;

  constructor(folder: Folder) {
    this.#folder = folder;
  }

  has(entry: EntryId): boolean {
    return this.chosen.has(entry);
  }

  clear(): void {
    if (this.chosen.size > 0) this.chosen = new Map();
  }

  /** Another folder is open. */
  reset(): void {
    this.clear();
    this.focus = this.#anchor = 0;
    this.#focused = null;
  }

  only(index: number): void {
    const entry = this.#stand(index);
    this.#anchor = index;
    this.chosen = entry ? new Map([[entry.id, entry]]) : new Map();
  }

  toggle(index: number): void {
    const entry = this.#stand(index);
    this.#anchor = index;
    if (!entry) return;
    const chosen = new Map(this.chosen);
    if (!chosen.delete(entry.id)) chosen.set(entry.id, entry);
    this.chosen = chosen;
  }

  /** Moves the keyboard without selecting. */
  stand(index: number): void {
    this.#stand(index);
  }

  /** Everything between where the selection began and this row. */
  async reach(index: number): Promise<void> {
    this.#stand(index);
    const [from, to] = [Math.min(this.#anchor, index), Math.max(this.#anchor, index)];
    const entries = await this.#folder.between(from, to);
    this.chosen = new Map(entries.map((entry) => [entry.id, entry]));
  }

  /** Selects what a box covers, beside what is kept. The newest box counts, however long the pages before take to come. */
  cover(stretch: Stretch | null, columns: number, kept: Chosen): void {
    this.#wanted = { stretch, columns, kept };
    void this.#covering.run(async (current) => {
      const { stretch, columns, kept } = this.#wanted;
      const from = (stretch?.from ?? 0) * columns;
      const to = stretch ? Math.min(this.#folder.total, (stretch.to + 1) * columns) - 1 : -1;
      const entries = await this.#folder.between(from, to);
      if (!current()) return;
      const inside = entries.filter((_, n) => stretch && n % columns >= stretch.left && n % columns <= stretch.right);
      this.chosen = new Map([...kept, ...inside.map((entry) => [entry.id, entry] as const)]);
      if (stretch) this.#anchor = from + stretch.left;
    });
  }

  /** Selects just these; what a box still waits for no longer counts. */
  choose(chosen: Chosen): void {
    this.#covering.stop();
    this.chosen = chosen;
  }

  async all(): Promise<void> {
    if (this.#folder.total === 0) return;
    const entries = await this.#folder.between(0, this.#folder.total - 1);
    this.chosen = new Map(entries.map((entry) => [entry.id, entry]));
  }

  /** After the folder was read anew: entries as they are now, those that are gone left out, the keyboard on the same entry. */
  renew(): void {
    const chosen = new Map(this.#folder.whole ? [] : this.chosen);
    let moved: number | null = null;
    for (const [index, entry] of this.#folder.held()) {
      if (this.chosen.has(entry.id)) chosen.set(entry.id, entry);
      if (entry.id === this.#focused) moved = index;
    }
    if (this.chosen.size > 0 || chosen.size > 0) this.chosen = chosen;
    // One that was renamed lies elsewhere now; what is selected from here on begins there.
    if (moved !== null && this.#anchor === this.focus) this.#anchor = moved;
    if (moved !== null) this.focus = moved;
    else this.focus = Math.max(0, Math.min(this.focus, this.#folder.total - 1));
  }

  #stand(index: number): EntryView | null {
    const entry = this.#folder.at(index);
    this.focus = index;
    this.#focused = entry?.id ?? null;
    return entry;
  }
}
