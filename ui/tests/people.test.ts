// People and the list of rooms: presence, favourites, what is muted, who writes, links, pictures, one's own status.

import { expect, it, vi } from "vitest";
import { all, click, fireEvent, idle, one, open, openRoom, waitFor, within, write } from "./window";

const room = (id: string) => all("room").find((row) => row.dataset.room === id) as HTMLElement;
const menu = async (id: string, act: string) => {
  await fireEvent.contextMenu(room(id), { clientX: 20, clientY: 20 });
  await click(act, one("pop-menu"));
};
const submitDialog = async () => {
  await fireEvent.submit(document.querySelector("dialog form") as HTMLFormElement);
  await idle();
};
const order = () => [...document.querySelectorAll<HTMLElement>('[data-testid="favourites"] [data-room]')].map((row) => row.dataset.room);

it("a favourite has its own section, and the order is made by keyboard", async () => {
  const fake = await open();
  await menu("r-fair", "room-favourite");
  await menu("r-talk", "room-favourite");
  expect(order()).toEqual(["r-fair", "r-talk"]);
  await fireEvent.keyDown(room("r-fair"), { key: "ArrowDown", ctrlKey: true, shiftKey: true });
  await idle();
  expect(order()).toEqual(["r-talk", "r-fair"]);
  expect(fake.calls.findLast((call) => call.do === "rooms_order")).toEqual({ do: "rooms_order", rooms: ["r-talk", "r-fair"] });
  expect(document.body.textContent).toContain("Autumn Fair is now 2 of 2");
  await menu("r-talk", "room-favourite");
  expect(order()).toEqual(["r-fair"]);
});

it("and by dragging", async () => {
  const fake = await open();
  for (const id of ["r-fair", "r-family", "r-talk"]) await menu(id, "room-favourite");
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockImplementation(function (this: HTMLElement) {
    const at = order().indexOf(this.dataset.room ?? "");
    return { top: at * 40, height: 40, left: 0, right: 0, bottom: 0, width: 0, x: 0, y: 0, toJSON: () => "" };
  });
  await fireEvent.pointerDown(room("r-talk"), { button: 0, clientX: 5, clientY: 100 });
  await fireEvent.pointerMove(window, { clientX: 5, clientY: 30 });
  await fireEvent.pointerUp(window, { clientX: 5, clientY: 10 });
  await idle();
  expect(order()).toEqual(["r-talk", "r-fair", "r-family"]);
  expect(fake.calls.filter((call) => call.do === "rooms_order").length).toBe(1);
});

it("a muted room says so, and its badge is quiet", async () => {
  const fake = await open();
  await menu("r-fair", "room-mute");
  expect([all("muted", room("r-fair")).length, one("unread", room("r-fair")).classList.contains("quiet")]).toEqual([1, true]);
  expect(one("rail-messages").getAttribute("aria-label")).not.toContain("2");
  await menu("r-fair", "room-mute");
  expect(fake.calls.flatMap((call) => (call.do === "room_notify" ? [call.wish] : []))).toEqual(["none", null]);
});

it("what names me, a draft, and who writes stand in the row", async () => {
  const fake = await open();
  const fair = fake.world.rooms[0];
  if (!fair) throw new Error("no room");
  fair.view.summary = { ...fair.view.summary, mentions: 1, draft: "About the stalls" };
  fake.world.changed(fair);
  await waitFor(() => expect(all("mentions", room("r-fair")).length).toBe(1));
  expect(one("second", room("r-fair")).textContent).toBe("Draft: About the stalls");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  fake.tell({ event: "typing", room: "r-fair", account: "a-aiko", name: "Aiko Sato" });
  await vi.advanceTimersByTimeAsync(10);
  expect(one("second", room("r-fair")).textContent).toBe("Aiko Sato: typing…");
  await vi.advanceTimersByTimeAsync(6_100);
  vi.useRealTimers();
  await waitFor(() => expect(one("second", room("r-fair")).textContent).toBe("Draft: About the stalls"));
});

it("everything in a room is marked read from its menu", async () => {
  const fake = await open();
  await menu("r-fair", "room-read");
  expect([all("unread", room("r-fair")).length, fake.calls.some((call) => call.do === "read" && call.room === "r-fair")]).toEqual([0, true]);
});

it("the menu opens the room's own window and its folder", async () => {
  const fake = await open();
  await menu("r-fair", "room-window");
  await menu("r-fair", "room-folder");
  expect(fake.opened).toEqual(["room r-fair", "folder r-fair"]);
});

it("a room is renamed and left from its menu; who may not rename is not offered it", async () => {
  const fake = await open();
  await menu("r-family", "room-rename");
  await write("entry-name", "가족 여행");
  await submitDialog();
  await waitFor(() => expect(room("r-family").textContent).toContain("가족 여행"));
  await menu("r-family", "room-leave");
  await click("confirm-yes");
  await waitFor(() => expect(room("r-family")).toBeUndefined());
  await fireEvent.contextMenu(room("r-talk"));
  expect(within(one("pop-menu")).queryAllByRole("menuitem").some((item) => item.dataset.testid === "room-rename")).toBe(false);
  expect(fake.calls.some((call) => call.do === "room_leave")).toBe(true);
});

it("a dot follows the person, and is hollow while one is offline", async () => {
  const fake = await open();
  expect(one("presence", room("r-talk")).dataset.state).toBe("here");
  fake.tell({ event: "person", account: "a-aiko", presence: { state: "busy", text: "", until: null, seen_at: null } });
  await waitFor(() => expect(one("presence", room("r-talk")).dataset.state).toBe("busy"));
  fake.world.setOffline(true);
  await waitFor(() => expect(one("presence", room("r-talk")).dataset.state).toBe("unknown"));
});

it("one's own status is set with words and an end", async () => {
  const fake = await open();
  await click("own-status");
  await click("choice-busy");
  await write("status-text", "At the gate");
  await fireEvent.change(one("status-until"), { target: { value: "hour" } });
  const before = Date.now();
  await submitDialog();
  const told = fake.calls.findLast((call) => call.do === "presence_set");
  if (told?.do !== "presence_set") throw new Error("not told");
  expect([told.state, told.text, (told.until ?? 0) - before >= 3_600_000]).toEqual(["busy", "At the gate", true]);
  await waitFor(() => expect(one("connection").textContent).toBe("Busy · At the gate"));
});

it("a status that is refused keeps the dialog and what was typed", async () => {
  await open({ failing: { presence_set: "unavailable" } });
  await click("own-status");
  await write("status-text", "At the gate");
  await submitDialog();
  expect([(one("status-text") as HTMLInputElement).value, one("error").dataset.code]).toEqual(["At the gate", "unavailable"]);
});

it("a profile tells how somebody is, what is shared, and leads to the conversation", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  await click("members-button");
  await click("member-face", all("member").find((one) => one.dataset.name === "jonas") as HTMLElement);
  await waitFor(() => expect(one("person-presence").textContent).toBe("Busy"));
  expect([one("person-text").textContent, one("person-rooms").textContent?.trim()]).toEqual(["In a meeting", "Autumn Fair"]);
  await click("person-talk");
  expect(fake.calls.some((call) => call.do === "talk_to" && call.account === "a-jonas")).toBe(true);
  expect(one("room-name").textContent).toBe("Jonas Weber");
});

it("a new room begins with the person of the profile", async () => {
  const fake = await open();
  await menu("r-talk", "room-profile");
  await click("person-room");
  await write("title", "Printer");
  await submitDialog();
  expect(fake.calls.findLast((call) => call.do === "room_create")).toMatchObject({ title: "Printer", members: ["a-aiko"] });
});

it("a profile that cannot be read says why", async () => {
  await open({ failing: { person: "not_found" } });
  await menu("r-talk", "room-profile");
  await waitFor(() => expect(one("error").dataset.code).toBe("not_found"));
});

it("a link is made, copied as page and as link, listed and taken back", async () => {
  const fake = await open();
  await menu("r-fair", "room-links");
  await click("choice-50");
  await click("link-make");
  expect((one("link-page") as HTMLInputElement).value).toMatch(/^https:.*room=r-fair/);
  expect((one("link-pod") as HTMLInputElement).value).toMatch(/^pod:/);
  expect(one("link").textContent).toContain("for 50 more people");
  await click("link-revoke");
  expect([all("link").length, fake.calls.some((call) => call.do === "room_link_revoke")]).toEqual([0, true]);
});

it("a link that is refused says why in the dialog", async () => {
  await open({ failing: { room_link: "role_too_low" } });
  await menu("r-fair", "room-links");
  await click("link-make");
  expect([one("error").dataset.code, all("link-page").length]).toEqual(["role_too_low", 0]);
});

it("a room gets a picture and loses it again", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  await click("members-button");
  await click("picture-pick");
  expect(fake.opened).toContain("picture r-fair");
  const fair = fake.world.rooms[0];
  if (!fair) throw new Error("no room");
  fair.view.summary.picture = "d1";
  fake.world.changed(fair);
  await waitFor(() => expect(all("room-picture").length).toBeGreaterThan(1));
  await waitFor(() => expect(all("picture-clear").length).toBe(1));
  await click("picture-clear");
  await waitFor(() => expect(all("room-picture").length).toBe(0));
});

it("the head of a room counts who is there; that of a conversation says how the other is", async () => {
  const fake = await open();
  const head = () => one("room-name").parentElement?.textContent;
  await openRoom("Autumn Fair");
  expect(head()).toContain("6 people, 4 here");
  fake.tell({ event: "person", account: "a-tomas", presence: { state: "offline", text: "", until: null, seen_at: null } });
  await waitFor(() => expect(head()).toContain("6 people, 3 here"));
  fake.tell({ event: "connection", connection: { state: "offline", retry_at: null, reason: null } });
  await waitFor(() => expect(head()).not.toContain("here"));
  await openRoom("Aiko Sato");
  expect(head()).toContain("In Budget.xlsx");
});

it("what one says of oneself is changed in the own card, and what others say stands in theirs", async () => {
  const fake = await open({ contacts: true });
  await click("own-status");
  await click("status-profile");
  await write("profile-title", "  Architect ");
  await write("profile-about", "x".repeat(1025));
  expect((one("fields-save") as HTMLButtonElement).disabled).toBe(true);
  await write("profile-about", "Bridges\nand stairs");
  await fireEvent.submit(one("fields-form"));
  await idle();
  const wanted = { title: "Architect", organisation: "", phone: "", mail: "", address: "", about: "Bridges\nand stairs" };
  expect(fake.calls.findLast((call) => call.do === "profile_fields_set")).toEqual({ do: "profile_fields_set", profile: wanted });
  await waitFor(() => expect((one("fields-save") as HTMLButtonElement).disabled).toBe(true));
  await fireEvent.click(within(one("person-dialog")).getByLabelText("Close"));
  await fireEvent.contextMenu(all("contact").find((row) => row.dataset.contactRow === "a-aiko") as HTMLElement, { clientX: 20, clientY: 20 });
  await click("contact-profile", one("pop-menu"));
  await waitFor(() => expect(one("fact-title").textContent?.trim()).toBe("Illustrator"));
  expect(one("fact-address").textContent?.trim()).toBe("2-1 Kaigandori\nYokohama");
  await fireEvent.click(within(one("fact-mail")).getByRole("button"));
  await idle();
  expect(fake.opened).toContain("link mailto:aiko@harbour.example");
});

it("people are found in the list by what they say of themselves", async () => {
  await open({ contacts: true });
  await write("filter", "illustr");
  await waitFor(() => expect(all("contact").map((row) => row.dataset.contactRow)).toEqual(["a-aiko"]));
});
