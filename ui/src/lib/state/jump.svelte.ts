// What the quick switcher finds: rooms, people, files and actions, the best first. Rooms and actions are known here and
// found at once; people and files are asked for and come when they come.

import { type Action, able, actions } from "../actions";
import type { EntryView, Person, RoomSummary } from "../backend/bindings";
import { ask } from "../backend/ask";
import { textOfItem } from "../chat/sentence";
import { match } from "../match";
import type { Pod } from "./pod.svelte";

export type HitKind = "room" | "file" | "action";
export type Hit = { id: string; kind: HitKind; title: string; detail: string; rank: number } & (
  | { of: "room"; room: RoomSummary }
  | { of: "person"; person: Person }
  | { of: "file"; entry: EntryView }
  | { of: "action"; action: Action }
);
export type Group = { kind: HitKind; hits: Hit[] };

type Scope = "all" | "rooms" | "people" | "files" | "actions";
const PREFIX: Record<string, Scope> = { "#": "rooms", "@": "people", "/": "files", ">": "actions" };
const EACH_MAX = 6;
const ALONE_MAX = 40;
const ASK_AFTER_MS = 90;
/** What only the newest message matches stands below every name. */
const BY_DETAIL = 4;

export class Jump {
  text = $state("");
  people = $state.raw<Person[]>([]);
  files = $state.raw<Hit[]>([]);
  /** The server could not be asked for people. */
  away = $state(false);

  scope = $derived<Scope>(PREFIX[this.text[0] ?? ""] ?? "all");
  wanted = $derived((this.scope === "all" ? this.text : this.text.slice(1)).trim());
  groups = $derived.by(() => this.#groups());
  hits = $derived(this.groups.flatMap((group) => group.hits));
  chosen = $state<string | null>(null);
  at = $derived(Math.max(0, this.hits.findIndex((hit) => hit.id === this.chosen)));

  #pod: Pod;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #asked = 0;

  constructor(pod: Pod, text: string) {
    this.#pod = pod;
    this.write(text);
  }

  write(text: string): void {
    this.text = text;
    this.chosen = null;
    if (this.#timer) clearTimeout(this.#timer);
    else this.#pod.idle.begin();
    this.#timer = setTimeout(() => void this.#ask(), ASK_AFTER_MS);
  }

  stop(): void {
    this.#asked = -1;
    if (this.#timer) {
      clearTimeout(this.#timer);
      this.#pod.idle.end();
    }
    this.#timer = null;
  }

  move(step: number): void {
    const next = this.hits[(this.at + step + this.hits.length) % this.hits.length];
    if (next) this.chosen = next.id;
  }

  /** Goes there; `beside` is the second way: a room's folder, a file's row. */
  go(hit: Hit, beside: boolean): void {
    const pod = this.#pod;
    if (hit.of === "action") return void hit.action.run?.(pod);
    if (hit.of === "person") return void pod.talkTo(hit.person.account);
    if (hit.of === "room") return void (beside ? pod.attempt(() => pod.backend.openFolderWindow(hit.room.id, null)) : pod.visit(hit.room.id));
    if (beside || hit.entry.kind === "folder") return void pod.attempt(() => pod.backend.openFolderWindow(hit.entry.room, hit.entry.id));
    void pod.openEntry(hit.entry.id, hit.title);
  }

  #groups(): Group[] {
    const rooms = [...this.#rooms(), ...this.#others()];
    const parts: Record<HitKind, Hit[]> = { room: rooms, file: this.scope === "all" || this.scope === "files" ? this.files : [], action: this.#actions() };
    const kinds: HitKind[] = ["room", "file", "action"];
    const max = this.scope === "all" ? EACH_MAX : ALONE_MAX;
    const best = (hits: Hit[]) => Math.min(...hits.map((hit) => hit.rank));
    return kinds
      .map((kind) => ({ kind, hits: parts[kind].toSorted((a, b) => a.rank - b.rank).slice(0, max) }))
      .filter((group) => group.hits.length > 0)
      .toSorted((a, b) => best(a.hits) - best(b.hits));
  }

  #rooms(): Hit[] {
    if (this.scope === "files" || this.scope === "actions") return [];
    return this.#pod.rooms.list.flatMap((room): Hit[] => {
      const talk = room.title === "";
      if ((this.scope === "rooms" && talk) || (this.scope === "people" && !talk)) return [];
      const title = this.#pod.rooms.titleOf(room);
      const detail = room.last ? textOfItem(room.last, this.#pod.words).replace(/\s+/g, " ") : this.#pod.words.t("room.people", { n: room.member_count });
      const rank = this.#rank([title, ...room.others.map((one) => one.name)], detail);
      return rank === null ? [] : [{ id: `room-${room.id}`, kind: "room", of: "room", room, title, detail, rank }];
    });
  }

  /** People one has no conversation with yet. */
  #others(): Hit[] {
    if (this.scope !== "all" && this.scope !== "people") return [];
    const known = new Set(this.#pod.rooms.list.filter((room) => room.title === "").map((room) => room.others[0]?.account));
    return this.people.flatMap((person): Hit[] => {
      if (known.has(person.account) || person.account === this.#pod.session.account?.account) return [];
      const rank = this.#rank([person.display_name, person.name]) ?? BY_DETAIL;
      return [{ id: `person-${person.account}`, kind: "room", of: "person", person, title: person.display_name, detail: person.name, rank }];
    });
  }

  #actions(): Hit[] {
    if (this.scope !== "all" && this.scope !== "actions") return [];
    return actions.flatMap((action): Hit[] => {
      if (action.silent || !able(action, this.#pod)) return [];
      const title = this.#pod.words.t(action.text);
      const rank = this.#rank([title]);
      return rank === null ? [] : [{ id: `action-${action.id}`, kind: "action", of: "action", action, title, detail: "", rank: rank + 0.5 }];
    });
  }

  #rank(names: string[], detail = ""): number | null {
    const ranks = names.flatMap((name) => match(name, this.wanted)?.rank ?? []);
    if (ranks.length > 0) return Math.min(...ranks);
    return match(detail, this.wanted) ? BY_DETAIL : null;
  }

  async #ask(): Promise<void> {
    this.#timer = null;
    const asked = ++this.#asked;
    const { wanted, scope } = this;
    const current = () => this.#asked === asked;
    try {
      await Promise.all([this.#askPeople(wanted, scope, current), this.#askFiles(wanted, scope, current)]);
    } finally {
      this.#pod.idle.end();
    }
  }

  async #askPeople(wanted: string, scope: Scope, current: () => boolean): Promise<void> {
    if (wanted === "" || (scope !== "all" && scope !== "people")) return void (this.people = []);
    try {
      const people = await ask(this.#pod.backend, "people", { do: "people", text: wanted });
      if (!current()) return;
      this.people = people;
      this.away = false;
    } catch {
      if (current()) this.away = true;
    }
  }

  async #askFiles(wanted: string, scope: Scope, current: () => boolean): Promise<void> {
    if (wanted === "" || (scope !== "all" && scope !== "files")) return void (this.files = []);
    const limit = scope === "files" ? ALONE_MAX : EACH_MAX;
    try {
      const found = await ask(this.#pod.backend, "entries_found", { do: "entries_find", text: wanted, room: null, limit });
      if (!current()) return;
      this.files = found.map(({ entry, room_title, path }): Hit => {
        const detail = [room_title || this.#pod.words.t("jump.talk"), ...path].join(" / ");
        return { id: `file-${entry.id}`, kind: "file", of: "file", entry, title: entry.name, detail, rank: match(entry.name, wanted)?.rank ?? BY_DETAIL };
      });
    } catch {
      if (current()) this.files = [];
    }
  }
}
