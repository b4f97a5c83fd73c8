import { expect, it, vi } from "vitest";
import { all, click, fireEvent, idle, one, open, openRoom, waitFor, write } from "./window";

const entry = (name: string): HTMLElement => {
  const found = all("entry").find((row) => row.dataset.name === name);
  if (!found) throw new Error(`no entry ${name}`);
  return found;
};
const press = async (row: HTMLElement) => {
  await fireEvent.click(row.querySelector(".entry") as HTMLElement);
  await idle();
};
const submitDialog = async () => {
  await fireEvent.submit(document.querySelector("dialog form") as HTMLFormElement);
  await idle();
};

it("a folder opens, and the way leads back up", async () => {
  await open();
  await openRoom("Autumn Fair");
  await press(entry("Permits"));
  expect(all("entry").map((row) => row.dataset.name)).toEqual(["Fire lane.pdf", "Permit form 2026.pdf"]);
  await click("folder-up");
  expect(all("entry").some((row) => row.dataset.name === "Permits")).toBe(true);
});

it("a file opens", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  await press(entry("Budget.xlsx"));
  expect(fake.opened).toEqual([`open ${entry("Budget.xlsx").dataset.id}`]);
});

it("a new folder with a name that is taken says so and keeps what was typed", async () => {
  await open();
  await openRoom("Autumn Fair");
  await click("new-folder");
  await write("entry-name", "Photos");
  await submitDialog();
  const field = one("entry-name") as HTMLInputElement;
  expect([field.value, field.getAttribute("aria-invalid")]).toEqual(["Photos", "true"]);
  await write("entry-name", "Sketches");
  await submitDialog();
  expect(all("name-dialog").length).toBe(0);
  expect(entry("Sketches")).toBeTruthy();
});

it("an entry is renamed and deleted, and the deletion undone", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  await click("entry-menu", entry("Vendor list.doc"));
  await click("entry-rename");
  await write("entry-name", "Vendors.doc");
  await submitDialog();
  await click("entry-menu", entry("Vendors.doc"));
  await click("entry-delete");
  expect(all("entry").some((row) => row.dataset.name === "Vendors.doc")).toBe(false);
  await click("undo");
  await waitFor(() => expect(all("entry").some((row) => row.dataset.name === "Vendors.doc")).toBe(true));
  expect(fake.calls.filter((call) => call.do === "entry_delete" || call.do === "entry_restore").map((call) => call.do)).toEqual(["entry_delete", "entry_restore"]);
});

it("what is on the server only can be downloaded, what is here cannot", async () => {
  const fake = await open({ failing: { get: "disk_full" } });
  await openRoom("Autumn Fair");
  await click("entry-menu", entry("Poster A2.png"));
  expect(all("entry-download").length).toBe(0);
  await click("entry-menu", entry("Vendor list.doc"));
  await click("entry-download");
  expect(fake.calls.some((call) => call.do === "get" && call.dest === null)).toBe(true);
  expect(one("error").dataset.code).toBe("disk_full");
});

it("a folder that cannot be read says so in place", async () => {
  const fake = await open({ failing: { folder: "interlock_stale" } });
  await openRoom("Autumn Fair");
  expect(one("folder-failed").dataset.code).toBe("interlock_stale");
  delete fake.failing.folder;
  await fireEvent.click(one("folder-failed").querySelector("button") as HTMLButtonElement);
  await idle();
  expect(all("entry").length).toBeGreaterThan(0);
});

it("the folder is reached without the chat", async () => {
  await open();
  await click("rail-files");
  await openRoom("Autumn Fair");
  expect(all("log").length).toBe(0);
  expect(one("folder-pane").textContent).toContain("Added by");
});

it("skin, language and the opening of rooms are kept as settings", async () => {
  const fake = await open();
  await click("rail-settings");
  await click("skin-midnight");
  expect(document.documentElement.dataset.skin).toBe("midnight");
  await click("settings-language");
  await click("choice-zh");
  expect(document.documentElement.lang).toBe("zh");
  await click("settings-rooms");
  await click("choice-list");
  expect([...fake.world.settings]).toEqual([["skin", "midnight"], ["language", "zh"], ["rooms.open", "list"]]);
});

it("an admin makes an invite link; who is none is not offered it", async () => {
  await open();
  await click("rail-settings");
  await click("settings-invite");
  await click("invite-make");
  expect((one("invite-link") as HTMLInputElement).value).toContain("pod://");
});

it("signing out asks, then leads to the first page", async () => {
  await open();
  await click("rail-settings");
  await click("settings-server");
  await click("sign-out");
  await click("confirm-yes");
  expect(all("first-run").length).toBe(1);
});

it("a crash report is named until it is dismissed", async () => {
  await open({ crash: "/home/mina/crash.txt" });
  expect(one("crash").textContent).toContain("/home/mina/crash.txt");
  await fireEvent.click(one("crash").querySelector("button") as HTMLButtonElement);
  await idle();
  expect(all("crash").length).toBe(0);
});

it("a device signed out elsewhere is asked to sign in again, in place", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  fake.tell({ event: "connection", connection: { state: "needs_person", reason: { code: "signed_out", message: "", retry: "on_change" } } });
  await idle();
  expect(one("needs-person").textContent).toContain("This computer was signed out.");
  await fireEvent.click(one("needs-person").querySelector("button") as HTMLButtonElement);
  await write("password", "correct horse");
  await submitDialog();
  expect(all("needs-person").length).toBe(0);
});

it("a server that was stopped is started again for whom the person says, the narrower first", async () => {
  const fake = await open();
  const hostStart = vi.spyOn(fake, "hostStart");
  await fake.hostStart("Harbour Studio", "network");
  await fake.hostStop();
  await click("rail-settings");
  await click("settings-server");
  await click("host-start");
  expect(hostStart).toHaveBeenLastCalledWith("Harbour Studio", "computer");
  await click("host-stop");
  await click("confirm-yes");
  expect(one("settings").textContent).toContain("Not running");
});
