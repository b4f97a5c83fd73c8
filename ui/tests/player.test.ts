// Films and sounds, played from the folder.

import { beforeEach, expect, it, vi } from "vitest";
import type { FakeOptions } from "../src/lib/backend/fake";
import { entry } from "../src/lib/backend/fake/world";
import { timeOf } from "../src/lib/state/film.svelte";
import { all, click, fireEvent, idle, one, open, waitFor } from "./window";

const row = (name: string) => all("entry").find((one) => one.dataset.name === name) as HTMLElement;
const media = () => one("media") as HTMLMediaElement;
const stage = () => one("player").dataset.stage;

const played: string[] = [];

beforeEach(() => {
  played.length = 0;
  vi.spyOn(HTMLMediaElement.prototype, "play").mockImplementation(async function (this: HTMLMediaElement) {
    played.push("play");
    Object.defineProperty(this, "paused", { value: false, configurable: true });
    this.dispatchEvent(new Event("play"));
  });
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(function (this: HTMLMediaElement) {
    played.push("pause");
    Object.defineProperty(this, "paused", { value: true, configurable: true });
    this.dispatchEvent(new Event("pause"));
  });
  vi.spyOn(HTMLMediaElement.prototype, "load").mockImplementation(() => undefined);
});

async function selected(name: string, options: FakeOptions = {}) {
  const fake = await open({ folder: "r-fair", ...options });
  const room = fake.world.rooms[0];
  const more = ["Flyover.mp4", "Opening.wav"].map((file) => entry("r-fair", file, 664_000_000, "a-tomas", 5, { file: { on: "server" } }));
  if (room) room.entries = [...room.entries, ...more];
  fake.tell({ event: "folder", room: "r-fair" });
  await waitFor(() => expect(row(name)).toBeTruthy());
  await fireEvent.click(row(name));
  await waitFor(() => expect(all("player").length).toBe(1));
  return fake;
}

/** As the element tells it once it knows what it plays. */
async function knows(length: number, width = 640) {
  Object.defineProperty(media(), "duration", { value: length, configurable: true });
  Object.defineProperty(media(), "videoWidth", { value: width, configurable: true });
  await fireEvent(media(), new Event("loadedmetadata"));
  await idle();
}

it("nothing is fetched before somebody plays it, and it ends when another file is looked at", async () => {
  const fake = await selected("Flyover.mp4");
  expect([stage(), fake.shell.films.playing.size, all("media").length]).toEqual(["rest", 0, 0]);
  await click("player-play");
  expect([stage(), fake.shell.films.playing.size]).toEqual(["on", 1]);
  expect(media().getAttribute("src")?.startsWith("data:audio/wav")).toBe(true);
  await fireEvent.click(row("Budget.xlsx"));
  await waitFor(() => expect(fake.shell.films.playing.size).toBe(0));
});

it("it plays, pauses, says where it is, and seeks when the knob is let go", async () => {
  await selected("Opening.wav");
  await click("player-play");
  await knows(200);
  expect([played, media().loop]).toEqual([["play"], true]);
  await fireEvent(media(), new Event("playing"));
  expect(media().loop).toBe(false);
  media().currentTime = 61;
  await fireEvent(media(), new Event("timeupdate"));
  expect(one("player-time").textContent).toBe("1:01 / 3:20");
  await click("player-toggle");
  expect(played).toEqual(["play", "pause"]);
  const knob = one("player-position") as HTMLInputElement;
  await fireEvent.input(knob, { target: { value: "150" } });
  expect([media().currentTime, one("player-time").textContent]).toEqual([61, "2:30 / 3:20"]);
  await fireEvent.change(knob, { target: { value: "150" } });
  expect(media().currentTime).toBe(150);
  await fireEvent.keyDown(knob, { key: "ArrowLeft" });
  expect(media().currentTime).toBe(145);
  await fireEvent.keyDown(knob, { key: " " });
  expect(played).toEqual(["play", "pause", "play"]);
  await click("player-mute");
  expect(media().muted).toBe(true);
});

it("it goes on where it was left", async () => {
  await selected("Flyover.mp4");
  await click("player-play");
  await knows(400);
  media().currentTime = 130;
  await fireEvent(media(), new Event("timeupdate"));
  await fireEvent.click(row("Budget.xlsx"));
  await fireEvent.click(row("Flyover.mp4"));
  await click("player-play");
  await knows(400);
  expect(media().currentTime).toBe(130);
  await fireEvent(media(), new Event("ended"));
});

it("what this computer cannot play says so, and offers the download instead", async () => {
  const fake = await selected("Flyover.mp4");
  await click("player-play");
  await fireEvent.error(media());
  await waitFor(() => expect(one("player-cannot").textContent).toContain("cannot play this kind of file"));
  await click("player-instead");
  expect(fake.calls.some((call) => call.do === "get" && call.dest === null)).toBe(true);
  expect(fake.shell.films.playing.size).toBe(0);
});

it("a film whose picture cannot be shown says that only its sound is there", async () => {
  await selected("Flyover.mp4");
  await click("player-play");
  await knows(400, 0);
  expect(one("player").textContent).toContain("Only its sound can be played");
});

it("bytes that do not come are told as what happened, and it can be tried again", async () => {
  const fake = await selected("Opening.wav");
  await click("player-play");
  fake.shell.films.error = { code: "offline", message: "", retry: "after" };
  await fireEvent.error(media());
  await waitFor(() => expect(one("error").dataset.code).toBe("offline"));
  fake.shell.films.error = null;
  await click("player-again");
  expect(stage()).toBe("on");
});

it("a window that is hidden plays nothing any more", async () => {
  const fake = await selected("Opening.wav");
  await click("player-play");
  fake.emit("hidden", null);
  await waitFor(() => expect([stage(), fake.shell.films.playing.size]).toEqual(["rest", 0]));
});

it("large and beside the list, only one of them plays", async () => {
  await selected("Flyover.mp4");
  await click("player-play");
  await knows(400);
  await fireEvent.keyDown(one("entries"), { key: " " });
  await waitFor(() => expect(all("player").length).toBe(2));
  const large = one("large-preview");
  await click("player-play", large);
  const second = one("media", large) as HTMLMediaElement;
  Object.defineProperty(second, "duration", { value: 400, configurable: true });
  await fireEvent(second, new Event("loadedmetadata"));
  expect(played).toEqual(["play", "play", "pause"]);
  await fireEvent.keyDown(one("player-position", large), { key: "ArrowRight" });
  expect([large.getAttribute("aria-label"), second.currentTime]).toEqual(["Flyover.mp4", 5]);
});

it("times are read as beside a film", () => {
  expect([0, 7.9, 61, 3600, 3750, Number.NaN, Number.POSITIVE_INFINITY].map(timeOf)).toEqual(["0:00", "0:07", "1:01", "1:00:00", "1:02:30", "0:00", "0:00"]);
});
