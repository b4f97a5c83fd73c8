import { expect, it, vi } from "vitest";
import { offered, offers } from "../src/lib/backend/fake/transfers";
import { all, click, fireEvent, idle, one, open, openRoom, waitFor } from "./window";

type Fake = Awaited<ReturnType<typeof open>>;
const asked = (fake: Fake, kind: string) => fake.calls.filter((call) => call.do.startsWith(kind));
const ids = ["o-20", "o-21", "o-22"];
const from = (account: string, name: string) => offers(Date.now()).map((one) => ({ ...one, from: { account, name } }));

async function hang(fake: Fake, target: Element, phase: "over" | "drop" = "drop", more: object = {}) {
  document.elementFromPoint = () => target;
  fake.drop(phase === "over" ? { phase, x: 1, y: 1, files: 2, ...more } : { phase, drop: fake.shell.hold([{ name: "a.ai", bytes: 1, image: false, folder: false }, { name: "b.ai", bytes: 2, image: false, folder: false }]), x: 1, y: 1, files: 2, ...more });
  await idle();
}

it("files offered in one go are one question, with the way they take and where they go", async () => {
  const fake = await open();
  offered(fake.world, offers(Date.now()));
  await waitFor(() => expect(all("offer-dialog").length).toBe(1));
  const dialog = one("offer-dialog");
  expect(dialog.textContent).toContain("Jonas Weber wants to send you 3 files");
  expect([...one("offer-files").querySelectorAll("li")].map((file) => file.textContent)).toEqual(["hero-v3.ai14 MB", "Copy deck.doc310 kB", "Moodboard.png3.9 MB"]);
  expect(one("offer-folder", dialog).textContent).toContain("Goes to Downloads / Pod / Jonas Weber");
  expect(document.activeElement).toBe(one("offer-accept", dialog));
  await click("offer-accept", dialog);
  expect(asked(fake, "offer_accept")).toEqual([{ do: "offer_accept", offers: ids, always: false, folder: null }]);
  expect([all("offer-dialog").length, all("offer-inbox").length]).toEqual([0, 0]);
});

it("what is accepted moves and arrives", async () => {
  const fake = await open({ offers: true });
  await click("offer-accept", one("offer-inbox"));
  await click("rail-transfers");
  const states = () => all("transfer").filter((row) => ["hero-v3.ai", "Copy deck.doc", "Moodboard.png"].includes(row.dataset.name ?? "")).map((row) => row.dataset.state);
  expect(states().length).toBe(3);
  await waitFor(() => expect(states()).toEqual(["done", "done", "done"]));
  expect(asked(fake, "offer_accept").length).toBe(1);
});

it("always, and another folder, go with the answer; afterwards nothing is asked, until it is taken back", async () => {
  const fake = await open({ offers: true });
  await click("offer-look");
  await click("offer-always");
  await click("offer-save", one("offer-dialog"));
  expect(fake.opened).toEqual(["choose a folder"]);
  expect(asked(fake, "offer_accept")).toEqual([{ do: "offer_accept", offers: ids, always: true, folder: "/home/mina/Films" }]);
  offered(fake.world, offers(Date.now()).map((one) => ({ ...one, offer: `${one.offer}-b`, batch: "o-b" })));
  await idle();
  expect([all("offer-dialog").length, all("offer-inbox").length]).toEqual([0, 0]);
  await click("rail-transfers");
  expect(one("always-list").textContent).toContain("Jonas Weber");
  await click("always-stop");
  expect(one("always-list").textContent).toContain("Nobody.");
});

it("closing the dialog leaves the offer waiting; declining ends it", async () => {
  const fake = await open();
  offered(fake.world, offers(Date.now()));
  await waitFor(() => expect(all("offer-dialog").length).toBe(1));
  await fireEvent(one("offer-dialog"), new Event("cancel", { cancelable: true }));
  await idle();
  expect([all("offer-dialog").length, all("offer").length, asked(fake, "offer_decline").length]).toEqual([0, 1, 0]);
  await click("offer-decline", one("offer-inbox"));
  expect(asked(fake, "offer_decline")).toEqual([{ do: "offer_decline", offers: ids }]);
  expect(all("offer").length).toBe(0);
});

it("the dialog never opens under the hands of who writes, nor over another one", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  one("composer").focus();
  offered(fake.world, offers(Date.now()));
  await waitFor(() => expect(all("offer-inbox").length).toBe(1));
  expect([all("offer-dialog").length, document.activeElement === one("composer")]).toEqual([0, true]);
});

it("an offer answered on another device closes here too", async () => {
  const fake = await open({ offers: true });
  await click("offer-look");
  fake.world.offers = [];
  fake.tell({ event: "offers", offers: [] });
  await waitFor(() => expect([all("offer-dialog").length, all("offer-inbox").length]).toEqual([0, 0]));
});

it("a refused answer says so and the offer stays", async () => {
  await open({ offers: true, failing: { offer_accept: "offline" } });
  await click("offer-look");
  await click("offer-accept", one("offer-dialog"));
  expect([one("error").dataset.code, all("offer-dialog").length]).toEqual(["offline", 1]);
});

it("in a conversation of two the offer stands in it and nowhere else", async () => {
  const fake = await open();
  await openRoom("Aiko Sato");
  offered(fake.world, from("a-aiko", "Aiko Sato"));
  await waitFor(() => expect(all("offer", one("peer-foot")).length).toBe(1));
  expect([all("offer-inbox").length, all("offer-dialog").length]).toEqual([0, 0]);
  await openRoom("Autumn Fair");
  expect(all("offer-inbox").length).toBe(1);
});

it("what went between the two stays until it is put away", async () => {
  const fake = await open();
  fake.world.transfers = [];
  fake.tell({ event: "lagged" });
  await openRoom("Aiko Sato");
  offered(fake.world, from("a-aiko", "Aiko Sato").slice(0, 1));
  await waitFor(() => expect(all("offer", one("chat")).length).toBe(1));
  await click("offer-accept", one("peer-foot"));
  await waitFor(() => expect(one("peer-transfer").dataset.state).toBe("done"));
  await click("transfer-open", one("peer-transfer"));
  expect(fake.opened[0]).toContain("open transfer");
  await click("peer-dismiss");
  expect(all("peer-foot").length).toBe(0);
});

it("in the compact pod an offer stands where the strip does", async () => {
  window.innerWidth = 320;
  const fake = await open({ offers: true });
  expect([all("strip").length, all("offer-inbox").length]).toEqual([0, 1]);
  offered(fake.world, offers(Date.now()).map((one) => ({ ...one, offer: `${one.offer}-c`, batch: "o-c" })));
  await waitFor(() => expect(one("offer-others").textContent).toBe("1 more offer"));
  expect(all("offer-dialog").length).toBe(0);
  for (const batch of [1, 2]) {
    await click("offer-decline", one("offer-inbox"));
    expect(asked(fake, "offer_decline").length).toBe(batch);
  }
  expect([all("strip").length, all("offer-inbox").length]).toEqual([1, 0]);
  window.innerWidth = 1280;
});

it("what broke off is told as that", async () => {
  const fake = await open();
  const list = offers(Date.now()).map((one) => ({ ...one, step: "interrupted" as const, direct: null }));
  fake.world.offers = list;
  fake.tell({ event: "offers", offers: list });
  await waitFor(() => expect(one("offer").textContent).toContain("The rest of 3 files from Jonas Weber"));
  await click("offer-look");
  expect(one("offer-dialog").textContent).toContain("Accept takes the rest.");
});

it("a click on a notification shows the offer", async () => {
  const fake = await open({ offers: true });
  fake.emit("offer", { batch: "o-20" });
  await waitFor(() => expect(all("offer-dialog").length).toBe(1));
  fake.emit("offer", { batch: "o-gone" });
  await idle();
  expect(all("offer-dialog").length).toBe(1);
});

it("files dropped on a person in the list are offered to them", async () => {
  const fake = await open();
  const row = all("room").find((one) => one.textContent?.includes("Aiko Sato")) as HTMLElement;
  await hang(fake, row, "over");
  expect(row.textContent).toContain("Drop to send to Aiko Sato");
  await hang(fake, row);
  const sent = fake.world.transfers.filter((one) => ["a.ai", "b.ai"].includes(one.name));
  expect(sent.map((one) => [one.peer?.account, one.direction])).toEqual([["a-aiko", "up"], ["a-aiko", "up"]]);
  await waitFor(() => expect(document.body.textContent).toContain("Offered 2 files to Aiko Sato."));
});

it("a conversation of two offers what is dropped on it, and keeps in its folder what is dropped on the folder or the line", async () => {
  const fake = await open();
  await openRoom("Aiko Sato");
  await hang(fake, one("log"), "over");
  expect(one("drop-card").dataset.person).toBe("Aiko Sato");
  expect(one("drop-card").textContent).toContain("They are asked first.");
  await hang(fake, one("log"));
  expect(fake.world.transfers.filter((one) => one.name === "a.ai").length).toBe(1);
  await waitFor(() => expect(all("peer-transfer").some((one) => one.dataset.name === "a.ai")).toBe(true));
  const uploads = vi.spyOn(fake.world, "upload");
  await hang(fake, one("folder"));
  expect(uploads).toHaveBeenCalledTimes(2);
  await hang(fake, one("composer"));
  expect(all("tray").length).toBe(1);
  expect(fake.world.transfers.filter((one) => one.name === "a.ai").length).toBe(1);
});

it("the profile card sends files, takes a drop, and says whether they are always accepted", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  await click("members-button");
  const face = all("member").find((one) => one.dataset.name === "jonas") as HTMLElement;
  await click("member-face", face);
  await click("person-offer");
  await click("person-always");
  expect(one("person-always").getAttribute("aria-checked")).toBe("true");
  await hang(fake, one("person-send"), "over");
  expect(one("person-send").textContent).toContain("Drop to send to Jonas Weber");
  await hang(fake, one("person-send"));
  expect(fake.world.transfers.filter((one) => one.peer?.account === "a-jonas").map((one) => one.name)).toEqual(["Poster final.png", "Print notes.pdf", "a.ai", "b.ai"]);
  expect(asked(fake, "always_accept").filter((call) => call.do === "always_accept")).toEqual([{ do: "always_accept", account: "a-jonas", on: true }]);
});

it("a file is dragged out of the chat; one that is not here is fetched first", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  const drag = async (target: Element) => {
    await fireEvent.pointerDown(target, { button: 0, clientX: 10, clientY: 10 });
    await fireEvent.pointerMove(window, { clientX: 12, clientY: 10 });
    const before = fake.opened.length;
    await fireEvent.pointerMove(window, { clientX: 30, clientY: 10 });
    await idle();
    return [before, fake.opened.length];
  };
  const card = all("file-card").find((one) => one.dataset.name === "Poster A2.png") as HTMLElement;
  expect(await drag(card)).toEqual([0, 1]);
  expect(fake.opened[0]).toBe(`drag ${card.dataset.entry}`);
  const away = all("entry").find((one) => one.dataset.name === "Vendor list.doc") as HTMLElement;
  await drag(away.querySelector(".entry") as HTMLElement);
  expect(document.body.textContent).toContain("Vendor list.doc is fetched first.");
  const folder = all("entry").find((one) => one.dataset.name === "Permits") as HTMLElement;
  expect(await drag(folder.querySelector(".entry") as HTMLElement)).toEqual([2, 2]);
});

it("in the sharing room selected files leave with the pointer, and nothing moves", async () => {
  const fake = await open({ folder: "r-fair" });
  await waitFor(() => expect(all("entry").length).toBeGreaterThan(3));
  const row = all("entry").find((one) => one.dataset.name === "Budget.xlsx") as HTMLElement;
  const grip = row.querySelector(".name .cut") ?? row;
  await fireEvent.pointerDown(grip, { button: 0, clientX: 200, clientY: 200 });
  await fireEvent.pointerMove(window, { clientX: 100, clientY: 200 });
  expect(all("drag-ghost").length).toBe(1);
  await fireEvent.pointerMove(window, { clientX: -3, clientY: 200 });
  await idle();
  expect([all("drag-ghost").length, fake.opened, asked(fake, "entry_move").length]).toEqual([0, [`drag ${row.dataset.id}`], 0]);
});

it("a file let go over the room it came from stays there; over a person it is offered", async () => {
  const fake = await open();
  await openRoom("Autumn Fair");
  let letGo = () => undefined as void;
  const uploads = vi.spyOn(fake.world, "upload");
  const dragged = vi.spyOn(fake, "dragOut").mockImplementation(() => new Promise((done) => (letGo = () => done("dragged"))));
  const card = all("file-card").find((one) => one.dataset.name === "Poster A2.png") as HTMLElement;
  await fireEvent.pointerDown(card, { button: 0, clientX: 10, clientY: 10 });
  await fireEvent.pointerMove(window, { clientX: 30, clientY: 10 });
  expect(dragged).toHaveBeenCalledTimes(1);
  const drop = (target: Element) => {
    document.elementFromPoint = () => target;
    fake.drop({ phase: "over", x: 1, y: 1, files: 1 });
    fake.drop({ phase: "drop", drop: fake.shell.hold([{ name: "c.png", bytes: 1, image: true, folder: false }]), x: 1, y: 1, files: 1 });
  };
  drop(one("log"));
  expect(all("drop-card").length).toBe(0);
  drop(all("room").find((one) => one.textContent?.includes("Aiko Sato")) as HTMLElement);
  letGo();
  await idle();
  expect(uploads).not.toHaveBeenCalled();
  expect(fake.world.transfers.filter((one) => one.name === "c.png").map((one) => one.peer?.account)).toEqual(["a-aiko"]);
  drop(one("log"));
  await waitFor(() => expect(uploads).toHaveBeenCalledTimes(1));
});
