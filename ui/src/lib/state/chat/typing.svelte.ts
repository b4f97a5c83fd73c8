// Who is writing: others here until they fall silent or their message comes, and this person to the others.

import type { AccountId, Item, RoomId } from "../../backend/bindings";
import { tell } from "../../backend/ask";
import type { Backend } from "../../backend/backend";

const SHOWN_MS = 6_000;
/** The server lets one through in three seconds. */
const TOLD_EVERY_MS = 4_000;

type Writer = { account: AccountId; name: string; until: number; last: string | null };

export class Typing {
  #writers = $state.raw<Writer[]>([]);
  names = $derived(this.#writers.map((writer) => writer.name));

  #backend: Backend;
  #room: RoomId;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(backend: Backend, room: RoomId) {
    this.#backend = backend;
    this.#room = room;
  }

  /** This person pressed a key. Whether the others learn it is not worth a word. */
  press(now = Date.now()): void {
    if (now - this.#toldAt < TOLD_EVERY_MS) return;
    this.#toldAt = now;
    void tell(this.#backend, { do: "typing", room: this.#room }).catch(() => undefined);
  }

  /** The message went out: the next key is told at once. */
  sent(): void {
    this.#toldAt = Number.NEGATIVE_INFINITY;
  }

  hear(account: AccountId, name: string, items: Item[], now = Date.now()): void {
    const others = this.#writers.filter((writer) => writer.account !== account);
    this.#writers = [...others, { account, name, until: now + SHOWN_MS, last: lastBy(account, items) }];
    this.#arm(now);
  }

  /** Whoever said something since is done with it. */
  settle(items: Item[]): void {
    const writers = this.#writers.filter((writer) => writer.last === lastBy(writer.account, items));
    if (writers.length !== this.#writers.length) this.#writers = writers;
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#writers = [];
  }

  #arm(now: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    const next = Math.min(...this.#writers.map((writer) => writer.until));
    if (Number.isFinite(next)) this.#timer = setTimeout(() => this.#expire(), Math.max(0, next - now));
  }

  #expire(): void {
    const now = Date.now();
    this.#writers = this.#writers.filter((writer) => writer.until > now);
    this.#arm(now);
  }
}

function lastBy(account: AccountId, items: Item[]): string | null {
  return items.findLast((item) => item.by === account && (item.kind.type === "message" || item.kind.type === "upload"))?.key ?? null;
}
