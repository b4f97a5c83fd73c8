// What a person chose about the look and the behaviour of the windows; kept by the engine, the same in each window.

import { ask, tell } from "../backend/ask";
import { type Backend, Refused } from "../backend/backend";
import { languageOf, languages, type Words } from "../i18n/i18n.svelte";
import { keptSkin, type OwnSkin, readSkin, writeSkin } from "../skin/file";
import { wear } from "../skin/wear";

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
/** Skins that a person brought along: as many as there are places, which follow them to every computer. */
const OWN = [1, 2, 3, 4, 5, 6, 7, 8].map((place) => `own.${place}` as const);
export type OwnPlace = (typeof OWN)[number];
/** Which file activity stands in the chats. */
export type Activity = Choice<"chat.activity">;

/** Values by key, of those that are set. */
export type Kept = { [key in string]?: string };

export class Settings {
  #kept = $state.raw<Kept>({});

  /** Nothing: as the system. */
  language = $derived(this.#chosen("language"));
  own = $derived(OWN.flatMap((place) => keptAt(this.#kept, place)));
  skin = $derived<Skin | OwnPlace | null>(this.#chosen("skin") ?? this.own.find(({ place }) => place === this.#kept.skin)?.place ?? null);
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

  /** Puts on a skin that the person brought along. */
  wear(place: OwnPlace): Promise<void> {
    return this.keep("skin", place);
  }

  /**
   * The system's dialog for the file of a skin, which is kept and put on. Answers which inks were moved so that they can be
   * read; nothing: closed without a choice. Throws a `SkinRefused` where the file is no skin.
   */
  async bringSkin(): Promise<{ skin: OwnSkin; moved: string[] } | null> {
    const text = await this.#backend.pickSkin();
    if (text === null) return null;
    const { readable } = await import("../skin/readable");
    const brought = readable(readSkin(text));
    // The same skin once more takes the place of its former self.
    const held = this.own.find(({ skin }) => skin.name === brought.skin.name)?.place;
    const place = held ?? OWN.find((one) => !this.own.some((taken) => taken.place === one));
    if (!place) throw new Refused({ code: "too_many", message: "every place for a skin is taken", retry: "on_change" });
    await this.keep(`skin.${place}`, writeSkin(brought.skin));
    await this.wear(place);
    return brought;
  }

  /** Takes off a skin where it is worn, and forgets it. Answers how it is brought back. */
  async dropSkin(place: OwnPlace): Promise<() => Promise<void>> {
    const [worn, text] = [this.#kept.skin === place, this.#kept[`skin.${place}`] ?? null];
    if (worn) await this.set("skin", null);
    await this.keep(`skin.${place}`, null);
    return async () => {
      await this.keep(`skin.${place}`, text);
      if (worn) await this.wear(place);
    };
  }

  async keep(key: string, value: string | null): Promise<void> {
    const before = this.#kept[key];
    this.#lay(key, value ?? undefined);
    try {
      await tell(this.#backend, { do: "setting_set", key, value });
    } catch (thrown) {
      this.#lay(key, before);
      throw thrown;
    }
  }

  #lay(key: string, value: string | undefined): void {
    this.take({ ...this.#kept, [key]: value });
  }

  /** A value that this version does not know counts as none. */
  #chosen<N extends Name>(key: N): Choice<N> | null {
    const among: readonly Choice<N>[] = CHOICES[key];
    return among.find((one) => one === this.#kept[key]) ?? null;
  }

  #apply(): void {
    const root = document.documentElement;
    const own = this.own.find(({ place }) => place === this.skin)?.skin ?? null;
    root.dataset.skin = own?.base ?? this.skin ?? (this.#dark?.matches ? "midnight" : "daylight");
    wear(root, own);
    root.dataset.density = this.density;
    root.dataset.text = this.textSize;
    root.dataset.motion = this.motion === "reduced" ? "off" : "on";
    this.#words.language = this.language ?? languageOf(this.#words.system);
    root.lang = this.#words.language;
  }
}

function keptAt(kept: Kept, place: OwnPlace): { place: OwnPlace; skin: OwnSkin }[] {
  const skin = keptSkin(kept[`skin.${place}`]);
  return skin ? [{ place, skin }] : [];
}
