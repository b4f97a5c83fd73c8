// What the user interface needs from the world outside: one typed list. `tauri.ts` and `fake.ts` fulfil it.
// The shell side of it is written down in SHELL.md.

import type { AccountId, Answer, Command, EntryId, ErrorCode, ErrorView, Event, OfferId, Position, RoomId, ServerAddress, TransferId } from "./bindings";

/** Who this window is. */
export type WindowInfo = {
  kind: "main" | "room" | "folder" | "transfers";
  room: RoomId | null;
  /** For "folder": the entry to select. */
  entry: EntryId | null;
  /** Scroll there first: the window was opened by a click on a notification. */
  goto: Position | null;
  /** It is folded to the compact size. */
  folded: boolean;
  /** It stays above other windows. */
  top: boolean;
  os: "linux" | "macos" | "windows";
  locale: string;
  version: string;
  link: string | null;
  crash: string | null;
};

export type WindowAct = "minimise" | "toggle_maximise" | "close" | "drag" | "front";

/** Who can reach a server on this computer. */
export type Reach = "computer" | "network";

/** The server on this computer; `free` in bytes. */
export type HostInfo = { running: boolean; name: string; url: string | null; folder: string; free: number };

/** A server that has just been started; `setup` is the code for the first account, where one is needed. */
export type HostStarted = { server: ServerAddress; setup: string | null; first: boolean };

/** Files over the window, in CSS pixels of the page; `drop` is the number to answer with, `alt` where the system tells it. */
export type DropEvent =
  | { phase: "over"; x: number; y: number; files: number; alt?: boolean }
  | { phase: "leave" }
  | { phase: "drop"; drop: number; x: number; y: number; files: number; alt?: boolean };

/** A dropped, pasted or chosen file that is held in Rust; a page never sees its path. `index` stays when others go. */
export type HeldFile = { index: number; name: string; bytes: number; image: boolean; folder: boolean };
export type Held = { files: HeldFile[] };

/** What a menu of the system asks the main window to do. */
export type MenuAct = "new_room" | "settings" | "help" | "jump" | "messages";

/** Whether a file opened at once, or is fetched first and opens by itself. */
export type Opened = "opened" | "fetching";

/** What became of a file that was to be dragged to the desktop: it was dragged, or is fetched first. */
export type DraggedOut = "dragged" | "fetching";

/** A film or sound that is played where it lies: its number, and an address for `<video>` and `<audio>`. */
export type Playing = { number: number; url: string };

/** How it goes: bytes fetched for it, and why none come. Without an error, what came cannot be played. */
export type PlayStanding = { fetched: number; error: ErrorView | null };

/** Everything the shell tells by itself. */
export type ShellEvents = {
  pod: Event;
  drop: DropEvent;
  failed: { entry: EntryId; name: string; error: ErrorView };
  link: { text: string };
  maximised: boolean;
  folded: boolean;
  /** The window is hidden: it plays nothing any more. */
  hidden: null;
  menu: { act: MenuAct };
  /** To a window that shows the room: scroll there. */
  goto: { room: RoomId; pos: Position };
  /** To the main window: a notification about this offer was clicked. */
  offer: { batch: OfferId };
  /** To a sharing-room window that is open already: select this entry. */
  select: { entry: EntryId };
};

export type Stop = () => void;

/** Every method rejects with a `Refused`, and with nothing else. */
export interface Backend {
  run(command: Command): Promise<Answer>;
  info(): Promise<WindowInfo>;
  act(act: WindowAct): Promise<void>;
  title(title: string): Promise<void>;
  openRoomWindow(room: RoomId): Promise<void>;
  /** The room's sharing-room window, with this entry selected (*Show in folder of the room*). */
  openFolderWindow(room: RoomId, entry: EntryId | null): Promise<void>;
  /** To the compact size, or back to the last one. */
  fold(folded: boolean): Promise<void>;
  /** Above all other windows, or not any more. */
  top(on: boolean): Promise<void>;
  looking(rooms: RoomId[]): Promise<void>;
  openEntry(entry: EntryId): Promise<Opened>;
  /** Takes the lock of the file, then opens it in the system's program; again where it is being edited already. */
  editEntry(entry: EntryId): Promise<Opened>;
  showEntry(entry: EntryId): Promise<Opened>;
  /** Plays the newest version of a file from the folder, without fetching it first, until it is ended or the window closes. */
  play(entry: EntryId): Promise<Playing>;
  playing(number: number): Promise<PlayStanding>;
  playEnd(number: number): Promise<void>;
  pickFiles(room: RoomId, parent: EntryId | null): Promise<number>;
  dropOn(drop: number, room: RoomId, parent: EntryId | null): Promise<number>;
  held(drop: number): Promise<Held>;
  /** Lets one of them go, or all. */
  heldRelease(drop: number, index: number | null): Promise<void>;
  /** The system's dialog; null: closed without a choice. The files are held, not sent. */
  pickHeld(room: RoomId): Promise<number | null>;
  /** What the system's clipboard has: files, or a picture as PNG. Null: neither. */
  paste(): Promise<number | null>;
  /** The system's dialog, then the picture of the room; false: closed without a choice. */
  pickRoomPicture(room: RoomId): Promise<boolean>;
  /** Held files are offered to a person; answers how many. */
  offerOn(drop: number, account: AccountId): Promise<number>;
  /** The system's dialog, then the files are offered; 0: closed without a choice. */
  pickOffer(account: AccountId): Promise<number>;
  /** The system's dialog for a folder, then the offers are accepted into it; false: closed without a choice. */
  acceptInto(offers: OfferId[], always: boolean): Promise<boolean>;
  /** The system's dialog for a folder, which is then kept in step with the room, or with a folder of it; false: closed without a choice. */
  linkFolder(room: RoomId, entry: EntryId | null): Promise<boolean>;
  /** The window of the transfers, or brings it to the front. */
  openTransfers(): Promise<void>;
  /** A received file, with the system's program, or in its file manager. */
  openTransfer(id: TransferId): Promise<void>;
  showTransfer(id: TransferId): Promise<void>;
  /** The system's dialog for where received files go; false: closed without a choice. */
  pickTransfersFolder(): Promise<boolean>;
  /** The system's dialog for the file of a skin; its text. Null: closed without a choice. */
  pickSkin(): Promise<string | null>;
  /** The pointer drags these files out of the window. Answers when they were let go, or at once when one is fetched first. */
  dragOut(entries: EntryId[]): Promise<DraggedOut>;
  /** The same with files that came from a person. */
  dragReceived(ids: TransferId[]): Promise<void>;
  /** In the system's program; only http, https, mailto and pod. */
  openLink(url: string): Promise<void>;
  autostart(): Promise<boolean>;
  setAutostart(on: boolean): Promise<void>;
  /** Addresses for `<img>` and `fetch`; what is not there answers 404. */
  previewUrl(entry: EntryId, version: number): string;
  roomPictureUrl(room: RoomId, digest: string): string;
  heldUrl(drop: number, index: number): string;
  fileUrl(entry: EntryId, version: number): string;
  /** Bytes of a PDF, wherever it lies. */
  piece(entry: EntryId, version: number, from: number, bytes: number): Promise<Uint8Array>;
  hostInfo(): Promise<HostInfo>;
  hostFolder(): Promise<HostInfo | null>;
  hostStart(name: string, reach: Reach): Promise<HostStarted>;
  hostStop(): Promise<HostInfo>;
  crashSeen(): Promise<void>;
  /** A person uses this window. */
  touched(): Promise<void>;
  on<K extends keyof ShellEvents>(name: K, hear: (payload: ShellEvents[K]) => void): Promise<Stop>;
}

/** A refusal as an exception: the code decides the sentence, never the message. */
export class Refused extends Error {
  constructor(readonly view: ErrorView) {
    super(view.message);
    this.name = "Refused";
  }

  get code(): ErrorCode {
    return this.view.code;
  }

  /** Anything thrown, as a refusal; what is not one is a defect and says so. */
  static from(thrown: unknown): Refused {
    if (thrown instanceof Refused) return thrown;
    if (isErrorView(thrown)) return new Refused(thrown);
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new Refused({ code: "internal", message, retry: "after" });
  }
}

function isErrorView(thrown: unknown): thrown is ErrorView {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown && "retry" in thrown;
}
