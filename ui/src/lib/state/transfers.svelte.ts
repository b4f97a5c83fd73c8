// The transfer queue as shown: the engine's rows, and the pace of each that moves.

import { SvelteMap } from "svelte/reactivity";
import type { AccountId, TransferId, TransferOptions, TransferView } from "../backend/bindings";
import { tell } from "../backend/ask";
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

  /** All of them, as they are now. */
  take(rows: TransferView[]): void {
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
    if (row.state.state !== "moving") return null;
    return row.eta_s ?? this.#paces.get(row.id)?.left(row.total) ?? null;
  }

  /** What moves between oneself and this person, or has in this window. */
  with(account: AccountId): TransferView[] {
    return this.list.filter((row) => row.peer?.account === account);
  }

  /** Seconds until everything that moves is there, once each of them is steady. */
  allLeft(): number | null {
    const times = this.moving.map((row) => this.left(row));
    return times.length === 0 || times.includes(null) ? null : Math.max(...times.map((time) => time ?? 0));
  }

  pause = (id: TransferId) => tell(this.#backend, { do: "transfer_pause", id });
  resume = (id: TransferId) => tell(this.#backend, { do: "transfer_resume", id });
  cancel = (id: TransferId) => tell(this.#backend, { do: "transfer_cancel", id });
  retry = (id: TransferId) => tell(this.#backend, { do: "transfer_retry", id });
  /** The rest goes through the server, now. */
  forward = (id: TransferId) => tell(this.#backend, { do: "transfer_forward", id });
  options = (id: TransferId, options: TransferOptions) => tell(this.#backend, { do: "transfer_options", id, options });

  /** Accepts what broke off, or wants an answer. */
  accept(row: TransferView): Promise<unknown> {
    return row.offer === null ? this.retry(row.id) : tell(this.#backend, { do: "offer_accept", offers: [row.offer], always: false, folder: null });
  }

  /** The same, into a folder that the system's dialog asks for. */
  async acceptElsewhere(row: TransferView): Promise<void> {
    if (row.offer !== null) await this.#backend.acceptInto([row.offer], false);
  }

  openFile = (id: TransferId) => this.#backend.openTransfer(id);
  showFile = (id: TransferId) => this.#backend.showTransfer(id);

  /** Before another one that is open, or last; shown at once. */
  async order(id: TransferId, before: TransferId | null): Promise<void> {
    const rest = this.open.filter((row) => row.id !== id).map((row) => row.id);
    const at = before === null ? rest.length : rest.indexOf(before);
    const ids = rest.toSpliced(at < 0 ? rest.length : at, 0, id);
    const ranks = this.open.map((row) => row.rank);
    for (const [place, one] of ids.entries()) {
      const row = this.#rows.get(one);
      if (row) this.#rows.set(one, { ...row, rank: ranks[place] ?? row.rank });
    }
    await tell(this.#backend, { do: "transfer_order", id, before });
  }

  /** One step up or down in the queue; answers its place, counted from one. */
  async step(id: TransferId, by: 1 | -1): Promise<number | null> {
    const ids = this.open.map((row) => row.id);
    const to = ids.indexOf(id) + by;
    if (to < 0 || to >= ids.length) return null;
    await this.order(id, ids[by === 1 ? to + 1 : to] ?? null);
    return to + 1;
  }
}

/** What is open in the order of the queue, then what is over, the newest first. */
function byNeed(a: TransferView, b: TransferView): number {
  const over = Number(ended(a)) - Number(ended(b));
  const place = ended(a) ? 0 : a.rank - b.rank;
  return over || place || b.created_at - a.created_at || (a.id < b.id ? 1 : -1);
}

function rateOf(moving: TransferView[], direction: TransferView["direction"]): number {
  return moving.filter((row) => row.direction === direction).reduce((sum, row) => sum + (row.rate ?? 0), 0);
}
