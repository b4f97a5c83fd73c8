// The window as a frame: how much room there is, and whether the pod is folded. The shell sizes windows; this asks it to.

import type { Backend } from "../backend/backend";

export type Step = "wide" | "middle" | "narrow" | "compact";

const WIDE = 1120;
const MIDDLE = 860;
const NARROW = 640;
const COMPACT_MAX = 420;
/** A drag of the edge has ended when the size rests this long. */
const REST_MS = 350;
/** As `--d3`: the sheets slide under the list before the window becomes small. */
const SLIDE_MS = 260;

export function stepOf(width: number): Step {
  if (width >= WIDE) return "wide";
  if (width >= MIDDLE) return "middle";
  return width >= NARROW ? "narrow" : "compact";
}

export class Frame {
  width = $state(window.innerWidth);
  /** What the shell says; the layout follows the width alone. */
  folded = $state(false);
  top = $state(false);
  /** The sheets are on their way under the list. */
  sliding = $state(false);

  step = $derived(stepOf(this.width));
  compact = $derived(this.step === "compact");

  #backend: Backend;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #resized = () => this.#measure();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Follows the size of the main window; between the compact pod and the narrowest window it snaps to the pod. */
  watch(): () => void {
    this.width = window.innerWidth;
    window.addEventListener("resize", this.#resized);
    return () => {
      window.removeEventListener("resize", this.#resized);
      if (this.#timer) clearTimeout(this.#timer);
    };
  }

  async fold(folded: boolean): Promise<void> {
    if (folded && !this.compact && moves()) {
      this.sliding = true;
      await new Promise((done) => setTimeout(done, SLIDE_MS));
    }
    try {
      await this.#backend.fold(folded);
      this.folded = folded;
    } finally {
      this.sliding = false;
    }
  }

  toggle = () => this.fold(!this.compact);

  async setTop(on: boolean): Promise<void> {
    await this.#backend.top(on);
    this.top = on;
  }

  #measure(): void {
    this.width = window.innerWidth;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#snap(), REST_MS);
  }

  #snap(): void {
    this.#timer = null;
    if (this.width > COMPACT_MAX && this.width < NARROW) void this.#backend.fold(true).catch(() => undefined);
  }
}

function moves(): boolean {
  return document.documentElement.dataset.motion !== "off" && !window.matchMedia?.("(prefers-reduced-motion: reduce)").matches;
}
