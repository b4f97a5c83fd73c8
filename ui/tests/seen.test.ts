// What annoyed people who used the program for an hour, and stays mended.

import { expect, it } from "vitest";
import { all, click, fireEvent, idle, one, open, openRoom, waitFor, write } from "./window";

const f6 = async (more: KeyboardEventInit = {}) => {
  await fireEvent.keyDown(document.activeElement ?? document.body, { key: "F6", ...more });
  await idle();
  return (document.activeElement as HTMLElement | null)?.dataset.testid ?? "";
};

it("F6 goes to where one works: the room, the messages, the line, the files", async () => {
  await open();
  await openRoom("Autumn Fair");
  one("composer").focus();
  const walked = [await f6(), await f6(), await f6(), await f6(), await f6()];
  expect(walked).toEqual(["entry-button", "rail-messages", "room", "log", "composer"]);
  expect(await f6({ shiftKey: true })).toBe("log");
});

it("the files have the keyboard when they are shown", async () => {
  await open();
  await openRoom("Autumn Fair");
  one("rail-files").focus();
  await click("rail-files");
  await fireEvent.keyDown(window, { key: "F", code: "KeyF", ctrlKey: true, shiftKey: true });
  await idle();
  await waitFor(() => expect((document.activeElement as HTMLElement).closest("main, nav")).not.toBeNull());
  one("folder-pane").querySelector<HTMLElement>("[data-start]")?.focus();
  await fireEvent.keyDown(document.activeElement as Element, { key: "ArrowDown" });
  await waitFor(() => expect(all("entry").some((row) => row.getAttribute("aria-selected") === "true")).toBe(true));
});

it("who sees the newest file has read all up to where the log is known", async () => {
  const fake = await open();
  const fair = fake.world.room("r-fair");
  fair.head = 900;
  await openRoom("Autumn Fair");
  await waitFor(() => expect(fake.calls).toContainEqual({ do: "read", room: "r-fair", pos: 900 }));
});

it("what was lost stays said while it is tried again", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  const tell = async (connection: Parameters<typeof fake.tell>[0] & { event: "connection" }) => {
    fake.tell(connection);
    await idle();
  };
  await tell({ event: "connection", connection: { state: "offline", retry_at: null, reason: null } });
  const note = one("offline");
  await tell({ event: "connection", connection: { state: "connecting" } });
  expect(one("offline")).toBe(note);
  await tell({ event: "connection", connection: { state: "online" } });
  expect(all("offline")).toEqual([]);
  await tell({ event: "connection", connection: { state: "connecting" } });
  expect(all("offline")).toEqual([]);
});

it("Enter takes the first quick reaction, and with a word the first hit", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  const rows = [...document.querySelectorAll<HTMLElement>("[data-said]")].filter((row) => row.innerText !== "");
  const row = (rows.at(-1) ?? document.querySelector("[data-said]")) as HTMLElement;
  const react = async () => {
    row.focus();
    await fireEvent.keyDown(row, { key: "e" });
    await idle();
  };
  await react();
  await fireEvent.keyDown(one("emoji-search"), { key: "Enter" });
  await idle();
  await react();
  await write("emoji-search", "rocket");
  await fireEvent.keyDown(one("emoji-search"), { key: "Enter" });
  await idle();
  expect(fake.calls.flatMap((call) => (call.do === "message_react" ? [call.emoji] : []))).toEqual(["👍", "🚀"]);
});

it("the members' dialog begins where people are added, for those who may", async () => {
  await open();
  await openRoom("Autumn Fair");
  await click("members-button");
  expect(document.activeElement).toBe(one("people-search"));
});

it("an empty pod says what to do, folded too, and counts nothing", async () => {
  window.innerWidth = 320;
  const fake = await open();
  fake.world.rooms = [];
  fake.tell({ event: "lagged" });
  await idle();
  expect(one("compact-begin").textContent).toContain("New room");
  expect(one("rooms").querySelectorAll(".n").length).toBe(0);
  window.innerWidth = 1280;
});

it("a sharing-room window opens with the keyboard on its files, and a selection goes on from a renamed file", async () => {
  await open({ folder: "r-fair" });
  await waitFor(() => expect(document.activeElement).toBe(one("entries")));
  const key = async (name: string, more: KeyboardEventInit = {}) => {
    await fireEvent.keyDown(document.activeElement as Element, { key: name, ...more });
    await idle();
  };
  for (let n = 0; n < 5; n++) await key("ArrowDown");
  await key("F2");
  await fireEvent.input(one("name-field"), { target: { value: "Aardvark.hwp" } });
  await fireEvent.keyDown(one("name-field"), { key: "Enter" });
  await idle();
  one("entries").focus();
  await key("ArrowDown", { shiftKey: true });
  const chosen = all("entry").filter((row) => row.getAttribute("aria-selected") === "true").map((row) => row.dataset.name);
  expect([chosen.length, chosen[0]]).toEqual([2, "Aardvark.hwp"]);
});

it("Esc puts the folder over a room's window away", async () => {
  window.innerWidth = 780;
  await open({ room: "r-fair" });
  if (all("folder").length === 0) await click("folder-button");
  await fireEvent.keyDown(window, { key: "Escape" });
  await idle();
  expect(one("folder-button").getAttribute("aria-pressed")).toBe("false");
  window.innerWidth = 1280;
});

it("a conversation is begun with the keyboard alone", async () => {
  const fake = await open();
  await click("new-talk");
  await write("people-search", "jonas");
  await waitFor(() => expect(document.querySelectorAll("[role=option]").length).toBeGreaterThan(0));
  await fireEvent.keyDown(one("people-search"), { key: "Enter" });
  await waitFor(() => expect(document.activeElement).toBe(one("create")));
  await click("create");
  expect(fake.calls.some((call) => call.do === "talk_to")).toBe(true);
});
