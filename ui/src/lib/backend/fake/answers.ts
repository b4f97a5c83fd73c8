// Answers commands over the in-memory world as the engine would, and tells what changed.

import type { Answer, Command, ConcerningView, ErrorCode, Event, Item, RoomId, RoomSummary, ServerAddress, EditView, LinkedView, OfferView, OpeningView, StatusView, TransferView } from "../bindings";
import { Refused } from "../backend";
import { answerChat } from "./chat";
import { answerContacts } from "./contacts";
import { answerEdits } from "./edits";
import { answerFind } from "./find";
import { answerFolder } from "./folder";
import { answerLinked } from "./linked";
import { answerPeople, profiles } from "./people";
import { answerPermissions } from "./permissions";
import { answerRemarks } from "./remarks";
import { answerTransfers, transfers } from "./transfers";
import { answerTrash } from "./trash";
import { autumnFair, entry, family, type FakeRoom, makeRoom, ME, member, message, newId, people, person, previewOf, say, talk } from "./world";

export const refused = (code: ErrorCode): Refused =>
  new Refused({ code, message: `the fake answers ${code}`, retry: code === "offline" ? "after" : "on_change" });

const done: Answer = { is: "done" };

export class FakeWorld {
  rooms: FakeRoom[];
  transfers: TransferView[];
  offers: OfferView[] = [];
  linked: LinkedView[] = [];
  edits: EditView[] = [];
  concerning: ConcerningView[] = [];
  status: StatusView;
  settings = new Map<string, string>();
  offline = false;
  tell: (event: Event) => void;

  constructor(tell: (event: Event) => void, signedIn: boolean, now = Date.now()) {
    this.tell = tell;
    const fair = autumnFair(now);
    this.rooms = [fair, family(now), talk(now)];
    this.transfers = transfers(now, fair);
    this.status = {
      account: null, connection: { state: "signed_out" }, sync: null, messages_waiting: 0, transfers_waiting: 0, contacts_waiting: 0, synced_at: null,
      presence: { state: "here", text: "Permits week", until: null },
    };
    if (signedIn) this.#signIn("mina", "Mina Park");
  }

  answer(command: Command): Answer {
    switch (command.do) {
      case "read_address": return { is: "address", value: address(command.text) };
      case "sign_up": case "sign_in": return this.#account(command);
      case "sign_out":
        this.status = { ...this.status, account: null, connection: { state: "signed_out" } };
        return this.told({ event: "status", status: this.status });
      case "status": return { is: "status", value: this.status };
      case "opening": return { is: "opening", value: this.#opening() };
      case "connect_now": return this.setOffline(false);
      case "invite": return { is: "invite", value: { code: "K7QF-29XM", link: "pod://192.168.1.20:7600/join?code=K7QF-29XM&fp=9f2c41", page: "https://192.168.1.20:7600/join?code=K7QF-29XM", expires_at: Date.now() + command.days * 86_400_000 } };
      case "people": return { is: "people", value: people.filter((one) => one.account !== ME && `${one.name} ${one.display_name} ${Object.values(profiles.get(one.account) ?? {}).join(" ")}`.toLowerCase().includes(command.text.toLowerCase())) };
      case "rooms": return { is: "rooms", value: this.#rooms() };
      case "room": return { is: "room", value: structuredClone(this.room(command.room).view) };
      case "room_create": return this.#create(command.title, command.members);
      case "room_rename": return this.#rename(command.room, command.title);
      case "member_set": return this.#member(command.room, command.account, command.role);
      case "room_leave":
        this.rooms = this.rooms.filter((room) => room.view.summary.id !== command.room);
        return this.told({ event: "room_gone", room: command.room });
      case "message_retry": case "message_discard": return this.#message(command.do, command.id);
      case "draft_set": this.room(command.room).draft = command.text; return done;
      case "draft": return { is: "text", value: this.room(command.room).draft };
      case "read": return this.#read(command.room, command.pos);
      case "upload_cancel": return this.#cancelUpload(command.room, command.upload);
      case "setting_get": return { is: "text", value: this.settings.get(command.key) ?? null };
      case "setting_set":
        return this.setting(command.key, command.value);
      case "local_path": return { is: "path", value: null };
      case "looking": return done;
      default: return this.#others(command);
    }
  }

  setting(key: string, value: string | null): Answer {
    if (value === null) this.settings.delete(key); else this.settings.set(key, value);
    return this.told({ event: "setting", key });
  }

  /** What has a file of its own; the rest is refused, as a window may not ask for it. */
  #others(command: Command): Answer {
    const answer = answerChat(this, command) ?? answerFolder(this, command) ?? answerTrash(this, command) ?? answerFind(this, command) ?? answerRemarks(this, command) ?? answerPermissions(this, command) ?? answerPeople(this, command) ?? answerContacts(this, command) ?? answerTransfers(this, command) ?? answerLinked(this, command) ?? answerEdits(this, command);
    if (answer === null) throw refused("bad_request");
    return answer;
  }

  #rooms(): RoomSummary[] {
    return this.rooms.map((room) => ({ ...room.view.summary }));
  }

  #opening(): OpeningView {
    const settings = Object.fromEntries(this.settings);
    if (this.status.account === null) return { status: this.status, settings, rooms: [], transfers: [], offers: [] };
    return { status: this.status, settings, rooms: this.#rooms(), transfers: structuredClone(this.transfers), offers: structuredClone(this.offers) };
  }

  setOffline(offline: boolean): Answer {
    this.offline = offline;
    const reason = { code: "offline", message: "connection refused", retry: "after" } as const;
    this.status = { ...this.status, connection: offline ? { state: "offline", retry_at: null, reason } : { state: "online" } };
    if (!offline) this.#deliver();
    return this.told({ event: "status", status: this.status });
  }

  /** A message of somebody else arrives. */
  hear(room: RoomId, by: string, text: string): void {
    const target = this.room(room);
    say(target, by, Date.now(), message(text));
    target.view.summary.unread += 1;
    this.changed(target);
  }

  /** Files picked or dropped: an upload that moves, unless offline. */
  upload(room: RoomId, name: string, size: number): void {
    const target = this.room(room);
    const id = newId("u");
    const phase = this.offline ? ({ phase: "waiting", stuck: { for: "network", until: null }, offset: 0 } as const) : ({ phase: "moving", offset: 0, rate: null } as const);
    const one = say(target, ME, Date.now(), { type: "upload", upload: id, transfer: null, entry: null, name, size, phase, may_cancel: true, preview: previewOf(name), version: 1, conflict_of: null });
    this.changed(target);
    if (!this.offline) this.#move(target, one, 0);
  }

  #move(room: FakeRoom, one: Item, offset: number): void {
    if (one.kind.type !== "upload" || one.kind.phase.phase !== "moving") return;
    const { upload, size, name } = one.kind;
    const next = Math.min(size, offset + size / 8);
    one.kind.phase = { phase: "moving", offset: next, rate: null };
    this.tell({ event: "progress", room: room.view.summary.id, upload, offset: next, length: size });
    if (next < size) return void setTimeout(() => this.#move(room, one, next), 500);
    const file = entry(room.view.summary.id, name, size, ME, Date.now());
    room.entries.push(file);
    one.kind = { ...one.kind, entry: file.id, phase: { phase: "stored", file: { on: "here" } } };
    this.changed(room);
    this.tell({ event: "folder", room: room.view.summary.id });
  }

  #signIn(name: string, shown: string): void {
    const account = { account: ME, device: "d-1", name, display_name: shown, is_admin: true, server_name: "Harbour Studio", server_url: "https://192.168.1.20:7600" };
    this.status = { ...this.status, account, connection: { state: "online" }, sync: { kind: "delta", bytes_in: 410, bytes_out: 70, round_trips: 1 }, synced_at: Date.now() };
  }

  #account(command: Extract<Command, { do: "sign_up" | "sign_in" }>): Answer {
    if (command.do === "sign_in" && command.password !== "correct horse") throw refused("wrong_password");
    if (command.do === "sign_up" && command.password.length < 8) throw refused("weak_password");
    if (command.do === "sign_up" && command.name === "tomas") throw refused("name_taken");
    this.#signIn(command.name, command.do === "sign_up" ? command.display_name || command.name : "Mina Park");
    if (!this.status.account) throw refused("internal");
    return { is: "account", value: this.status.account };
  }

  #create(title: string, members: string[]): Answer {
    const room = makeRoom(title, [member(ME, "owner"), ...members.map((one) => member(one, "editor"))], Date.now());
    say(room, ME, Date.now(), { type: "created", title });
    room.view.read = 1;
    this.rooms.push(room);
    this.tell({ event: "room", room: { ...room.view.summary } });
    return { is: "room_id", value: room.view.summary.id };
  }

  #rename(id: RoomId, title: string): Answer {
    const room = this.room(id);
    room.view.summary.title = title;
    say(room, ME, Date.now(), { type: "renamed", title });
    return this.changed(room);
  }

  #member(id: RoomId, account: string, role: FakeRoom["view"]["summary"]["role"] | null): Answer {
    const room = this.room(id);
    const others = room.view.members.filter((one) => one.account !== account);
    room.view.members = role === null ? others : [...others, member(account, role)];
    room.view.summary.member_count = room.view.members.length;
    say(room, ME, Date.now(), { type: "member", account, name: person(account).display_name, role });
    return this.changed(room);
  }

  #deliver(): void {
    this.status = { ...this.status, messages_waiting: 0 };
    for (const room of this.rooms) {
      let pos = room.items.findLast((one) => one.pos !== null)?.pos ?? 0;
      for (const one of room.items) {
        if (one.pos === null) one.pos = ++pos;
        if (one.kind.type === "message" && one.kind.state.at === "waiting") one.kind.state = { at: "sent" };
      }
      this.changed(room);
    }
  }

  #message(what: "message_retry" | "message_discard", id: string): Answer {
    for (const room of this.rooms) {
      const one = room.items.find((item) => item.kind.type === "message" && item.kind.id === id);
      if (!one || one.kind.type !== "message") continue;
      if (what === "message_discard") room.items = room.items.filter((item) => item !== one);
      else one.kind.state = { at: "sent" };
      return this.changed(room);
    }
    throw refused("not_found");
  }

  #read(id: RoomId, pos: number): Answer {
    const room = this.room(id);
    room.view.read = Math.max(room.view.read, pos);
    room.view.summary.unread = 0;
    return this.told({ event: "room", room: { ...room.view.summary } });
  }

  #cancelUpload(id: RoomId, upload: string): Answer {
    const room = this.room(id);
    for (const one of room.items) {
      if (one.kind.type === "upload" && one.kind.upload === upload) one.kind = { ...one.kind, phase: { phase: "cancelled" }, may_cancel: false };
    }
    return this.changed(room);
  }

  room(id: RoomId): FakeRoom {
    const room = this.rooms.find((one) => one.view.summary.id === id);
    if (!room) throw refused("not_found");
    return room;
  }

  changed(room: FakeRoom): Answer {
    this.tell({ event: "room", room: { ...room.view.summary } });
    return this.told({ event: "timeline", room: room.view.summary.id });
  }

  told(event: Event): Answer {
    this.tell(structuredClone(event));
    return done;
  }
}

function address(text: string): ServerAddress {
  const match = /^(?:pod|https?):\/\/([^/?]+)/.exec(text.trim());
  if (!match) throw refused("bad_request");
  return { url: `https://${match[1]}`, fingerprint: /fp=(\w+)/.exec(text)?.[1] ?? null, invite: /code=([\w-]+)/.exec(text)?.[1] ?? null, room: /room=([\w-]+)/.exec(text)?.[1] ?? null };
}
