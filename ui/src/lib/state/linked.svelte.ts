// Folders of this computer that are kept in step with rooms: how each stands, as far as this window has asked.

import type { EntryId, LinkedId, LinkedView, RoomId } from "../backend/bindings";
import { ask, tell } from "../backend/ask";
import type { Backend } from "../backend/backend";

export class Linked {
  list = $state.raw<LinkedView[]>([]);

  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
    void backend.on("pod", (event) => {
      if (event.event === "linked") this.list = event.folders;
      if (event.event === "lagged" || event.event === "connection") void this.load();
    });
    void this.load();
  }

  /** While this cannot be asked for there is none of it; an event tells when there is. */
  load = () => ask(this.#backend, "linked_folders", { do: "linked_folders" }).then((list) => (this.list = list), () => undefined);

  /** All that are kept of a room, its whole folder first. */
  of(room: RoomId): LinkedView[] {
    return this.list.filter((one) => one.room === room).sort((one, other) => Number(one.entry !== null) - Number(other.entry !== null));
  }

  find(room: RoomId, entry: EntryId | null): LinkedView | null {
    return this.list.find((one) => one.room === room && one.entry === entry) ?? null;
  }

  pause = (id: LinkedId, paused: boolean) => tell(this.#backend, { do: "linked_pause", id, paused });
  answer = (id: LinkedId, remove: boolean) => tell(this.#backend, { do: "linked_answer", id, delete: remove });
  remove = (id: LinkedId) => tell(this.#backend, { do: "linked_remove", id });
}

const all = new WeakMap<Backend, Linked>();

/** The one of a window; it begins to listen when it is first asked for. */
export function linkedOf(backend: Backend): Linked {
  const known = all.get(backend) ?? new Linked(backend);
  all.set(backend, known);
  return known;
}
