// Who edits a file: seen by all, given back, asked for, ended with a reason.

import { expect, it } from "vitest";
import type { LockView } from "../src/lib/backend/bindings";
import { all, click, fireEvent, idle, one, open, waitFor } from "./window";

const FILE = "Permit letter.hwp";
const row = (name: string) => all("entry").find((one) => one.dataset.name === name) as HTMLElement;
const aiko: LockView = { by: "a-aiko", by_name: "Aiko Sato", since: 5, here: false, mine: false };

async function with_lock(lock: LockView | null, role: "owner" | "editor" | "viewer" = "owner") {
  const fake = await open({ folder: "r-fair" });
  const room = fake.world.rooms[0];
  if (!room) throw new Error("there is no room");
  room.view.summary.role = role;
  room.entries = room.entries.map((one) => (one.name === FILE ? { ...one, lock } : one));
  fake.tell({ event: "room", room: room.view.summary });
  fake.tell({ event: "folder", room: "r-fair" });
  await waitFor(() => expect(row(FILE).querySelector("[data-testid=lock]") !== null).toBe(lock !== null));
  await fireEvent.click(row(FILE));
  await idle();
  return fake;
}

async function menu(): Promise<string[]> {
  await fireEvent.contextMenu(row(FILE), { clientX: 5, clientY: 5 });
  await idle();
  return [...document.querySelectorAll("[role=menuitem]")].map((item) => (item as HTMLElement).dataset.testid ?? "");
}

it("a file is locked, seen as such, and given back", async () => {
  const fake = await with_lock(null);
  expect(await menu()).toContain("act-lock");
  await click("act-lock");
  await waitFor(() => expect(row(FILE).textContent).toContain("You edit it"));
  expect(fake.calls).toContainEqual({ do: "lock", entry: row(FILE).dataset.id, minutes: null });
  expect(await menu()).toContain("act-unlock");
  await click("act-unlock");
  await waitFor(() => expect(row(FILE).textContent).not.toContain("You edit it"));
});

it("who edits is said, and asked in the chat by name to let go", async () => {
  const fake = await with_lock(aiko, "editor");
  expect(row(FILE).textContent).toContain("Aiko Sato edits it");
  const items = await menu();
  expect([items.includes("act-ask"), items.includes("act-break"), items.includes("act-lock")]).toEqual([true, false, false]);
  await click("act-ask");
  await waitFor(() => expect(fake.calls.some((call) => call.do === "send" && call.mentions[0] === "a-aiko" && call.text.includes(FILE))).toBe(true));
});

it("who manages the room ends it, with a reason", async () => {
  const fake = await with_lock(aiko);
  expect(await menu()).toContain("act-break");
  await click("act-break");
  await fireEvent.input(one("name-dialog").querySelector("input") as HTMLInputElement, { target: { value: "It is due today" } });
  await click("name-save");
  await waitFor(() => expect(all("name-dialog").length).toBe(0));
  expect(fake.calls).toContainEqual({ do: "lock_break", entry: row(FILE).dataset.id, reason: "It is due today" });
});

it("who may only look sees it and can do nothing about it", async () => {
  await with_lock(aiko, "viewer");
  expect((await menu()).filter((item) => ["act-ask", "act-break", "act-lock"].includes(item))).toEqual([]);
});
