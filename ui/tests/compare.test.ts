// Two versions of a text, line by line.

import { expect, it } from "vitest";
import { entry } from "../src/lib/backend/fake/world";
import { CHANGES_MAX, compare, folded, type Line } from "../src/lib/folder/compare";
import { all, click, fireEvent, one, open, waitFor } from "./window";

const brief = (lines: Line[]) => lines.map(({ is, text }) => `${{ same: " ", gone: "-", came: "+" }[is]}${text}`);

/** What a comparison says of each side is that side. */
function holds(before: string[], after: string[]): Line[] {
  const lines = compare(before.join("\n"), after.join("\n"));
  expect(lines.filter((line) => line.is !== "came").map((line) => line.text)).toEqual(before);
  expect(lines.filter((line) => line.is !== "gone").map((line) => line.text)).toEqual(after);
  return lines;
}

it("what stayed, went and came is told in order", () => {
  expect(brief(holds(["a", "b", "c", "d"], ["a", "x", "c", "d", "e"]))).toEqual([" a", "-b", "+x", " c", " d", "+e"]);
  expect(brief(holds([], ["a"]))).toEqual(["+a"]);
  expect(brief(holds(["a"], []))).toEqual(["-a"]);
  expect(brief(holds(["a"], ["a"]))).toEqual([" a"]);
  expect(compare("a\r\nb\r\n", "a\nb")).toEqual([{ is: "same", at: 1, text: "a" }, { is: "same", at: 2, text: "b" }]);
});

it("any two texts are compared right, by as few changes as there are", () => {
  let seed = 7;
  const dice = (sides: number) => (seed = (seed * 48271) % 2147483647) % sides;
  for (let round = 0; round < 300; round++) {
    const text = () => Array.from({ length: dice(12) }, () => "abcd"[dice(4)] ?? "");
    const [before, after] = [text(), text()];
    const lines = holds(before, after);
    const table = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
    for (let x = 1; x <= before.length; x++)
      for (let y = 1; y <= after.length; y++) {
        const row = table[x] as number[];
        row[y] = before[x - 1] === after[y - 1] ? (table[x - 1]?.[y - 1] ?? 0) + 1 : Math.max(table[x - 1]?.[y] ?? 0, row[y - 1] ?? 0);
      }
    expect(lines.filter((line) => line.is === "same").length).toBe(table[before.length]?.[after.length]);
  }
});

it("texts with too little in common are shown one after the other", () => {
  const [before, after] = ["x", "y"].map((letter) => Array.from({ length: CHANGES_MAX }, (_, n) => `${letter}${n}`)) as [string[], string[]];
  const lines = holds(before, after);
  expect([lines[0]?.is, lines.at(-1)?.is, lines.length]).toEqual(["gone", "came", 2 * CHANGES_MAX]);
});

it("what stayed far from a change is left out", () => {
  const before = Array.from({ length: 40 }, (_, n) => `${n}`);
  const rows = folded(compare(before.join("\n"), [...before.slice(0, 20), "new", ...before.slice(20)].join("\n")));
  expect(rows.map((row) => (row.is === "gap" ? row.lines : row.text))).toEqual([17, "17", "18", "19", "new", "20", "21", "22", 17]);
});

it("an old version of a text is compared with the newest, others offer no comparison", async () => {
  const fake = await open({ folder: "r-fair" });
  const room = fake.world.rooms[0];
  if (!room) throw new Error("there is no room");
  room.entries = [...room.entries, entry("r-fair", "Notes.md", 90_000, "a-aiko", 5, { version: 3 }), entry("r-fair", "Plan.hwp", 900, "a-aiko", 5, { version: 3 })];
  fake.tell({ event: "folder", room: "r-fair" });
  const row = (name: string) => all("entry").find((one) => one.dataset.name === name) as HTMLElement;
  await waitFor(() => expect(row("Notes.md")).toBeTruthy());
  await fireEvent.click(row("Plan.hwp"));
  await waitFor(() => expect(all("version-get").length).toBe(2));
  expect(all("version-compare").length).toBe(0);
  await fireEvent.click(row("Notes.md"));
  await waitFor(() => expect(all("version-compare").length).toBe(2));
  await fireEvent.click(all("version-compare")[1] as HTMLElement);
  await waitFor(() => expect(all("compare-lines").length).toBe(1));
  const changes = [...one("compare-lines").querySelectorAll<HTMLElement>("[data-is]")].filter((line) => line.dataset.is !== "same");
  expect(changes.map((line) => line.querySelector(".say")?.textContent)).toEqual(["permit 1", "permit 3", "added in version 2", "added in version 3"]);
  expect(one("compare").textContent).toContain("Version 1 and version 3");
  expect(one("compare").textContent).toContain("Only the beginning of both is compared.");
  await click("compare-lines");
});

it("what cannot be compared says why", async () => {
  const fake = await open({ folder: "r-fair", failing: { version_text: "gone" } });
  const room = fake.world.rooms[0];
  if (room) room.entries = [...room.entries, entry("r-fair", "Notes.md", 900, "a-aiko", 5, { version: 2 })];
  fake.tell({ event: "folder", room: "r-fair" });
  await waitFor(() => expect(all("entry").some((one) => one.dataset.name === "Notes.md")).toBe(true));
  await fireEvent.click(all("entry").find((one) => one.dataset.name === "Notes.md") as HTMLElement);
  await waitFor(() => expect(all("version-compare").length).toBe(1));
  await click("version-compare");
  await waitFor(() => expect(one("error", one("compare")).dataset.code).toBe("gone"));
});
