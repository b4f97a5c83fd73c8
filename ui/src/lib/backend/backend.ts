// What the user interface needs from the world outside: one typed list. `tauri.ts` and `fake.ts` fulfil it.
// The shell side of it is written down in SHELL.md.

import type { Answer, Command, EntryId, ErrorCode, ErrorView, Event, RoomId, ServerAddress } from "./bindings";

/** Who this window is. */
export type WindowInfo = {
  kind: "main" | "room";
  room: RoomId | null;
  os: "linux" | "macos" | "windows";
  locale: string;
  version: string;
  link: string | null;
  crash: string | null;
};

export type WindowAct = "minimise" | "toggle_maximise" | "close" | "drag";

/** Who can reach a server on this computer. */
export type Reach = "computer" | "network";

/** The server on this computer; `free` in bytes. */
export type HostInfo = { running: boolean; name: string; url: string | null; folder: string; free: number };

/** A server that has just been started; `setup` is the code for the first account, where one is needed. */
export type HostStarted = { server: ServerAddress; setup: string | null; first: boolean };

/** Files over the window, in CSS pixels of the page; `drop` is the number to answer with. */
export type DropEvent =
  | { phase: "over"; x: number; y: number; files: number }
  | { phase: "leave" }
  | { phase: "drop"; drop: number; x: number; y: number; files: number };

/** Whether a file opened at once, or is fetched first and opens by itself. */
export type Opened = "opened" | "fetching";

/** Everything the shell tells by itself. */
export type ShellEvents = {
  pod: Event;
  drop: DropEvent;
  failed: { entry: EntryId; name: string; error: ErrorView };
  link: { text: string };
  maximised: boolean;
};

export type Stop = () => void;

/** Every method rejects with a `Refused`, and with nothing else. */
export interface Backend {
  run(command: Command): Promise<Answer>;
  info(): Promise<WindowInfo>;
  act(act: WindowAct): Promise<void>;
  title(title: string): Promise<void>;
  openRoomWindow(room: RoomId): Promise<void>;
  looking(rooms: RoomId[]): Promise<void>;
  openEntry(entry: EntryId): Promise<Opened>;
  showEntry(entry: EntryId): Promise<Opened>;
  pickFiles(room: RoomId, parent: EntryId | null): Promise<number>;
  dropOn(drop: number, room: RoomId, parent: EntryId | null): Promise<number>;
  hostInfo(): Promise<HostInfo>;
  hostFolder(): Promise<HostInfo | null>;
  hostStart(name: string, reach: Reach): Promise<HostStarted>;
  hostStop(): Promise<HostInfo>;
  crashSeen(): Promise<void>;
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
