// A film or a sound that is played from the folder: nothing is fetched before somebody plays it, one plays at a time in a
// window, and it goes on where it was left.

import type { EntryId, EntryView, ErrorView } from "../backend/bindings";
import { type Backend, type Playing, Refused } from "../backend/backend";

/** `on`: the page has an address to play from. `cannot`: this computer knows no way to play it. */
export type Stage = "rest" | "asking" | "on" | "failed" | "cannot";

/** Places where films were left are kept for so many. */
const LEFT_MAX = 64;
const left = new Map<EntryId, number>();
/** The one that plays now. */
let playing: Film | null = null;

export class Film {
  stage = $state<Stage>("rest");
  /** Why nothing comes. */
  error = $state.raw<ErrorView | null>(null);
  url = $state<string | null>(null);
  readonly entry: EntryView;

  #backend: Backend;
  #held: Playing | null = null;
  #over = false;
  #pause: () => void = () => undefined;

  constructor(backend: Backend, entry: EntryView) {
    this.#backend = backend;
    this.entry = entry;
  }

  /** Where it was left, in seconds. */
  get from(): number {
    return left.get(this.entry.id) ?? 0;
  }

  /** Asks for an address; again after a failure. */
  async begin(): Promise<void> {
    if (this.stage === "asking" || this.stage === "on") return;
    this.stage = "asking";
    this.error = null;
    try {
      const held = await this.#backend.play(this.entry.id);
      if (this.#over) return void this.#backend.playEnd(held.number).catch(() => undefined);
      this.#held = held;
      this.url = held.url;
      this.stage = "on";
    } catch (thrown) {
      this.error = Refused.from(thrown).view;
      this.stage = "failed";
    }
  }

  /** It plays: whatever else plays in this window stops. */
  plays(pause: () => void): void {
    if (playing && playing !== this) playing.#pause();
    this.#pause = pause;
    playing = this;
  }

  at(seconds: number): void {
    left.delete(this.entry.id);
    if (seconds <= 0) return;
    left.set(this.entry.id, seconds);
    for (const id of left.keys()) if (left.size > LEFT_MAX) left.delete(id);
  }

  /** The element gave up: nothing came, or it cannot play what came. */
  async broke(): Promise<void> {
    const held = this.#held;
    if (!held) return;
    let error: ErrorView | null;
    try {
      error = (await this.#backend.playing(held.number)).error;
    } catch (thrown) {
      error = Refused.from(thrown).view;
    }
    if (this.#held !== held) return;
    this.rest();
    this.error = error;
    this.stage = error === null ? "cannot" : error.code === "gone" ? "rest" : "failed";
  }

  /** Back to the beginning: no address, nothing more is fetched. */
  rest(): void {
    const held = this.#held;
    this.#held = null;
    this.url = null;
    this.stage = "rest";
    if (playing === this) playing = null;
    if (held) void this.#backend.playEnd(held.number).catch(() => undefined);
  }

  /** Nobody looks at it any more. */
  leave(): void {
    this.#over = true;
    this.rest();
  }
}

/** Seconds as people read them beside a film: `0:07`, `1:02:30`. */
export function timeOf(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const two = (n: number) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
