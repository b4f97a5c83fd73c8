// Tells tests when the window rests: no call to the backend is open and what it brought is drawn.

import { tick } from "svelte";
import type { Backend } from "../backend/backend";

/** Longest wait for a frame: a window that is not visible draws none. */
const FRAME_MS_MAX = 60;

export class Idle {
  #open = 0;
  #stopped = false;

  constructor() {
    document.documentElement.dataset.idle = "false";
  }

  begin(): void {
    this.#open += 1;
    document.documentElement.dataset.idle = "false";
  }

  end(): void {
    this.#open -= 1;
    if (this.#open === 0) void this.#settle();
  }

  /** This window's state is gone: what still ends says nothing any more. */
  stop(): void {
    this.#stopped = true;
  }

  /** Runs something as one open call. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.begin();
    try {
      return await work();
    } finally {
      this.end();
    }
  }

  /** The backend, with each of its calls counted. */
  counted(backend: Backend): Backend {
    const during = <T>(work: () => Promise<T>) => this.during(work);
    return new Proxy(backend, {
      get(target, name: keyof Backend) {
        const method = target[name];
        // Addresses are answered at once: there is no call to count.
        if (typeof method !== "function" || name === "on" || name.endsWith("Url")) return method;
        return (...args: never[]) => during(() => (method as (...all: never[]) => Promise<unknown>).apply(target, args));
      },
    });
  }

  async #settle(): Promise<void> {
    await tick();
    await new Promise<void>((done) => {
      const timer = setTimeout(done, FRAME_MS_MAX);
      requestAnimationFrame(() => {
        clearTimeout(timer);
        done();
      });
    });
    if (this.#open === 0 && !this.#stopped) document.documentElement.dataset.idle = "true";
  }
}
