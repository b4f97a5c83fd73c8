// What the composer is about to do: send something new, answer a message, or change one. The draft is apart from both.

import type { Item, MessageId, ReplyTarget } from "../../backend/bindings";

export type Answering = { target: ReplyTarget; key: string; pos: number | null; name: string; mine: boolean; quote: string };
export type Editing = { id: MessageId; key: string; before: string; text: string };

export class Writing {
  answering = $state.raw<Answering | null>(null);
  editing = $state.raw<Editing | null>(null);
  /** Counts wishes for the composer's focus. */
  wanted = $state(0);

  focus(): void {
    this.wanted += 1;
  }

  answer(item: Item): void {
    const { kind } = item;
    if (kind.type !== "message" && kind.type !== "upload") return;
    const target: ReplyTarget = kind.type === "message" ? { to: "message", id: kind.id } : { to: "upload", id: kind.upload };
    const quote = kind.type === "message" ? (kind.text ?? "") : kind.name;
    this.editing = null;
    this.answering = { target, key: item.key, pos: item.pos, name: item.by_name, mine: item.mine, quote };
    this.focus();
  }

  edit(item: Item): void {
    const { kind } = item;
    if (kind.type !== "message" || !kind.may_edit || kind.text === null) return;
    this.editing = { id: kind.id, key: item.key, before: kind.text, text: kind.text };
    this.focus();
  }

  write(text: string): void {
    if (this.editing) this.editing = { ...this.editing, text };
  }

  /** Lets go of what stands above the composer; answers whether there was something. */
  cancel(): boolean {
    const had = this.editing !== null || this.answering !== null;
    if (this.editing) this.editing = null;
    else this.answering = null;
    return had;
  }
}
