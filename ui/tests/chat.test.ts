import { expect, it } from "vitest";
import { row } from "../src/lib/backend/fake/transfers";
import { all, click, fireEvent, idle, one, open, openRoom, waitFor, write } from "./window";

const press = (key: string, more: KeyboardEventInit = {}) => fireEvent.keyDown(one("composer"), { key, ...more });
const lastMessage = () => all("message").at(-1);
const field = () => one("composer") as HTMLTextAreaElement;

it("a room shows its messages, its activity and its files", async () => {
  await open();
  await openRoom("Autumn Fair");
  expect(one("log").textContent).toContain("Nearly there. One paragraph left.");
  expect(all("activity").some((line) => line.textContent?.includes("Aiko Sato modified Budget.xlsx 5 times"))).toBe(true);
  expect(one("file-card").textContent).toContain("Poster A2.png");
  expect(one("upload").textContent).toContain("412 of 664 MB");
  expect(all("new-line").length).toBe(1);
});

it("Enter sends, Shift and Enter does not", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  await write("composer", "Good morning");
  await press("Enter", { shiftKey: true });
  expect(fake.calls.some((call) => call.do === "send")).toBe(false);
  await press("Enter");
  await idle();
  expect(lastMessage()?.textContent).toContain("Good morning");
  expect(lastMessage()?.dataset.state).toBe("sent");
  expect(field().value).toBe("");
});

it("Enter that ends a Korean syllable does not send", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  await write("composer", "안녕");
  await press("Enter", { isComposing: true });
  await press("Enter", { keyCode: 229 } as KeyboardEventInit);
  await fireEvent.compositionStart(field());
  await press("Enter");
  await fireEvent.compositionEnd(field());
  expect(fake.calls.some((call) => call.do === "send")).toBe(false);
  await press("Enter");
  await idle();
  expect(fake.calls.filter((call) => call.do === "send").length).toBe(1);
});

it("a refused message gives its text back and says why", async () => {
  await open({ failing: { send: "too_large" } });
  await openRoom("Autumn Fair");
  await write("composer", "long");
  await press("Enter");
  await idle();
  expect(field().value).toBe("long");
  expect(one("error").dataset.code).toBe("too_large");
});

it("a message that failed can be tried again or discarded", async () => {
  await open();
  await openRoom("Autumn Fair");
  for (const text of ["one /fail", "two /fail"]) {
    await write("composer", text);
    await press("Enter");
    await idle();
  }
  await click("retry");
  expect(all("message").filter((message) => message.dataset.state === "failed").length).toBe(1);
  await click("discard");
  expect(all("message").some((message) => message.textContent?.includes("two /fail"))).toBe(false);
  expect(all("message").some((message) => message.textContent?.includes("one /fail"))).toBe(true);
});

it("offline, what waits is counted and sent when back", async () => {
  await open({ offline: true });
  await openRoom("Autumn Fair");
  expect(one("offline").textContent).toContain("Everything you have opened still works.");
  for (const text of ["first", "second"]) {
    await write("composer", text);
    await press("Enter");
    await idle();
  }
  expect(one("offline").textContent).toContain("2 messages will be sent when you are back.");
  expect(lastMessage()?.dataset.state).toBe("waiting");
  await click("try-now");
  expect(all("offline").length).toBe(0);
  expect(lastMessage()?.dataset.state).toBe("sent");
});

it("a draft is kept when the room is left and there again when it is opened", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  await write("composer", "half a thou");
  await openRoom("우리 가족");
  await idle();
  expect(fake.calls.some((call) => call.do === "draft_set" && call.text === "half a thou")).toBe(true);
  expect(field().value).toBe("");
  await openRoom("Autumn Fair");
  expect(field().value).toBe("half a thou");
});

it("what others write appears, and is marked read up to it", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  fake.world.hear("r-family", "a-seoyeon", "저녁에 봐요");
  await waitFor(() => expect(lastMessage()?.textContent).toContain("저녁에 봐요"));
  await idle();
  expect(fake.calls.some((call) => call.do === "read" && call.room === "r-family")).toBe(true);
});

it("older messages come when one scrolls up, each once", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  const before = all("message").length;
  const log = one("log");
  Object.defineProperty(log, "scrollHeight", { value: 4000, configurable: true });
  await fireEvent.scroll(log);
  await idle();
  const keys = all("message").map((message) => message.dataset.key);
  expect(keys.length).toBeGreaterThan(before);
  expect(new Set(keys).size).toBe(keys.length);
  expect(fake.calls.some((call) => call.do === "timeline" && call.place.at === "before")).toBe(true);
});

it("an upload is one item from its first byte to the card, and can be cancelled by who may", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  fake.tell({ event: "progress", room: "r-fair", upload: "u-flyover", offset: 500_000_000, length: 664_000_000 });
  await waitFor(() => expect(one("upload-line").textContent).toContain("500 of 664 MB"));
  await click("upload-cancel");
  expect(all("upload").length).toBe(0);
  expect(all("file-card").some((card) => card.dataset.phase === "cancelled" && card.dataset.name === "Site flyover.mp4")).toBe(true);
});

it("the file card opens the file and shows it in its folder", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  const card = one("file-card");
  await click("open-file", card);
  await click("show-file", card);
  expect(fake.opened).toEqual([`open ${card.dataset.entry}`, `show ${card.dataset.entry}`]);
});

it("a chat that cannot be read says so in place and can be tried again", async () => {
  const fake = await open({ failing: { timeline: "unavailable" } });
  await openRoom("Autumn Fair");
  expect(one("chat-failed").dataset.code).toBe("unavailable");
  delete fake.failing.timeline;
  await fireEvent.click(one("chat-failed").querySelector("button") as HTMLButtonElement);
  await idle();
  expect(all("message").length).toBeGreaterThan(0);
});

it("a room one was removed from says so", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  fake.tell({ event: "room_gone", room: "r-fair" });
  await waitFor(() => expect(one("chat").textContent).toContain("You are no longer in this room"));
  expect(all("composer").length).toBe(0);
});

it("a slow backend leaves the window usable and the idle marker true to it", async () => {
  const fake = await open({ latency: 30 });
  await fireEvent.click(all("room")[0] as HTMLElement);
  await waitFor(() => expect(document.documentElement.dataset.idle).toBe("false"));
  await idle();
  expect(all("message").length).toBeGreaterThan(0);
  expect(fake.calls.some((call) => call.do === "timeline")).toBe(true);
});

it("a failed file is written of, with the sentence of its code", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  fake.failing.send = "role_too_low";
  await write("composer", "x");
  await click("send");
  expect(one("error").textContent).toContain("Your role does not allow this.");
});

it("a room in its own window shows who is in it", async () => {
  await open({ room: "r-fair" });
  expect(one("member-strip").textContent).toContain("Tomás Rivera");
  const jonas = all("strip-person").find((person) => person.dataset.name === "jonas") as HTMLElement;
  expect([one("presence", jonas).dataset.state, jonas.textContent?.includes("In a meeting")]).toEqual(["busy", true]);
  expect(one("window-title").textContent).toBe("Autumn Fair on Harbour Studio");
});

it("a card follows its transfer when that stops and goes on", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  const reads = () => fake.calls.filter((call) => call.do === "timeline").length;
  const transfer = row({ id: "t-9", direction: "up", room: "r-fair", room_title: "Autumn Fair", name: "a", path: "server", done: 1, total: 9, state: { state: "moving" } }, 1);
  const before = reads();
  fake.tell({ event: "transfer", transfer: transfer });
  await waitFor(() => expect(reads()).toBe(before + 1));
  await idle();
  fake.tell({ event: "transfer", transfer: { ...transfer, done: 5, state: { state: "moving" } } });
  fake.tell({ event: "transfer", transfer: { ...transfer, done: 5, state: { state: "paused" } } });
  await waitFor(() => expect(reads()).toBe(before + 2));
});
