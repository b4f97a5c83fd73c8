// The one thing that floats over a chat: a menu, the emoji, or who has a message. Focus returns to where it came from.

import type { MessageId } from "../../backend/bindings";

type At = { x: number; y: number; key: string };
/** `id` of an emoji float: the message to react to; nothing: it goes into the composer. */
export type Float = At & ({ kind: "menu" } | { kind: "emoji"; id: MessageId | null } | { kind: "marks"; id: MessageId });

export class Floats {
  open = $state.raw<Float | null>(null);
  #back: HTMLElement | null = null;

  show(float: Float): void {
    const held = document.activeElement;
    // From one float to the next, the focus still belongs to what was there before the first.
    if (this.open === null) this.#back = held instanceof HTMLElement ? held : null;
    this.open = float;
  }

  close(): void {
    if (this.open === null) return;
    this.open = null;
    const back = this.#back;
    this.#back = null;
    if (back?.isConnected && back !== document.body) back.focus({ preventScroll: true });
    else document.querySelector<HTMLElement>("[data-testid=composer]")?.focus();
  }

  /** Closed by a press somewhere else, which takes the focus itself. */
  leave(): void {
    this.open = null;
    this.#back = null;
  }
}
