// What a person chose about the look and the behaviour of the windows; kept by the engine, the same in each window.

import { ask, tell } from "../backend/ask";
import type { Backend } from "../backend/backend";
import { languageOf, languages, type Words } from "../i18n/i18n.svelte";

export const skins = ["daylight", "midnight", "persimmon", "bluehour"] as const;

/** Each setting with what it can be; of those with a first value in `ABSENT`, that one holds until another is chosen. */
const CHOICES = {
  language: languages,
  skin: skins,
  density: ["compact", "roomy"],
  "text.size": ["90", "100", "115", "130"],
  motion: ["system", "reduced"],
  "chat.activity": ["all", "changes", "off"],
  notify: ["all", "mentions", "none"],
  "tray.close": ["hide", "quit"],
  "rooms.open": ["window", "list"],
} as const;

type Name = keyof typeof CHOICES;
type Choice<N extends Name> = (typeof CHOICES)[N][number];
export type Skin = Choice<"skin">;
/** Which file activity stands in the chats. */
export type Activity = Choice<"chat.activity">;

/** Values by key, of those that are set. */
export type Kept = { [key in string]?: string };

export class Settings {
  #kept = $state.raw<Kept>({});

  /** Nothing: as the system. */
  language = $derived(this.#chosen("language"));
  skin = $derived(this.#chosen("skin"));
  density = $derived(this.#chosen("density") ?? "compact");
  textSize = $derived(this.#chosen("text.size") ?? "100");
  motion = $derived(this.#chosen("motion") ?? "system");
  activity = $derived(this.#chosen("chat.activity") ?? "all");
  notify = $derived(this.#chosen("notify") ?? "all");
  closing = $derived(this.#chosen("tray.close") ?? "hide");
  roomsOpen = $derived(this.#chosen("rooms.open") ?? "window");

  #backend: Backend;
  #words: Words;
  #dark = window.matchMedia?.("(prefers-color-scheme: dark)");

  constructor(backend: Backend, words: Words) {
    this.#backend = backend;
    this.#words = words;
    this.#dark?.addEventListener("change", () => this.#apply());
  }

  /** All settings as they are kept now. */
  take(kept: Kept): void {
    this.#kept = kept;
    this.#apply();
  }

  /** One of them changed, here or in another window. */
  async load(key: string): Promise<void> {
    const value = await ask(this.#backend, "text", { do: "setting_get", key });
    this.take({ ...this.#kept, [key]: value ?? undefined });
  }

  /** Takes effect at once; a refusal takes it back. Nothing: as the system. */
  set = <N extends Name>(key: N, value: Choice<N> | null) => this.keep(key, value);

  /** Any of them, as it is kept; nothing: not set. */
  kept = (key: string): string | null => this.#kept[key] ?? null;
  /** All that are set whose key begins so. */
  beginning = (with_: string): string[] => Object.keys(this.#kept).filter((key) => key.startsWith(with_) && this.#kept[key] !== undefined);

  async keep(key: string, value: string | null): Promise<void> {
    const before = this.#kept;
    this.#kept = { ...before, [key]: value ?? undefined };
    this.#apply();
    try {
      await tell(this.#backend, { do: "setting_set", key, value });
    } catch (thrown) {
      this.#kept = before;
      this.#apply();
      throw thrown;
    }
  }

  /** A value that this version does not know counts as none. */
  #chosen<N extends Name>(key: N): Choice<N> | null {
    const among: readonly Choice<N>[] = CHOICES[key];
    return among.find((one) => one === this.#kept[key]) ?? null;
  }

  #apply(): void {
    const root = document.documentElement;
    root.dataset.skin = this.skin ?? (this.#dark?.matches ? "midnight" : "daylight");
    root.dataset.density = this.density;
    root.dataset.text = this.textSize;
    root.dataset.motion = this.motion === "reduced" ? "off" : "on";
    this.#words.language = this.language ?? languageOf(this.#words.system);
    root.lang = this.#words.language;
  }
}
