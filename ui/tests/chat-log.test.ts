import { expect, it, vi } from "vitest";
import { Going, UNDO_MS } from "../src/lib/state/chat/going.svelte";
import { Typing } from "../src/lib/state/chat/typing.svelte";
import { ITEMS_MAX } from "../src/lib/state/chat/log.svelte";
import type { Fake } from "../src/lib/backend/fake";
import { dropPhotos } from "../src/lib/backend/fake/chat";
import { all, click, fireEvent, idle, one, open, openRoom, waitFor, write } from "./window";

const rows = () => [...document.querySelectorAll<HTMLElement>("[data-row]")];
const timelines = (fake: Fake) => fake.calls.flatMap((call) => (call.do === "timeline" ? [call] : []));
const press = (target: Element, key: string, more: KeyboardEventInit = {}) => fireEvent.keyDown(target, { key, ...more });
const rowWith = (text: string): HTMLElement => {
  const row = rows().findLast((one) => one.textContent?.includes(text));
  if (!row) throw new Error(`no row with ${text}`);
  return row;
};
/** Without a layout the log stands at its top when it is told to be tall. */
async function scrollUp(): Promise<void> {
  const log = one("log");
  Object.defineProperty(log, "scrollHeight", { value: 4000, configurable: true });
  await fireEvent.scroll(log);
  await idle();
}

it("an unread room opens around the place that was read last, with the line there", async () => {
  const fake = await open({ messages: 500 });
  await openRoom("Autumn Fair");
  const read = fake.world.room("r-fair").view.read;
  expect(timelines(fake)[0]?.place.at).toBe("around");
  expect(read).toBeGreaterThan(500);
  const line = one("new-line");
  // Shortly after midnight the line of the day stands between.
  let above = line.previousElementSibling as HTMLElement;
  while (above.dataset.pos === undefined && above.previousElementSibling) above = above.previousElementSibling as HTMLElement;
  const below = line.nextElementSibling as HTMLElement;
  expect(Number(above.dataset.pos)).toBeLessThanOrEqual(read + 1);
  expect(below.textContent).toContain("Site flyover.mp4");
});

it("a room that was read opens at the foot", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  expect(timelines(fake)[0]?.place).toEqual({ at: "newest" });
  expect(all("new-line")).toEqual([]);
});

it("however far one scrolls, a bounded number of items is held", async () => {
  await open({ messages: 2000 });
  await openRoom("Autumn Fair");
  const before = Number(rows()[0]?.dataset.pos);
  for (let n = 0; n < 16; n++) await scrollUp();
  expect(rows().length).toBeLessThanOrEqual(ITEMS_MAX);
  expect(Number(rows()[0]?.dataset.pos)).toBeLessThan(before - 200);
  const keys = rows().map((row) => row.dataset.key);
  expect(new Set(keys).size).toBe(keys.length);
});

it("from far up one is led back to the newest message", async () => {
  const fake = await open({ messages: 2000, goto: 50 });
  await openRoom("Autumn Fair");
  fake.emit("goto", { room: "r-fair", pos: 50 });
  await waitFor(() => expect(rows().some((row) => row.dataset.pos === "50")).toBe(true));
  await idle();
  expect(all("newest").length).toBe(1);
  await click("newest");
  expect(rows().at(-1)?.textContent).toContain("Flyover is landing now.");
  expect(all("newest")).toEqual([]);
});

it("a click on a notification scrolls to the message and lights it up", async () => {
  const fake = await open({ messages: 2000 });
  await openRoom("Autumn Fair");
  fake.emit("goto", { room: "r-fair", pos: 700 });
  await waitFor(() => expect(document.querySelector('[data-pos="700"]')?.classList.contains("lit")).toBe(true));
  expect(document.activeElement).toBe(document.querySelector('[data-pos="700"]'));
});

it("what changes is read in one bounded stretch", async () => {
  const fake = await open({ messages: 2000 });
  await openRoom("Autumn Fair");
  for (let n = 0; n < 6; n++) await scrollUp();
  const before = timelines(fake).length;
  fake.world.hear("r-fair", "a-aiko", "one more");
  await waitFor(() => expect(timelines(fake).length).toBe(before + 1));
  await idle();
  expect(timelines(fake).at(-1)?.limit).toBeLessThanOrEqual(200);
});

it("an item that did not change keeps its element", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  const row = rowWith("Nearly there.");
  fake.world.hear("r-fair", "a-aiko", "one more");
  await waitFor(() => rowWith("one more"));
  expect(rowWith("Nearly there.")).toBe(row);
});

it("a row that had the focus and is let go hands it to the log", async () => {
  const fake = await open({ messages: 2000 });
  await openRoom("Autumn Fair");
  rows()[3]?.focus();
  const held = document.activeElement as HTMLElement;
  expect(held.dataset.key).toBeDefined();
  fake.emit("goto", { room: "r-fair", pos: 100 });
  await waitFor(() => expect(rows().some((row) => row.dataset.pos === "100")).toBe(true));
  expect(held.isConnected).toBe(false);
  expect(document.activeElement).not.toBe(document.body);
});

it("arrows walk over the rows, Esc goes back to writing", async () => {
  await open();
  await openRoom("Autumn Fair");
  one("log").focus();
  await press(one("log"), "ArrowUp");
  expect(document.activeElement).toBe(rows().at(-1));
  await press(document.activeElement as Element, "ArrowUp");
  expect(document.activeElement).toBe(rows().at(-2));
  await press(document.activeElement as Element, "Escape");
  await waitFor(() => expect(document.activeElement).toBe(one("composer")));
});

it("forty photos are one row that draws nine, and open large", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  dropPhotos(fake.world, "r-family", "a-seoyeon", 40);
  await waitFor(() => expect(one("album").dataset.count).toBe("40"));
  expect(all("look", one("album")).length).toBe(9);
  expect(one("album-label").textContent).toContain("40 pictures");
  await fireEvent.click(all("look", one("album"))[1] as HTMLElement);
  expect(one("look-at").textContent).toBe("2 of 40");
  await press(one("lightbox"), "ArrowRight");
  expect(one("look-at").textContent).toBe("3 of 40");
  expect(one("lightbox").getAttribute("aria-label")).toBe("Fair 03.jpg");
  await click("look-close");
  expect(all("lightbox")).toEqual([]);
});

it("a picture that cannot be shown leaves its place to the file's page, and is asked for again", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  const card = all("file-card").find((one) => one.dataset.name === "Poster A2.png") as HTMLElement;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await fireEvent.error(card.querySelector("img") as HTMLImageElement);
  expect([all("no-thumb", card).length, card.querySelector("img")]).toEqual([1, null]);
  await vi.advanceTimersByTimeAsync(2_000);
  await fireEvent.error(one("picture-again", card));
  await vi.advanceTimersByTimeAsync(7_000);
  expect(all("picture-again", card).length).toBe(0);
  // A connection that is lost and found again does not wait for the next turn.
  fake.tell({ event: "connection", connection: { state: "offline", retry_at: null, reason: null } });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(all("picture-again", card).length).toBe(0);
  fake.tell({ event: "connection", connection: { state: "online" } });
  await vi.advanceTimersByTimeAsync(2_100);
  await fireEvent.load(one("picture-again", card));
  expect([all("no-thumb", card).length, card.querySelectorAll("img").length]).toEqual([0, 1]);
  vi.useRealTimers();
});

it("a deleted file can be restored by who may write, and by nobody else", async () => {
  const fake = await open();
  const fair = fake.world.room("r-fair");
  const card = fair.items.findLast((item) => item.kind.type === "upload" && item.kind.phase.phase === "stored");
  if (card?.kind.type !== "upload") throw new Error("no card");
  card.kind.phase = { phase: "deleted" };
  await openRoom("Autumn Fair");
  await click("restore-file");
  expect(fake.calls.some((call) => call.do === "entry_restore" && call.entry === (card.kind.type === "upload" ? card.kind.entry : ""))).toBe(true);
  fair.view.summary.role = "viewer";
  fake.world.changed(fair);
  await waitFor(() => expect(all("restore-file")).toEqual([]));
});

it("many things that one person did are one line that opens", async () => {
  const fake = await open();
  const family = fake.world.room("r-family");
  const [file] = family.entries;
  if (!file) throw new Error("no file");
  const { say } = await import("../src/lib/backend/fake/world");
  for (let n = 0; n < 5; n++) say(family, "a-seoyeon", Date.now(), { type: "activity", kind: "modified", entry: `e${n}`, name: `${n}.txt`, name_now: `${n}.txt`, folder: false, count: 1, said: null });
  await openRoom("우리 가족");
  expect(one("fold").textContent).toContain("이서연 modified 5 files");
  const before = all("activity").length;
  await click("fold-open");
  expect(all("activity").length).toBe(before + 5);
});

it("activity is left out where one does not want it", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  const told = () => all("activity").map((line) => line.textContent ?? "");
  expect(told().some((text) => text.includes("downloaded"))).toBe(true);
  await fake.run({ do: "setting_set", key: "chat.activity", value: "changes" });
  await waitFor(() => expect(told().some((text) => text.includes("downloaded"))).toBe(false));
  expect(told().some((text) => text.includes("modified"))).toBe(true);
  await fake.run({ do: "setting_set", key: "chat.activity", value: "off" });
  await waitFor(() => expect(told().some((text) => text.includes("modified"))).toBe(false));
});

it("what somebody else says is read out, what was there is not", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  expect(one("said").textContent).toBe("");
  expect(one("log").getAttribute("aria-live")).toBe("off");
  fake.world.hear("r-family", "a-seoyeon", "**저녁**에 봐요");
  await waitFor(() => expect(one("said").textContent).toBe("이서연: 저녁에 봐요"));
});

it("who types is shown until their message comes", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  fake.tell({ event: "typing", room: "r-family", account: "a-seoyeon", name: "이서연" });
  await waitFor(() => expect(one("typing").textContent).toContain("이서연 is typing"));
  fake.world.hear("r-family", "a-seoyeon", "여기요");
  await waitFor(() => expect(one("typing").textContent?.trim()).toBe(""));
});

it("typing is told at most every four seconds, and is over after six", async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  const told: string[] = [];
  const typing = new Typing({ run: async (command: { do: string }) => (told.push(command.do), { is: "done" }) } as unknown as Fake, "r");
  for (const at of [0, 500, 3_999, 4_000, 7_000]) typing.press(at);
  expect(told.length).toBe(2);
  typing.sent();
  typing.press(7_001);
  expect(told.length).toBe(3);
  typing.hear("a", "Aiko", []);
  await vi.advanceTimersByTimeAsync(5_900);
  expect(typing.names).toEqual(["Aiko"]);
  await vi.advanceTimersByTimeAsync(200);
  expect(typing.names).toEqual([]);
  vi.useRealTimers();
});

it("a deletion is told after eight seconds, at once when one leaves, and never when it is undone", async () => {
  vi.useFakeTimers();
  const told: string[] = [];
  const going = new Going(async (id) => told.push(id));
  going.delete("kept");
  going.delete("late");
  await vi.advanceTimersByTimeAsync(UNDO_MS - 1);
  going.undo("kept");
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toEqual(["late"]);
  going.delete("left");
  await going.flush();
  await vi.advanceTimersByTimeAsync(UNDO_MS * 2);
  expect(told).toEqual(["late", "left"]);
  expect(going.has("left")).toBe(false);
  vi.useRealTimers();
});

it("older messages that cannot be read are told of, and asked for again", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  fake.failing.timeline = "unavailable";
  await scrollUp();
  expect(all("error").length).toBe(1);
  const before = rows().length;
  delete fake.failing.timeline;
  await scrollUp();
  expect(rows().length).toBeGreaterThan(before);
  await write("composer", "still here");
});
