// How fast something moves, from positions seen over time: smoothed, and silent about the rest until it is steady.

const WINDOW_MS = 5_000;
const STEADY_MS = 3_000;

type Seen = { at: number; done: number };

export class Pace {
  #seen: Seen[] = [];

  /** Notes a position. One that lies before the last (a restart) begins anew. */
  note(at: number, done: number): void {
    const last = this.#seen.at(-1);
    if (last && done < last.done) this.#seen = [];
    this.#seen.push({ at, done });
    while (this.#seen.length > 2 && at - (this.#seen[0]?.at ?? at) > WINDOW_MS) this.#seen.shift();
  }

  /** Bytes a second over the last seconds, or nothing yet. */
  rate(): number | null {
    const first = this.#seen[0];
    const last = this.#seen.at(-1);
    if (!first || !last || last.at - first.at < 400) return null;
    return ((last.done - first.done) * 1000) / (last.at - first.at);
  }

  /** Seconds to the end, told only after three steady seconds. */
  left(total: number): number | null {
    const first = this.#seen[0];
    const last = this.#seen.at(-1);
    const rate = this.rate();
    if (!first || !last || rate === null || rate <= 0 || last.at - first.at < STEADY_MS) return null;
    return (total - last.done) / rate;
  }
}
