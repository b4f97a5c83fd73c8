import { expect, it, vi } from "vitest";
import { all, click, fireEvent, idle, one, open, openRoom, waitFor, within, write } from "./window";

async function choose(text: string, name: string) {
  await write("people-search", text);
  await waitFor(() => expect(all("person").some((person) => person.dataset.name === name)).toBe(true));
  await fireEvent.click(all("person").find((person) => person.dataset.name === name) as HTMLElement);
}

const submitDialog = async () => {
  await fireEvent.submit(document.querySelector("dialog form") as HTMLFormElement);
  await idle();
};

it("a room is made from the chat side with the people chosen", async () => {
  const fake = await open();
  await click("new-room");
  await write("title", "Harvest");
  await choose("aik", "aiko");
  await choose("jon", "jonas");
  await submitDialog();
  expect(fake.calls.find((call) => call.do === "room_create")).toEqual({ do: "room_create", title: "Harvest", members: ["a-aiko", "a-jonas"], side: "chat" });
  expect(one("room-name").textContent).toBe("Harvest");
});

it("a room is made from the files side and its folder opens", async () => {
  const fake = await open();
  await click("rail-files");
  await click("new-room");
  await write("title", "Plans");
  await submitDialog();
  expect(fake.calls.find((call) => call.do === "room_create")).toMatchObject({ side: "files", members: [] });
  expect(one("folder-pane").textContent).toContain("Nothing in this folder yet");
});

it("a conversation that exists is opened, not made again", async () => {
  const fake = await open();
  await click("new-talk");
  await choose("aik", "aiko");
  await submitDialog();
  expect(fake.calls.some((call) => call.do === "room_create")).toBe(false);
  expect(one("room-name").textContent).toBe("Aiko Sato");
});

it("a search that fails says why", async () => {
  await open({ failing: { people: "offline" } });
  await click("new-room");
  await write("people-search", "a");
  await waitFor(() => expect(one("error").dataset.code).toBe("offline"));
});

it("the filter finds rooms and people and says when nobody fits", async () => {
  await open();
  await write("filter", "가족");
  expect(all("room").map((room) => room.dataset.room)).toEqual(["r-family"]);
  await write("filter", "aiko");
  expect(all("room").length).toBe(2);
  await write("filter", "zzz");
  expect(one("rooms").textContent).toContain("No room or person is called “zzz”.");
});

it("unread is counted on the row and gone once seen", async () => {
  const fake = await open();
  fake.world.hear("r-talk", "a-aiko", "Hello?");
  await waitFor(() => expect(all("unread").length).toBe(2));
  await openRoom("Aiko Sato");
  await waitFor(() => expect(all("unread").length).toBe(1));
});

it("members are added, given another role and removed by whoever may", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  await click("members-button");
  await choose("tom", "tomas");
  await idle();
  const row = all("member").find((member) => member.dataset.name === "tomas") as HTMLElement;
  await fireEvent.change(one("role", row), { target: { value: "viewer" } });
  await idle();
  await click("remove", all("member").find((member) => member.dataset.name === "tomas") as HTMLElement);
  await click("confirm-yes");
  expect(fake.calls.filter((call) => call.do === "member_set").map((call) => call.do === "member_set" && call.role)).toEqual(["editor", "viewer", null]);
  expect(all("member").some((member) => member.dataset.name === "tomas")).toBe(false);
});

it("a manager is offered nothing on owners", async () => {
  await open();
  await openRoom("Autumn Fair");
  await click("members-button");
  const owner = all("member").find((member) => member.dataset.name === "tomas") as HTMLElement;
  expect([all("role", owner).length, all("remove", owner).length]).toEqual([0, 0]);
});

it("leaving asks first and then the room is gone from the list", async () => {
  await open();
  await openRoom("우리 가족");
  await click("members-button");
  await click("leave");
  await click("confirm-yes");
  await waitFor(() => expect(all("room").some((room) => room.dataset.room === "r-family")).toBe(false));
});

it("files dropped on a room's row go to that room, and no path is named", async () => {
  const fake = await open();
  const row = all("room").find((room) => room.dataset.room === "r-family") as HTMLElement;
  const under = vi.spyOn(document, "elementFromPoint").mockReturnValue(row);
  const dropOn = vi.spyOn(fake, "dropOn");
  fake.drop({ phase: "over", x: 10, y: 10, files: 2 });
  await waitFor(() => expect(row.textContent).toContain("Drop to add to this folder"));
  fake.drop({ phase: "drop", drop: 7, x: 10, y: 10, files: 2 });
  await idle();
  expect(dropOn).toHaveBeenCalledWith(7, "r-family", null);
  under.mockRestore();
});

it("files dropped on a folder of the panel go into that folder", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  await waitFor(() => expect(all("entry").length).toBeGreaterThan(0));
  const folder = all("entry").find((entry) => entry.dataset.name === "Permits") as HTMLElement;
  const under = vi.spyOn(document, "elementFromPoint").mockReturnValue(folder);
  const dropOn = vi.spyOn(fake, "dropOn");
  fake.drop({ phase: "drop", drop: 8, x: 10, y: 10, files: 1 });
  await idle();
  expect(dropOn).toHaveBeenCalledWith(8, "r-fair", folder.dataset.id);
  under.mockRestore();
});

it("the drop card says how many files land where", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  const under = vi.spyOn(document, "elementFromPoint").mockReturnValue(one("log"));
  fake.drop({ phase: "over", x: 10, y: 10, files: 3 });
  await waitFor(() => expect(one("drop-card").textContent).toContain("3 files."));
  expect(one("drop-card").textContent).toContain("5 other people get it.");
  await fireEvent.keyDown(window, { key: "Escape" });
  expect(all("drop-card").length).toBe(0);
  under.mockRestore();
});

it("whoever may only look is told so, and nothing is put there", async () => {
  const fake = await open();
  const fair = fake.world.rooms[0];
  if (fair) fair.view.summary.role = "viewer";
  fake.tell({ event: "lagged" });
  await idle();
  await openRoom("Autumn Fair");
  const under = vi.spyOn(document, "elementFromPoint").mockReturnValue(one("log"));
  const dropOn = vi.spyOn(fake, "dropOn");
  fake.drop({ phase: "over", x: 1, y: 1, files: 1 });
  await waitFor(() => expect(one("drop-card").dataset.welcome).toBe("false"));
  fake.drop({ phase: "drop", drop: 9, x: 1, y: 1, files: 1 });
  await idle();
  expect(dropOn).not.toHaveBeenCalled();
  expect(all("composer").length).toBe(0);
  under.mockRestore();
});

it("a compact window opens a room in its own", async () => {
  window.innerWidth = 320;
  const fake = await open();
  await openRoom("Autumn Fair");
  expect(fake.opened).toEqual(["room r-fair"]);
  window.innerWidth = 1280;
});

it("landmarks and names are there for who cannot see", async () => {
  await open();
  await openRoom("Autumn Fair");
  const names = [...document.querySelectorAll("nav, aside, main")].map((pane) => pane.getAttribute("aria-label"));
  expect(names).toEqual(["Functions", "Rooms and people", "Autumn Fair", "Folder of Autumn Fair"]);
  const nameless = [...document.querySelectorAll("button, input, textarea, select")].filter(
    (control) => !control.getAttribute("aria-label") && !control.textContent?.trim() && !(control as HTMLInputElement).labels?.length,
  );
  expect(nameless).toEqual([]);
  expect(within(one("rooms")).getAllByRole("button").filter((row) => row.tabIndex === 0 && row.dataset.testid === "room").length).toBe(1);
});
