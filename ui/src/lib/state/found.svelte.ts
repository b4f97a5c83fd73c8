// What is looked for in a room, and what was found: pages of the server, in the order of the table's head.

import type { AccountId, EntryFound, EntryKind, FindAsk, RoomId, Sort } from "../backend/bindings";
import { ask } from "../backend/ask";
import type { Backend } from "../backend/backend";
import { Latest } from "./latest";

const PAGE = 200;
/** The typing may go on: only where it rests is asked. */
const REST_MS = 250;
const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

const average = ({ entry: { rating } }: EntryFound) => (rating ? rating.halves / rating.count : 0);

export type Kind = "folders" | "pictures" | "documents" | "texts" | "media";
export type Span = "day" | "week" | "month" | "year";
export type Bulk = "small" | "middle" | "large";

const endings: Record<Exclude<Kind, "folders">, string[]> = {
  pictures: ["png", "jpg", "jpeg", "gif", "webp", "bmp", "heic", "tif", "tiff", "svg", "ai", "psd"],
  documents: ["pdf", "doc", "docx", "hwp", "hwpx", "odt", "rtf", "xls", "xlsx", "ods", "ppt", "pptx", "odp", "pages", "numbers", "key"],
  texts: ["txt", "md", "markdown", "csv", "tsv", "log", "json", "xml", "yaml", "yml", "toml", "html", "htm"],
  media: ["mp4", "mov", "mkv", "webm", "avi", "mp3", "m4a", "wav", "flac", "ogg", "opus"],
};
const DAY = 86_400_000;
const spans: Record<Span, number> = { day: 1, week: 7, month: 30, year: 365 };
const MB = 1_000_000;
const bulks: Record<Bulk, [number | null, number | null]> = { small: [null, MB], middle: [MB, 100 * MB], large: [100 * MB, null] };

export class Found {
  text = $state("");
  by = $state<AccountId | null>(null);
  kind = $state<Kind | null>(null);
  span = $state<Span | null>(null);
  bulk = $state<Bulk | null>(null);
  /** Whole stars, at least. */
  stars = $state<number | null>(null);
  tag = $state<string | null>(null);
  entries = $state.raw<EntryFound[]>([]);
  /** There may be more. */
  more = $state(false);
  busy = $state(false);
  /** Only names that are known on this computer were searched. */
  here = $state(false);
  /** Something is looked for. */
  asked = $derived(this.text.trim() !== "" || this.by !== null || this.kind !== null || this.span !== null || this.bulk !== null || this.stars !== null || this.tag !== null);

  readonly room: RoomId;
  #backend: Backend;
  #latest = new Latest();
  #sort: Sort | null = null;
  #next: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: Backend, room: RoomId) {
    this.#backend = backend;
    this.room = room;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.text = "";
    this.by = this.kind = this.span = this.bulk = this.stars = this.tag = null;
    this.entries = [];
    this.more = this.here = this.busy = false;
    this.#sort = this.#next = null;
    this.#latest.again();
  }

  /** Asks once the typing rests. */
  soon(run: (work: () => Promise<void>) => void): void {
    clearTimeout(this.#timer);
    this.busy = true;
    this.#timer = setTimeout(() => run(() => this.load()), REST_MS);
  }

  async load(): Promise<void> {
    await this.#latest.run(async (current) => {
      if (!this.asked) return;
      this.busy = true;
      try {
        const page = await this.#ask(null);
        if (!current()) return;
        this.entries = this.#sorted(page.found);
        this.#take(page.next, page.here);
      } finally {
        if (current()) this.busy = false;
      }
    });
  }

  /** The place is on screen: what comes after it is fetched. */
  async show(to: number): Promise<void> {
    if (this.#next === null || this.busy || to < this.entries.length - PAGE / 4) return;
    const before = this.entries;
    this.busy = true;
    try {
      const page = await this.#ask(this.#next);
      if (this.entries !== before) return;
      this.entries = this.#sorted([...before, ...page.found]);
      this.#take(page.next, page.here);
    } finally {
      this.busy = false;
    }
  }

  order(sort: Sort): void {
    this.#sort = sort;
    this.entries = this.#sorted(this.entries);
  }

  #take(next: number | null, here: boolean): void {
    this.#next = next;
    this.more = next !== null;
    this.here = here;
  }

  /** As it was found, what came last first, until a person chose an order. */
  #sorted(entries: EntryFound[]): EntryFound[] {
    const sort = this.#sort;
    if (!sort) return entries;
    const way = sort.descending ? -1 : 1;
    const order: Record<Sort["by"], (a: EntryFound, b: EntryFound) => number> = {
      name: (a, b) => names.compare(a.entry.name, b.entry.name),
      modified: (a, b) => a.entry.modified_at - b.entry.modified_at,
      size: (a, b) => a.entry.size - b.entry.size,
      person: (a, b) => names.compare(a.entry.created_by_name, b.entry.created_by_name),
      version: (a, b) => a.entry.version - b.entry.version,
      comments: (a, b) => a.entry.comments - b.entry.comments,
      rating: (a, b) => average(a) - average(b),
      lock: (a, b) => Number(a.entry.lock !== null) - Number(b.entry.lock !== null),
      kind: (a, b) => names.compare(a.entry.name.split(".").at(-1) ?? "", b.entry.name.split(".").at(-1) ?? ""),
    };
    return [...entries].sort((a, b) => way * order[sort.by](a, b) || order.name(a, b));
  }

  #ask(after: number | null) {
    const [size_min, size_max] = this.bulk ? bulks[this.bulk] : [null, null];
    const kind: EntryKind | null = this.kind === "folders" ? "folder" : null;
    const wanted: FindAsk = {
      room: this.room, text: this.text.trim(), by: this.by, kind, endings: this.kind && this.kind !== "folders" ? endings[this.kind] : [],
      since: this.span ? Date.now() - spans[this.span] * DAY : null, until: null, size_min, size_max,
      halves_min: this.stars === null ? null : this.stars * 2, tag: this.tag, after, limit: PAGE,
    };
    return ask(this.#backend, "files_found", { do: "files_find", ask: wanted });
  }
}
