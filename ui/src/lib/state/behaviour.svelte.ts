// How transfers behave: what they do by themselves, how fast they may be, where received files go. Kept by the engine.

import { ask, tell } from "../backend/ask";
import type { Backend } from "../backend/backend";
import type { Kept } from "./settings.svelte";

export type Rule = "retransfer" | "receive" | "forward";
export type Limit = "up_limit" | "down_limit";

/** Seconds one waits for an answer. */
export const WAIT = { least: 1, first: 10, most: 600 } as const;
/** Bytes a second that are offered as limits. */
export const LIMITS = [250e3, 500e3, 1e6, 2e6, 4e6, 8e6, 16e6, 32e6] as const;

export class Behaviour {
  #kept = $state.raw<Kept>({});
  #backend: Backend;

  retransfer = $derived(this.#kept["transfers.retransfer"] !== "off");
  receive = $derived(this.#kept["transfers.receive"] !== "off");
  forward = $derived(this.#kept["transfers.forward"] !== "off");
  paused = $derived(this.#kept["transfers.paused"] === "on");
  wait = $derived(waitOf(this.#kept["transfers.wait_s"]));
  /** Bytes a second; nothing: no limit. */
  up_limit = $derived(limitOf(this.#kept["transfers.up_limit"]));
  down_limit = $derived(limitOf(this.#kept["transfers.down_limit"]));
  /** Nothing: a folder for each person, among the downloads. */
  folder = $derived(this.#kept["transfers.folder"] ?? null);

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** All settings as they are kept now. */
  take(kept: Kept): void {
    this.#kept = kept;
  }

  /** One of them changed, here or in another window. */
  async load(key: string): Promise<void> {
    const value = await ask(this.#backend, "text", { do: "setting_get", key });
    this.#kept = { ...this.#kept, [key]: value ?? undefined };
  }

  setRule = (rule: Rule, on: boolean) => this.#set(`transfers.${rule}`, on ? "on" : "off");
  setWait = (seconds: number) => this.#set("transfers.wait_s", String(Math.min(WAIT.most, Math.max(WAIT.least, Math.round(seconds)))));
  setLimit = (limit: Limit, bytes: number | null) => this.#set(`transfers.${limit}`, bytes === null ? null : String(bytes));
  pickFolder = () => this.#backend.pickTransfersFolder();
  /** Back to a folder for each person. */
  dropFolder = () => this.#set("transfers.folder", null);

  /** Stops everything, or lets everything go on. */
  async pauseAll(paused: boolean): Promise<void> {
    await tell(this.#backend, { do: "transfers_pause", paused });
    this.#kept = { ...this.#kept, "transfers.paused": paused ? "on" : "off" };
  }

  toggleAll = () => this.pauseAll(!this.paused);

  /** Takes effect at once; a refusal takes it back. */
  async #set(key: string, value: string | null): Promise<void> {
    const before = this.#kept;
    this.#kept = { ...before, [key]: value ?? undefined };
    try {
      await tell(this.#backend, { do: "setting_set", key, value });
    } catch (thrown) {
      this.#kept = before;
      throw thrown;
    }
  }
}

function waitOf(text: string | undefined): number {
  const seconds = Number(text);
  return Number.isInteger(seconds) && seconds >= WAIT.least && seconds <= WAIT.most ? seconds : WAIT.first;
}

function limitOf(text: string | undefined): number | null {
  const bytes = Number(text);
  return Number.isInteger(bytes) && bytes > 0 ? bytes : null;
}
