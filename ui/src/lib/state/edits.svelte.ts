// Files that are edited on this computer: how each stands, as far as this window has asked.

import type { EditView, EntryId, RoomId } from "../backend/bindings";
import { ask, tell } from "../backend/ask";
import type { Backend } from "../backend/backend";
import type { Pod } from "./pod.svelte";

export class Edits {
  list = $state.raw<EditView[]>([]);

  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
    void backend.on("pod", (event) => {
      if (event.event === "edits") this.list = event.edits;
      if (event.event === "lagged" || event.event === "connection") void this.load();
    });
    void this.load();
  }

  /** While this cannot be asked for there is none of it; an event tells when there is. */
  load = () => ask(this.#backend, "edits", { do: "edits" }).then((list) => (this.list = list), () => undefined);

  of(room: RoomId): EditView[] {
    return this.list.filter((one) => one.room === room);
  }

  find(entry: EntryId): EditView | null {
    return this.list.find((one) => one.entry === entry) ?? null;
  }

  done = (entry: EntryId) => tell(this.#backend, { do: "edit_done", entry });
  retry = (entry: EntryId) => tell(this.#backend, { do: "edit_retry", entry });
  leave = (entry: EntryId) => ask(this.#backend, "path", { do: "edit_leave", entry });
}

/** Takes the lock and opens the file in its program, at once or as soon as it is here; opens it again where it is being edited. */
export async function editEntry(pod: Pod, entry: EntryId, name: string): Promise<void> {
  const became = await pod.attempt(() => pod.backend.editEntry(entry));
  if (became === "fetching") pod.notices.say(pod.words.t("edit.opening", { file: name }));
}

const all = new WeakMap<Backend, Edits>();

/** The one of a window; it begins to listen when it is first asked for. */
export function editsOf(backend: Backend): Edits {
  const known = all.get(backend) ?? new Edits(backend);
  all.set(backend, known);
  return known;
}
