// The rest of the activities: who opened what, comments read in the chat, kinds hidden in one room, the switch of a room.

import { expect, it } from "vitest";
import { say } from "../src/lib/backend/fake/world";
import { all, click, fireEvent, idle, one, open, openRoom, waitFor } from "./window";

const told = () => all("activity").map((line) => line.textContent ?? "");

it("a comment is read in the chat, and answered where the file is", async () => {
  const fake = await open();
  const fair = fake.world.room("r-fair");
  const file = fair.entries.find((one) => one.kind === "file");
  if (!file) throw new Error("no file");
  const kind = { type: "activity", kind: "commented", entry: file.id, name: file.name, name_now: file.name, folder: false, count: 1 } as const;
  say(fair, "a-aiko", Date.now(), { ...kind, said: { id: "c1", text: "Is page 3 final?", to_me: true, answers: "Mina Park" } });
  await openRoom("Autumn Fair");
  await waitFor(() => expect(all("said-line").map((line) => line.textContent)).toContain("Is page 3 final?"));
  expect(told().some((text) => text.includes("Aiko Sato answered Mina Park on"))).toBe(true);
  await click("act-answer");
  expect(fake.opened.at(-1)).toBe(`folder r-fair ${file.id}`);
});

it("kinds are hidden in one room and stay hidden on every computer", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  expect(told().some((text) => text.includes("downloaded"))).toBe(true);
  await click("chat-filter");
  await click("filter-looks");
  await waitFor(() => expect(told().some((text) => text.includes("downloaded"))).toBe(false));
  expect(fake.world.settings.get("chat.activity.r-fair")).toBe("looks");
  await click("chat-filter");
  await click("filter-looks");
  await waitFor(() => expect(told().some((text) => text.includes("downloaded"))).toBe(true));
  expect(fake.world.settings.has("chat.activity.r-fair")).toBe(false);
});

it("details say who opened a file, unless the room does not want to know", async () => {
  const fake = await open({ folder: "r-fair" });
  await waitFor(() => expect(all("entry").length).toBeGreaterThan(0));
  const file = all("entry").find((row) => row.dataset.name?.endsWith(".hwp")) as HTMLElement;
  await fireEvent.click(file);
  await waitFor(() => expect(one("opened-by").textContent).toMatch(/Opened by 1 of \d/));
  await fake.run({ do: "opened_told", room: "r-fair", on: false });
  fake.tell({ event: "folder", room: "r-fair" });
  await waitFor(() => expect(all("opened-by").length).toBe(0));
});

it("who looks at a file as large as the window is told to have opened it, once", async () => {
  const fake = await open({ folder: "r-fair" });
  await waitFor(() => expect(all("entry").length).toBeGreaterThan(0));
  const file = all("entry").find((row) => row.dataset.name?.endsWith(".hwp")) as HTMLElement;
  await fireEvent.click(file);
  expect(fake.calls.some((call) => call.do === "opened")).toBe(false);
  await fireEvent.keyDown(file, { key: " " });
  await idle();
  await waitFor(() => expect(fake.calls.filter((call) => call.do === "opened")).toEqual([{ do: "opened", entry: file.dataset.id }]));
});

it("the conversation of two tells what the other did to one's files elsewhere", async () => {
  const fake = await open();
  const fair = fake.world.room("r-fair");
  const file = fair.entries.find((one) => one.kind === "file");
  const talk = fake.world.rooms.find((room) => room.view.summary.title === "");
  if (!file || !talk) throw new Error("no file, or nobody to talk with");
  const other = talk.view.members.find((member) => !member.me);
  const kind = { type: "activity", kind: "modified", entry: file.id, name: file.name, name_now: file.name, folder: false, count: 1, said: null } as const;
  const item = { key: "activity:1", pos: 0, at: Date.now(), by: other?.account ?? "", by_name: other?.display_name ?? "", mine: false, kind };
  fake.world.concerning = [{ room: "r-fair", room_title: "Autumn Fair", item }];
  await openRoom(other?.display_name ?? "");
  await waitFor(() => expect(one("concerning").dataset.count).toBe("1"));
  await click("concerning-open");
  expect(one("concerning").textContent).toContain(`modified ${file.name}`);
  expect(one("concerning").textContent).toContain("in Autumn Fair");
});
