// Who may see and change an entry: said, set by who may, and what is for viewing only is offered for nothing else.

import { expect, it } from "vitest";
import type { EntryView, Permission } from "../src/lib/backend/bindings";
import { all, click, fireEvent, idle, one, open, waitFor } from "./window";

const FILE = "Permit letter.hwp";
const row = (name: string) => all("entry").find((one) => one.dataset.name === name) as HTMLElement;
type Change = (entry: EntryView) => EntryView;

async function shown(change: Change, role: "owner" | "editor" | "viewer" = "owner") {
  const fake = await open({ folder: "r-fair" });
  const room = fake.world.rooms[0];
  if (!room) throw new Error("there is no room");
  room.view.summary.role = role;
  room.entries = room.entries.map((one) => (one.name === FILE ? change(one) : one));
  fake.tell({ event: "room", room: room.view.summary });
  fake.tell({ event: "folder", room: "r-fair" });
  await waitFor(() => expect(row(FILE)).toBeTruthy());
  if (all("details").length === 0) await click("details-button");
  await fireEvent.click(row(FILE));
  await waitFor(() => expect(one("permissions")).toBeTruthy());
  return fake;
}

const as_is: Change = (entry) => entry;
const said = (permission: Permission): Change => (entry) => ({ ...entry, permission, writable: false });

async function menu(): Promise<HTMLElement[]> {
  await fireEvent.contextMenu(row(FILE), { clientX: 5, clientY: 5 });
  await idle();
  return [...document.querySelectorAll<HTMLElement>("[role=menuitem]")];
}

it("who manages the room shares a file with some, for viewing only, and with everyone again", async () => {
  const fake = await shown(as_is);
  const entry = row(FILE).dataset.id;
  expect(all("choice-only_me")).toEqual([]);
  await click("choice-some");
  expect((one("share") as HTMLButtonElement).disabled).toBe(true);
  await fireEvent.click(one("share-a-aiko"));
  await click("share");
  const some: Permission = { shared_with: { some: ["a-aiko"] }, view_only: false };
  await waitFor(() => expect(fake.calls).toContainEqual({ do: "permission_set", entry, permission: some }));
  await waitFor(() => expect(row(FILE).querySelector("[data-testid=permission]")).toBeTruthy());
  await click("view-only");
  await waitFor(() => expect(fake.calls).toContainEqual({ do: "permission_set", entry, permission: { ...some, view_only: true } }));
  await waitFor(() => expect(one("view-only").getAttribute("aria-checked")).toBe("true"));
  await click("choice-everyone");
  await waitFor(() => expect(fake.calls).toContainEqual({ do: "permission_set", entry, permission: { shared_with: "everyone", view_only: true } }));
});

it("who registered it may keep it for themselves", async () => {
  const fake = await shown((entry) => ({ ...entry, created_by: "a-mina" }), "editor");
  await click("choice-only_me");
  const permission: Permission = { shared_with: "only_me", view_only: false };
  await waitFor(() => expect(fake.calls).toContainEqual({ do: "permission_set", entry: row(FILE).dataset.id, permission }));
});

it("who may not set it reads it, and is offered no change of what is for viewing only", async () => {
  await shown(said({ shared_with: "everyone", view_only: true }), "editor");
  expect(one("permission-said").textContent).toBe("Everyone in the room sees it. View only.");
  const items = await menu();
  const of = (testid: string) => items.find((item) => item.dataset.testid === testid);
  for (const testid of ["act-rename", "act-delete"]) {
    expect([of(testid)?.getAttribute("aria-disabled"), of(testid)?.title]).toEqual(["true", "You may only view this."]);
  }
  expect(of("act-lock")).toBeUndefined();
  await fireEvent.click(of("act-delete") as HTMLElement);
  await idle();
  expect(row(FILE)).toBeTruthy();
  expect(one("comments").querySelector("[data-testid=comment-say]"), "it may be talked about").toBeTruthy();
});

it("nothing comes into a folder for viewing only, and it is said why", async () => {
  const fake = await open({ folder: "r-fair" });
  const room = fake.world.rooms[0];
  if (!room) throw new Error("there is no room");
  room.view.summary.role = "editor";
  const permission: Permission = { shared_with: "everyone", view_only: true };
  room.entries = room.entries.map((one) => (one.name === "Permits" ? { ...one, permission, writable: false } : one));
  fake.tell({ event: "room", room: room.view.summary });
  fake.tell({ event: "folder", room: "r-fair" });
  await waitFor(() => expect(row("Permits").querySelector("[data-testid=permission]") ?? row("Permits")).toBeTruthy());
  await fireEvent.dblClick(row("Permits"));
  await waitFor(() => expect(row("Fire lane.pdf")).toBeTruthy());
  for (const testid of ["new-folder", "upload-files"]) {
    const button = one(testid) as HTMLButtonElement;
    expect([button.disabled, button.title]).toEqual([true, "You may only view this folder."]);
  }
});
