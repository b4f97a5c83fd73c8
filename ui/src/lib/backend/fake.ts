// A backend without Rust, for `npm run dev` and component tests: an in-memory pod that can be slow and can refuse.

import type { Answer, Command, Event } from "./bindings";
import type { Backend, DropEvent, HostInfo, ShellEvents, Stop, WindowInfo } from "./backend";
import { FakeWorld, refused } from "./fake/answers";
import { fillChat } from "./fake/chat";
import { fillContacts } from "./fake/contacts";
import { fill } from "./fake/folder";
import { offer, offers } from "./fake/transfers";
import { type FakeShell, fakeShell } from "./fake/shell";

export type FakeOptions = {
  signedIn?: boolean;
  /** Milliseconds before each answer. */
  latency?: number;
  /** Commands that are refused, with which code. */
  failing?: Partial<Record<Command["do"], Parameters<typeof refused>[0]>>;
  offline?: boolean;
  locale?: string;
  room?: string | null;
  /** A sharing-room window of this room; `entry` is to be selected. */
  folder?: string | null;
  entry?: string | null;
  /** The window of the transfers. */
  transfers?: boolean;
  /** Somebody wants to send files. */
  offers?: boolean;
  /** There are contacts, and somebody asks to be one. */
  contacts?: boolean;
  folded?: boolean;
  top?: boolean;
  /** So many more files in the folder of the first room. */
  many?: number;
  /** So many more messages in the first room. */
  messages?: number;
  /** Where the chat is to be scrolled to. */
  goto?: number | null;
  crash?: string | null;
};

export type Fake = Backend & {
  world: FakeWorld;
  /** Held files, window state and clipboard, as the shell has them. */
  shell: FakeShell;
  calls: Command[];
  opened: string[];
  /** How often a page said that it is used. */
  touches: number;
  failing: NonNullable<FakeOptions["failing"]>;
  tell: (event: Event) => void;
  drop: (event: DropEvent) => void;
  link: (text: string) => void;
  /** Anything the shell tells by itself: a menu, a click on a notification. */
  emit: <K extends keyof ShellEvents>(name: K, payload: ShellEvents[K]) => void;
};

export function fakeBackend(options: FakeOptions = {}): Fake {
  const ears = new Map<string, Set<(payload: never) => void>>();
  const emit = <K extends keyof ShellEvents>(name: K, payload: ShellEvents[K]) =>
    ears.get(name)?.forEach((hear) => (hear as (payload: ShellEvents[K]) => void)(payload));
  const tell = (event: Event) => emit("pod", event);
  const world = new FakeWorld(tell, options.signedIn ?? true);
  const calls: Command[] = [];
  const opened: string[] = [];
  const failing = { ...options.failing };
  const later = async <T>(work: () => T): Promise<T> => {
    await new Promise((done) => setTimeout(done, options.latency ?? 0));
    return work();
  };
  let host: HostInfo = { running: false, name: "", url: null, folder: "/home/mina/Pod", free: 412e9 };
  let crash = options.crash ?? null;
  if (options.offline) world.setOffline(true);
  if (options.contacts) fillContacts(world);
  if (options.offers) world.offers = offers(Date.now());
  if (options.many && world.rooms[0]) fill(world.rooms[0], options.many, Date.now());
  if (options.messages && world.rooms[0]) fillChat(world.rooms[0], options.messages);

  const run = (command: Command) =>
    later((): Answer => {
      calls.push(command);
      const code = failing[command.do];
      if (code) throw refused(code);
      return structuredClone(world.answer(command));
    });
  const shell = fakeShell({
    later, emit, opened, run, here: (id) => world.rooms.some((room) => room.entries.some((one) => one.id === id && one.file.on === "here")),
    upload: (room, name, bytes) => void world.upload(room, name, bytes), offer: (to, name, bytes) => void offer(world, to, name, bytes),
  });
  shell.state.folded = options.folded ?? false;
  shell.state.top = options.top ?? false;
  const info = (): WindowInfo => ({
    kind: options.transfers ? "transfers" : options.folder ? "folder" : options.room ? "room" : "main",
    room: options.folder ?? options.room ?? null,
    entry: options.entry ?? null, goto: options.goto ?? null, ...shell.state,
    os: "linux", locale: options.locale ?? "en-GB", version: "0.1.0", link: null, crash,
  });

  const fake: Fake = {
    ...shell.answers,
    world, shell, calls, opened, failing, tell, emit, touches: 0,
    drop: (event) => emit("drop", event),
    link: (text) => emit("link", { text }),
    run,
    info: () => later(info),
    act: (act) => later(() => void opened.push(`act ${act}`)),
    title: (title) => later(() => void (document.title = title)),
    openRoomWindow: (room) => later(() => void opened.push(`room ${room}`)),
    looking: () => later(() => undefined),
    openEntry: (entry) => later(() => (opened.push(`open ${entry}`), "opened" as const)),
    editEntry: async (entry) => {
      await run({ do: "edit", entry });
      return later(() => (opened.push(`edit ${entry}`), "opened" as const));
    },
    showEntry: (entry) => later(() => (opened.push(`show ${entry}`), "opened" as const)),
    pickFiles: (room) => later(() => (world.upload(room, "Poster bleed.ai", 48_000_000), 1)),
    hostInfo: () => later(() => host),
    hostFolder: () => later(() => (host = { ...host, folder: "/srv/pod" })),
    hostStart: (name) =>
      later(() => {
        host = { ...host, running: true, name, url: "http://127.0.0.1:7600" };
        return { server: { url: "http://127.0.0.1:7600", fingerprint: null, invite: null, room: null }, setup: null, first: true };
      }),
    hostStop: () => later(() => (host = { ...host, running: false, url: null })),
    crashSeen: () => later(() => void (crash = null)),
    touched: () => later(() => void (fake.touches += 1)),
    async on<K extends keyof ShellEvents>(name: K, hear: (payload: ShellEvents[K]) => void): Promise<Stop> {
      const set = ears.get(name) ?? new Set();
      ears.set(name, set.add(hear as (payload: never) => void));
      return () => void set.delete(hear as (payload: never) => void);
    },
  };
  return fake;
}

/** The fake as the address asks for it: `?fake=signedout,offline,slow&locale=ko-KR&room=ID&set=skin:midnight`. */
export function fakeFromAddress(search: string): Fake {
  const params = new URLSearchParams(search);
  const modes = (params.get("fake") ?? "").split(",");
  const fake = fakeBackend({
    signedIn: !modes.includes("signedout"),
    latency: modes.includes("slow") ? 2500 : 0,
    offline: modes.includes("offline"),
    locale: params.get("locale") ?? navigator.language,
    room: params.get("room"),
    folder: params.get("folder"),
    transfers: params.has("transfers"),
    offers: modes.includes("offers"),
    contacts: modes.includes("contacts"),
    entry: params.get("entry"),
    many: Number(params.get("many") ?? 0),
    messages: Number(params.get("messages") ?? 0),
    goto: Number(params.get("goto")) || null,
    folded: modes.includes("folded"),
    crash: modes.includes("crash") ? "/home/mina/.local/share/pod/crash.txt" : null,
    failing: modes.includes("failing") ? { timeline: "unavailable", folder: "interlock_stale", send: "too_large", people: "offline" } : {},
  });
  for (const pair of (params.get("set") ?? "").split(",").filter(Boolean)) {
    const [key = "", value = ""] = pair.split(":");
    fake.world.settings.set(key, value);
  }
  listenForFiles(fake);
  (window as unknown as { fake: Fake }).fake = fake;
  return fake;
}

/** In a browser the page's own drag events stand for the shell's. */
function listenForFiles(fake: Fake): void {
  const at = (event: DragEvent) => ({ x: event.clientX, y: event.clientY, files: event.dataTransfer?.items.length ?? 1, alt: event.altKey });
  window.addEventListener("dragover", (event) => {
    event.preventDefault();
    fake.drop({ phase: "over", ...at(event) });
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) fake.drop({ phase: "leave" });
  });
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    const files = [...(event.dataTransfer?.files ?? [])];
    fake.drop({ phase: "drop", drop: fake.shell.holdFiles(files), ...at(event) });
  });
}
