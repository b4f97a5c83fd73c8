// Messages on their way out: shown as deleted at once, told to the server after eight seconds unless it is undone.
//
// Rule: nothing is taken back from a server that has forgotten it, so the wait is here. A room or a window that is left
// tells the server at once, so that what was deleted is never there again.

import { SvelteMap } from "svelte/reactivity";
import type { MessageId } from "../../backend/bindings";

export const UNDO_MS = 8_000;

export class Going {
  #timers = new SvelteMap<MessageId, ReturnType<typeof setTimeout>>();
  #send: (id: MessageId) => Promise<unknown>;

  constructor(send: (id: MessageId) => Promise<unknown>) {
    this.#send = send;
  }

  has(id: MessageId): boolean {
    return this.#timers.has(id);
  }

  delete(id: MessageId): void {
    if (this.#timers.has(id)) return;
    this.#timers.set(id, setTimeout(() => void this.#tell(id), UNDO_MS));
  }

  undo(id: MessageId): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  /** Tells the server of all of them now. */
  async flush(): Promise<void> {
    await Promise.all([...this.#timers.keys()].map((id) => this.#tell(id)));
  }

  async #tell(id: MessageId): Promise<void> {
    clearTimeout(this.#timers.get(id));
    try {
      await this.#send(id);
    } finally {
      // A refusal shows the message again; done, the timeline says itself that it is deleted.
      this.#timers.delete(id);
    }
  }
}
