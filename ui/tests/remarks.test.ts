// What people say about a file: comments with answers, and stars in half steps.

import { expect, it } from "vitest";
import { all, click, fireEvent, idle, one, open, waitFor } from "./window";

const FILE = "Permit letter.hwp";
const row = (name: string) => all("entry").find((one) => one.dataset.name === name) as HTMLElement;
const texts = () => all("comment").map((line) => line.querySelector(".text")?.textContent);

async function selected() {
  const fake = await open({ folder: "r-fair" });
  const room = fake.world.rooms[0];
  if (!room) throw new Error("there is no room");
  fake.tell({ event: "folder", room: "r-fair" });
  await waitFor(() => expect(row(FILE)).toBeTruthy());
  await fireEvent.click(row(FILE));
  await waitFor(() => expect(all("comments").length).toBe(1));
  return fake;
}

async function say(text: string) {
  await fireEvent.input(one("comment-text"), { target: { value: text } });
  await click("comment-say");
  await idle();
}

it("a comment is said, answered and deleted", async () => {
  const fake = await selected();
  await say("좋아요");
  await waitFor(() => expect(texts()).toEqual(["좋아요"]));
  expect((one("comment-text") as HTMLInputElement).value).toBe("");
  await click("comment-answer");
  await say("thank you");
  await waitFor(() => expect(texts()).toEqual(["좋아요", "thank you"]));
  const calls = fake.calls.filter((call) => call.do === "comment");
  expect(calls[1]?.do === "comment" && calls[1].reply !== null).toBe(true);
  expect(all("comment")[1]?.textContent).toContain("좋아요");
  await fireEvent.click(all("comment-delete")[0] as HTMLElement);
  await waitFor(() => expect(texts()[0]).toBe("A deleted comment"));
});

it("stars are given in half steps and taken back", async () => {
  const fake = await selected();
  expect(one("rating").textContent).toContain("Not rated");
  await fireEvent.change(one("rate"), { target: { value: "9" } });
  await waitFor(() => expect(one("average").textContent).toBe("4.5 of 5, from 1 person"));
  expect(fake.calls).toContainEqual({ do: "rate", entry: row(FILE).dataset.id, halves: 9 });
  await waitFor(() => expect(all("unrate").length).toBe(1));
  await click("unrate");
  await waitFor(() => expect(one("rating").textContent).toContain("Not rated"));
});

it("who may only look reads and says nothing", async () => {
  const fake = await open({ folder: "r-fair" });
  const room = fake.world.rooms[0];
  if (!room) throw new Error("there is no room");
  room.view.summary.role = "viewer";
  fake.tell({ event: "folder", room: "r-fair" });
  await waitFor(() => expect(row(FILE)).toBeTruthy());
  await fireEvent.click(row(FILE));
  await waitFor(() => expect(all("comments").length).toBe(1));
  await waitFor(() => expect([all("comment-text").length, all("rate").length]).toEqual([0, 0]));
});
