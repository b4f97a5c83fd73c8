// Short lines at the foot of the window: a refusal with its sentence, or that something was done.

import type { ErrorView } from "../backend/bindings";

/** `act`: what can still be done about it, like Undo. */
export type Notice = { id: number; text: string; error: ErrorView | null; act: { text: string; run: () => void } | null };

const NOTICES_MAX = 3;
const SHOWN_MS = 8_000;

export class Notices {
  list = $state<Notice[]>([]);
  #next = 1;

  /** Says that something was done; goes by itself. */
  say(text: string): void {
    const id = this.#push({ text, error: null, act: null });
    setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  /** Says that something was done and offers to undo it, or to do something about it, for as long as it stands there. */
  offer(text: string, label: string, undo: () => void): void {
    const id = this.#push({ text, error: null, act: null });
    const run = () => {
      this.dismiss(id);
      undo();
    };
    this.list = this.list.map((notice) => (notice.id === id ? { ...notice, act: { text: label, run } } : notice));
    setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  /** The same, unless it stands there already. */
  offerOnce(text: string, label: string, run: () => void): void {
    if (!this.list.some((notice) => notice.text === text)) this.offer(text, label, run);
  }

  /** Tells of a refusal; stays until it is dismissed. */
  refuse(error: ErrorView): void {
    if (this.list.some((notice) => notice.error?.code === error.code)) return;
    this.#push({ text: "", error, act: null });
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  #push(notice: Omit<Notice, "id">): number {
    const id = this.#next++;
    this.list = [...this.list, { id, ...notice }].slice(-NOTICES_MAX);
    return id;
  }
}
