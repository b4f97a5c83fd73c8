import { expect, it } from "vitest";
import type { ItemKind } from "../src/lib/backend/bindings";
import type { Fake } from "../src/lib/backend/fake";
import { all, click, fireEvent, idle, one, open, openRoom, waitFor, write } from "./window";

const field = () => one("composer") as HTMLTextAreaElement;
const press = (target: Element, key: string, more: KeyboardEventInit = {}) => fireEvent.keyDown(target, { key, ...more });
const sent = (fake: Fake) => fake.calls.flatMap((call) => (call.do === "send" ? [call] : []));
const rowWith = (text: string): HTMLElement => {
  const row = [...document.querySelectorAll<HTMLElement>("[data-row]")].findLast((one) => one.textContent?.includes(text));
  if (!row) throw new Error(`no row with ${text}`);
  return row;
};
async function type(text: string): Promise<void> {
  field().value = text;
  field().setSelectionRange(text.length, text.length);
  await fireEvent.input(field());
}
async function say(text: string): Promise<void> {
  await write("composer", text);
  await press(field(), "Enter");
  await idle();
}
function put(fake: Fake, room: string, by: string, text: string, more: Partial<Extract<ItemKind, { type: "message" }>> = {}): void {
  fake.world.hear(room, by, text);
  const item = fake.world.room(room).items.at(-1);
  Object.assign(item?.kind ?? {}, more);
  fake.world.changed(fake.world.room(room));
}

it("R answers the message that has the focus, and its quote leads back", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  const answered = rowWith("Nearly there.");
  answered.focus();
  await press(answered, "r");
  expect(one("answering").textContent).toContain("Reply to 이서연");
  await say("Good.");
  expect(sent(fake)[0]?.reply).toMatchObject({ to: "message" });
  expect(all("answering")).toEqual([]);
  const quote = one("quote", rowWith("Good."));
  expect(quote.textContent).toContain("Nearly there. One paragraph left.");
  await fireEvent.click(quote);
  await waitFor(() => expect(document.activeElement).toBe(answered));
});

it("a refused answer keeps what it answers", async () => {
  const fake = await open({ failing: { send: "rate_limited" } });
  await openRoom("Autumn Fair");
  await press(rowWith("Nearly there."), "r");
  await say("Good.");
  expect(field().value).toBe("Good.");
  expect(all("answering").length).toBe(1);
  delete fake.failing.send;
  await press(field(), "Enter");
  await idle();
  expect(sent(fake).at(-1)?.reply).not.toBeNull();
});

it("a quote of what was deleted says so", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  put(fake, "r-family", "a-seoyeon", "네", { reply: { target: { to: "message", id: "gone" }, pos: 2, by: "a-mina", by_name: "Mina Park", mine: true, quote: null } });
  await waitFor(() => expect(one("quote").textContent).toContain("A deleted message"));
});

it("E reacts, a press on the chip takes it back", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  await press(rowWith("Nearly there."), "e");
  await idle();
  await fireEvent.click(all("quick-emoji")[0] as HTMLElement);
  await idle();
  expect(all("float")).toEqual([]);
  const chip = one("reaction", rowWith("Nearly there."));
  expect([chip.getAttribute("aria-pressed"), chip.getAttribute("aria-label")]).toEqual(["true", "👍 from Mina Park"]);
  await fireEvent.click(chip);
  await idle();
  expect(all("reaction", rowWith("Nearly there."))).toEqual([]);
  expect(fake.calls.flatMap((call) => (call.do === "message_react" ? [call.on] : []))).toEqual([true, false]);
});

it("emoji are found by their name in the person's language", async () => {
  const fake = await open({ locale: "ko-KR" });
  await openRoom("Autumn Fair");
  await click("emoji-button");
  await waitFor(() => expect(one("emoji-grid").children.length).toBeGreaterThan(50));
  await fireEvent.input(one("emoji-search"), { target: { value: "하트" } });
  await press(one("emoji-search"), "Enter");
  await idle();
  expect(field().value).toMatch(/\p{Extended_Pictographic}/u);
  expect(sent(fake)).toEqual([]);
});

it("a reaction that is refused is told of", async () => {
  await open({ failing: { message_react: "gone" } });
  await openRoom("Autumn Fair");
  await press(rowWith("Nearly there."), "e");
  await fireEvent.click(all("quick-emoji")[0] as HTMLElement);
  await idle();
  expect(one("error").dataset.code).toBe("gone");
});

it("the arrow up changes the last own message and leaves the draft alone", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  await press(field(), "ArrowUp");
  expect(one("editing").textContent).toContain("Change your message");
  expect(field().value).toBe("Fixed the fire lane. Poster is up too, print size.");
  await write("composer", "Fixed the fire lane.");
  await press(field(), "Enter");
  await idle();
  expect(fake.calls.some((call) => call.do === "message_edit" && call.text === "Fixed the fire lane.")).toBe(true);
  expect(sent(fake)).toEqual([]);
  expect(rowWith("Fixed the fire lane.").textContent).toContain("edited");
  expect([field().value, all("editing").length]).toEqual(["", 0]);
});

it("Esc leaves a message as it was, and a change of nothing asks for nothing", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  await press(field(), "ArrowUp");
  await write("composer", "something else");
  await press(field(), "Escape");
  expect(field().value).toBe("");
  await press(field(), "ArrowUp");
  await press(field(), "Enter");
  await idle();
  expect(fake.calls.filter((call) => call.do === "message_edit")).toEqual([]);
});

it("Del deletes with a way back, and leaving the room makes it true", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  const deletions = () => fake.calls.filter((call) => call.do === "message_delete").length;
  const row = rowWith("Fixed the fire lane.");
  row.focus();
  await press(row, "Delete");
  expect(row.textContent).toContain("Message deleted");
  await click("undo-delete");
  expect([row.textContent?.includes("Fixed the fire lane."), deletions()]).toEqual([true, 0]);
  row.focus();
  await press(row, "Delete");
  await openRoom("우리 가족");
  await idle();
  expect(deletions()).toBe(1);
  await openRoom("Autumn Fair");
  expect(one("log").textContent).not.toContain("Fixed the fire lane.");
  expect(one("log").textContent).toContain("Message deleted");
});

it("others' messages are offered neither change nor deletion", async () => {
  await open();
  await openRoom("Autumn Fair");
  await fireEvent.contextMenu(rowWith("Nearly there."), { clientX: 10, clientY: 10 });
  expect([all("menu-reply").length, all("menu-edit").length, all("menu-delete").length]).toEqual([1, 0, 0]);
  await press(document.activeElement as Element, "Escape");
  await fireEvent.contextMenu(rowWith("Fixed the fire lane."), { clientX: 10, clientY: 10 });
  expect([all("menu-edit").length, all("menu-delete").length]).toEqual([1, 1]);
});

it("a name is picked from those in the room and sent along", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  await type("Ask @To");
  expect(all("mention-option").map((option) => option.textContent)).toEqual([expect.stringContaining("Tomás Rivera"), expect.stringContaining("Aiko Sato")]);
  await press(field(), "Enter");
  await waitFor(() => expect(field().value).toBe("Ask @Tomás Rivera "));
  expect(all("mention-list")).toEqual([]);
  await press(field(), "Enter");
  await idle();
  expect(sent(fake)[0]).toMatchObject({ text: "Ask @Tomás Rivera", mentions: ["a-tomas"] });
  expect(one("mention", rowWith("Ask")).textContent).toBe("@Tomás Rivera");
});

it("one's own name stands out", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  put(fake, "r-family", "a-seoyeon", "@Mina Park 봤어요?", { mentions: [{ account: "a-mina", name: "Mina Park" }] });
  await waitFor(() => expect(one("mention").classList.contains("me")).toBe(true));
});

it("links go to the system, never to this window", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  put(fake, "r-family", "a-seoyeon", "see https://example.org/plan");
  await waitFor(() => one("link"));
  expect(await fireEvent.click(one("link"))).toBe(false);
  await idle();
  expect(fake.opened).toEqual(["link https://example.org/plan"]);
});

it("who has a message is told on a press of its mark", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  await fireEvent.click(one("tick-button", rowWith("Fixed the fire lane.")));
  await waitFor(() => expect(one("marks").textContent).toContain("Tomás Rivera"));
  await press(one("marks"), "Escape");
  expect(all("marks")).toEqual([]);
  fake.failing.message_marks = "unavailable";
  await fireEvent.click(one("tick-button", rowWith("Fixed the fire lane.")));
  await waitFor(() => expect(one("error", one("marks")).dataset.code).toBe("unavailable"));
});

it("files wait in the tray and go with one message", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  await click("attach");
  expect(one("tray").textContent).toContain("Poster final.png");
  expect(one("tray").textContent).toContain("2 files");
  await say("Both are for the printer");
  expect(sent(fake).map((call) => call.text)).toEqual(["Both are for the printer"]);
  expect(all("tray")).toEqual([]);
  const kinds = fake.world.room("r-family").items.slice(-3).map((item) => item.kind.type);
  expect(kinds).toEqual(["message", "upload", "upload"]);
});

it("files go without a word too, and what is taken out of the tray is let go", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  await click("attach");
  expect(all("tray-file").length).toBe(2);
  await click("tray-remove");
  expect(all("tray-file").map((file) => file.textContent)).toEqual([expect.stringContaining("Print notes.pdf")]);
  expect([...fake.shell.holding.values()].map((files) => files.map((file) => file.index))).toEqual([[1]]);
  expect(document.activeElement).toBe(one("tray-remove"));
  await click("tray-remove");
  expect([all("tray").length, fake.shell.holding.size]).toEqual([0, 0]);
  expect(document.activeElement).toBe(field());
  await click("attach");
  await click("attach");
  expect(one("tray").textContent).toContain("4 files");
  await click("tray-clear");
  expect([all("tray").length, fake.shell.holding.size]).toEqual([0, 0]);
  await click("attach");
  await press(field(), "Enter");
  await idle();
  expect([sent(fake).length, all("upload").length]).toEqual([0, 2]);
});

it("more files than one looks at are counted, and all of them go", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  document.elementFromPoint = () => field();
  const files = Array.from({ length: 64 }, (_, n) => ({ name: `${n}.jpg`, bytes: 1, image: false, folder: false }));
  fake.drop({ phase: "drop", drop: fake.shell.hold(files), x: 5, y: 5, files: 64 });
  await waitFor(() => expect(one("tray").textContent).toContain("and 4 more"));
  expect(all("tray-file").length).toBe(60);
  await press(field(), "Enter");
  await idle();
  expect(all("tray")).toEqual([]);
  expect(fake.shell.holding.size).toBe(0);
});

it("pasted pictures and files go to the tray, pasted text to the text", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  const data = (types: string[], text: string) => ({ clipboardData: { files: [], types, getData: () => text } });
  expect(await fireEvent.paste(field(), data(["text/plain"], "words"))).toBe(true);
  expect(await fireEvent.paste(field(), data(["Files"], ""))).toBe(false);
  await waitFor(() => expect(one("tray").textContent).toContain("Screenshot.png"));
  fake.shell.clipboard.files = null;
  expect(await fireEvent.paste(field(), data(["image/png", "text/plain"], "its words"))).toBe(false);
  await waitFor(() => expect(field().value).toBe("its words"));
});

it("with Alt, or on the composer, dropped files wait for a message", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  const over = (element: Element) => (document.elementFromPoint = () => element);
  over(one("log"));
  fake.drop({ phase: "over", x: 5, y: 5, files: 1, alt: true });
  await waitFor(() => expect(one("drop-card").dataset.ask).toBe("true"));
  fake.drop({ phase: "drop", drop: fake.shell.hold([{ name: "a.pdf", bytes: 9, image: false, folder: false }]), x: 5, y: 5, files: 1, alt: true });
  await waitFor(() => expect(one("tray").textContent).toContain("a.pdf"));
  expect(all("upload")).toEqual([]);
  await waitFor(() => expect(fake.opened).toContain("act front"));
  expect(document.activeElement).toBe(field());
  over(field());
  fake.drop({ phase: "drop", drop: fake.shell.hold([{ name: "b.pdf", bytes: 9, image: false, folder: false }]), x: 5, y: 5, files: 1 });
  await waitFor(() => expect(one("tray").textContent).toContain("b.pdf"));
  over(one("log"));
  fake.drop({ phase: "drop", drop: fake.shell.hold([{ name: "c.pdf", bytes: 9, image: false, folder: false }]), x: 5, y: 5, files: 1 });
  await waitFor(() => expect(one("upload").dataset.name).toBe("c.pdf"));
});

it("a room that is only looked at takes no files, and says why", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  fake.world.room("r-family").view.summary.role = "viewer";
  fake.world.changed(fake.world.room("r-family"));
  await waitFor(() => expect(all("composer")).toEqual([]));
  document.elementFromPoint = () => one("log");
  fake.drop({ phase: "over", x: 5, y: 5, files: 2 });
  await waitFor(() => expect(one("drop-card").dataset.welcome).toBe("false"));
  expect(one("drop-card").textContent).toContain("Its manager can let you add files.");
});

it("a search walks from the newest hit into older messages and says how far it looked", async () => {
  await open({ messages: 1500 });
  await openRoom("Autumn Fair");
  await fireEvent.keyDown(window, { key: "f", ctrlKey: true });
  await waitFor(() => expect(document.activeElement).toBe(one("search-field")));
  await fireEvent.input(one("search-field"), { target: { value: "fair 1203." } });
  await press(one("search-field"), "Enter");
  await idle();
  await waitFor(() => expect(one("search-said").textContent).toMatch(/^1 of 1/));
  const row = await waitFor(() => rowWith("A word on the fair 1203."));
  expect(row.querySelector("mark")?.textContent).toBe("fair 1203.");
  expect(document.activeElement).toBe(one("search-field"));
  await press(one("search-field"), "Enter");
  await idle();
  await waitFor(() => expect(one("search-far").textContent).toContain("Pod looked through the whole room."));
  await press(one("search-field"), "Escape");
  expect([all("search-bar").length, document.querySelectorAll("mark").length]).toEqual([0, 0]);
});

it("a search that finds nothing says so, and a refused one is told of", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  await click("search-button");
  await fireEvent.input(one("search-field"), { target: { value: "zebra" } });
  await press(one("search-field"), "Enter");
  await waitFor(() => expect(one("search-far").textContent?.trim()).toBe("Nothing found. Pod looked through the whole room."));
  fake.failing.search = "unavailable";
  await fireEvent.input(one("search-field"), { target: { value: "gate" } });
  await press(one("search-field"), "Enter");
  await waitFor(() => expect(one("error").dataset.code).toBe("unavailable"));
  await waitFor(() => expect(one("search-said").textContent).not.toBe("Looking…"));
});

it("code can be copied as it was written", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  const copied: string[] = [];
  Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text: string) => void copied.push(text) }, configurable: true });
  put(fake, "r-family", "a-seoyeon", "```sh\nnpm  test\n```");
  await waitFor(() => one("copy-code"));
  await click("copy-code");
  expect(copied).toEqual(["npm  test"]);
});
