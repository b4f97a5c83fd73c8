// Runs one reading at a time; wishes that come meanwhile become a single further run.

export class Latest {
  #running: Promise<void> | null = null;
  #again = false;
  #generation = 0;

  /** Another run is needed after the present one. */
  again(): void {
    this.#again = true;
  }

  /** `current` says inside the work whether its answer still counts. */
  run(work: (current: () => boolean) => Promise<void>): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#loop(work);
    return this.#running;
  }

  /** Answers that are still under way no longer count. */
  stop(): void {
    this.#generation += 1;
    this.#again = false;
  }

  async #loop(work: (current: () => boolean) => Promise<void>): Promise<void> {
    try {
      do {
        this.#again = false;
        const generation = this.#generation;
        await work(() => generation === this.#generation);
      } while (this.#again);
    } finally {
      // In the same breath as the last look at `#again`: a wish in between would be lost.
      this.#running = null;
    }
  }
}
