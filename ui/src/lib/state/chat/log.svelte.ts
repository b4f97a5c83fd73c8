// The stretch of a room's chat that is loaded: a window that slides over the timeline in both directions.
//
// It holds a bounded number of items. Scrolling asks for the page before or after and drops what is far away; an event
// reads anew only what is on screen, with a margin, and lets the rest go.

import type { ErrorView, Item, Place, Position, Timeline } from "../../backend/bindings";
import { Refused } from "../../backend/backend";
import { after, before, EMPTY, firstPosition, lastPosition, reused, type Stretch, trimmed } from "../../chat/stretch";
import { Latest } from "../latest";

export const PAGE = 40;
/** What fills a window is there first; the rest comes while one looks. Around a place, on both sides of it. */
const FIRST = 24;
const AROUND = 32;
/** While one scrolls pages come in smaller pieces, so that no frame is late. */
const STEP = 16;
const PAGE_MAX = 200;
const MARGIN = 30;
/** At most so many items are held, and drawn. */
export const ITEMS_MAX = 160;

/** What is on screen: positions of the first and the last item that has one. */
export type Seen = { from: Position; to: Position; count: number; foot: boolean };

export class ChatLog {
  #stretch = $state.raw<Stretch>(EMPTY);
  loaded = $state(false);
  loading = $state<"older" | "newer" | null>(null);
  /** Who sees the newest item has seen all up to there. */
  head: Position = 0;
  /** Why nothing can be shown; what is shown already stays. */
  failed = $state.raw<ErrorView | null>(null);

  #page: (place: Place, limit: number) => Promise<Timeline>;
  #latest = new Latest();
  #generation = 0;
  #seen: Seen | null = null;

  constructor(page: (place: Place, limit: number) => Promise<Timeline>) {
    this.#page = page;
  }

  get items(): Item[] {
    return this.#stretch.items;
  }

  /** There are older ones than those loaded. */
  get more(): boolean {
    return this.#stretch.more;
  }

  /** There are newer ones than those loaded. */
  get newer(): boolean {
    return this.#stretch.newer;
  }

  find(key: string): Item | null {
    return this.items.find((item) => item.key === key) ?? null;
  }

  /** The view tells what is on screen, so that only that is read again. */
  see(seen: Seen): void {
    this.#seen = seen;
  }

  /** Shows another place; what was loaded before is let go. */
  async show(place: Place): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    this.#latest.stop();
    try {
      const part = await this.#page(place, place.at === "around" ? AROUND : FIRST);
      if (generation !== this.#generation) return;
      this.#seen = null;
      this.#put(part);
      this.failed = null;
    } catch (thrown) {
      if (generation !== this.#generation) return;
      const refusal = Refused.from(thrown);
      if (this.loaded) throw refusal;
      this.failed = refusal.view;
    }
  }

  /** Reads what is on screen anew. */
  async refresh(): Promise<void> {
    if (!this.loaded) return this.show({ at: "newest" });
    const generation = this.#generation;
    await this.#latest.run(async (current) => {
      const part = await this.#page(this.#spot(), this.#extent());
      if (current() && generation === this.#generation) this.#put(part);
    });
  }

  async older(): Promise<void> {
    const pos = firstPosition(this.items);
    if (!this.more || pos === null) return;
    await this.#extend("older", { at: "before", pos });
  }

  async newerOnes(): Promise<void> {
    const pos = lastPosition(this.items);
    if (!this.newer || pos === null) return;
    await this.#extend("newer", { at: "after", pos });
  }

  /** Whether an item at that place is loaded. */
  holds(pos: Position): boolean {
    const first = firstPosition(this.items);
    const last = lastPosition(this.items);
    return first !== null && last !== null && first <= pos && pos <= last;
  }

  /** Changes items in place, for what is told in passing and never read. */
  change(change: (item: Item) => Item): void {
    this.#stretch = { ...this.#stretch, items: this.items.map(change) };
  }

  /** Answers under way no longer count. */
  stop(): void {
    this.#generation += 1;
    this.#latest.stop();
  }

  async #extend(side: "older" | "newer", place: Place): Promise<void> {
    if (this.loading !== null) return;
    this.loading = side;
    const generation = this.#generation;
    try {
      const part = await this.#page(place, STEP);
      const edge = side === "older" ? firstPosition(this.items) : lastPosition(this.items);
      const joins = generation === this.#generation && "pos" in place && edge === place.pos;
      if (joins && side === "newer" && !part.newer) this.head = part.head;
      if (joins) this.#stretch = trimmed(side === "older" ? before(this.#stretch, part) : after(this.#stretch, part), ITEMS_MAX, side);
    } finally {
      this.loading = null;
    }
  }

  #put(part: Timeline): void {
    this.#stretch = { items: reused(this.items, part.items), more: part.more, newer: part.newer };
    if (!part.newer) this.head = part.head;
    this.loaded = true;
  }

  /** At the foot the newest ones; further up the middle of what is on screen. */
  #spot(): Place {
    const seen = this.#seen;
    if (seen === null || (seen.foot && !this.newer)) return { at: "newest" };
    return { at: "around", pos: Math.floor((seen.from + seen.to) / 2) };
  }

  #extent(): number {
    const shown = this.#seen?.count ?? 0;
    const foot = this.#seen?.foot !== false;
    return Math.min(PAGE_MAX, Math.max(PAGE, (foot ? shown : shown * 2) + MARGIN * (foot ? 1 : 2)));
  }
}
