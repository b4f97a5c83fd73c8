// The list of rooms and conversations, newest first.

import type { AccountId, NotifyWish, Person, RoomId, RoomSummary, Side } from "../backend/bindings";
import { ask, tell } from "../backend/ask";
import type { Backend } from "../backend/backend";
import type { Words } from "../i18n/i18n.svelte";

export class Rooms {
  list = $state.raw<RoomSummary[]>([]);
  loaded = $state(false);
  filter = $state("");
  /** Whom this person blocked: a conversation of two with them is not in the list. */
  blocked = $state.raw<ReadonlySet<AccountId>>(new Set());

  unread = $derived(this.list.reduce((sum, room) => sum + (room.muted ? room.mentions : room.unread), 0));
  shown = $derived(this.list.filter((room) => !this.#isVeiled(room) && this.#matches(room)));
  /** Those a person keeps on top, in their own order. */
  favourites = $derived(this.shown.filter((room) => room.favourite).toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0)));
  /** Rooms with a title. */
  rooms = $derived(this.shown.filter((room) => room.title !== "" && !room.favourite));
  /** Conversations of two. */
  people = $derived(this.shown.filter((room) => room.title === "" && !room.favourite));

  #backend: Backend;
  #words: Words;

  constructor(backend: Backend, words: Words) {
    this.#backend = backend;
    this.#words = words;
  }

  async load(): Promise<void> {
    this.take(await ask(this.#backend, "rooms", { do: "rooms" }));
  }

  /** All of them, as they are now. */
  take(rooms: RoomSummary[]): void {
    this.list = sorted(rooms);
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

  /** What to be told of a room; nothing: as in general. */
  notify = (room: RoomId, wish: NotifyWish | null) => tell(this.#backend, { do: "room_notify", room, wish });
  favourite = (room: RoomId, favourite: boolean) => tell(this.#backend, { do: "room_favourite", room, favourite });
  rename = (room: RoomId, title: string) => tell(this.#backend, { do: "room_rename", room, title });
  leave = (room: RoomId) => tell(this.#backend, { do: "room_leave", room });
  clearPicture = (room: RoomId) => tell(this.#backend, { do: "room_picture_clear", room });
  link = (room: RoomId, uses: number, days: number) => ask(this.#backend, "invite", { do: "room_link", room, uses, days });
  links = (room: RoomId) => ask(this.#backend, "room_links", { do: "room_links", room });
  revoke = (room: RoomId, id: string) => tell(this.#backend, { do: "room_link_revoke", room, id });

  /** Everything up to the newest item is read. */
  async markRead(room: RoomSummary): Promise<void> {
    const pos = room.last?.pos;
    if (pos !== null && pos !== undefined) await tell(this.#backend, { do: "read", room: room.id, pos });
  }

  /** Puts a favourite before another, or last; shown at once. */
  async order(room: RoomId, before: RoomId | null): Promise<void> {
    const rest = this.favourites.map((one) => one.id).filter((id) => id !== room);
    const at = before === null ? rest.length : rest.indexOf(before);
    const rooms = rest.toSpliced(at < 0 ? rest.length : at, 0, room);
    this.list = this.list.map((one) => (one.favourite ? { ...one, rank: rooms.indexOf(one.id) } : one));
    await tell(this.#backend, { do: "rooms_order", rooms });
  }

  /** One step up or down among the favourites. */
  async step(room: RoomId, by: 1 | -1): Promise<void> {
    const ids = this.favourites.map((one) => one.id);
    const to = ids.indexOf(room) + by;
    if (to < 0 || to >= ids.length) return;
    await this.order(room, ids[by === 1 ? to + 1 : to] ?? null);
  }

  #isVeiled(room: RoomSummary): boolean {
    const [other] = room.others;
    return room.title === "" && room.member_count === 2 && other !== undefined && this.blocked.has(other.account);
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
