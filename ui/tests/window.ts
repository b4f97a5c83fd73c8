// One window of Pod over the fake, and the ways a person acts on it.

import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import App from "../src/App.svelte";
import { type Fake, fakeBackend, type FakeOptions } from "../src/lib/backend/fake";

export { fireEvent, screen, waitFor, within };

/** Waits until no call is open and what came is drawn. */
export const idle = () => waitFor(() => {
  if (document.documentElement.dataset.idle !== "true") throw new Error("not idle");
}, { timeout: 20_000 });

export async function open(options: FakeOptions = {}): Promise<Fake> {
  const fake = fakeBackend(options);
  render(App, { backend: fake });
  await idle();
  return fake;
}

export const all = (id: string, root: ParentNode = document): HTMLElement[] => [...root.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)];

export function one(id: string, root: ParentNode = document): HTMLElement {
  const found = all(id, root)[0];
  if (!found) throw new Error(`no ${id} on screen`);
  return found;
}

export async function click(id: string, root: ParentNode = document): Promise<void> {
  await fireEvent.click(one(id, root));
  await idle();
}

export async function write(id: string, text: string): Promise<void> {
  await fireEvent.input(one(id), { target: { value: text } });
}

/** What was just opened asks for more only once it is drawn. */
const drawn = () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));

export async function openRoom(name: string): Promise<void> {
  const row = all("room").find((room) => room.textContent?.includes(name));
  if (!row) throw new Error(`no room ${name}`);
  await fireEvent.click(row);
  await idle();
  await drawn();
}
