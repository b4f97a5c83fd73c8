import { expect, it } from "vitest";
import { actions } from "../src/lib/actions";
import { capsOf, pressed } from "../src/lib/keys";
import { chord } from "./keyboard";
import { all, click, fireEvent, idle, one, open, openRoom, waitFor } from "./window";

const event = (key: string, more: Partial<KeyboardEvent> = {}) => ({ key, code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

it.each([
  ["Ctrl+K", event("k", { ctrlKey: true }), "linux", true],
  ["Ctrl+K", event("k", { metaKey: true }), "linux", false],
  ["Ctrl+K", event("k", { metaKey: true }), "macos", true],
  ["Ctrl+K", event("K", { ctrlKey: true, shiftKey: true }), "linux", false],
  ["Ctrl+K", event("ㅏ", { ctrlKey: true, code: "KeyK" }), "linux", true],
  ["Ctrl+K", event("Process", { ctrlKey: true, code: "KeyK" }), "linux", true],
  ["Ctrl+\\", event("₩", { ctrlKey: true, code: "Backslash" }), "windows", true],
  ["Ctrl+\\", event("\\", { ctrlKey: true, altKey: true }), "windows", false],
  ["Ctrl+Shift+1", event("!", { ctrlKey: true, shiftKey: true, code: "Digit1" }), "linux", true],
  ["Alt+Down", event("ArrowDown", { altKey: true }), "linux", true],
  ["F1", event("F1"), "linux", true],
  ["F6", event("F6", { shiftKey: true }), "linux", false],
] as const)("%s is told apart from what else is pressed (%#)", (written, keys, os, is) => {
  expect(pressed(keys, written, os)).toBe(is);
});

it("keys are named as they stand on the keyboard", () => {
  expect([capsOf("Ctrl+Shift+O", "linux"), capsOf("Alt+Down", "linux"), capsOf("Ctrl+K", "macos")]).toEqual([["Ctrl", "Shift", "O"], ["Alt", "↓"], ["⌘", "K"]]);
});

it("no chord is given twice, and no letter alone acts everywhere", () => {
  const global = actions.filter((action) => action.run).flatMap((action) => action.keys);
  expect(global.filter((one, at) => global.indexOf(one) !== at)).toEqual([]);
  expect(global.filter((one) => !one.includes("+") && !/^F\d+$/.test(one))).toEqual([]);
  expect(actions.filter((action, at) => actions.findIndex((other) => other.id === action.id) !== at)).toEqual([]);
});

/** Everything a key may change: what is on screen, where the focus is, what was asked of the engine and of the shell. */
const world = (fake: Awaited<ReturnType<typeof open>>) =>
  JSON.stringify([document.body.innerHTML, fake.calls, fake.opened, document.documentElement.dataset.skin, document.activeElement?.outerHTML]);

const AFTER: Record<string, () => Promise<void>> = {
  messages: () => click("rail-files"),
  room_chat: () => click("rail-files"),
  pane_back: () => chord("F6"),
};

it.each(actions.filter((action) => action.run && action.keys.length > 0).map((action) => [action.id, action.keys] as const))("the key of %s does something", async (id, keys) => {
  for (const key of keys) {
    const fake = await open();
    await openRoom("우리 가족");
    await AFTER[id]?.();
    const before = world(fake);
    await chord(key);
    await waitFor(() => expect(world(fake)).not.toBe(before));
    document.body.replaceChildren();
  }
});

it("a dialog keeps the keys to itself", async () => {
  await open();
  await chord("Ctrl+N");
  expect(all("title").length).toBe(1);
  await chord("Ctrl+2");
  await chord("Ctrl+K");
  expect(all("switcher").length).toBe(0);
  expect(one("rail-messages").getAttribute("aria-current")).toBe("page");
});

it("while a syllable is being composed no key leaves the line", async () => {
  await open();
  await openRoom("우리 가족");
  await fireEvent.keyDown(one("composer"), { key: "F1", isComposing: true });
  expect(all("help").length).toBe(0);
  await fireEvent.keyDown(one("composer"), { key: "Process", code: "KeyK", keyCode: 229, ctrlKey: true } as KeyboardEventInit);
  await waitFor(() => expect(all("switcher").length).toBe(1));
});

it("letters typed in a line do nothing but stand there", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  const before = world(fake);
  for (const key of ["r", "e", "l", "Delete", "1", "?"]) await fireEvent.keyDown(one("composer"), { key });
  await idle();
  expect(world(fake)).toBe(before);
});

it("Alt and the arrows go through the rooms, Shift to the next unread", async () => {
  await open();
  await openRoom("우리 가족");
  await chord("Alt+Shift+Down");
  expect(one("room-name").textContent).toBe("Autumn Fair");
  await chord("Alt+Down");
  const second = one("room-name").textContent;
  await chord("Alt+Up");
  expect([second === "Autumn Fair", one("room-name").textContent]).toEqual([false, "Autumn Fair"]);
});

it("F6 walks through the parts of the window and back", async () => {
  await open();
  await openRoom("Autumn Fair");
  const part = () => document.activeElement?.closest("nav, aside, main")?.getAttribute("aria-label");
  const seen: (string | null | undefined)[] = [];
  for (let n = 0; n < 4; n++) {
    await chord("F6");
    seen.push(part());
  }
  expect(new Set(seen).size).toBe(4);
  await chord("Shift+F6");
  expect(part()).toBe(seen[2]);
});

it("the menu of the system does what the keys do", async () => {
  const fake = await open();
  fake.emit("menu", { act: "settings" });
  await waitFor(() => expect(all("settings").length).toBe(1));
  fake.emit("menu", { act: "jump" });
  await waitFor(() => expect(all("switcher").length).toBe(1));
});
