// The transfer queue as shown: the engine's rows, and the pace of each that moves.

import { SvelteMap } from "svelte/reactivity";
import type { TransferId, TransferView } from "../backend/bindings";
import { ask, tell } from "../backend/ask";
import type { Backend } from "../backend/backend";
import { Pace } from "../pace";

/** Whether nothing more happens to it. */
export function ended(transfer: TransferView): boolean {
  return ["done", "failed", "cancelled"].includes(transfer.state.state);
}

export class Transfers {
  #rows = new SvelteMap<TransferId, TransferView>();
  #paces = new Map<TransferId, Pace>();
  #backend: Backend;

  list = $derived([...this.#rows.values()].toSorted(byNeed));
  open = $derived(this.list.filter((transfer) => !ended(transfer)));
  moving = $derived(this.open.filter((transfer) => transfer.state.state === "moving"));
  up = $derived(rateOf(this.moving, "up"));
  down = $derived(rateOf(this.moving, "down"));

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async load(): Promise<void> {
    const rows = await ask(this.#backend, "transfers", { do: "transfers" });
    const ids = new Set(rows.map((row) => row.id));
    for (const id of this.#rows.keys()) if (!ids.has(id)) this.#rows.delete(id);
    for (const row of rows) this.put(row);
  }

  clear(): void {
    this.#rows.clear();
    this.#paces.clear();
  }

  put(row: TransferView): void {
    this.#rows.set(row.id, row);
    if (row.state.state !== "moving") {
      this.#paces.delete(row.id);
      return;
    }
    const pace = this.#paces.get(row.id) ?? new Pace();
    pace.note(Date.now(), row.done);
    this.#paces.set(row.id, pace);
  }

  find(id: TransferId | null): TransferView | null {
    return id === null ? null : (this.#rows.get(id) ?? null);
  }

  /** Seconds left, once it has been steady. */
  left(row: TransferView): number | null {
    return this.#paces.get(row.id)?.left(row.total) ?? null;
  }

  /** Seconds until everything that moves is there, once each of them is steady. */
  allLeft(): number | null {
    const times = this.moving.map((row) => this.left(row));
    return times.length === 0 || times.includes(null) ? null : Math.max(...times.map((time) => time ?? 0));
  }

  /** What goes on by itself, and what a person stopped. */
  pausable = $derived(this.open.filter((row) => row.state.state === "moving" || (row.state.state === "waiting" && row.state.for !== "person")));
  paused = $derived(this.open.filter((row) => row.state.state === "paused"));

  /** Stops everything that goes on, or, if nothing does, lets what was stopped go on. */
  async toggleAll(): Promise<void> {
    if (this.pausable.length > 0) await Promise.all(this.pausable.map((row) => this.pause(row.id)));
    else await Promise.all(this.paused.map((row) => this.resume(row.id)));
  }

  pause = (id: TransferId) => tell(this.#backend, { do: "transfer_pause", id });
  resume = (id: TransferId) => tell(this.#backend, { do: "transfer_resume", id });
  cancel = (id: TransferId) => tell(this.#backend, { do: "transfer_cancel", id });
  retry = (id: TransferId) => tell(this.#backend, { do: "transfer_retry", id });
}

function byNeed(a: TransferView, b: TransferView): number {
  return Number(ended(a)) - Number(ended(b)) || b.created_at - a.created_at || (a.id < b.id ? 1 : -1);
}

function rateOf(moving: TransferView[], direction: TransferView["direction"]): number {
  return moving.filter((row) => row.direction === direction).reduce((sum, row) => sum + (row.rate ?? 0), 0);
}
