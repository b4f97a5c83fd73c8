// Selecting with a box, as in a file manager, and the people of a room where there is no room for them.

import { expect, it } from "vitest";
import { boxOf, touched } from "../src/lib/folder/band";
import type { FakeOptions } from "../src/lib/backend/fake";
import { all, click, fireEvent, idle, one, open, waitFor } from "./window";

const sharing = async (options: FakeOptions = {}) => {
  const fake = await open({ folder: "r-fair", ...options });
  await waitFor(() => expect(all("entry").length).toBeGreaterThan(0));
  return fake;
};
const row = (n: number) => all("entry")[n] as HTMLElement;
const chosen = () => all("entry").filter((one) => one.getAttribute("aria-selected") === "true").map((one) => one.dataset.name);
/** Where nothing stands in the way in these tests: rows are 38 pixels high, and the ground begins at the top. */
const draw = async (from: number, to: number, more: MouseEventInit = {}, press: Element = one("entries")) => {
  await fireEvent.pointerDown(press, { button: 0, clientX: 5, clientY: from, ...more });
  await fireEvent.pointerMove(window, { clientX: 90, clientY: to });
  await idle();
};

it.each([
  [{ x: 0, y: 0 }, { x: 10, y: 10 }, { from: 0, to: 0, left: 0, right: 0 }],
  [{ x: 350, y: 90 }, { x: 150, y: 250 }, { from: 0, to: 2, left: 1, right: 3 }],
  [{ x: -40, y: 120 }, { x: 90, y: 9_000 }, { from: 1, to: 2, left: 0, right: 0 }],
  [{ x: 10, y: 320 }, { x: 90, y: 900 }, null],
])("a box from %o to %o touches %o of eleven tiles in lines of four", (one, other, stretch) => {
  expect(touched(boxOf(one, other), { columns: 4, height: 100, width: 400, total: 11 })).toEqual(stretch);
});

it("a box over rows selects them, and shows itself meanwhile", async () => {
  await sharing();
  await draw(60, 130);
  expect(all("select-band").length).toBe(1);
  expect(chosen()).toEqual([row(1), row(2), row(3)].map((one) => one.dataset.name));
  await fireEvent.pointerMove(window, { clientX: 90, clientY: 100 });
  await waitFor(() => expect(chosen()).toEqual([row(1), row(2)].map((one) => one.dataset.name)));
  await fireEvent.pointerUp(window);
  await fireEvent.click(one("entries"));
  expect([all("select-band").length, chosen().length]).toEqual([0, 2]);
});

it("with Ctrl it adds to what is selected; Esc takes the box back", async () => {
  await sharing();
  await fireEvent.click(row(0));
  await draw(80, 100, { ctrlKey: true });
  expect(chosen()).toEqual([row(0), row(2)].map((one) => one.dataset.name));
  await fireEvent.keyDown(window, { key: "Escape" });
  await fireEvent.pointerUp(window);
  expect([all("select-band").length, chosen()]).toEqual([0, [row(0).dataset.name]]);
});

it("it begins beside a name too, and never on the head or where an entry is taken hold of", async () => {
  await sharing();
  await draw(60, 100, {}, row(1).querySelector(".when") as Element);
  expect(chosen().length).toBe(2);
  await fireEvent.pointerUp(window);
  await draw(10, 100, {}, one("entries").querySelector(".stick .name") as Element);
  expect(all("select-band").length).toBe(0);
  await draw(60, 100, {}, row(4).querySelector(".name .cut") as Element);
  expect([all("select-band").length, all("drag-ghost").length]).toEqual([0, 1]);
  await fireEvent.pointerUp(window);
});

it("rows of pages that are not on screen are selected too", async () => {
  await sharing({ many: 3_000 });
  await draw(0, 38 * 2_500);
  await waitFor(() => expect(one("status-line").textContent).toContain("2,501"));
  await fireEvent.pointerUp(window);
});

it("the people of the room are one press away where they are not beside it", async () => {
  await sharing();
  await click("folder-people");
  expect(all("member").length).toBeGreaterThan(3);
});
