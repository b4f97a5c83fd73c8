import { expect, it, vi } from "vitest";
import { row } from "../src/lib/backend/fake/transfers";
import { Words } from "../src/lib/i18n/i18n.svelte";
import { briefOf, sentenceOf, storyOf } from "../src/lib/transfers/sentence";
import { chord } from "./keyboard";
import { all, click, fireEvent, idle, one, open, openRoom, waitFor } from "./window";

const named = (name: string) => all("transfer").find((one) => one.dataset.name === name) as HTMLElement;
const line = (name: string) => one("transfer-line", named(name)).textContent?.trim();
const asked = (fake: Awaited<ReturnType<typeof open>>, kind: string) => fake.calls.filter((call) => call.do.startsWith(kind));
const change = async (id: string, value: string) => {
  await fireEvent.change(one(id), { target: { value } });
  await idle();
};

it("the queue shows each state with what can be done about it", async () => {
  const fake = await open();
  await click("rail-transfers");
  expect(line("Site flyover.mp4")).toBe("62% · 412 of 664 MB · 8.2 MB/s · 31 secs left");
  expect(line("브이로그_1편.mov")).toContain("Resuming at 61%");
  expect(line("Sponsor logos.zip")).toContain("Forwarding through the server, Priya Nair is away · 34%");
  expect(line("Poster bleed.ai")).toBe("Aiko Sato has not answered yet.");
  expect(line("Rehearsal take 4.mp4")).toMatch(/^Waiting for network, retries by itself · next try in \d+ secs?$/);
  expect(line("Stage plan.dwg")).toBe("The connection broke at 38%. Retry asks Tomás Rivera again.");
  expect(line("Raw footage.mov")).toContain("This disk is full.");
  await click("transfer-pause", named("Site flyover.mp4"));
  expect(line("Site flyover.mp4")).toBe("Paused by you at 62%");
  await click("transfer-resume", named("Site flyover.mp4"));
  await click("transfer-retry", named("Raw footage.mov"));
  await click("transfer-cancel", named("Archive 2024.zip"));
  await click("transfer-forward", named("Poster bleed.ai"));
  expect(asked(fake, "transfer_").map((call) => call.do)).toEqual(["transfer_pause", "transfer_resume", "transfer_retry", "transfer_cancel", "transfer_forward"]);
});

it("each row says which way the bytes take, and none where there is none", async () => {
  await open();
  await click("rail-transfers");
  const way = (name: string) => all("via", named(name))[0]?.textContent?.trim() ?? "";
  expect([way("Site flyover.mp4"), way("Sponsor logos.zip"), way("Poster bleed.ai"), way("Stall plan v4.pdf")]).toEqual(["Direct", "Server", "", ""]);
});

it("a receiver accepts what broke off", async () => {
  const fake = await open();
  fake.world.transfers = [row({ id: "t-50", direction: "down", name: "Rest.mov", peer: { account: "a-aiko", name: "Aiko Sato" }, offer: "o-50", done: 5, total: 10, state: { state: "waiting", for: "asking" } }, Date.now())];
  fake.tell({ event: "lagged" });
  await click("rail-transfers");
  await waitFor(() => expect(line("Rest.mov")).toBe("The connection broke at 50%. Accept takes the rest."));
  await click("transfer-accept", named("Rest.mov"));
  expect(asked(fake, "offer_accept")).toEqual([{ do: "offer_accept", offers: ["o-50"], always: false, folder: null }]);
  await waitFor(() => expect(named("Rest.mov").dataset.state).toBe("moving"));
});

it("a file of a room that broke off with its option off waits for Retry, up and down", async () => {
  const fake = await open();
  const cut = { done: 5, total: 10, state: { state: "waiting", for: "asking" } } as const;
  fake.world.transfers = (["up", "down"] as const).map((direction) => row({ id: `t-${direction}`, direction, name: direction, room: "r-1", ...cut }, Date.now()));
  fake.tell({ event: "lagged" });
  await click("rail-transfers");
  for (const name of ["up", "down"]) {
    await waitFor(() => expect(line(name)).toBe("The connection broke at 50%. Retry goes on from there."));
    await click("transfer-retry", named(name));
  }
  expect(asked(fake, "transfer_retry").map((call) => "id" in call && call.id)).toEqual(["t-up", "t-down"]);
});

it("everything is stopped at once and goes on at once, and a refusal changes nothing", async () => {
  const fake = await open({ failing: { transfers_pause: "internal" } });
  await click("rail-transfers");
  await click("pause-all");
  expect([all("pause-all").length, all("error").length]).toEqual([1, 1]);
  delete fake.failing.transfers_pause;
  await click("pause-all");
  expect(one("transfers-facts").textContent).toBe("Everything is paused. Nothing is lost.");
  expect(line("Sponsor logos.zip")).toBe("Everything is paused, this one at 34%");
  expect(named("Archive 2024.zip").dataset.state).toBe("paused");
  await chord("Ctrl+Shift+P");
  await waitFor(() => expect(named("Sponsor logos.zip").dataset.state).toBe("moving"));
  expect(asked(fake, "transfers_pause").length).toBe(3);
});

it("what waits for the network can be tried at once, and counts down", async () => {
  const fake = await open();
  await click("rail-transfers");
  await click("transfer-now");
  expect(asked(fake, "connect_now").length).toBe(1);
  const later = Date.now() + 9_000;
  vi.spyOn(Date, "now").mockReturnValue(later);
  await waitFor(() => expect(line("Rehearsal take 4.mp4")).toMatch(/next try in [1-3] secs?$/));
});

it("more tells what happened, and what this one does by itself can be changed", async () => {
  const fake = await open();
  await click("rail-transfers");
  await click("transfer-more", named("브이로그_1편.mov"));
  const story = one("story", named("브이로그_1편.mov"));
  expect([...story.querySelectorAll("li")].map((entry) => entry.dataset.what)).toEqual(["asked", "accepted", "direct", "cut", "resumed"]);
  expect(story.textContent).toContain("The connection broke at 508 of 820 MB");
  await click("own-forward", named("브이로그_1편.mov"));
  expect(asked(fake, "transfer_options")).toEqual([{ do: "transfer_options", id: "t-6", options: { retransfer: true, receive: true, forward: false } }]);
  expect(one("own-forward").getAttribute("aria-checked")).toBe("false");
  await click("transfer-more", named("Raw footage.mov"));
  expect(named("Raw footage.mov").textContent).toContain("Code disk_full");
  expect(all("own-receive", named("Raw footage.mov")).length).toBe(0);
});

it("a received file opens, shows, and a full disk is answered with another folder", async () => {
  const fake = await open();
  await click("rail-transfers");
  await click("transfer-open", named("표지_최종.pdf"));
  await click("transfer-show", named("표지_최종.pdf"));
  await click("transfer-open", named("Stall plan v4.pdf"));
  await click("transfer-elsewhere", named("Raw footage.mov"));
  expect(fake.opened.map((what) => what.replace(/e-\d+/, "e"))).toEqual(["open transfer t-10", "show transfer t-10", "open e", "choose a folder"]);
  expect(asked(fake, "offer_accept")).toMatchObject([{ offers: ["o-4"], folder: "/home/mina/Films" }]);
});

it("what has come is dragged out of the window, and what has not stays", async () => {
  const fake = await open();
  await click("rail-transfers");
  const drag = async (target: Element) => {
    await fireEvent.pointerDown(target, { button: 0, clientX: 10, clientY: 10 });
    await fireEvent.pointerMove(window, { clientX: 40, clientY: 10 });
    await fireEvent.pointerUp(window, { clientX: 40, clientY: 10 });
    await idle();
  };
  for (const name of ["표지_최종.pdf", "Stall plan v4.pdf", "Raw footage.mov", "Site flyover.mp4"]) await drag(named(name));
  await drag(one("transfer-show", named("표지_최종.pdf")));
  expect(fake.opened.map((what) => what.replace(/e-\d+/, "e"))).toEqual(["drag received t-10", "drag e"]);
});

it("where nothing moves files can be sent to somebody", async () => {
  const fake = await open();
  fake.world.transfers = [];
  fake.tell({ event: "lagged" });
  await click("rail-transfers");
  await waitFor(() => expect(one("transfers-facts").textContent).toBe("Nothing is moving"));
  await click("transfers-send");
  await fireEvent.input(one("people-search"), { target: { value: "jonas" } });
  await waitFor(() => expect(all("person").length).toBe(1));
  await click("person");
  await waitFor(() => expect(all("transfer").map((one) => one.dataset.name)).toEqual(["Poster final.png", "Print notes.pdf"]));
  expect(all("send-dialog").length).toBe(0);
});

it("the order is changed by dragging, and only among what is open", async () => {
  const fake = await open();
  await click("rail-transfers");
  const names = () => all("transfer").map((one) => one.dataset.name);
  all("transfer").forEach((one, n) => vi.spyOn(one, "getBoundingClientRect").mockReturnValue({ top: n * 60, height: 60 } as DOMRect));
  await fireEvent.pointerDown(named("Archive 2024.zip"), { button: 0, clientY: 390 });
  await fireEvent.pointerMove(window, { clientY: 40 });
  await fireEvent.pointerMove(window, { clientY: 70 });
  expect(all("transfer").filter((one) => one.classList.contains("line")).map((one) => one.dataset.name)).toEqual(["브이로그_1편.mov"]);
  await fireEvent.pointerUp(window, { clientY: 70 });
  await idle();
  expect(asked(fake, "transfer_order")).toEqual([{ do: "transfer_order", id: "t-3", before: "t-6" }]);
  expect(names().slice(0, 3)).toEqual(["Site flyover.mp4", "Archive 2024.zip", "브이로그_1편.mov"]);
  await fireEvent.pointerDown(named("Stall plan v4.pdf"), { button: 0, clientY: 500 });
  await fireEvent.pointerMove(window, { clientY: 10 });
  await fireEvent.pointerUp(window, { clientY: 10 });
  expect(asked(fake, "transfer_order").length).toBe(1);
});

it("an order that is refused is as it was after the next reading", async () => {
  const fake = await open({ failing: { transfer_order: "offline" } });
  await click("rail-transfers");
  await chord("Alt+Down", named("Site flyover.mp4"));
  expect(one("error").dataset.code).toBe("offline");
  fake.tell({ event: "lagged" });
  await waitFor(() => expect(all("transfer")[0]?.dataset.name).toBe("Site flyover.mp4"));
});

it("how transfers behave is kept as settings, within its limits, and shown in every window", async () => {
  const fake = await open();
  await click("rail-transfers");
  await click("rule-receive");
  await change("wait", "9999");
  await change("up_limit", "4000000");
  await click("folder-change");
  expect(one("receive-folder").textContent).toContain("/home/mina/Films");
  await click("folder-back");
  const kept = () => Object.fromEntries([...fake.world.settings].filter(([key]) => key.startsWith("transfers.")));
  expect(kept()).toEqual({ "transfers.receive": "off", "transfers.wait_s": "600", "transfers.up_limit": "4000000" });
  expect((one("wait") as HTMLInputElement).value).toBe("600");
  await change("wait", "");
  expect(kept()["transfers.wait_s"]).toBe("600");
  await click("rail-settings");
  await click("settings-transfers");
  expect([one("rule-receive").getAttribute("aria-checked"), (one("up_limit") as HTMLSelectElement).value]).toEqual(["false", "4000000"]);
  // Set elsewhere, to something that is not among the choices.
  fake.world.settings.set("transfers.down_limit", "123000");
  fake.tell({ event: "setting", key: "transfers.down_limit" });
  await waitFor(() => expect((one("down_limit") as HTMLSelectElement).value).toBe("123000"));
  await change("up_limit", "");
  expect(kept()["transfers.up_limit"]).toBeUndefined();
});

it("a rule that cannot be kept is as it was", async () => {
  await open({ failing: { setting_set: "internal" } });
  await click("rail-transfers");
  await click("rule-forward");
  expect([one("rule-forward").getAttribute("aria-checked"), all("error").length]).toEqual(["true", 1]);
});

it("the transfers have a window of their own, with the panel behind a key where there is little room", async () => {
  const fake = await open({ transfers: true });
  expect([all("transfers-window").length, one("window-title").textContent, all("transfers-window-button").length]).toEqual([1, "Transfers", 0]);
  expect(all("behaviour").length).toBe(1);
  await chord("Ctrl+I");
  expect(all("behaviour").length).toBe(0);
  await click("behaviour-button");
  expect(all("behaviour").length).toBe(1);
  await chord("Ctrl+3");
  expect(fake.opened).toEqual([]);
});

it("other windows lead to it", async () => {
  const fake = await open({ room: "r-fair" });
  await click("folder-button");
  await click("moving-all");
  await chord("Ctrl+3");
  expect(fake.opened).toEqual(["transfers", "transfers"]);
});

it("the live card of an upload pauses, goes on and is cancelled", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  const room = fake.world.room("r-fair");
  const mine = row({ id: "t-60", direction: "up", room: "r-fair", room_title: "Autumn Fair", name: "Big.mov", path: "server", done: 4e6, total: 8e6, rate: 1e6, state: { state: "moving" } }, Date.now());
  fake.world.transfers = [mine];
  const { say } = await import("../src/lib/backend/fake/world");
  say(room, "a-mina", Date.now(), { type: "upload", upload: "u-60", transfer: "t-60", entry: null, name: "Big.mov", size: 8e6, phase: { phase: "moving", offset: 4e6, rate: 1e6 }, may_cancel: true, preview: null, version: 1, conflict_of: null });
  fake.tell({ event: "lagged" });
  const card = () => all("upload").find((one) => one.dataset.name === "Big.mov") as HTMLElement;
  await waitFor(() => expect(card()).toBeTruthy());
  await click("upload-pause", card());
  await click("upload-cancel", card());
  expect(asked(fake, "transfer_pause")).toEqual([{ do: "transfer_pause", id: "t-60" }]);
  expect(asked(fake, "upload_cancel")).toEqual([{ do: "upload_cancel", room: "r-fair", upload: "u-60" }]);
});

const words = new Words();
const peer = { account: "a-x", name: "Lena Fischer" };
const sent = (more: object) => row({ id: "x", direction: "up", name: "a", peer, offer: "o", done: 3, total: 10, state: { state: "waiting", for: "receiver" }, ...more }, 0);
const around = (there: boolean) => ({ left: null, now: 0, there });

it.each([
  ["not answered, options on", sent({}), true, "Lena Fischer has not answered yet. Without an answer it goes through the server."],
  ["not answered, forwarding off", sent({ options: { retransfer: true, receive: true, forward: false } }), true, "Lena Fischer has not answered yet."],
  ["asked for the rest", sent({ story: [{ at: 0, what: "accepted", byte: null, auto: false }, { at: 1, what: "cut", byte: 3, auto: false }] }), true, "It stopped at 30%. Lena Fischer is asked again. Without an answer the rest goes through the server."],
  ["asked for the rest, forwarding off", sent({ options: { retransfer: true, receive: true, forward: false }, story: [{ at: 0, what: "accepted", byte: null, auto: false }] }), true, "It stopped at 30%. Lena Fischer is asked again."],
  ["away, options on", sent({}), false, "Lena Fischer is away. It goes through the server by itself."],
  ["away, forwarding off", sent({ options: { retransfer: true, receive: true, forward: false } }), false, "Lena Fischer is away. It goes on by itself when Lena Fischer is back."],
  ["all of it at the server", sent({ path: "server", done: 10 }), false, "On the server. Lena Fischer gets it when back, even if you are away."],
  ["the sender is away", sent({ direction: "down", state: { state: "waiting", for: "sender" } }), true, "Lena Fischer is away. It goes on by itself when Lena Fischer is back."],
  ["the next try is over", sent({ state: { state: "waiting", for: "network", until: -1 } }), true, "Waiting for network, retries by itself"],
  ["on its way to the server for who is away", sent({ path: "server", state: { state: "moving" } }), false, "Forwarding through the server, Lena Fischer is away · 30%"],
  ["through the server to who is there", sent({ path: "server", state: { state: "moving" } }), true, "30% · 3 of 10 bytes"],
  ["paused by the receiver", sent({ state: { state: "waiting", for: "held" } }), true, "Lena Fischer paused it at 30%. It goes on when Lena Fischer does."],
  ["the disk is full", sent({ direction: "down", state: { state: "waiting", for: "space", disk: "here", missing: 5e6, until: null } }), true, "This disk is full: 5 MB more are needed. It stopped at 30% and goes on by itself when there is room."],
  ["a disk that takes no more", sent({ direction: "down", state: { state: "waiting", for: "space", disk: "here", missing: 0, until: null } }), true, "This disk takes no more. It stopped at 30% and is tried again by itself."],
  ["the server's disk is full", sent({ state: { state: "waiting", for: "space", disk: "server", missing: 7, until: null } }), true, "The server’s disk is full. It stopped at 30% and goes on by itself when there is room."],
  ["taken from the server", sent({ done: 10, state: { state: "done" } }), true, "Done and checked · 10 bytes"],
  ["declined", sent({ state: { state: "cancelled" }, story: [{ at: 0, what: "asked", byte: null, auto: false }, { at: 1, what: "declined", byte: null, auto: false }] }), true, "Lena Fischer declined"],
  ["taken back", sent({ state: { state: "cancelled" }, story: [{ at: 0, what: "asked", byte: null, auto: false }] }), true, "Cancelled"],
  ["nothing in it", sent({ done: 0, total: 0, state: { state: "moving" } }), true, "0% · 0 of 0 bytes"],
] as const)("a transfer says what comes next: %s", (_, transfer, there, said) => expect(sentenceOf(transfer, words, around(there))).toBe(said));

it.each(["turn", "network", "room", "receiver", "sender", "asking", "held", "paused_all"] as const)("a wait for %s has a few words in every language", (what) => {
  for (const language of ["en", "ko", "zh"] as const) {
    words.language = language;
    const state = what === "network" ? { state: "waiting" as const, for: what, until: null } : { state: "waiting" as const, for: what };
    expect(briefOf(sent({ state }), words, null)).not.toContain("{");
    expect(sentenceOf(sent({ state }), words, around(true))).not.toContain("{");
  }
  words.language = "en";
});

it.each([
  ["up", "asked", 0, false, "Asked Lena Fischer"],
  ["up", "asked", 3, false, "Asked Lena Fischer again"],
  ["up", "asked", 3, true, "Asked Lena Fischer again, by itself"],
  ["up", "accepted", 3, false, "Lena Fischer takes the rest"],
  ["down", "accepted", 0, false, "You accepted"],
  ["down", "accepted", 0, true, "Accepted by itself: you always accept these"],
  ["down", "accepted", 3, true, "Took the rest by itself"],
  ["up", "forwarding", 0, true, "Goes through the server, by itself"],
  ["down", "forwarding", 3, false, "Lena Fischer sends the rest through the server, from 3 of 10 bytes"],
  ["down", "held", 3, false, "You paused it at 3 of 10 bytes"],
  ["up", "receiver_away", null, false, "No answer from Lena Fischer"],
] as const)("a line of a story says who did it: %s %s at %s, by itself %s", (direction, what, byte, auto, said) => {
  expect(storyOf({ at: 0, what, byte, auto }, sent({ direction }), words)).toBe(said);
});
