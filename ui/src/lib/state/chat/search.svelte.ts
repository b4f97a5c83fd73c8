// A search in one room: hits newest first, going on into older messages when one walks past the last.

import type { Item, Position, RoomId } from "../../backend/bindings";
import { ask } from "../../backend/ask";
import type { Backend } from "../../backend/backend";

const HITS = 50;
/** How often one wish asks on by itself while nothing is found. */
const STEPS_MAX = 5;

export class ChatSearch {
  open = $state(false);
  text = $state("");
  hits = $state.raw<Item[]>([]);
  /** Which hit is shown; -1: none yet. */
  at = $state(-1);
  more = $state(false);
  /** Everything after this was looked through. */
  reached = $state<Position | null>(null);
  busy = $state(false);
  /** The text that the hits are for. */
  asked = $state("");

  #backend: Backend;
  #room: RoomId;
  #generation = 0;

  constructor(backend: Backend, room: RoomId) {
    this.#backend = backend;
    this.#room = room;
  }

  get hit(): Item | null {
    return this.hits[this.at] ?? null;
  }

  close(): void {
    this.#generation += 1;
    this.open = false;
    this.#reset("");
    this.text = "";
  }

  /** Begins anew with another text; answers the first hit. */
  async begin(text: string): Promise<Item | null> {
    this.#generation += 1;
    this.#reset(text.trim());
    if (this.asked === "") return null;
    await this.#seek(this.#generation);
    return this.#select(0);
  }

  /** One hit further into the past, looking on where the known ones end. */
  async older(): Promise<Item | null> {
    if (this.at + 1 >= this.hits.length && this.more) await this.#seek(this.#generation);
    return this.#select(this.at + 1);
  }

  newer(): Item | null {
    return this.#select(this.at - 1);
  }

  #select(index: number): Item | null {
    if (index < 0 || index >= this.hits.length) return null;
    this.at = index;
    return this.hit;
  }

  /** Asks until something is found, the beginning is reached or it has been enough for one wish. */
  async #seek(generation: number): Promise<void> {
    this.busy = true;
    const known = this.hits.length;
    try {
      for (let step = 0; step < STEPS_MAX && this.hits.length === known; step += 1) {
        const found = await ask(this.#backend, "found", { do: "search", room: this.#room, text: this.asked, before: this.reached, limit: HITS });
        if (generation !== this.#generation) return;
        this.hits = [...this.hits, ...found.items];
        this.more = found.more && found.reached !== null;
        this.reached = found.reached;
        if (!this.more) return;
      }
    } finally {
      if (generation === this.#generation) this.busy = false;
    }
  }

  #reset(text: string): void {
    this.asked = text;
    this.hits = [];
    this.at = -1;
    this.more = false;
    this.reached = null;
    this.busy = false;
  }
}
