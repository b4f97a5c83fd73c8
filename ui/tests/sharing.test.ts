// The sharing room: a folder to work in, by mouse and by keyboard, however large it is.

import { expect, it, vi } from "vitest";
import type { FakeOptions } from "../src/lib/backend/fake";
import { frameOf, scrollFor, stemLength } from "../src/lib/folder/frame";
import { all, click, fireEvent, idle, one, open, waitFor, within, write } from "./window";

const sharing = async (options: FakeOptions = {}) => {
  const fake = await open({ folder: "r-fair", ...options });
  await waitFor(() => expect(all("entry").length + all("entries-empty").length).toBeGreaterThan(0));
  return fake;
};
const names = () => all("entry").map((row) => row.dataset.name);
const row = (name: string): HTMLElement => {
  const found = all("entry").find((one) => one.dataset.name === name);
  if (!found) throw new Error(`no entry ${name}`);
  return found;
};
/** What is taken hold of to drag an entry. */
const grip = (name: string) => row(name).querySelector(".name .cut") as Element;
const chosen = () => all("entry").filter((one) => one.getAttribute("aria-selected") === "true").map((one) => one.dataset.name);
const press = async (key: string, more: KeyboardEventInit = {}) => {
  await fireEvent.keyDown(one("entries"), { key, ...more });
  await idle();
};

it("shows who made the room and who is in it, with roles and how they are", async () => {
  await sharing();
  const people = one("room-people");
  expect(people.textContent).toContain("Creator");
  expect(all("room-person", people).map((one) => one.dataset.name)).toEqual(["tomas", "mina", "aiko", "seoyeon", "jonas", "priya"]);
  const busy = all("room-person", people).find((one) => one.dataset.name === "jonas") as HTMLElement;
  expect([one("presence", busy).dataset.state, busy.textContent?.includes("Can edit · In a meeting")]).toEqual(["busy", true]);
});

it("how anybody is is not known while one is offline oneself: the dot is hollow, and the words say it", async () => {
  const fake = await sharing();
  fake.tell({ event: "person", account: "a-jonas", presence: { state: "busy", text: "", until: null, seen_at: null } });
  const jonas = () => all("room-person").find((one) => one.dataset.name === "jonas")?.textContent ?? "";
  await waitFor(() => expect(jonas()).toContain("Can edit · Busy"));
  fake.world.setOffline(true);
  await waitFor(() => expect(new Set(all("presence").map((dot) => dot.dataset.state))).toEqual(new Set(["unknown"])));
  expect(jonas()).toContain("Can edit · Not known while you are offline");
});

it("is a grid with names, order and selection told", async () => {
  await sharing();
  const grid = screenGrid();
  expect([grid.getAttribute("aria-rowcount"), grid.getAttribute("aria-multiselectable")]).toEqual(["9", "true"]);
  expect(within(grid).getAllByRole("columnheader").map((head) => head.textContent?.trim())).toEqual(["Name", "Added by", "State", "Modified", "Rating", "Comments", "Size"]);
  await press("ArrowDown");
  expect(document.getElementById(grid.getAttribute("aria-activedescendant") ?? "")?.dataset.name).toBe("Permits");
});

const screenGrid = () => document.querySelector<HTMLElement>('[role="grid"]') as HTMLElement;

it("each column sorts, the other way when pressed again", async () => {
  const fake = await sharing();
  await click("sort-size");
  expect(names().slice(2, 4)).toEqual(["Map sketch.jpg", "Poster A2.png"]);
  await click("sort-size");
  expect(names().slice(2, 4)).toEqual(["Budget.xlsx", "Vendor list.doc"]);
  await click("sort-person");
  await click("sort-modified");
  const last = fake.calls.findLast((call) => call.do === "folder");
  expect(last?.do === "folder" && last.sort).toEqual({ by: "modified", descending: true });
  expect(one("sort-modified").closest("[role=columnheader]")?.getAttribute("aria-sort")).toBe("descending");
});

it("what few files have sorts too: those that have it first, then the other way round", async () => {
  const fake = await sharing();
  const room = fake.world.rooms[0];
  if (!room) throw new Error("there is no room");
  const marks: Record<string, Partial<(typeof room.entries)[number]>> = {
    "Budget.xlsx": { comments: 2, version: 4 },
    "Poster A2.png": { comments: 7, rating: { halves: 18, count: 2 } },
    "Map sketch.jpg": { rating: { halves: 7, count: 1 }, lock: { by: "a-aiko", by_name: "Aiko Sato", since: 5, here: false, mine: false } },
  };
  room.entries = room.entries.map((one) => ({ ...one, ...marks[one.name] }));
  fake.tell({ event: "folder", room: "r-fair" });
  const first = async (by: string) => {
    await click(`sort-${by}`);
    return names().slice(2, 4);
  };
  expect(await first("rating")).toEqual(["Poster A2.png", "Map sketch.jpg"]);
  expect([...row("Poster A2.png").querySelectorAll(".rate, .said")].map((cell) => cell.textContent?.trim())).toEqual(["4.5", "7"]);
  expect(await first("comments")).toEqual(["Poster A2.png", "Budget.xlsx"]);
  expect((await first("lock"))[0]).toBe("Map sketch.jpg");
  await click("order");
  await click("order-version");
  expect(names()[2]).toBe("Budget.xlsx");
  await click("sort-comments");
  await click("sort-comments");
  expect(names().at(-1)).toBe("Poster A2.png");
});

it("click, Ctrl and Shift select, and the foot adds up", async () => {
  await sharing();
  await fireEvent.click(row("Budget.xlsx"));
  await fireEvent.click(row("Poster A2.png"), { ctrlKey: true });
  expect(chosen()).toEqual(["Budget.xlsx", "Poster A2.png"]);
  await waitFor(() => expect(one("status-line").textContent).toContain("2 selected, 3.9 MB."));
  await fireEvent.click(row("Budget.xlsx"));
  await fireEvent.click(row("Permit letter.hwp"), { shiftKey: true });
  await waitFor(() => expect(chosen()).toEqual(["Budget.xlsx", "Map sketch.jpg", "Permit letter.hwp"]));
  expect(one("details-many").textContent).toContain("3 items selected");
});

it("the keyboard walks, reaches, selects all and opens", async () => {
  const fake = await sharing();
  await press("End");
  expect(chosen()).toEqual(["Vendor list.doc"]);
  await press("ArrowUp", { shiftKey: true });
  expect(chosen()).toEqual(["Stall plan v4.pdf", "Vendor list.doc"]);
  await press("a", { ctrlKey: true });
  expect(chosen().length).toBe(8);
  await press("Home");
  await press("Enter");
  await waitFor(() => expect(names()).toEqual(["Fire lane.pdf", "Permit form 2026.pdf"]));
  await press("ArrowUp", { altKey: true });
  await waitFor(() => expect(chosen()).toEqual(["Permits"]));
  await press("End");
  await press("Enter");
  expect(fake.opened).toEqual([`open ${row("Vendor list.doc").dataset.id}`]);
});

it("typing leads to the name that begins so", async () => {
  await sharing();
  await press("p");
  await waitFor(() => expect(chosen()).toEqual(["Permits"]));
  await press("o");
  await waitFor(() => expect(chosen()).toEqual(["Poster A2.png"]));
});

it("F2 renames in place; a taken name is told there and Esc leaves it", async () => {
  await sharing();
  await fireEvent.click(row("Budget.xlsx"));
  await press("F2");
  const field = one("name-field") as HTMLInputElement;
  expect([field.selectionStart, field.selectionEnd]).toEqual([0, 6]);
  await write("name-field", "Map sketch.jpg");
  await fireEvent.keyDown(field, { key: "Enter" });
  await waitFor(() => expect(all("name-problem").length).toBe(1));
  expect((one("name-field") as HTMLInputElement).value).toBe("Map sketch.jpg");
  await write("name-field", "Costs.xlsx");
  await fireEvent.keyDown(field, { key: "Enter", isComposing: true });
  expect(all("name-field").length).toBe(1);
  await fireEvent.keyDown(field, { key: "Enter" });
  await waitFor(() => expect([names().includes("Costs.xlsx"), all("name-field").length]).toEqual([true, 0]));
  await press("F2");
  await write("name-field", "Other.xlsx");
  await fireEvent.keyDown(one("name-field"), { key: "Escape" });
  expect(names()).toContain("Costs.xlsx");
});

it("several are deleted at once and come back with Undo", async () => {
  const fake = await sharing();
  await fireEvent.click(row("Budget.xlsx"));
  await fireEvent.click(row("Permits"), { ctrlKey: true });
  await press("Delete");
  await waitFor(() => expect(names()).not.toContain("Permits"));
  expect(document.body.textContent).toContain("Deleted 2 items.");
  await click("undo");
  await waitFor(() => expect(names()).toContain("Permits"));
  expect(fake.calls.filter((call) => call.do === "entry_restore").length).toBe(2);
});

it("a deletion that is refused says so, and what is there stays", async () => {
  await sharing({ failing: { entry_delete: "role_too_low" } });
  await fireEvent.click(row("Budget.xlsx"));
  await press("Delete");
  expect([one("error").dataset.code, names().includes("Budget.xlsx"), all("undo").length]).toEqual(["role_too_low", true, 0]);
});

it("dragging moves into a folder and onto the way up, and can be undone", async () => {
  const fake = await sharing();
  const drag = async (name: string, to: HTMLElement) => {
    const under = vi.spyOn(document, "elementFromPoint").mockReturnValue(to);
    await fireEvent.pointerDown(grip(name), { button: 0, clientX: 10, clientY: 10 });
    await fireEvent.pointerMove(window, { clientX: 40, clientY: 60 });
    expect(all("drag-ghost").length).toBe(1);
    await fireEvent.pointerUp(window);
    await idle();
    under.mockRestore();
  };
  await drag("Budget.xlsx", row("Permits"));
  await waitFor(() => expect(names()).not.toContain("Budget.xlsx"));
  await fireEvent.dblClick(row("Permits"));
  await waitFor(() => expect(names()).toContain("Budget.xlsx"));
  await drag("Fire lane.pdf", all("crumb")[0] as HTMLElement);
  await waitFor(() => expect(names()).not.toContain("Fire lane.pdf"));
  await fireEvent.click(all("undo").at(-1) as HTMLElement);
  await waitFor(() => expect(names()).toContain("Fire lane.pdf"));
  expect(fake.calls.filter((call) => call.do === "entry_move").length).toBe(3);
});

it("Esc ends a drag and nothing moves", async () => {
  const fake = await sharing();
  const under = vi.spyOn(document, "elementFromPoint").mockReturnValue(row("Permits"));
  await fireEvent.pointerDown(grip("Budget.xlsx"), { button: 0, clientX: 10, clientY: 10 });
  await fireEvent.pointerMove(window, { clientX: 40, clientY: 60 });
  await fireEvent.keyDown(window, { key: "Escape" });
  await fireEvent.pointerUp(window);
  await idle();
  expect([all("drag-ghost").length, fake.calls.some((call) => call.do === "entry_move")]).toEqual([0, false]);
  under.mockRestore();
});

it("a drop from outside lands in the folder under the pointer and says so before", async () => {
  const fake = await sharing();
  const dropOn = vi.spyOn(fake, "dropOn");
  const under = vi.spyOn(document, "elementFromPoint").mockReturnValue(row("Photos"));
  fake.drop({ phase: "over", x: 5, y: 5, files: 1 });
  await waitFor(() => expect(one("status-line").textContent).toContain("Drop to add to Photos"));
  fake.drop({ phase: "drop", drop: 4, x: 5, y: 5, files: 1 });
  await idle();
  expect(dropOn).toHaveBeenCalledWith(4, "r-fair", row("Photos").dataset.id);
  under.mockRestore();
});

it("tiles show pictures, are chosen once and stay", async () => {
  const fake = await sharing();
  await click("choice-tiles");
  expect(one("thumb").getAttribute("src")).toContain("data:image");
  expect(fake.world.settings.get("folder.look")).toBe("tiles");
  await press("ArrowRight");
  expect(chosen()).toEqual(["Permits"]);
});

it("a file that the window is asked to show is selected, wherever it lies", async () => {
  const fake = await sharing();
  const inside = fake.world.rooms[0]?.entries.find((one) => one.name === "Fire lane.pdf")?.id ?? "";
  fake.emit("select", { entry: inside });
  await waitFor(() => expect(chosen()).toEqual(["Fire lane.pdf"]));
  expect(one("details-name").textContent).toBe("Fire lane.pdf");
});

it("a hundred thousand entries are pages and a few rows, all reached by keyboard", async () => {
  const fake = await sharing({ many: 100_000 });
  expect(one("status-line").textContent).toContain("100,008 items");
  expect(all("entry").length).toBeLessThan(80);
  await press("End");
  await waitFor(() => expect(one("details-name").textContent).toBe("Vendor list.doc"));
  const pages = fake.calls.flatMap((call) => (call.do === "folder" ? [call.limit] : []));
  expect([pages.length < 6, Math.max(...pages)]).toEqual([true, 200]);
});

it("a slow folder shows shapes, a failing one why, and tries again", async () => {
  const fake = await open({ folder: "r-fair", failing: { folder: "unavailable" } });
  await waitFor(() => expect(one("folder-failed").dataset.code).toBe("unavailable"));
  delete fake.failing.folder;
  await fireEvent.click(one("folder-failed").querySelector("button") as HTMLButtonElement);
  await waitFor(() => expect(names()).toContain("Budget.xlsx"));
});

it("the menu of a row and of nothing offer what can be done there", async () => {
  const fake = await sharing();
  await fireEvent.contextMenu(row("Vendor list.doc"), { clientX: 20, clientY: 20 });
  expect(within(one("pop-menu")).getAllByRole("menuitem").map((item) => item.dataset.testid)).toEqual(["act-open", "act-download", "act-show", "act-edit", "act-lock", "act-rename", "act-delete"]);
  await fireEvent.keyDown(one("pop-menu"), { key: "Escape" });
  expect(all("pop-menu").length).toBe(0);
  await fireEvent.contextMenu(one("entries"));
  await click("act-new");
  expect(all("name-dialog").length).toBe(1);
  expect(fake.calls.some((call) => call.do === "entry_delete")).toBe(false);
});

it("whoever may only look is offered nothing that changes", async () => {
  const fake = await open();
  const fair = fake.world.rooms[0];
  if (fair) fair.view.summary.role = "viewer";
  await click("rail-files");
  await fireEvent.click(all("room").find((one) => one.dataset.room === "r-fair") as HTMLElement);
  await idle();
  expect([all("new-folder").length, all("upload-files").length]).toEqual([0, 0]);
  await fireEvent.click(row("Budget.xlsx"));
  await press("Delete");
  await press("F2");
  expect([all("name-field").length, fake.calls.some((call) => call.do === "entry_delete")]).toEqual([0, false]);
});

it.each([
  [0, 400, 40, 1000, 0, 20], [4000, 400, 40, 1000, 92, 120], [0, 0, 40, 1000, 0, 28], [0, 400, 40, 0, 0, 0], [39_900, 400, 40, 1000, 988, 1000],
])("scrolled to %i of height %i the rows are known", (top, height, line, rows, from, to) => {
  expect(frameOf(top, height, line, rows)).toEqual({ from, to });
});

it("scrolls only as far as it must", () => {
  expect([scrollFor(5, 0, 400, 40), scrollFor(10, 0, 400, 40), scrollFor(1, 100, 400, 40), scrollFor(3, 0, 0, 40)]).toEqual([null, 40, 40, null]);
  expect([stemLength("a.tar.gz", false), stemLength(".env", false), stemLength("v1.2", true)]).toEqual([5, 4, 4]);
});
