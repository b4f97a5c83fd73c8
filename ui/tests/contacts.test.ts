// Contacts: who asks and is answered, groups and who is in them, people found and dragged onto a group, and blocks.

import { expect, it, vi } from "vitest";
import { keep } from "../src/lib/backend/fake/contacts";
import { all, click, fireEvent, idle, one, open, openRoom, waitFor, within, write } from "./window";

const row = (account: string) => all("contact").find((item) => item.dataset.contactRow === account);
const rows = (group: string) => all("contact").filter((item) => item.dataset.contactGroup === group).map((item) => item.dataset.contactRow);
const names = () => all("contact-group").map((item) => item.dataset.name);
const menu = async (on: HTMLElement | undefined, act: string) => {
  if (!on) throw new Error("nothing to press");
  await fireEvent.contextMenu(on, { clientX: 20, clientY: 20 });
  const entry = all(act, one("pop-menu"))[0];
  if (!entry) throw new Error(`no ${act}`);
  await fireEvent.click(entry);
  await idle();
};

/** Every head and row is so many pixels high, one below the other. */
function laidOut() {
  const spots = () => [...document.querySelectorAll<HTMLElement>("[data-contact-head], [data-contact-row]")];
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockImplementation(function (this: HTMLElement) {
    const top = spots().indexOf(this) * 20;
    return { top, bottom: top + 20, height: 20, left: 0, right: 0, width: 0, x: 0, y: top, toJSON: () => "" };
  });
  return (find: (spot: HTMLElement) => boolean) => spots().findIndex(find) * 20;
}

async function drag(from: HTMLElement | undefined, to: number) {
  if (!from) throw new Error("nothing to drag");
  await fireEvent.pointerDown(from, { button: 0, clientX: 5, clientY: 500 });
  await fireEvent.pointerMove(window, { clientX: 5, clientY: 300 });
  await fireEvent.pointerUp(window, { clientX: 5, clientY: to });
  await idle();
}

it("groups stand in their order with who is there, and a press opens the conversation", async () => {
  const fake = await open({ contacts: true });
  expect(names()).toEqual(["Studio team", "Family", "Contacts"]);
  expect(rows("g-studio")).toEqual(["a-aiko", "a-tomas", "a-jonas"]);
  expect(all("contact-count").map((count) => count.textContent)).toEqual(["3 of 3", "1 of 1"]);
  expect(row("a-tomas")?.textContent).toContain("On site until 4");
  fake.tell({ event: "person", account: "a-tomas", presence: { state: "offline", text: "", until: null, seen_at: null } });
  await waitFor(() => expect(all("contact-count")[0]?.textContent).toBe("2 of 3"));
  await fireEvent.click(row("a-tomas") as HTMLElement);
  await idle();
  expect(fake.calls.some((call) => call.do === "talk_to" && call.account === "a-tomas")).toBe(true);
});

it("who asks is accepted, declined or let be, and a change from elsewhere is seen", async () => {
  const fake = await open({ contacts: true });
  expect([one("contact-ask").textContent, one("contact-text").textContent]).toEqual([expect.stringContaining("Priya Nair"), "We met at the fair"]);
  await click("contact-accept");
  expect([all("contact-ask").length, rows("")]).toEqual([0, ["a-priya", "a-seoyeon"]]);
  keep(fake.world, "a-priya", { standing: "asks" });
  await waitFor(() => expect(all("contact-ask").length).toBe(1));
  await click("contact-decline");
  expect(all("contact-ask").length).toBe(0);
  expect(fake.calls.flatMap((call) => (call.do === "contact_answer" ? [call.how] : []))).toEqual(["accept", "decline"]);
  fake.failing.contact_answer = "conflict";
  keep(fake.world, "a-priya", { standing: "asks" });
  await waitFor(() => expect(all("contact-ask").length).toBe(1));
  await click("contact-ignore");
  expect(all("error").length).toBe(1);
});

it("a contact is dragged to another group, before another contact, and out of all", async () => {
  const fake = await open({ contacts: true });
  const at = laidOut();
  await drag(row("a-jonas"), at((spot) => spot.dataset.contactHead === "g-family") + 5);
  expect([rows("g-studio"), rows("g-family")]).toEqual([["a-aiko", "a-tomas"], ["a-jonas"]]);
  await drag(row("a-tomas"), at((spot) => spot.dataset.contactRow === "a-aiko") + 5);
  expect(rows("g-studio")).toEqual(["a-tomas", "a-aiko"]);
  await drag(row("a-jonas"), at((spot) => spot.dataset.contactHead === "") + 5);
  expect([rows("g-family"), rows("").includes("a-jonas")]).toEqual([[], true]);
  expect(fake.calls.filter((call) => call.do === "contact_place").length).toBe(2);
});

it("somebody found on the server is dragged onto a group: asked, and in it", async () => {
  const fake = await open({ contacts: true });
  keep(fake.world, "a-jonas", { standing: "none" });
  await waitFor(() => expect(row("a-jonas")).toBeUndefined());
  await write("filter", "jonas");
  await waitFor(() => expect(all("contact-found").length).toBe(1));
  expect(document.body.textContent).not.toContain("No room or person is called");
  laidOut();
  const found = one("contact-found");
  await fireEvent.pointerDown(found, { button: 0, clientX: 5, clientY: 500 });
  await fireEvent.pointerMove(window, { clientX: 5, clientY: 300 });
  // While something is dragged every group is there to take it.
  await waitFor(() => expect(names()).toContain("Family"));
  const heads = [...document.querySelectorAll<HTMLElement>("[data-contact-head], [data-contact-row]")];
  const family = heads.findIndex((head) => head.dataset.contactHead === "g-family") * 20 + 5;
  await fireEvent.pointerUp(window, { clientX: 5, clientY: family });
  await idle();
  await write("filter", "");
  await waitFor(() => expect(rows("g-family")).toEqual(["a-jonas"]));
  expect(one("contact-line", row("a-jonas")).textContent).toBe("Asked, no answer yet");
  expect(fake.calls.flatMap((call) => (call.do === "contact_ask" ? [call.account] : []))).toEqual(["a-jonas"]);
});

it("the menus do what dragging does, and groups are made, named, ordered and deleted", async () => {
  const fake = await open({ contacts: true });
  await menu(row("a-seoyeon"), "contact-move-g-family");
  expect(rows("g-family")).toEqual(["a-seoyeon"]);
  await menu(row("a-seoyeon"), "contact-take");
  expect([rows("g-family"), rows("")]).toEqual([[], ["a-seoyeon"]]);
  await menu(row("a-aiko"), "contact-favourite");
  await menu(row("a-aiko"), "contact-mute");
  expect(within(row("a-aiko") as HTMLElement).getAllByRole("img").map((mark) => mark.getAttribute("aria-label"))).toEqual(expect.arrayContaining(["Favourite", "Muted"]));
  await click("new-group");
  const field = document.querySelector<HTMLInputElement>("dialog input") as HTMLInputElement;
  await fireEvent.input(field, { target: { value: "Clients" } });
  await fireEvent.submit(document.querySelector("dialog form") as HTMLFormElement);
  await idle();
  expect(names()).toEqual(["Studio team", "Family", "Clients", "Contacts"]);
  await menu(all("contact-group")[2], "group-up");
  expect(names()).toEqual(["Studio team", "Clients", "Family", "Contacts"]);
  await menu(all("contact-group")[0], "group-delete");
  expect([names(), rows("").length]).toEqual([["Clients", "Family", "Contacts"], 4]);
  await menu(row("a-aiko"), "contact-remove");
  expect(row("a-aiko")).toBeUndefined();
  expect(fake.calls.filter((call) => call.do === "contact_group_move")).toEqual([{ do: "contact_group_move", group: expect.any(String), before: "g-family" }]);
});

it("a person's card asks with a text, blocks and frees", async () => {
  const fake = await open({ contacts: true });
  await menu(row("a-tomas"), "contact-profile");
  expect(one("contact-card").dataset.standing).toBe("contact");
  await click("contact-block");
  await waitFor(() => expect(one("contact-card").dataset.blocked).toBe("true"));
  expect(row("a-tomas")).toBeUndefined();
  await click("contact-unblock");
  await waitFor(() => expect(one("contact-card").dataset.standing).toBe("contact"));
  await click("contact-remove");
  await waitFor(() => expect(one("contact-card").dataset.standing).toBe("none"));
  await write("contact-say", "It is Mina");
  await click("card-ask");
  await waitFor(() => expect(one("contact-card").dataset.standing).toBe("asked"));
  expect(fake.calls.findLast((call) => call.do === "contact_ask")).toEqual({ do: "contact_ask", account: "a-tomas", text: "It is Mina" });
});

it("a change of one contact asks for that one and not for the whole list", async () => {
  const fake = await open({ contacts: true });
  const asked = () => fake.calls.filter((call) => call.do === "contacts").length;
  const before = asked();
  keep(fake.world, "a-tomas", { nickname: "Tom" });
  await waitFor(() => expect(row("a-tomas")?.textContent).toContain("Tom"));
  keep(fake.world, "a-aiko", { standing: "none" });
  await waitFor(() => expect(row("a-aiko")).toBeUndefined());
  expect([asked(), row("a-tomas")?.dataset.contactGroup]).toEqual([before, "g-studio"]);
  fake.tell({ event: "contacts", people: null, groups: true });
  await waitFor(() => expect(asked()).toBe(before + 1));
});

it("what a blocked person writes in a shared room is out of the way until one looks", async () => {
  const fake = await open({ contacts: true });
  await openRoom("Autumn Fair");
  const said = () => all("message").filter((bubble) => bubble.textContent?.includes("Tomás"));
  const before = all("message").length;
  keep(fake.world, "a-tomas", { blocked: true });
  await waitFor(() => expect(all("veiled").length).toBeGreaterThan(0));
  const veiled = all("veiled").length;
  expect(all("message").length + veiled).toBeGreaterThanOrEqual(before);
  expect(said()).toEqual([]);
  expect(all("veiled")[0]?.textContent).toContain("Tomás Rivera, whom you blocked");
  await fireEvent.click(one("unveil", all("veiled")[0]));
  await idle();
  expect(all("veiled").length).toBe(veiled - 1);
  keep(fake.world, "a-tomas", { blocked: false });
  await waitFor(() => expect(all("veiled").length).toBe(0));
  // A conversation of two is not in the list meanwhile.
  const talk = () => all("room").some((row) => row.dataset.room === "r-talk");
  expect(talk()).toBe(true);
  keep(fake.world, "a-aiko", { blocked: true });
  await waitFor(() => expect(talk()).toBe(false));
  keep(fake.world, "a-aiko", { blocked: false });
  await waitFor(() => expect(talk()).toBe(true));
});

it("offline, changes of contacts are counted with what else waits, and the list says how old it is", async () => {
  const fake = await open({ contacts: true, offline: true });
  await openRoom("Autumn Fair");
  fake.world.status = { ...fake.world.status, messages_waiting: 1, contacts_waiting: 2, synced_at: Date.now() };
  fake.tell({ event: "status", status: fake.world.status });
  await waitFor(() => expect(one("offline").textContent).toContain("1 message and 2 changes of contacts will be sent when you are back."));
  expect(one("connection").textContent).toMatch(/^Offline · updated \d\d:\d\d$/);
  fake.tell({ event: "status", status: { ...fake.world.status, messages_waiting: 0, contacts_waiting: 1 } });
  await waitFor(() => expect(one("offline").textContent).toContain("1 change of contacts will be sent"));
  expect(all("contact-count").map((count) => count.textContent?.split(" ")[0])).toEqual(["0", "0"]);
});
