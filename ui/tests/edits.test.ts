// Edit and lock: from the menu of a file, seen in the folder, its details and the chat, done, stuck, and after a lost lock.

import { expect, it } from "vitest";
import type { EditView } from "../src/lib/backend/bindings";
import { all, click, fireEvent, idle, one, open, waitFor } from "./window";

const FILE = "Permit letter.hwp";
const row = () => all("entry").find((one) => one.dataset.name === FILE) as HTMLElement;

async function edited() {
  const fake = await open({ folder: "r-fair" });
  await waitFor(() => expect(row()).toBeTruthy());
  const entry = row().dataset.id as string;
  await fireEvent.contextMenu(row(), { clientX: 5, clientY: 5 });
  await click("act-edit");
  await waitFor(() => expect(all("editing").length).toBeGreaterThan(0));
  const stands = async (more: Partial<EditView>) => {
    fake.world.edits = fake.world.edits.map((one) => ({ ...one, ...more }) as EditView);
    fake.tell({ event: "edits", edits: fake.world.edits });
    await idle();
  };
  return { fake, entry, stands };
}

it("a file is locked and opened as one thing, and given back when it is done", async () => {
  const { fake, entry, stands } = await edited();
  expect(fake.opened).toContain(`edit ${entry}`);
  expect(row().textContent).toContain("You edit it");
  expect(all("editing")[0]?.textContent).toContain("Each save goes to the room.");
  await stands({ sent: 2 });
  expect(all("editing")[0]?.textContent).toContain("2 saves are in the room.");
  await click("edit-open");
  expect(fake.opened.filter((what) => what === `edit ${entry}`).length).toBe(2);
  await click("edit-done");
  await waitFor(() => expect(all("editing").length).toBe(0));
  expect(fake.calls).toContainEqual({ do: "edit_done", entry });
  await waitFor(() => expect(row().textContent).not.toContain("You edit it"));
});

it("what could not be sent is said, tried again, or left here after a question", async () => {
  const { fake, entry, stands } = await edited();
  await stands({ state: "stuck", error: { code: "role_too_low", message: "", retry: "on_change" }, unsent: true } as Partial<EditView>);
  expect(one("editing").dataset.state).toBe("stuck");
  await click("edit-retry");
  await waitFor(() => expect(one("editing").dataset.state).toBe("open"));
  await stands({ state: "stuck", error: { code: "role_too_low", message: "", retry: "on_change" } } as Partial<EditView>);
  await click("edit-leave");
  await click("confirm-yes");
  await waitFor(() => expect(all("editing").length).toBe(0));
  expect(fake.calls).toContainEqual({ do: "edit_leave", entry });
});

it("a lost lock is told in plain words, and so is the copy that the edit goes on in", async () => {
  const { stands } = await edited();
  await stands({ state: "lost" });
  expect(one("editing").textContent).toContain("kept as a copy");
  await stands({ state: "open", copy_of: FILE });
  expect(one("edit-copy").textContent).toContain("nothing is lost");
});

it("the chat of the room says it too", async () => {
  const fake = await open({ room: "r-fair" });
  const entry = fake.world.rooms[0]?.entries.find((one) => one.kind === "file")?.id as string;
  await fake.run({ do: "edit", entry });
  await waitFor(() => expect(one("editing").dataset.entry).toBe(entry));
});
