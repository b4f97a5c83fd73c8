// How people are, as last told, and who is writing where; one's own status beside it.

import { SvelteMap } from "svelte/reactivity";
import type { AccountId, MemberView, PresenceChoice, PersonView, Presence, PresenceState, RoomId, TimeMs } from "../backend/bindings";
import { ask, tell } from "../backend/ask";
import type { Backend } from "../backend/backend";
import type { Words } from "../i18n/i18n.svelte";
import type { Session } from "./session.svelte";

/** Somebody who writes tells it every few seconds; after this long without it they stopped. */
const TYPING_MS = 6_000;
const UNKNOWN: Presence = { state: "offline", text: "", until: null, seen_at: null };

type Writer = { account: AccountId; name: string; timer: ReturnType<typeof setTimeout> };

export class People {
  #known = new SvelteMap<AccountId, Presence>();
  #writers = new SvelteMap<RoomId, Writer[]>();
  #backend: Backend;
  #words: Words;
  #session: Session;

  constructor(backend: Backend, words: Words, session: Session) {
    this.#backend = backend;
    this.#words = words;
    this.#session = session;
  }

  put(account: AccountId, presence: Presence): void {
    this.#known.set(account, presence);
  }

  learn(members: MemberView[]): void {
    for (const { account, presence } of members) if (presence) this.#known.set(account, presence);
  }

  clear(): void {
    this.#known.clear();
    for (const writers of this.#writers.values()) for (const { timer } of writers) clearTimeout(timer);
    this.#writers.clear();
  }

  knows(account: AccountId): boolean {
    return this.#known.has(account);
  }

  /** Asks how somebody is; who cannot be asked about stays unknown. */
  async meet(account: AccountId): Promise<void> {
    const met = await this.about(account).catch(() => null);
    if (met) this.put(account, met.presence);
  }

  /** They can be reached, as far as is known. */
  there(account: AccountId): boolean {
    return !this.knows(account) || !["offline", "unknown"].includes(this.dot(account));
  }

  of(account: AccountId, told: Presence = UNKNOWN): Presence {
    return this.#known.get(account) ?? told;
  }

  /** What the dot shows; nobody is known while one is offline oneself. */
  dot(account: AccountId, told?: Presence): PresenceState | "unknown" {
    return this.#session.online ? this.of(account, told).state : "unknown";
  }

  /** How many of them are at their computer, oneself included; 0 while one is offline oneself. */
  here(members: MemberView[]): number {
    if (!this.#session.online) return 0;
    return members.filter((member) => member.me || ["here", "busy"].includes(this.dot(member.account, member.presence ?? undefined))).length;
  }

  /** A person in a few words: what they say of themselves, else how they are, else when they were last there. */
  line(member: { account: AccountId; presence?: Presence }): string {
    return this.words(this.of(member.account, member.presence));
  }

  words(presence: Presence, now = Date.now()): string {
    const { t, stamp } = this.#words;
    if (presence.text !== "" && (presence.until === null || presence.until > now)) return presence.text;
    // As the dot: how they are is not known while one is offline oneself.
    if (presence.state !== "offline") return t(`presence.${this.#session.online ? presence.state : "unknown"}`);
    return presence.seen_at === null ? t("presence.offline") : t("presence.seen", { when: stamp(presence.seen_at, now) });
  }

  /** Somebody is writing in a room. */
  writes(room: RoomId, account: AccountId, name: string): void {
    const timer = setTimeout(() => this.rests(room, account), TYPING_MS);
    this.rests(room, account);
    this.#writers.set(room, [...(this.#writers.get(room) ?? []), { account, name, timer }]);
  }

  /** They sent it, or stopped. */
  rests(room: RoomId, account: AccountId): void {
    const writers = this.#writers.get(room);
    const gone = writers?.find((writer) => writer.account === account);
    if (!writers || !gone) return;
    clearTimeout(gone.timer);
    this.#writers.set(room, writers.filter((writer) => writer !== gone));
  }

  /** The names of those who are writing in a room. */
  writing(room: RoomId): string[] {
    return (this.#writers.get(room) ?? []).map((writer) => writer.name);
  }

  about(account: AccountId): Promise<PersonView> {
    return ask(this.#backend, "person", { do: "person", account });
  }

  talkTo(account: AccountId): Promise<RoomId> {
    return ask(this.#backend, "room_id", { do: "talk_to", account });
  }

  setOwn(state: PresenceChoice, text: string, until: TimeMs | null) {
    return tell(this.#backend, { do: "presence_set", state, text, until });
  }
}
