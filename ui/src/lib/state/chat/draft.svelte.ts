// What is being written in one room; kept by the engine soon after each change, through restarts.

import type { RoomId } from "../../backend/bindings";
import { ask, tell } from "../../backend/ask";
import type { Backend } from "../../backend/backend";
import type { Idle } from "../idle";

const KEEP_AFTER_MS = 400;

export class Draft {
  text = $state("");

  #backend: Backend;
  #room: RoomId;
  #idle: Idle;
  #kept = "";
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(backend: Backend, room: RoomId, idle: Idle) {
    this.#backend = backend;
    this.#room = room;
    this.#idle = idle;
  }

  async load(): Promise<void> {
    const kept = await ask(this.#backend, "text", { do: "draft", room: this.#room });
    this.#kept = kept ?? "";
    if (this.text === "") this.text = this.#kept;
  }

  write(text: string): void {
    this.text = text;
    if (this.#timer) clearTimeout(this.#timer);
    else this.#idle.begin();
    this.#timer = setTimeout(() => void this.keep(), KEEP_AFTER_MS);
  }

  clear(): void {
    this.text = "";
  }

  /** Keeps it now. A refusal here is not worth a word: the text is still on screen and the next change tries again. */
  async keep(): Promise<void> {
    const armed = this.#timer !== null;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    try {
      if (this.text !== this.#kept) {
        const text = this.text;
        await tell(this.#backend, { do: "draft_set", room: this.#room, text });
        this.#kept = text;
      }
    } catch {
      this.#kept = "\u0000";
    } finally {
      if (armed) this.#idle.end();
    }
  }
}
