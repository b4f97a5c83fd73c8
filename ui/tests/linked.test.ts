// A room's folder that is kept on this computer: how it stands, pausing, many deletions, keeping it no longer.

import { expect, it } from "vitest";
import type { LinkedView } from "../src/lib/backend/bindings";
import { all, click, fireEvent, idle, one, open, waitFor } from "./window";

const kept = (more: Partial<LinkedView> = {}) =>
  ({ id: "linked-1", room: "r-fair", room_title: "Autumn fair", entry: null, path: "/home/mina/Fair", state: "in_step", files: 12, left: 0, question: null, alone: [], ...more }) as LinkedView;

async function shown(view: LinkedView) {
  const fake = await open({ folder: "r-fair" });
  fake.world.linked = [view];
  fake.tell({ event: "linked", folders: [view] });
  await waitFor(() => expect(all("linked").length).toBe(1));
  return fake;
}

it("a folder that is not kept is kept from its menu", async () => {
  const fake = await open({ folder: "r-fair" });
  expect(all("linked").length).toBe(0);
  await waitFor(() => expect(all("entry").length).toBeGreaterThan(0));
  await fireEvent.contextMenu(document.querySelector(".browse .area") as HTMLElement);
  await click("keep-folder");
  await waitFor(() => expect(one("linked").dataset.state).toBe("in_step"));
  expect(fake.calls).toContainEqual({ do: "linked_add", room: "r-fair", entry: null, path: "/home/mina/Fair" });
});

it("it says how it stands, rests and goes on", async () => {
  const fake = await shown(kept());
  expect(one("linked").textContent).toContain("12 files, in step");
  await click("linked-pause");
  await waitFor(() => expect(one("linked").dataset.state).toBe("paused"));
  await click("linked-resume");
  await waitFor(() => expect(one("linked").dataset.state).toBe("in_step"));
  fake.tell({ event: "linked", folders: [kept({ state: "stuck", error: { code: "folder_missing", message: "", retry: "on_change" } } as Partial<LinkedView>)] });
  await waitFor(() => expect(one("linked").textContent).toContain("not there"));
});

it("many deletions wait for a word", async () => {
  const fake = await shown(kept({ question: { here: 0, there: 60 }, alone: [{ path: "way", why: "link" }] }));
  expect(one("linked").textContent).toContain("60 files that are gone on this computer");
  expect(one("linked-alone").title).toBe("way: a symbolic link");
  await click("linked-keep");
  await waitFor(() => expect(all("linked-delete").length).toBe(0));
  expect(fake.calls).toContainEqual({ do: "linked_answer", id: "linked-1", delete: false });
});

it("it is kept no longer after a question", async () => {
  const fake = await shown(kept());
  await click("linked-stop");
  await click("confirm-yes");
  await waitFor(() => expect(all("linked").length).toBe(0));
  await idle();
  expect(fake.calls).toContainEqual({ do: "linked_remove", id: "linked-1" });
});
