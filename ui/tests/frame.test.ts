import { expect, it } from "vitest";
import { stepOf } from "../src/lib/state/frame.svelte";
import { chord } from "./keyboard";
import { all, click, fireEvent, idle, one, open, openRoom, waitFor } from "./window";

const size = async (width: number) => {
  window.innerWidth = width;
  await fireEvent(window, new Event("resize"));
  await idle();
};

it.each([
  [1280, "wide"], [1120, "wide"], [1119, "middle"], [860, "middle"], [859, "narrow"], [640, "narrow"], [639, "compact"], [420, "compact"], [300, "compact"],
] as const)("at %i the window is %s", (width, step) => expect(stepOf(width)).toBe(step));

it("in a narrower window the folder is a drawer, closed at first; Esc closes it", async () => {
  await open();
  await openRoom("Autumn Fair");
  expect(all("folder").length).toBe(1);
  await size(1000);
  expect(all("folder").length).toBe(0);
  await chord("Ctrl+I");
  expect(all("folder").length).toBe(1);
  await chord("Esc");
  expect(all("folder").length).toBe(0);
  await size(1280);
});

it("the compact pod has the list, one line for what moves, and no chat that nobody sees", async () => {
  const fake = await open();
  await openRoom("우리 가족");
  await size(320);
  expect([all("room").length > 0, all("chat").length, all("strip").length]).toEqual([true, 0, 1]);
  const reads = fake.calls.filter((call) => call.do === "read").length;
  fake.world.hear("r-family", "a-seoyeon", "보여요?");
  await idle();
  expect(fake.calls.filter((call) => call.do === "read").length).toBe(reads);
  await openRoom("우리 가족");
  expect(fake.opened).toContain("room r-family");
  await click("strip");
  expect([fake.opened.includes("transfers"), all("transfers").length]).toEqual([true, 0]);
  await size(1280);
});

it("files of the compact pod open in the room's folder window", async () => {
  window.innerWidth = 320;
  const fake = await open();
  await click("rail-files");
  await openRoom("Autumn Fair");
  expect(fake.opened).toContain("folder r-fair");
  window.innerWidth = 1280;
});

it("a width between the pod and the window snaps to the pod", async () => {
  const fake = await open();
  await size(520);
  await waitFor(() => expect(fake.opened).toContain("fold true"));
  await size(1280);
});

it("the hinge folds by click, by drag and by key, each once", async () => {
  const fake = await open();
  document.documentElement.dataset.motion = "off";
  const folds = () => fake.opened.filter((what) => what.startsWith("fold")).length;
  const drag = async (to: number) => {
    const hinge = one("hinge");
    await fireEvent.pointerDown(hinge, { button: 0, clientX: 320, pointerId: 1 });
    await fireEvent.pointerMove(hinge, { clientX: to });
    await fireEvent.pointerUp(hinge, { clientX: to });
    await fireEvent.click(hinge);
    await idle();
  };
  await drag(320);
  expect(folds()).toBe(1);
  await drag(240);
  expect(folds()).toBe(2);
  await drag(400);
  await drag(300);
  expect(folds()).toBe(2);
  await fireEvent.keyDown(one("hinge"), { key: "ArrowLeft" });
  await idle();
  await chord("Ctrl+\\");
  expect(fake.opened).toEqual(["fold true", "fold true", "fold true", "fold true"]);
});

it("unfolds by the hinge and by a double click on the title bar", async () => {
  window.innerWidth = 320;
  const fake = await open();
  await fireEvent.mouseDown(one("window-title"), { button: 0, detail: 2 });
  await idle();
  await fireEvent.keyDown(one("hinge"), { key: "ArrowRight" });
  await idle();
  expect(fake.opened).toEqual(["fold false", "fold false"]);
  window.innerWidth = 1280;
});

it("what the shell says about folding and staying on top is believed", async () => {
  const fake = await open({ top: true });
  await click("rail-settings");
  await click("settings-rooms");
  expect(one("top").getAttribute("aria-checked")).toBe("true");
  await click("top");
  expect(fake.opened).toContain("top false");
  expect(one("top").getAttribute("aria-checked")).toBe("false");
});

it("the focus is never lost when the part that had it goes", async () => {
  await open();
  await openRoom("Autumn Fair");
  one("composer").focus();
  await size(320);
  await waitFor(() => expect(document.activeElement).not.toBe(document.body));
  await size(1280);
});
