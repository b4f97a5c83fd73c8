// Files that wait in the composer for a message to go with. The shell holds them; the page has a number and names.

import type { RoomId } from "../../backend/bindings";
import type { Backend, HeldFile } from "../../backend/backend";

/** What was picked, pasted or dropped in one go: the shell holds it under one number. */
export type Bundle = { drop: number; files: HeldFile[] };

export class Tray {
  bundles = $state.raw<Bundle[]>([]);
  count = $derived(this.bundles.reduce((sum, bundle) => sum + bundle.files.length, 0));
  bytes = $derived(this.bundles.reduce((sum, { files }) => sum + files.reduce((all, file) => all + file.bytes, 0), 0));

  #backend: Backend;
  #room: RoomId;

  constructor(backend: Backend, room: RoomId) {
    this.#backend = backend;
    this.#room = room;
  }

  async add(drop: number): Promise<void> {
    const { files } = await this.#backend.held(drop);
    if (files.length > 0) this.bundles = [...this.bundles, { drop, files }];
  }

  /** The system's dialog. */
  async pick(): Promise<void> {
    const drop = await this.#backend.pickHeld(this.#room);
    if (drop !== null) await this.add(drop);
  }

  /** What lies on the clipboard; answers whether it was something. */
  async paste(): Promise<boolean> {
    const drop = await this.#backend.paste();
    if (drop !== null) await this.add(drop);
    return drop !== null;
  }

  /** One file goes; the others stay, under their own numbers. */
  async remove(drop: number, index: number): Promise<void> {
    const left = this.bundles.map((bundle) => (bundle.drop === drop ? { ...bundle, files: bundle.files.filter((file) => file.index !== index) } : bundle));
    this.bundles = left.filter((bundle) => bundle.files.length > 0);
    await this.#backend.heldRelease(drop, index);
  }

  /** Sends them into the room's folder. What is refused stays in the tray. */
  async send(): Promise<void> {
    for (const { drop } of this.bundles) {
      await this.#backend.dropOn(drop, this.#room, null);
      this.bundles = this.bundles.filter((bundle) => bundle.drop !== drop);
    }
  }

  async clear(): Promise<void> {
    const drops = this.bundles.map((bundle) => bundle.drop);
    this.bundles = [];
    await Promise.all(drops.map((drop) => this.#backend.heldRelease(drop, null)));
  }
}
