// One room's folder, open at some place in it.

import type { EntryId, EntryView, ErrorView, FolderView, RoomId } from "../backend/api";
import { ask, tell } from "../backend/ask";
import { type Backend, Refused } from "../backend/backend";
import { Latest } from "./latest";

export class Folder {
  view = $state.raw<FolderView | null>(null);
  parent = $state<EntryId | null>(null);
  /** Why nothing can be shown; what is shown already stays. */
  failed = $state.raw<ErrorView | null>(null);

  readonly room: RoomId;
  #backend: Backend;
  #latest = new Latest();

  constructor(backend: Backend, room: RoomId) {
    this.#backend = backend;
    this.room = room;
  }

  /** Reads the open place anew; one that is gone leads back to the top. */
  async load(): Promise<void> {
    await this.#latest.run(async (current) => {
      const parent = this.parent;
      try {
        const view = await ask(this.#backend, "folder", { do: "folder", room: this.room, parent, sort: null, offset: 0, limit: 500 });
        if (current() && this.parent === parent) this.view = view;
        this.failed = null;
      } catch (thrown) {
        const refusal = Refused.from(thrown);
        if (!current()) return;
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
    this.parent = parent;
    await this.load();
  }

  /** The folder above, or nothing at the top. */
  above(): { id: EntryId | null } | null {
    const path = this.view?.path ?? [];
    return path.length === 0 ? null : { id: path.at(-2)?.id ?? null };
  }

  make = (name: string) => ask(this.#backend, "entry_id", { do: "folder_create", room: this.room, parent: this.parent, name });
  rename = (entry: EntryView, name: string) => tell(this.#backend, { do: "entry_rename", entry: entry.id, name });
  remove = (entry: EntryView) => tell(this.#backend, { do: "entry_delete", entry: entry.id });
  upload = () => this.#backend.pickFiles(this.room, this.parent);
}
