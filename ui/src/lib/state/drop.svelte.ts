// Files over the window: finds what lies under the pointer. Which files they are stays with the shell.

import type { EntryId, RoomId } from "../backend/bindings";
import type { Backend, DropEvent } from "../backend/backend";

/** What is under the pointer: a room, and the folder in it if a folder is meant. */
export type DropTarget = { room: RoomId; parent: EntryId | null; where: "chat" | "composer" | "row" | "folder" };

export class Drop {
  target = $state.raw<DropTarget | null>(null);
  files = $state(0);
  /** Alt is held, as far as the window learns of it: a message is to go with the files. */
  alt = $state(false);

  #backend: Backend;
  #accepts: (room: RoomId) => boolean;

  constructor(backend: Backend, accepts: (room: RoomId) => boolean) {
    this.#backend = backend;
    this.#accepts = accepts;
  }

  /** Where files go that wait for a message; answers whether they were taken. */
  #hold: (room: RoomId, drop: number) => Promise<boolean> = () => Promise.resolve(false);

  holdWith(hold: (room: RoomId, drop: number) => Promise<boolean>): void {
    this.#hold = hold;
  }

  accepts(room: RoomId): boolean {
    return this.#accepts(room);
  }

  /** The files stay where they are. */
  dismiss(): void {
    this.target = null;
    this.files = 0;
    this.alt = false;
  }

  /** Takes an event of the shell; answers how many transfers began, for a drop that counted. */
  async hear(event: DropEvent): Promise<number | null> {
    if (event.phase === "leave") {
      this.dismiss();
      return null;
    }
    const target = targetAt(event.x, event.y);
    if (event.phase === "over") {
      this.files = event.files;
      this.alt = event.alt ?? false;
      if (!same(this.target, target)) this.target = target;
      return null;
    }
    const ask = (event.alt ?? false) || target?.where === "composer";
    this.dismiss();
    if (target === null || !this.#accepts(target.room)) return null;
    if (ask && target.where !== "folder" && (await this.#hold(target.room, event.drop))) return null;
    return await this.#backend.dropOn(event.drop, target.room, target.parent);
  }
}

function targetAt(x: number, y: number): DropTarget | null {
  const element = document.elementFromPoint(x, y);
  const holder = element?.closest<HTMLElement>("[data-drop-room]");
  const room = holder?.dataset.dropRoom;
  if (!holder || !room) return null;
  const folder = element?.closest<HTMLElement>("[data-drop-folder]");
  if (folder && holder.contains(folder)) return { room, parent: folder.dataset.dropFolder || null, where: "folder" };
  if (holder.dataset.dropWhere === "row") return { room, parent: null, where: "row" };
  return { room, parent: null, where: element?.closest("[data-drop-where=composer]") ? "composer" : "chat" };
}

function same(a: DropTarget | null, b: DropTarget | null): boolean {
  return a?.room === b?.room && a?.parent === b?.parent && a?.where === b?.where;
}
