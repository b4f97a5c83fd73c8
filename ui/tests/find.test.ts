// Searching a room's folder: words and chips, what is found in the same table, and what is said that a file is.

import { expect, it } from "vitest";
import { all, click, fireEvent, idle, one, open, waitFor, write } from "./window";

const names = () => all("entry").map((row) => row.dataset.name);
const row = (name: string) => all("entry").find((each) => each.dataset.name === name) as HTMLElement;

async function choose(id: string, value: string) {
  await fireEvent.change(one(id), { target: { value } });
  await idle();
}

async function searching(options: Parameters<typeof open>[0] = {}) {
  const fake = await open({ folder: "r-fair", ...options });
  await waitFor(() => expect(names().length).toBeGreaterThan(0));
  await click("find-button");
  return fake;
}

it("words narrow the table as one types, and closing leads back", async () => {
  await searching();
  const before = names();
  await write("find-text", "permit lett");
  await waitFor(() => expect(names()).toEqual(["Permit letter.hwp"]));
  expect(one("find-count").textContent).toContain("1");
  await write("find-text", "nothing is called so");
  await waitFor(() => expect(document.body.textContent).toContain("Nothing was found"));
  await click("find-close");
  await waitFor(() => expect(names()).toEqual(before));
  expect(all("find").length).toBe(0);
});

it("chips ask for a kind, a person, a size and stars", async () => {
  const fake = await searching();
  await choose("find-kind", "folders");
  await waitFor(() => expect(fake.calls.findLast((call) => call.do === "files_find")).toMatchObject({ ask: { kind: "folder", endings: [] } }));
  await choose("find-kind", "documents");
  await choose("find-size", "small");
  await choose("find-stars", "4");
  await waitFor(() => expect(fake.calls.findLast((call) => call.do === "files_find")).toMatchObject({ ask: { kind: null, size_max: 1_000_000, halves_min: 8 } }));
  const asked = fake.calls.findLast((call) => call.do === "files_find");
  expect(asked?.do === "files_find" && asked.ask.endings).toContain("hwp");
});

it("what is found can be selected, and sorted by the head of the table", async () => {
  await searching();
  await choose("find-kind", "documents");
  await waitFor(() => expect(names()).toContain("Permit letter.hwp"));
  await fireEvent.click(row("Permit letter.hwp"));
  await waitFor(() => expect(one("details-name").textContent).toBe("Permit letter.hwp"));
  await click("sort-size");
  await waitFor(() => expect(one("sort-size").closest("[aria-sort]")?.getAttribute("aria-sort")).toBe("descending"));
});

it("without the server the names known here are searched, and it says so", async () => {
  const fake = await searching();
  fake.world.setOffline(true);
  await write("find-text", "permit lett");
  await waitFor(() => expect(all("find-here").length).toBe(1));
  expect(names()).toEqual(["Permit letter.hwp"]);
});

it("a file is described, and its tags lead to what has them", async () => {
  const fake = await open({ folder: "r-fair" });
  await waitFor(() => expect(names().length).toBeGreaterThan(0));
  await fireEvent.click(row("Permit letter.hwp"));
  await click("about-edit");
  await write("about-text", "From the council");
  await write("about-tags", "council, permit ,, fair");
  await click("about-save");
  const id = row("Permit letter.hwp").dataset.id;
  expect(fake.calls).toContainEqual({ do: "describe", entry: id, description: "From the council", tags: ["council", "permit", "fair"] });
  await waitFor(() => expect(one("about-said").textContent).toBe("From the council"));
  await fireEvent.click(all("tag")[0] as HTMLElement);
  await waitFor(() => expect(names()).toEqual(["Permit letter.hwp"]));
  expect(one("find-tag").textContent).toContain("council");
  await click("find-tag");
  await waitFor(() => expect(all("find-tag").length).toBe(0));
});
