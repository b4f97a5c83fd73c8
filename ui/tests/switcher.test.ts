import { describe, expect, it } from "vitest";
import { marked, match } from "../src/lib/match";
import { chord } from "./keyboard";
import { all, click, fireEvent, idle, one, open, waitFor, write } from "./window";

describe("a match", () => {
  it.each([
    ["Poster A2.png", "po", { rank: 0, from: 0, to: 2 }],
    ["Autumn Fair", "fair", { rank: 1, from: 7, to: 11 }],
    ["Compost", "po", { rank: 2, from: 3, to: 5 }],
    ["report_poster", "po", { rank: 1, from: 7, to: 9 }],
    ["우리 가족", "가족", { rank: 1, from: 3, to: 5 }],
    ["우리 가족", "ㅇㄹ", { rank: 0, from: 0, to: 2 }],
    ["우리 가족", "ㄱㅈ", { rank: 1, from: 3, to: 5 }],
    ["Aiko", "x", null],
    ["İstanbul", "stan", { rank: 2, from: 1, to: 5 }],
  ])("of %s by %s", (text, wanted, found) => expect(match(text, wanted)).toEqual(found));

  it("marks the stretch it is about", () => {
    expect(marked("Site poster", "po")).toEqual([{ text: "Site ", on: false }, { text: "po", on: true }, { text: "ster", on: false }]);
    expect(marked("Site", "")).toEqual([{ text: "Site", on: false }]);
  });
});

const hits = () => all("hit").map((hit) => hit.dataset.hit ?? "");
const chosen = () => all("hit").find((hit) => hit.getAttribute("aria-selected") === "true")?.dataset.hit;

async function look(text: string) {
  await write("jump-text", text);
  await idle();
}

const press = async (key: string, more: KeyboardEventInit = {}) => {
  await fireEvent.keyDown(one("jump-text"), { key, ...more });
  await idle();
};

it("opens from the title bar and by its keys, and closes by them", async () => {
  await open();
  await click("jump");
  expect(document.activeElement).toBe(one("jump-text"));
  await chord("Ctrl+K");
  expect(all("switcher").length).toBe(0);
});

it("finds rooms, people, files and actions, and marks what matched", async () => {
  await open();
  await chord("Ctrl+K");
  expect(hits().filter((hit) => hit.startsWith("room-")).length).toBe(3);
  await look("po");
  expect(hits().some((hit) => hit.startsWith("file-"))).toBe(true);
  expect(one("hit").querySelector("mark")?.textContent?.toLowerCase()).toBe("po");
  await look("persim");
  expect(chosen()).toBe("action-skin_persimmon");
});

it.each([
  ["#fair", (hit: string) => hit === "room-r-fair"],
  ["@", (hit: string) => hit.startsWith("room-r-talk") || hit.startsWith("person-")],
  ["/perm", (hit: string) => hit.startsWith("file-")],
  [">", (hit: string) => hit.startsWith("action-")],
])("%s looks in one kind only", async (text, fits) => {
  await open();
  await chord("Ctrl+K");
  await look(text);
  expect(hits().length).toBeGreaterThan(0);
  expect(hits().filter((hit) => !fits(hit))).toEqual([]);
});

it("Enter goes to a room, Ctrl and Enter to its folder", async () => {
  const fake = await open();
  await chord("Ctrl+K");
  await look("autumn");
  await press("Enter");
  expect(all("switcher").length).toBe(0);
  expect(one("room-name").textContent).toBe("Autumn Fair");
  await chord("Ctrl+K");
  await look("autumn");
  await press("Enter", { ctrlKey: true });
  expect(fake.opened).toContain("folder r-fair");
});

it("a file opens, or its row is shown", async () => {
  const fake = await open();
  for (const more of [{}, { ctrlKey: true }]) {
    await chord("Ctrl+K");
    await look("/poster");
    await press("Enter", more);
  }
  const id = fake.world.rooms[0]?.entries.find((entry) => entry.name === "Poster A2.png")?.id;
  expect(fake.opened).toEqual([`open ${id}`, `folder r-fair ${id}`]);
});

it("a person without a conversation gets one", async () => {
  const fake = await open();
  await chord("Ctrl+K");
  await look("@jonas");
  expect(chosen()).toBe("person-a-jonas");
  await press("Enter");
  expect(fake.calls.some((call) => call.do === "talk_to" && call.account === "a-jonas")).toBe(true);
  await waitFor(() => expect(one("room-name").textContent).toBe("Jonas Weber"));
});

it("arrows move round and the choice stays where it was put", async () => {
  await open();
  await chord("Ctrl+K");
  const list = hits();
  await press("ArrowDown");
  expect(chosen()).toBe(list[1]);
  await press("ArrowUp");
  await press("ArrowUp");
  expect(chosen()).toBe(list.at(-1));
  expect(one("jump-text").getAttribute("aria-activedescendant")).toBe(all("hit").at(-1)?.id);
});

it("Enter that ends a syllable goes nowhere", async () => {
  await open();
  await chord("Ctrl+K");
  await look("가족");
  await press("Enter", { isComposing: true });
  await fireEvent.compositionStart(one("jump-text"));
  await press("Enter");
  await fireEvent.compositionEnd(one("jump-text"));
  expect(all("switcher").length).toBe(1);
  await press("Enter");
  expect(one("room-name").textContent).toBe("우리 가족");
});

it("says when nothing fits, and that people come when one is back", async () => {
  await open({ failing: { people: "offline" } });
  await chord("Ctrl+K");
  await look("zzzz");
  expect(one("switcher").textContent).toContain("Nothing is called “zzzz”.");
  expect(one("switcher").textContent).toContain("found when you are back online");
});

it("an action of the list is done", async () => {
  await open();
  await chord("Ctrl+K");
  await look(">blue hour");
  await press("Enter");
  expect(document.documentElement.dataset.skin).toBe("bluehour");
});

it("closing gives the focus back", async () => {
  await open();
  one("filter").focus();
  await chord("Ctrl+K");
  await fireEvent(one("switcher"), new Event("cancel", { cancelable: true }));
  await idle();
  expect(document.activeElement).toBe(one("filter"));
});
