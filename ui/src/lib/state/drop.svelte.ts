// Files over the window: finds what lies under the pointer. Which files they are stays with the shell.

import type { AccountId, EntryId, RoomId } from "../backend/bindings";
import type { Backend, DropEvent } from "../backend/backend";

/** A person files are dropped on: they are asked whether they want them. */
export type DropPerson = { account: AccountId; name: string };

/** What is under the pointer: a person, or a room and the folder in it if a folder is meant. A conversation of two is both. */
export type DropTarget = { room: RoomId | null; person: DropPerson | null; parent: EntryId | null; where: "chat" | "composer" | "row" | "folder" };

/** What a drop began: so many transfers, offered to a person or put into a room. */
export type Dropped = { count: number; person: DropPerson | null };

export class Drop {
  target = $state.raw<DropTarget | null>(null);
  files = $state(0);
  /** Alt is held, as far as the window learns of it: a message is to go with the files. */
  alt = $state(false);

  /** The room whose files this window drags itself: what comes from there stays there. */
  own: RoomId | null = null;

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

  /** Files hang over this person. */
  over(account: AccountId): boolean {
    return this.target?.person?.account === account;
  }

  /** Takes an event of the shell; answers what began, for a drop that counted. */
  async hear(event: DropEvent): Promise<Dropped | null> {
    if (event.phase === "leave") {
      this.dismiss();
      return null;
    }
    const target = this.#targetAt(event.x, event.y);
    if (event.phase === "over") {
      this.files = event.files;
      this.alt = event.alt ?? false;
      if (!same(this.target, target)) this.target = target;
      return null;
    }
    const ask = (event.alt ?? false) || target?.where === "composer";
    this.dismiss();
    if (target === null) return null;
    const { room, person, parent, where } = target;
    if (ask && room !== null && where !== "folder" && this.#accepts(room) && (await this.#hold(room, event.drop))) return null;
    if (person) return { count: await this.#backend.offerOn(event.drop, person.account), person };
    if (room === null || !this.#accepts(room)) return null;
    return { count: await this.#backend.dropOn(event.drop, room, parent), person: null };
  }

  #targetAt(x: number, y: number): DropTarget | null {
    const target = targetAt(x, y);
    return target !== null && target.person === null && this.own !== null && target.room === this.own ? null : target;
  }
}

function targetAt(x: number, y: number): DropTarget | null {
  const element = document.elementFromPoint(x, y);
  const holder = element?.closest<HTMLElement>("[data-drop-room], [data-drop-person]");
  if (!element || !holder) return null;
  const room = holder.dataset.dropRoom || null;
  const person = holder.dataset.dropPerson ? { account: holder.dataset.dropPerson, name: holder.dataset.dropName ?? "" } : null;
  const folder = element.closest<HTMLElement>("[data-drop-folder]");
  if (room && folder && holder.contains(folder)) return { room, person: null, parent: folder.dataset.dropFolder || null, where: "folder" };
  if (holder.dataset.dropWhere === "row" || room === null) return { room, person, parent: null, where: "row" };
  return element.closest("[data-drop-where=composer]") ? { room, person: null, parent: null, where: "composer" } : { room, person, parent: null, where: "chat" };
}

function same(a: DropTarget | null, b: DropTarget | null): boolean {
  return a?.room === b?.room && a?.person?.account === b?.person?.account && a?.parent === b?.parent && a?.where === b?.where;
}
