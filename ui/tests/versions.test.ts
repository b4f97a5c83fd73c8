// The versions of a file: listed in its details, fetched, brought back; and a copy that was kept in a conflict.

import { expect, it } from "vitest";
import type { Item } from "../src/lib/backend/bindings";
import { all, click, fireEvent, idle, one, open, waitFor } from "./window";

const FILE = "Permit letter.hwp";
const row = (name: string) => all("entry").find((one) => one.dataset.name === name) as HTMLElement;
const listed = () => [...one("versions").querySelectorAll("li")].map((line) => Number(line.dataset.version));

async function selected(version: number, options: Parameters<typeof open>[0] = {}) {
  const fake = await open({ folder: "r-fair", ...options });
  const room = fake.world.rooms[0];
  if (room) room.entries = room.entries.map((one) => (one.name === FILE ? { ...one, version } : one));
  fake.tell({ event: "folder", room: "r-fair" });
  await waitFor(() => expect(row(FILE)).toBeTruthy());
  await fireEvent.click(row(FILE));
  await idle();
  return fake;
}

it("a file with one version has no list of them", async () => {
  await selected(1);
  await waitFor(() => expect(all("digest").length).toBe(1));
  expect(all("versions").length).toBe(0);
});

it("the newest are listed, older ones when asked for", async () => {
  await selected(7);
  await waitFor(() => expect(listed()).toEqual([7, 6, 5, 4, 3]));
  await click("versions-more");
  await waitFor(() => expect(listed()).toEqual([7, 6, 5, 4, 3, 2, 1]));
  expect(all("versions-more").length).toBe(0);
  expect(all("newest").length).toBe(1);
});

it("an old version is fetched beside the newest, or brought back as a new one", async () => {
  const fake = await selected(3);
  await waitFor(() => expect(all("version-get").length).toBe(2));
  const id = row(FILE).dataset.id;
  await fireEvent.click(all("version-get")[1] as HTMLElement);
  await idle();
  expect(fake.calls).toContainEqual({ do: "version_get", entry: id, version: 1, dest: null });
  await fireEvent.click(all("version-restore")[1] as HTMLElement);
  await waitFor(() => expect(listed()).toEqual([4, 3, 2, 1]));
  expect(fake.calls).toContainEqual({ do: "version_restore", entry: id, version: 1, if_version: 3 });
  expect(one("versions").textContent).toContain("version 1 again");
});

it("who may only look cannot bring one back", async () => {
  const fake = await open({ folder: "r-fair" });
  const room = fake.world.rooms[0];
  if (!room) throw new Error("there is no room");
  room.view.summary.role = "viewer";
  room.entries = room.entries.map((one) => (one.name === FILE ? { ...one, version: 2 } : one));
  fake.tell({ event: "folder", room: "r-fair" });
  await waitFor(() => expect(row(FILE)).toBeTruthy());
  await fireEvent.click(row(FILE));
  await waitFor(() => expect(all("version-get").length).toBe(1));
  expect(all("version-restore").length).toBe(0);
});

it("a copy that was kept says beside which file", async () => {
  const fake = await open({ room: "r-fair" });
  const room = fake.world.rooms[0];
  const made = room?.items.find((item) => item.kind.type === "upload" && item.kind.phase.phase === "stored");
  if (!room || made?.kind.type !== "upload") throw new Error("there is no card");
  const copy: Item = { ...made, key: "copy", kind: { ...made.kind, name: "Plan (conflict).txt", conflict_of: "Plan.txt" } };
  room.items = [...room.items, copy];
  fake.tell({ event: "timeline", room: "r-fair" });
  await waitFor(() => expect(one("conflict").textContent).toContain("Plan.txt had changed meanwhile"));
});
