// The parts of a window that its first screen does without. Each is fetched when it is first shown, or once the window
// rests, so that the first screen is there sooner.

import type { Component } from "svelte";

type Props = Record<string, any>;

/** A component that is fetched once. */
export class Part<P extends Props> {
  /** Nothing: it is not here yet. */
  now = $state.raw<Component<P> | null>(null);
  #load: () => Promise<{ default: Component<P> }>;
  #coming: Promise<void> | null = null;

  constructor(load: () => Promise<{ default: Component<P> }>) {
    this.#load = load;
  }

  fetch(): Promise<void> {
    this.#coming ??= this.#load().then((part) => void (this.now = part.default));
    return this.#coming;
  }
}

export const parts = {
  dialogs: new Part(() => import("../rooms/RoomDialogs.svelte")),
  help: new Part(() => import("./HelpDialog.svelte")),
  lightbox: new Part(() => import("../chat/Lightbox.svelte")),
  search: new Part(() => import("../chat/SearchBar.svelte")),
  files: new Part(() => import("../folder/FolderPane.svelte")),
  transfers: new Part(() => import("../transfers/TransfersPane.svelte")),
  settings: new Part(() => import("../settings/SettingsPane.svelte")),
};

/** All of them, one after the other: whoever works in the window meanwhile waits for none for long. */
export async function fetchParts(): Promise<void> {
  for (const part of Object.values(parts)) await part.fetch();
}
