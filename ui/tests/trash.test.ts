// The trash of a room's folder: what was deleted, where it lay; brought back, deleted for good, emptied.

import { expect, it } from "vitest";
import { all, click, fireEvent, idle, one, open, waitFor } from "./window";

const FILE = "Permit letter.hwp";
const row = (name: string) => all("entry").find((each) => each.dataset.name === name);
const inTrash = () => all("trash-item").map((each) => each.dataset.name);

async function removed(...names: string[]) {
  const fake = await open({ folder: "r-fair" });
  await waitFor(() => expect(row(FILE)).toBeTruthy());
  for (const name of names) {
    await fireEvent.click(row(name) as HTMLElement);
    await fireEvent.keyDown(one("entries"), { key: "Delete" });
    await waitFor(() => expect(row(name)).toBeUndefined());
  }
  await click("trash-button");
  return fake;
}

it("an empty one says for how long it keeps things", async () => {
  await removed();
  await waitFor(() => expect(one("trash").textContent).toContain("90 days"));
  expect(all("trash-empty").length).toBe(0);
  await click("trash-close");
  expect(all("trash").length).toBe(0);
  await waitFor(() => expect(all("entry").length).toBeGreaterThan(0));
});

it("what was deleted is listed with who and where, and brought back", async () => {
  const fake = await removed(FILE);
  await waitFor(() => expect(inTrash()).toEqual([FILE]));
  expect(one("trash-item").textContent).toContain("lay at the top");
  expect(one("trash-item").textContent).toContain("Mina Park");
  await click("trash-restore");
  await waitFor(() => expect(inTrash()).toEqual([]));
  expect(fake.calls.some((call) => call.do === "entry_restore")).toBe(true);
  await click("trash-close");
  await waitFor(() => expect(row(FILE)).toBeTruthy());
});

it("one is deleted for good after a question", async () => {
  const fake = await removed(FILE);
  await waitFor(() => expect(inTrash()).toEqual([FILE]));
  await click("trash-purge");
  expect(one("confirm").textContent).toContain("Nobody can bring it back");
  expect(fake.calls.some((call) => call.do === "purge")).toBe(false);
  await click("confirm-yes");
  await waitFor(() => expect(inTrash()).toEqual([]));
  expect(fake.calls.some((call) => call.do === "purge")).toBe(true);
});

it("who manages the room empties it; others bring things back only", async () => {
  const fake = await removed(FILE);
  await waitFor(() => expect(inTrash()).toEqual([FILE]));
  const room = fake.world.rooms[0];
  if (!room) throw new Error("there is no room");
  const { role } = room.view.summary;
  room.view.summary.role = "editor";
  fake.tell({ event: "folder", room: "r-fair" });
  await waitFor(() => expect(all("trash-empty").length).toBe(0));
  expect(all("trash-restore").length).toBe(1);
  room.view.summary.role = role;
  fake.tell({ event: "folder", room: "r-fair" });
  await waitFor(() => expect(all("trash-empty").length).toBe(1));
  await click("trash-empty");
  await click("confirm-yes");
  await idle();
  await waitFor(() => expect(inTrash()).toEqual([]));
  expect(fake.calls.some((call) => call.do === "trash_empty")).toBe(true);
});
