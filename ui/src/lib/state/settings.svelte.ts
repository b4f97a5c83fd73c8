// What a person chose about the look and the behaviour of the windows; kept by the engine, the same in each window.

import { ask, tell } from "../backend/ask";
import type { Backend } from "../backend/backend";
import { type Language, languageOf, languages, type Words } from "../i18n/i18n.svelte";

export type Skin = "daylight" | "midnight";
export type Activity = "all" | "changes" | "off";
export type RoomsOpen = "window" | "list";

export class Settings {
  /** Nothing: as the system. */
  language = $state<Language | null>(null);
  skin = $state<Skin | null>(null);
  roomsOpen = $state<RoomsOpen>("window");
  /** Which file activity stands in the chats. */
  activity = $state<Activity>("all");

  #backend: Backend;
  #words: Words;
  #dark = window.matchMedia?.("(prefers-color-scheme: dark)");

  constructor(backend: Backend, words: Words) {
    this.#backend = backend;
    this.#words = words;
    this.#dark?.addEventListener("change", () => this.#apply());
  }

  async load(): Promise<void> {
    const [language, skin, open, activity] = await Promise.all(["language", "skin", "rooms.open", "chat.activity"].map((key) => this.#get(key)));
    this.language = languages.find((one) => one === language) ?? null;
    this.skin = skin === "daylight" || skin === "midnight" ? skin : null;
    this.roomsOpen = open === "list" ? "list" : "window";
    this.activity = activity === "changes" || activity === "off" ? activity : "all";
    this.#apply();
  }

  async setLanguage(language: Language | null): Promise<void> {
    this.language = language;
    this.#apply();
    await this.#set("language", language);
  }

  async setSkin(skin: Skin | null): Promise<void> {
    this.skin = skin;
    this.#apply();
    await this.#set("skin", skin);
  }

  async setRoomsOpen(open: RoomsOpen): Promise<void> {
    this.roomsOpen = open;
    await this.#set("rooms.open", open);
  }

  async setActivity(activity: Activity): Promise<void> {
    this.activity = activity;
    await this.#set("chat.activity", activity === "all" ? null : activity);
  }

  #get(key: string): Promise<string | null> {
    return ask(this.#backend, "text", { do: "setting_get", key });
  }

  async #set(key: string, value: string | null): Promise<void> {
    await tell(this.#backend, { do: "setting_set", key, value });
  }

  #apply(): void {
    const root = document.documentElement;
    root.dataset.skin = this.skin ?? (this.#dark?.matches ? "midnight" : "daylight");
    this.#words.language = this.language ?? languageOf(this.#words.system);
    root.lang = this.#words.language;
  }
}
