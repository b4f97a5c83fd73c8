import { expect, it } from "vitest";
import { hueOf, lettersOfPerson, lettersOfRoom, pageOf } from "../src/lib/faces";
import { Pace } from "../src/lib/pace";
import { choices, mayChange } from "../src/lib/roles";
import { Latest } from "../src/lib/state/latest";

it.each([
  ["Mina Park", "MP"], ["mina", "MI"], ["이서연", "서연"], ["엄마", "엄"], ["Tomás de la Rivera", "TR"], ["", ""], ["!!", ""],
])("the letters of the person %s are %s", (name, letters) => expect(lettersOfPerson(name)).toBe(letters));

it.each([
  ["Autumn Fair", "AF"], ["Rehearsals", "RE"], ["제주 가족여행", "제주"], ["3B parents", "3P"], ["", ""],
])("the letters of the room %s are %s", (title, letters) => expect(lettersOfRoom(title)).toBe(letters));

it("a hue is one of eight and stays", () => {
  const hues = Array.from({ length: 200 }, (_, n) => hueOf(`0192f0c1-${n}`));
  expect(Math.min(...hues)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...hues)).toBeLessThanOrEqual(8);
  expect(new Set(hues).size).toBe(8);
  expect(hueOf("x")).toBe(hueOf("x"));
});

it("a page is labelled by the end of the name only", () => {
  expect([pageOf("a.PDF").label, pageOf("a").label, pageOf(".env").label, pageOf("a.verylongend").label]).toEqual(["PDF", "", "", ""]);
});

it("the time left is told only when it is steady", () => {
  const pace = new Pace();
  pace.note(0, 0);
  pace.note(1000, 1_000_000);
  expect([pace.rate(), pace.left(10_000_000)]).toEqual([1_000_000, null]);
  pace.note(3500, 3_500_000);
  expect(pace.left(10_000_000)).toBe(6.5);
});

it("a movement that begins anew is measured anew", () => {
  const pace = new Pace();
  pace.note(0, 500);
  pace.note(1000, 100);
  expect(pace.rate()).toBeNull();
});

it("a manager acts on editors and viewers only", () => {
  expect([mayChange("manager", "editor", null), mayChange("manager", "manager", null), mayChange("manager", "editor", "manager")]).toEqual([true, false, false]);
  expect(mayChange("editor", "viewer", "editor")).toBe(false);
  expect(choices("owner", "editor")).toEqual(["viewer", "editor", "manager", "owner"]);
  expect(choices("manager", "owner")).toEqual(["owner"]);
});

it("wishes during a reading become one more reading", async () => {
  const latest = new Latest();
  let runs = 0;
  const work = async () => {
    runs += 1;
    await Promise.resolve();
  };
  await Promise.all([latest.run(work), latest.run(work), latest.run(work)]);
  expect(runs).toBe(2);
});
