// One open room: its members, the loaded stretch of its chat, what is being written, and how far it was read.

import type { AccountId, EntryId, Item, MarksView, MessageId, Position, Role, RoomId, RoomView, UploadId } from "../../backend/bindings";
import { ask, tell } from "../../backend/ask";
import { type Backend, Refused } from "../../backend/backend";
import { mentioned } from "../../chat/mention";
import { Pace } from "../../pace";
import { Going } from "./going.svelte";
import { ChatLog } from "./log.svelte";
import { ChatSearch } from "./search.svelte";
import { Tray } from "./tray.svelte";
import { Typing } from "./typing.svelte";
import { Writing } from "./writing.svelte";
import { Draft } from "./draft.svelte";
import type { Idle } from "../idle";

/** Where the view is to go: the foot, or an item that lights up for a moment. */
export type Jump = { to: "foot" } | { to: "new" } | { to: "item"; pos: Position; key: string | null; focus: boolean };

export class Chat {
  view = $state.raw<RoomView | null>(null);
  gone = $state(false);
  /** Where this person had read to when the room was opened: the "new" line. Nothing: no line. */
  newAfter = $state<Position | null>(null);
  unreadAtOpening = 0;
  jump = $state.raw<Jump | null>(null);
  /** The picture that is looked at, by its item. */
  looking = $state<string | null>(null);
  readonly log: ChatLog;
  readonly draft: Draft;
  readonly writing = new Writing();
  readonly typing: Typing;
  readonly tray: Tray;
  readonly going: Going;
  readonly search: ChatSearch;
  readonly room: RoomId;
  /** Who was picked as a name while this was written. */
  picked: AccountId[] = [];

  #backend: Backend;
  #paces = new Map<UploadId, Pace>();
  #readTo: Position = 0;

  constructor(backend: Backend, room: RoomId, idle: Idle) {
    this.#backend = backend;
    this.room = room;
    this.draft = new Draft(backend, room, idle);
    this.typing = new Typing(backend, room);
    this.tray = new Tray(backend, room);
    this.search = new ChatSearch(backend, room);
    this.going = new Going((id) => tell(backend, { do: "message_delete", room, id }));
    this.log = new ChatLog((place, limit) => ask(backend, "timeline", { do: "timeline", room, place, limit }));
  }

  get items(): Item[] {
    return this.log.items;
  }

  /** Opens at `goto`, else at the unread line, else at the foot; where nothing is `expected` to be unread, the foot is
   * asked for together with the room. */
  async open(goto: Position | null = null, expected: number | null = null): Promise<void> {
    const foot = goto === null && expected === 0 ? this.log.show({ at: "newest" }) : null;
    // It may come to nothing: where the room is gone, or somebody wrote meanwhile.
    foot?.catch(() => undefined);
    const draft = this.draft.load();
    draft.catch(() => undefined);
    await this.loadRoom();
    if (this.gone) return;
    const unread = this.view?.summary.unread ?? 0;
    const read = this.view?.read ?? 0;
    this.unreadAtOpening = unread;
    this.newAfter = unread > 0 ? read : null;
    const begin = async () => {
      if (goto !== null) return this.goTo(goto);
      this.jump = unread > 0 ? { to: "new" } : { to: "foot" };
      if (unread === 0 && foot) return foot;
      await this.log.show(unread > 0 ? { at: "around", pos: read } : { at: "newest" });
    };
    await Promise.all([draft, begin()]);
  }

  /** What is written is kept, what is deleted told; answers under way no longer count. */
  async close(): Promise<void> {
    this.log.stop();
    this.typing.stop();
    await Promise.allSettled([this.going.flush(), this.draft.keep(), this.tray.clear()]);
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

  async refresh(): Promise<void> {
    await this.log.refresh();
    this.typing.settle(this.items);
  }

  /** Shows an item, wherever it is. */
  async goTo(pos: Position, key: string | null = null, focus = true): Promise<void> {
    if (!this.log.holds(pos)) await this.log.show({ at: "around", pos });
    this.jump = { to: "item", pos, key, focus };
  }

  /** When the item at a place was written, if it can be read. */
  async timeAt(pos: Position): Promise<number | null> {
    const { items } = await ask(this.#backend, "timeline", { do: "timeline", room: this.room, place: { at: "around", pos }, limit: 2 });
    return items[0]?.at ?? null;
  }

  async toNewest(): Promise<void> {
    if (this.log.newer || !this.log.loaded) await this.log.show({ at: "newest" });
    this.jump = { to: "foot" };
  }

  /** Sends what is written and what lies in the tray. A refusal gives the text back, so that nothing typed is lost. */
  async send(): Promise<void> {
    if (this.writing.editing) return this.#saveEdit();
    const text = this.draft.text.trim();
    if (text === "" && this.tray.count === 0) return;
    this.newAfter = null;
    if (text !== "") await this.#sendText(text);
    await this.tray.send();
    await this.toNewest();
  }

  async #sendText(text: string): Promise<void> {
    const { answering } = this.writing;
    const mentions = mentioned(text, this.view?.members ?? [], this.picked);
    this.draft.clear();
    this.typing.sent();
    this.writing.answering = null;
    try {
      await ask(this.#backend, "message_id", { do: "send", room: this.room, text, mentions, reply: answering?.target ?? null });
      this.picked = [];
      await this.draft.keep();
    } catch (thrown) {
      this.draft.write(this.draft.text === "" ? text : `${text}\n${this.draft.text}`);
      this.writing.answering ??= answering;
      throw Refused.from(thrown);
    }
  }

  async #saveEdit(): Promise<void> {
    const { editing } = this.writing;
    const text = editing?.text.trim() ?? "";
    if (!editing || text === "") return;
    if (text !== editing.before) {
      const mentions = mentioned(text, this.view?.members ?? [], this.picked);
      await tell(this.#backend, { do: "message_edit", room: this.room, id: editing.id, text, mentions });
    }
    this.picked = [];
    this.writing.editing = null;
  }

  /** Everything up to there was seen. */
  async read(pos: Position): Promise<void> {
    if (pos <= Math.max(this.#readTo, this.view?.read ?? 0)) return;
    this.#readTo = pos;
    await tell(this.#backend, { do: "read", room: this.room, pos });
  }

  react = (id: MessageId, emoji: string, on: boolean) => tell(this.#backend, { do: "message_react", room: this.room, id, emoji, on });
  restore = (entry: EntryId) => tell(this.#backend, { do: "entry_restore", entry });
  marks = (id: MessageId): Promise<MarksView> => ask(this.#backend, "marks", { do: "message_marks", room: this.room, id });
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
    this.log.change((item) => {
      if (item.kind.type !== "upload" || item.kind.upload !== upload) return item;
      if (["stored", "cancelled", "failed", "deleted"].includes(item.kind.phase.phase)) return item;
      return { ...item, kind: { ...item.kind, phase: { phase: "moving", offset, rate: pace.rate() } } };
    });
  }

  /** Seconds left of an upload that is seen moving. */
  left(upload: UploadId, size: number): number | null {
    return this.#paces.get(upload)?.left(size) ?? null;
  }
}
