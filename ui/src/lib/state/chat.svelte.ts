// One open room: its members, its items, what is being written, and how far it was read.

import type { AccountId, ErrorView, Item, MessageId, Place, Position, Role, RoomId, RoomView, UploadId } from "../backend/api";
import { ask, tell } from "../backend/ask";
import { type Backend, Refused } from "../backend/backend";
import { Pace } from "../pace";
import { Draft } from "./draft.svelte";
import type { Idle } from "./idle";
import { Latest } from "./latest";

const PAGE = 60;
const PAGE_MAX = 200;

export class Chat {
  view = $state.raw<RoomView | null>(null);
  items = $state.raw<Item[]>([]);
  more = $state(false);
  loaded = $state(false);
  loadingOlder = $state(false);
  gone = $state(false);
  /** Why nothing can be shown; what is shown already stays. */
  failed = $state.raw<ErrorView | null>(null);
  /** Where this person had read to when the room was opened: the "new" line. Nothing: no line. */
  newAfter = $state<Position | null>(null);
  readonly draft: Draft;
  readonly room: RoomId;

  #backend: Backend;
  #latest = new Latest();
  #paces = new Map<UploadId, Pace>();
  #readTo: Position = 0;

  constructor(backend: Backend, room: RoomId, idle: Idle) {
    this.#backend = backend;
    this.room = room;
    this.draft = new Draft(backend, room, idle);
  }

  async open(): Promise<void> {
    await this.loadRoom();
    if (this.gone) return;
    await this.draft.load();
    this.newAfter = (this.view?.summary.unread ?? 0) > 0 ? (this.view?.read ?? null) : null;
    await this.refresh();
  }

  /** What is written is kept; answers under way no longer count. */
  async close(): Promise<void> {
    this.#latest.stop();
    await this.draft.keep();
  }

  async loadRoom(): Promise<void> {
    try {
      this.view = await ask(this.#backend, "room", { do: "room", room: this.room });
      this.gone = false;
    } catch (thrown) {
      const refusal = Refused.from(thrown);
      if (refusal.code !== "not_found") throw refusal;
      this.gone = true;
    }
  }

  /** Reads what is on screen anew, however far back it reaches. */
  async refresh(): Promise<void> {
    await this.#latest.run(async (current) => {
      try {
        await this.#read(current);
        this.failed = null;
      } catch (thrown) {
        const refusal = Refused.from(thrown);
        if (this.loaded) throw refusal;
        if (current()) this.failed = refusal.view;
      }
    });
  }

  async #read(current: () => boolean): Promise<void> {
    const wanted = Math.max(PAGE, this.items.length);
    let part = await this.#page(null, wanted);
    let items = part.items;
    while (part.more && items.length < wanted) {
      part = await this.#page(firstPosition(items), wanted - items.length);
      if (part.items.length === 0) break;
      items = [...part.items, ...items];
    }
    if (!current()) return;
    // Older ones that came meanwhile stay: what was read before them reaches less far back.
    const first = firstPosition(items);
    const older = this.items.filter((item) => first !== null && item.pos !== null && item.pos < first);
    this.items = [...older, ...items];
    if (older.length === 0) this.more = part.more;
    this.loaded = true;
  }

  async older(): Promise<void> {
    const before = firstPosition(this.items);
    if (this.loadingOlder || !this.more || before === null) return;
    this.loadingOlder = true;
    try {
      const part = await this.#page(before, PAGE);
      if (firstPosition(this.items) !== before) return;
      this.items = [...part.items, ...this.items];
      this.more = part.more;
    } finally {
      this.loadingOlder = false;
    }
  }

  /** Sends what is written. A refusal gives the text back, so that nothing typed is lost. */
  async send(): Promise<void> {
    const text = this.draft.text.trim();
    if (text === "") return;
    this.draft.clear();
    this.newAfter = null;
    try {
      await ask(this.#backend, "message_id", { do: "send", room: this.room, text, mentions: [], reply: null });
      await this.draft.keep();
    } catch (thrown) {
      this.draft.write(this.draft.text === "" ? text : `${text}\n${this.draft.text}`);
      throw Refused.from(thrown);
    }
  }

  /** Everything on screen was seen. */
  async read(): Promise<void> {
    const last = this.items.findLast((item) => item.pos !== null)?.pos ?? 0;
    if (last <= Math.max(this.#readTo, this.view?.read ?? 0)) return;
    this.#readTo = last;
    await tell(this.#backend, { do: "read", room: this.room, pos: last });
  }

  retry = (id: MessageId) => tell(this.#backend, { do: "message_retry", id });
  discard = (id: MessageId) => tell(this.#backend, { do: "message_discard", id });
  cancelUpload = (upload: UploadId) => tell(this.#backend, { do: "upload_cancel", room: this.room, upload });
  rename = (title: string) => tell(this.#backend, { do: "room_rename", room: this.room, title });
  leave = () => tell(this.#backend, { do: "room_leave", room: this.room });
  setMember = (account: AccountId, role: Role | null) =>
    tell(this.#backend, { do: "member_set", room: this.room, account, role });

  /** An upload of anybody moved on. */
  progress(upload: UploadId, offset: number): void {
    const pace = this.#paces.get(upload) ?? new Pace();
    pace.note(Date.now(), offset);
    this.#paces.set(upload, pace);
    this.items = this.items.map((item) => {
      if (item.kind.type !== "upload" || item.kind.upload !== upload) return item;
      if (["stored", "cancelled", "failed", "deleted"].includes(item.kind.phase.phase)) return item;
      return { ...item, kind: { ...item.kind, phase: { phase: "moving", offset, rate: pace.rate() } } };
    });
  }

  /** Seconds left of an upload that is seen moving. */
  left(upload: UploadId, size: number): number | null {
    return this.#paces.get(upload)?.left(size) ?? null;
  }

  #page(before: Position | null, limit: number) {
    const place: Place = before === null ? { at: "newest" } : { at: "before", pos: before };
    return ask(this.#backend, "timeline", { do: "timeline", room: this.room, place, limit: Math.min(limit, PAGE_MAX) });
  }
}

function firstPosition(items: Item[]): Position | null {
  return items.find((item) => item.pos !== null)?.pos ?? null;
}
