// The list of rooms and conversations, newest first.

import type { AccountId, Person, RoomId, RoomSummary, Side } from "../backend/api";
import { ask } from "../backend/ask";
import type { Backend } from "../backend/backend";
import type { Words } from "../i18n/i18n.svelte";

export class Rooms {
  list = $state.raw<RoomSummary[]>([]);
  loaded = $state(false);
  filter = $state("");

  unread = $derived(this.list.reduce((sum, room) => sum + room.unread, 0));
  shown = $derived(this.list.filter((room) => this.#matches(room)));
  /** Rooms with a title. */
  rooms = $derived(this.shown.filter((room) => room.title !== ""));
  /** Conversations of two. */
  people = $derived(this.shown.filter((room) => room.title === ""));

  #backend: Backend;
  #words: Words;

  constructor(backend: Backend, words: Words) {
    this.#backend = backend;
    this.#words = words;
  }

  async load(): Promise<void> {
    this.list = sorted(await ask(this.#backend, "rooms", { do: "rooms" }));
    this.loaded = true;
  }

  clear(): void {
    this.list = [];
    this.loaded = false;
    this.filter = "";
  }

  put(room: RoomSummary): void {
    this.list = sorted([...this.list.filter((other) => other.id !== room.id), room]);
  }

  drop(room: RoomId): void {
    this.list = this.list.filter((other) => other.id !== room);
  }

  find(room: RoomId | null): RoomSummary | null {
    return this.list.find((other) => other.id === room) ?? null;
  }

  titleOf(room: RoomSummary): string {
    return room.title || (room.others[0]?.display_name ?? this.#words.t("room.untitled"));
  }

  search(text: string): Promise<Person[]> {
    return ask(this.#backend, "people", { do: "people", text });
  }

  create(title: string, members: AccountId[], side: Side): Promise<RoomId> {
    return ask(this.#backend, "room_id", { do: "room_create", title, members, side });
  }

  #matches(room: RoomSummary): boolean {
    const wanted = this.filter.trim().toLocaleLowerCase();
    if (wanted === "") return true;
    const names = [this.titleOf(room), ...room.others.flatMap((other) => [other.display_name, other.name])];
    return names.some((name) => name.toLocaleLowerCase().includes(wanted));
  }
}

function sorted(rooms: RoomSummary[]): RoomSummary[] {
  return rooms.toSorted((a, b) => b.last_at - a.last_at || (a.id < b.id ? -1 : 1));
}
