// The window's state as a whole: starts the parts, hands each event to the part it concerns.

import { tick } from "svelte";
import type { AccountId, EntryId, ErrorView, Event, OpeningView, Position, RoomId, RoomSummary, TransferView } from "../backend/bindings";
import { ask } from "../backend/ask";
import { type Backend, type DropEvent, type Opened, Refused, type Stop, type WindowInfo } from "../backend/backend";
import { soon } from "../soon";
import { Words } from "../i18n/i18n.svelte";
import { perform } from "../actions";
import { fontThere } from "../font";
import { keepFocus } from "../panes";
import { writes } from "../roles";
import { offered, showOffer, tellOffered } from "../transfers/offering";
import type { Dialog } from "./dialog";
import { Behaviour } from "./behaviour.svelte";
import { Chat } from "./chat/chat.svelte";
import { Contacts } from "./contacts.svelte";
import { Drop } from "./drop.svelte";
import { Folder } from "./folder.svelte";
import { Frame } from "./frame.svelte";
import { Idle } from "./idle";
import { Notices } from "./notices.svelte";
import { Offers } from "./offers.svelte";
import { People } from "./people.svelte";
import { lastPlace, type Place } from "./place";
import { Rooms } from "./rooms.svelte";
import { Session } from "./session.svelte";
import { Settings } from "./settings.svelte";
import { Transfers } from "./transfers.svelte";

export type { Dialog, Place };

/** Events that wait for the first answer; of more it is enough to ask anew. */
const EARLY_MAX = 256;

export class Pod {
  readonly idle = new Idle();
  readonly words = new Words();
  readonly notices = new Notices();
  readonly backend: Backend;
  readonly session: Session;
  readonly settings: Settings;
  readonly frame: Frame;
  readonly rooms: Rooms;
  readonly people: People;
  readonly contacts: Contacts;
  readonly transfers: Transfers;
  readonly behaviour: Behaviour;
  readonly offers: Offers;
  readonly drop: Drop;

  info = $state.raw<WindowInfo | null>(null);
  fatal = $state.raw<ErrorView | null>(null);
  link = $state<string | null>(null);
  maximised = $state(false);
  place = $state<Place>("messages");
  dialog = $state.raw<Dialog>(null);
  folderOpen = $state(true);
  chat = $state.raw<Chat | null>(null);
  folder = $state.raw<Folder | null>(null);

  #stops: Stop[] = [];
  #account: string | null = null;
  /** What was told before the first answer came: heard after it, in the same order. */
  #early: Event[] | null = [];
  #openings = 0;
  /** The room that is about to be shown. */
  #next: Chat | null = null;
  #opening = () => ask(this.backend, "opening", { do: "opening" });

  constructor(backend: Backend) {
    this.backend = this.idle.counted(backend);
    this.session = new Session(this.backend);
    this.settings = new Settings(this.backend, this.words);
    this.frame = new Frame(this.backend);
    this.rooms = new Rooms(this.backend, this.words);
    this.people = new People(this.backend, this.words, this.session);
    this.contacts = new Contacts(this.backend, this.words, this.rooms, this.people);
    this.transfers = new Transfers(this.backend);
    this.behaviour = new Behaviour(this.backend);
    this.offers = new Offers(this.backend);
    this.drop = new Drop(this.backend, (room) => {
      const role = this.rooms.find(room)?.role;
      return role !== undefined && writes(role);
    });
    // With a message: only where there is a composer to write it in.
    this.drop.holdWith(async (room, drop) => {
      if (this.chat?.room !== room || this.place !== "messages") return false;
      await this.chat.tray.add(drop);
      this.chat.writing.focus();
      // The files came from another program, which has the keyboard until this window takes it.
      await this.backend.act("front");
      return true;
    });
  }

  /** The row of the open room, as it is now. */
  get room(): RoomSummary | null {
    return this.rooms.find(this.chat?.room ?? null);
  }

  async start(): Promise<void> {
    await this.idle.during(async () => {
      try {
        // What the pod tells is heard before it is asked, so that nothing falls in between; the rest may come meanwhile.
        const [info, stop] = await Promise.all([this.backend.info(), this.backend.on("pod", (event) => void this.#hear(event))]);
        this.#stops = [stop];
        performance.mark("pod:heard");
        const [opening] = await Promise.all([this.#opening(), fontThere(), this.#listen()]);
        performance.mark("pod:answered");
        this.info = info;
        this.words.system = info.locale;
        this.frame.folded = info.folded;
        this.frame.top = info.top;
        this.folderOpen = info.kind === "main" && window.innerWidth >= 1120;
        await this.#take(opening);
        this.#linked(info.link);
        const early = this.#early ?? [];
        this.#early = null;
        for (const event of early) void this.#hear(event);
      } catch (thrown) {
        this.fatal = Refused.from(thrown).view;
      }
    });
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.idle.stop();
    void this.chat?.close();
  }

  /** Does something that may be refused; a refusal becomes a notice and the answer is nothing. */
  async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    const held = document.activeElement;
    try {
      return await this.idle.during(work);
    } catch (thrown) {
      this.notices.refuse(Refused.from(thrown).view);
      return undefined;
    } finally {
      void keepFocus(held);
    }
  }

  async openRoom(room: RoomId, goto: Position | null = null): Promise<void> {
    const open = this.chat?.room === room && !this.chat.gone ? this.chat : null;
    if (open) return void (goto !== null && (await this.attempt(() => open.goTo(goto))));
    const [chat, folder] = [new Chat(this.backend, room, this.idle), new Folder(this.backend, room)];
    this.#next = chat;
    await this.idle.during(async () => {
      const opened = this.attempt(() => chat.open(goto, this.rooms.find(room)?.unread ?? null));
      // What is here comes in a moment: the room before it stays on screen, so that nothing is drawn twice.
      await soon(opened);
      if (this.#next !== chat) return void chat.close();
      void this.chat?.close();
      [this.chat, this.folder, this.#next] = [chat, folder, null];
      await opened;
      if (this.folder === folder && (chat.view?.summary.has_folder ?? false)) await this.#loadFolder();
    });
  }

  /** Where a person means to go: beside the list if there is room for both, else into a window of its own. */
  async visit(room: RoomId): Promise<void> {
    if (this.info?.kind === "main" && !this.frame.compact) {
      if (this.place !== "files") this.place = "messages";
      return await this.openRoom(room);
    }
    const folder = this.info?.kind === "main" && this.place === "files";
    await this.attempt(() => (folder ? this.backend.openFolderWindow(room, null) : this.backend.openRoomWindow(room)));
  }

  /** Goes to the conversation with that person, which is made if there is none. */
  async talkTo(account: AccountId): Promise<void> {
    const room = await this.attempt(() => this.people.talkTo(account));
    if (room === undefined) return;
    if (this.rooms.find(room) === null) await this.attempt(() => this.rooms.load());
    if (this.place === "files") this.place = "messages";
    await this.visit(room);
  }

  /** The transfers: in this window where there is room for them, else in their own. */
  openTransfers(): void {
    if (this.info?.kind === "main" && !this.frame.compact) this.place = "transfers";
    else if (this.info?.kind !== "transfers") void this.attempt(() => this.backend.openTransfers());
  }

  jump(text = ""): void {
    this.dialog = this.dialog?.kind === "jump" ? null : { kind: "jump", text };
  }

  newRoom(side: "chat" | "files"): void {
    this.dialog = { kind: "new", talk: false, side };
  }

  async focusFilter(): Promise<void> {
    if (this.place !== "files") this.place = "messages";
    await tick();
    document.querySelector<HTMLElement>("[data-testid=filter]")?.focus();
  }

  ownWindow(): void {
    const room = this.chat?.room;
    if (room) void this.attempt(() => this.backend.openRoomWindow(room));
  }

  /** The open room's folder: in this window where there is room for it, else in its own. */
  roomFolder(): void {
    const room = this.chat?.room;
    if (this.info?.kind === "main" && !this.frame.compact) this.place = "files";
    else if (room) void this.attempt(() => this.backend.openFolderWindow(room, null));
  }

  roomChat(): void {
    if (this.info?.kind === "main" && !this.frame.compact) this.place = "messages";
    else if (this.info?.kind !== "room") this.ownWindow();
  }

  upload(): void {
    const room = this.chat?.room;
    const inFolder = this.place === "files" || this.info?.kind === "folder";
    const parent = inFolder ? (this.folder?.parent ?? null) : null;
    if (room) void this.attempt(() => this.backend.pickFiles(room, parent));
  }

  closeRoom(): void {
    this.#next = null;
    void this.chat?.close();
    this.chat = null;
    this.folder = null;
  }

  openEntry = (entry: EntryId, name: string) => this.#opens(name, () => this.backend.openEntry(entry));
  showEntry = (entry: EntryId, name: string) => this.#opens(name, () => this.backend.showEntry(entry));

  async #opens(name: string, open: () => Promise<Opened>): Promise<void> {
    if ((await this.attempt(open)) === "fetching") this.notices.say(this.words.t("file.fetching", { file: name }));
  }

  signedIn = () => this.attempt(() => this.#accountChanged());

  async #listen(): Promise<void> {
    const stops = await Promise.all([
      this.backend.on("drop", (event) => void this.#dropped(event)),
      this.backend.on("failed", ({ error }) => this.notices.refuse(error)),
      this.backend.on("link", ({ text }) => this.#linked(text)),
      this.backend.on("goto", ({ room, pos }) => this.#goTo(room, pos)),
      this.backend.on("offer", ({ batch }) => showOffer(this, batch)),
      this.backend.on("maximised", (maximised) => (this.maximised = maximised)),
      this.backend.on("folded", (folded) => (this.frame.folded = folded)),
      this.backend.on("menu", ({ act }) => perform(act, this)),
    ]);
    this.#stops.push(...stops);
  }

  /** A click on a notification. */
  #goTo(room: RoomId, pos: Position): void {
    this.place = "messages";
    void this.openRoom(room, pos);
  }

  /** An invite link is for who is not signed in; others are told why nothing happens. */
  #linked(text: string | null): void {
    const server = this.session.account?.server_name;
    if (text === null) return;
    if (server === undefined) this.link = text;
    else this.notices.say(this.words.t("join.signed_in", { server }));
  }

  async #dropped(event: DropEvent): Promise<void> {
    if (event.phase !== "drop") return void (await this.drop.hear(event));
    const dropped = await this.attempt(() => this.drop.hear(event));
    if (dropped?.person && dropped.count > 0) tellOffered(this, dropped.person, dropped.count);
  }

  /** Everything as it is now: at the start, after somebody signed in or out, and where events were missed. */
  async #take(opening: OpeningView): Promise<void> {
    this.settings.take(opening.settings);
    this.behaviour.take(opening.settings);
    this.session.set(opening.status);
    const account = opening.status.account?.account ?? null;
    const other = account !== this.#account;
    this.#account = account;
    if (other) {
      this.closeRoom();
      for (const part of [this.rooms, this.people, this.contacts, this.transfers, this.offers]) part.clear();
    }
    if (account === null) return;
    this.rooms.take(opening.rooms);
    this.transfers.take(opening.transfers);
    this.offers.list = opening.offers;
    for (const room of this.rooms.list) this.people.learn(room.others);
    void this.attempt(() => this.contacts.load());
    if (!other || !this.info) return;
    if (this.info.kind === "main") await this.#return(lastPlace(opening.settings));
    else if (this.info.room) await this.openRoom(this.info.room, this.info.goto);
  }

  /** Goes back to where the main window was when it was last open. */
  async #return(last: { place: Place; room: RoomId } | null): Promise<void> {
    if (last === null || this.frame.compact || this.rooms.find(last.room) === null) return;
    this.place = last.place;
    await this.openRoom(last.room);
  }

  /** Loads what belongs to an account when it came, drops it when it went. */
  async #accountChanged(): Promise<void> {
    if ((this.session.account?.account ?? null) !== this.#account) await this.#again();
  }

  /** Of several questions only the newest counts: an older answer may be of another account. */
  async #again(): Promise<void> {
    const asked = ++this.#openings;
    const opening = await this.#opening();
    if (asked === this.#openings) await this.#take(opening);
  }

  async #hear(event: Event): Promise<void> {
    if (this.#early !== null) {
      this.#early = this.#early.length < EARLY_MAX ? [...this.#early, event] : [{ event: "lagged" }];
      return;
    }
    const chat = this.#next ?? this.chat;
    const mine = "room" in event && typeof event.room === "string" && event.room === chat?.room;
    switch (event.event) {
      case "status":
        this.session.set(event.status);
        return void (await this.attempt(() => this.#accountChanged()));
      case "connection":
        return this.session.setConnection(event.connection);
      case "room":
        this.rooms.put(event.room);
        this.people.learn(event.room.others);
        if (event.room.id === chat?.room) await this.attempt(() => this.#roomChanged(chat));
        return;
      case "room_gone":
        this.rooms.drop(event.room);
        if (mine && chat) chat.gone = true;
        return;
      case "timeline":
        if (mine && chat) await this.attempt(() => chat.refresh());
        return;
      case "folder":
        if (mine) await this.#loadFolder();
        return;
      case "progress":
        if (mine) chat?.progress(event.upload, event.offset);
        return;
      case "transfer":
        return void (await this.#transferChanged(event.transfer, chat));
      case "setting":
        return void (await this.attempt(() => (event.key.startsWith("transfers.") ? this.behaviour : this.settings).load(event.key)));
      case "offers":
        return offered(this, event.offers);
      case "contacts":
        return void (await this.attempt(() => this.contacts.changed(event.people, event.groups)));
      case "contact_refused":
        return this.notices.refuse(event.error);
      case "person":
        return this.people.put(event.account, event.presence);
      case "typing":
        if (event.account === this.#account || this.contacts.blocked.has(event.account)) return;
        this.people.writes(event.room, event.account, event.name);
        if (mine) chat?.typing.hear(event.account, event.name, chat.items);
        return;
      case "lagged":
        return void (await this.attempt(() => this.#reload()));
      case "arrived":
        return this.people.rests(event.room, event.item.by);
      case "room_open": case "contact_asks": case "linked": case "notice": case "notices_gone":
        return;
    }
  }

  async #roomChanged(chat: Chat): Promise<void> {
    await chat.loadRoom();
    if (this.folder?.view === null && chat.view?.summary.has_folder) await this.#loadFolder();
  }

  /** A card in the chat and a row in the folder say what their transfer does: both are read anew when that changes. */
  async #transferChanged(transfer: TransferView, chat: Chat | null): Promise<void> {
    const before = this.transfers.find(transfer.id);
    this.transfers.put(transfer);
    if (transfer.room !== chat?.room || JSON.stringify(before?.state) === JSON.stringify(transfer.state)) return;
    await this.attempt(() => chat.refresh());
    if (transfer.direction === "down") await this.#loadFolder();
  }

  async #loadFolder(): Promise<void> {
    const folder = this.folder;
    if (folder) await this.attempt(() => folder.load());
  }

  async #reload(): Promise<void> {
    await this.#again();
    await Promise.all([this.chat?.loadRoom(), this.chat?.refresh(), this.folder?.load()]);
  }
}
