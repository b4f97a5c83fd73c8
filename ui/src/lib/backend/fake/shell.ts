// The shell's part of the fake: held files, the compact size, the clipboard, links, pictures.

import type { AccountId, Answer, Command, EntryId, RoomId } from "../bindings";
import { type Backend, type HeldFile, type PlayStanding, Refused, type ShellEvents } from "../backend";
import harbour from "../../../../../docs/skins/harbour.json?raw";
import { refused } from "./answers";

type Answered =
  | "openFolderWindow" | "fold" | "top" | "held" | "heldRelease" | "pickHeld" | "paste" | "dropOn" | "pickRoomPicture"
  | "offerOn" | "pickOffer" | "acceptInto" | "linkFolder" | "openTransfers" | "openTransfer" | "showTransfer" | "pickTransfersFolder" | "pickSkin" | "dragOut" | "dragReceived"
  | "play" | "playing" | "playEnd" | "openLink" | "autostart" | "setAutostart" | "previewUrl" | "roomPictureUrl" | "heldUrl" | "fileUrl" | "piece";

type HeldInFake = HeldFile & { url: string };
/** A file before it is held: it has no number yet. */
export type Unheld = Omit<HeldFile, "index">;

export type FakeShell = {
  answers: Pick<Backend, Answered>;
  /** Of this window, as `info` tells it. */
  state: { folded: boolean; top: boolean };
  /** What `paste` finds; null: nothing of use. */
  clipboard: { files: Unheld[] | null };
  /** The text of the file that `pickSkin` finds; null: the dialog is closed. */
  skin: { text: string | null };
  /** Holds files as a drop does; answers their number. */
  hold: (files: Unheld[]) => number;
  /** The same for files of the browser, with their pictures. */
  holdFiles: (files: File[]) => number;
  holding: Map<number, HeldInFake[]>;
  /** What is played now, and what is told of it. */
  films: { playing: Map<number, EntryId>; error: PlayStanding["error"] };
};

type World = {
  later: <T>(work: () => T) => Promise<T>;
  emit: <K extends keyof ShellEvents>(name: K, payload: ShellEvents[K]) => void;
  opened: string[];
  upload: (room: RoomId, name: string, bytes: number) => void;
  /** The file is on this computer. */
  here: (entry: EntryId) => boolean;
  offer: (to: AccountId, name: string, bytes: number) => void;
  run: (command: Command) => Promise<Answer>;
};

const HELD_MAX = 32;
const SCHEMES = ["http:", "https:", "mailto:", "pod:"];
const screenshot: Unheld = { name: "Screenshot.png", bytes: 184_000, image: true, folder: false };
const film: Unheld = { name: "브이로그_1편.mov", bytes: 820_000_000, image: false, folder: false };
const poster: Unheld = { name: "Poster final.png", bytes: 2_400_000, image: true, folder: false };
const notes: Unheld = { name: "Print notes.pdf", bytes: 96_000, image: false, folder: false };

export function fakeShell({ later, emit, opened, upload, offer, here, run }: World): FakeShell {
  const state = { folded: false, top: false };
  const clipboard: FakeShell["clipboard"] = { files: [screenshot] };
  const skin: FakeShell["skin"] = { text: harbour };
  const holding = new Map<number, HeldInFake[]>();
  const films: FakeShell["films"] = { playing: new Map(), error: null };
  let last = 0;
  let shown = 0;
  let autostart = false;

  const keep = (files: Omit<HeldInFake, "index">[]): number => {
    holding.set(++last, files.map((file, index) => ({ index, ...file })));
    for (const old of [...holding.keys()].slice(0, -HELD_MAX)) holding.delete(old);
    return last;
  };
  const hold = (files: Unheld[]): number => keep(files.map((file) => ({ ...file, url: file.image ? drawing(file.name) : "" })));
  const holdFiles = (files: File[]): number =>
    keep(files.map((file) => {
      const image = file.type.startsWith("image/");
      return { name: file.name, bytes: file.size, image, folder: false, url: image ? URL.createObjectURL(file) : "" };
    }));
  const take = (drop: number): HeldInFake[] => {
    // Tests and the browser may name a drop that nobody held: it stands for a film.
    const files = holding.get(drop) ?? (drop > last ? [{ index: 0, ...film, url: "" }] : null);
    if (!files) throw refused("gone");
    return files;
  };

  const answers: FakeShell["answers"] = {
    openFolderWindow: (room, entry) => later(() => void opened.push(`folder ${room}${entry ? ` ${entry}` : ""}`)),
    fold: (folded) => later(() => { opened.push(`fold ${folded}`); state.folded = folded; emit("folded", folded); }),
    top: (on) => later(() => { opened.push(`top ${on}`); state.top = on; }),
    held: (drop) => later(() => ({ files: take(drop).map(({ url: _, ...file }) => file) })),
    heldRelease: (drop, index) =>
      later(() => {
        const left = index === null ? [] : (holding.get(drop) ?? []).filter((file) => file.index !== index);
        if (left.length > 0) holding.set(drop, left);
        else holding.delete(drop);
      }),
    pickHeld: () => later(() => hold([poster, notes])),
    paste: () => later(() => (clipboard.files ? hold(clipboard.files) : null)),
    dropOn: (drop, room) =>
      later(() => {
        const files = take(drop);
        holding.delete(drop);
        for (const file of files) upload(room, file.name, file.bytes);
        return files.length;
      }),
    offerOn: (drop, account) =>
      later(() => {
        const files = take(drop);
        holding.delete(drop);
        for (const file of files) offer(account, file.name, file.bytes);
        return files.length;
      }),
    pickOffer: (account) =>
      later(() => {
        for (const file of [poster, notes]) offer(account, file.name, file.bytes);
        return 2;
      }),
    acceptInto: async (offers, always) => {
      opened.push("choose a folder");
      await run({ do: "offer_accept", offers, always, folder: "/home/mina/Films" });
      return true;
    },
    linkFolder: async (room, entry) => {
      await run({ do: "linked_add", room, entry, path: "/home/mina/Fair" });
      return true;
    },
    openTransfers: () => later(() => void opened.push("transfers")),
    openTransfer: (id) => later(() => void opened.push(`open transfer ${id}`)),
    showTransfer: (id) => later(() => void opened.push(`show transfer ${id}`)),
    pickTransfersFolder: async () => {
      await run({ do: "setting_set", key: "transfers.folder", value: "/home/mina/Films" });
      return true;
    },
    pickSkin: () => later(() => skin.text),
    dragOut: (entries) => later(() => (opened.push(`drag ${entries.join(" ")}`), entries.every(here) ? ("dragged" as const) : ("fetching" as const))),
    dragReceived: (ids) => later(() => void opened.push(`drag received ${ids.join(" ")}`)),
    pickRoomPicture: (room) => later(() => (opened.push(`picture ${room}`), true)),
    play: (entry) => later(() => (films.playing.set(++shown, entry), { number: shown, url: tone() })),
    playing: (number) =>
      later(() => {
        if (!films.playing.has(number)) throw refused("gone");
        return { fetched: 44_100, error: films.error };
      }),
    playEnd: (number) => later(() => void films.playing.delete(number)),
    openLink: (url) =>
      later(() => {
        if (!URL.canParse(url) || !SCHEMES.includes(new URL(url).protocol)) {
          throw new Refused({ code: "bad_request", message: "this kind of link is not opened", retry: "never" });
        }
        opened.push(`link ${url}`);
      }),
    autostart: () => later(() => autostart),
    setAutostart: (on) => later(() => void (autostart = on)),
    previewUrl: (entry: EntryId, version) => drawing(`${entry} ${version}`),
    roomPictureUrl: (room: RoomId, digest) => drawing(`${room} ${digest}`),
    heldUrl: (drop, index) => holding.get(drop)?.find((file) => file.index === index)?.url ?? "",
    fileUrl: (entry: EntryId, version) => drawing(`${entry} ${version}`),
    // What lies in the fake has no bytes.
    piece: () => later(() => { throw refused("unavailable"); }),
  };
  return { answers, state, clipboard, skin, hold, holdFiles, holding, films };
}

/** Four seconds of silence as a WAV of 8 kHz: stands for a film and a sound. */
function tone(): string {
  const samples = 32_000;
  const words = (text: string) => [...text].map((char) => char.charCodeAt(0));
  const four = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >> 24];
  const head = [
    ...words("RIFF"), ...four(36 + samples), ...words("WAVEfmt "), ...four(16), 1, 0, 1, 0, ...four(8000), ...four(8000), 1, 0, 8, 0,
    ...words("data"), ...four(samples),
  ];
  return `data:audio/wav;base64,${btoa(String.fromCharCode(...head) + "\x80".repeat(samples))}`;
}

/** A small landscape, the same for the same name: stands for a picture. */
function drawing(name: string): string {
  const hue = [...name].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 360, 7);
  const paint = (turn: number, light: number) => `hsl(${(hue + turn) % 360} 52% ${light}%)`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 420"><rect width="640" height="420" fill="${paint(0, 78)}"/>` +
    `<circle cx="470" cy="130" r="56" fill="${paint(40, 90)}"/><path d="M0 420V300l160-120 130 110 120-80 230 150v60z" fill="${paint(20, 46)}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
