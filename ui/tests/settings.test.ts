import { expect, it } from "vitest";
import { all, click, fireEvent, idle, one, open, waitFor, write } from "./window";

const kept = (fake: Awaited<ReturnType<typeof open>>) => Object.fromEntries(fake.world.settings);
const section = async (kind: string) => {
  await click("rail-settings");
  await click(`settings-${kind}`);
};
const root = document.documentElement;

it("each of the four skins is worn at once, and the system's is followed again", async () => {
  const fake = await open();
  await section("look");
  for (const skin of ["midnight", "persimmon", "bluehour", "daylight"]) {
    await click(`skin-${skin}`);
    expect([root.dataset.skin, one(`skin-${skin}`).getAttribute("aria-pressed")]).toEqual([skin, "true"]);
    expect(kept(fake).skin).toBe(skin);
  }
  await click("skin-system");
  expect(kept(fake).skin).toBeUndefined();
});

it("density, size of text and motion take effect at once and are kept", async () => {
  const fake = await open();
  await section("look");
  await click("choice-roomy");
  await click("choice-130");
  await click("motion");
  expect([root.dataset.density, root.dataset.text, root.dataset.motion]).toEqual(["roomy", "130", "off"]);
  expect(kept(fake)).toMatchObject({ density: "roomy", "text.size": "130", motion: "reduced" });
  await click("motion");
  expect(root.dataset.motion).toBe("on");
});

it("what was kept holds in the next window", async () => {
  const fake = await open();
  fake.world.settings.set("text.size", "115");
  fake.world.settings.set("skin", "persimmon");
  fake.world.settings.set("density", "a value of the future");
  for (const key of ["skin", "density", "text.size"]) fake.tell({ event: "setting", key });
  await waitFor(() => expect(root.dataset.text).toBe("115"));
  await waitFor(() => expect([root.dataset.skin, root.dataset.density]).toEqual(["persimmon", "compact"]));
});

it.each([
  ["look", "choice-changes", "chat.activity", "changes"],
  ["notify", "choice-mentions", "notify", "mentions"],
  ["rooms", "choice-quit", "tray.close", "quit"],
  ["rooms", "choice-list", "rooms.open", "list"],
  ["language", "choice-zh", "language", "zh"],
])("in %s, %s is kept as %s", async (kind, choice, key, value) => {
  const fake = await open();
  await section(kind);
  await click(choice);
  expect(kept(fake)[key]).toBe(value);
  expect(one(choice).getAttribute("aria-checked")).toBe("true");
});

it("a setting that is refused goes back to what it was", async () => {
  await open({ failing: { setting_set: "disk_full" } });
  await section("look");
  const before = root.dataset.skin;
  await click("skin-persimmon");
  expect(root.dataset.skin).toBe(before);
  expect(one("error").dataset.code).toBe("disk_full");
});

it("starting at login is asked of the shell and kept there", async () => {
  const fake = await open();
  await section("rooms");
  expect(one("autostart").getAttribute("aria-checked")).toBe("false");
  await click("autostart");
  expect(one("autostart").getAttribute("aria-checked")).toBe("true");
  expect(await fake.autostart()).toBe(true);
});

it("a new name is shown at once", async () => {
  const fake = await open();
  await section("profile");
  expect((one("profile-save") as HTMLButtonElement).disabled).toBe(true);
  await write("display-name", "Mina P.");
  await fireEvent.submit(one("profile-form"));
  await idle();
  expect(fake.calls.find((call) => call.do === "profile_set")).toEqual({ do: "profile_set", display_name: "Mina P." });
  await click("rail-messages");
  expect(one("me").textContent).toBe("Mina P.");
});

it("the password changes only with the present one", async () => {
  const fake = await open();
  await section("profile");
  await write("password-old", "wrong");
  await write("password-new", "longer than eight");
  await fireEvent.submit(one("password-form"));
  await idle();
  expect(one("error").dataset.code).toBe("wrong_password");
  await write("password-old", "correct horse");
  await fireEvent.submit(one("password-form"));
  await idle();
  expect(fake.calls.filter((call) => call.do === "password_set").at(-1)).toEqual({ do: "password_set", old: "correct horse", new: "longer than eight" });
  expect([all("error").length, (one("password-old") as HTMLInputElement).value]).toEqual([0, ""]);
});

it("every section opens, and about says the version and where data lies", async () => {
  await open();
  await click("rail-settings");
  for (const kind of ["profile", "look", "notify", "rooms", "keys", "language", "server", "invite", "about"]) {
    await click(`settings-${kind}`);
    expect(one("settings").querySelector("main h1")?.textContent).not.toBe("");
  }
  const text = one("settings").textContent ?? "";
  expect([text.includes("0.1.0"), text.includes("~/.local/share/pod/profile"), text.includes("Apache")]).toEqual([true, true, true]);
});

it("another computer is signed out from here, this one is not", async () => {
  await open();
  await section("computers");
  await waitFor(() => expect(all("computer")).toHaveLength(2));
  expect(all("computer-out")).toHaveLength(1);
  await click("computer-out");
  await click("confirm-yes");
  await waitFor(() => expect(all("computer")).toHaveLength(1));
  expect(one("computers").textContent).toContain("mina-desk");
});

it("computers that cannot be asked for are said so", async () => {
  await open({ failing: { sign_ins: "offline" } });
  await section("computers");
  await waitFor(() => expect(document.body.textContent).toContain("The server cannot be reached."));
});

it("kinds of notifications, quiet hours and this computer are chosen one by one", async () => {
  const fake = await open();
  await section("notify");
  const on = (id: string) => one(id).getAttribute("aria-checked");
  expect([on("kind-messages"), on("kind-changes"), on("quiet"), on("notices-here"), all("quiet-hours").length]).toEqual(["true", "false", "false", "true", 0]);
  await click("kind-messages");
  await click("kind-changes");
  await click("notices-here");
  await click("quiet");
  expect(kept(fake)).toMatchObject({ "notify.kinds.messages": "off", "notify.kinds.changes": "on", "computer.notices": "off", "notify.quiet": "22:00-07:00 1234567" });
  await click("quiet-day-6");
  await click("quiet-day-7");
  await fireEvent.change(one("quiet-from"), { target: { value: "21:30" } });
  await idle();
  expect(kept(fake)["notify.quiet"]).toBe("21:30-07:00 12345");
  expect(one("quiet-day-6").getAttribute("aria-pressed")).toBe("false");
  for (const day of [1, 2, 3, 4, 5]) await click(`quiet-day-${day}`);
  expect(kept(fake)["notify.quiet"], "the last day stays").toBe("21:30-07:00 5");
  await click("quiet");
  await click("notices-here");
  expect([kept(fake)["notify.quiet"], kept(fake)["computer.notices"], all("quiet-hours").length]).toEqual([undefined, undefined, 0]);
});

it("a room's own choice of notifications is made in its menu and listed in the settings", async () => {
  const fake = await open();
  const room = all("room").find((row) => row.dataset.room === "r-fair") as HTMLElement;
  await fireEvent.contextMenu(room, { clientX: 20, clientY: 20 });
  await click("room-notify", one("pop-menu"));
  expect(one("notify-dialog").textContent).toContain("Notifications of Autumn Fair");
  await fireEvent.change(one("notify-room"), { target: { value: "mentions" } });
  await idle();
  await click("notify-done");
  expect(kept(fake)["notify.room.r-fair"]).toBe("mentions");
  await section("notify");
  expect(one("notify-rooms").textContent).toContain("Autumn Fair");
  await fireEvent.change(one("notify-room", one("notify-rooms")), { target: { value: "" } });
  await idle();
  await waitFor(() => expect(all("notify-room").length).toBe(0));
  expect(kept(fake)["notify.room.r-fair"]).toBeUndefined();
});
