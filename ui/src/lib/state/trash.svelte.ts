// What was deleted from one room's folder: listed by the server in pages, brought back, or deleted for good.

import type { RoomId, TrashItemView, TrashView } from "../backend/bindings";
import { ask, tell } from "../backend/ask";
import type { Backend } from "../backend/backend";
import { Latest } from "./latest";

const PAGE = 100;

export class Trash {
  /** The newest answer without its items; nothing: it was not asked yet. */
  view = $state.raw<TrashView | null>(null);
  items = $state.raw<TrashItemView[]>([]);

  readonly room: RoomId;
  #backend: Backend;
  #latest = new Latest();

  constructor(backend: Backend, room: RoomId) {
    this.#backend = backend;
    this.room = room;
  }

  /** Reads as many as were shown anew, at least a page. */
  async load(): Promise<void> {
    await this.#latest.run(async (current) => {
      const wanted = Math.max(PAGE, this.items.length);
      let view = await this.#ask(null);
      let items = view.items;
      while (view.more && items.length < wanted) {
        view = await this.#ask(items.at(-1)?.position ?? null);
        items = [...items, ...view.items];
      }
      if (current()) [this.view, this.items] = [view, items];
    });
  }

  async more(): Promise<void> {
    const last = this.items.at(-1);
    if (!last || !this.view?.more) return;
    const view = await this.#ask(last.position);
    if (this.items.at(-1) === last) [this.view, this.items] = [view, [...this.items, ...view.items]];
  }

  async restore(item: TrashItemView): Promise<void> {
    await tell(this.#backend, { do: "entry_restore", entry: item.id });
    await this.load();
  }

  async purge(item: TrashItemView): Promise<void> {
    await tell(this.#backend, { do: "purge", room: this.room, entry: item.id });
    await this.load();
  }

  /** All that is shown, and what was deleted before it. */
  async empty(): Promise<void> {
    const newest = this.items[0];
    if (newest) await tell(this.#backend, { do: "trash_empty", room: this.room, up_to: newest.position });
    await this.load();
  }

  #ask(before: number | null): Promise<TrashView> {
    return ask(this.#backend, "trash", { do: "trash", room: this.room, before, limit: PAGE });
  }
}
