// What jsdom leaves out of a browser and the components stand on.

import { configure } from "@testing-library/svelte";
import { afterEach, beforeAll } from "vitest";
import { fetchParts } from "../src/components/frame/parts.svelte";
import { views } from "../src/views/views.svelte";

// A wait ends as soon as the state is there; the limit is for a busy machine.
configure({ asyncUtilTimeout: 20_000 });

class Watch implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.ResizeObserver ??= Watch;
window.matchMedia ??= ((query: string) => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  addListener: () => undefined,
  removeListener: () => undefined,
  dispatchEvent: () => false,
})) as typeof window.matchMedia;

HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
document.elementFromPoint ??= () => null;
document.hasFocus = () => true;
Object.defineProperty(window, "innerWidth", { value: 1280, writable: true });

// A person meets a window that rests: all its parts are there.
beforeAll(async () => {
  await fetchParts();
  for (const view of Object.values(views)) await view.fetch();
});

afterEach(() => {
  document.body.replaceChildren();
});
