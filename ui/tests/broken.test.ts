import { expect, it } from "vitest";
import type { RoomSummary } from "../src/lib/backend/bindings";
import { render } from "@testing-library/svelte";
import App from "../src/App.svelte";
import { fakeBackend } from "../src/lib/backend/fake";
import { all, idle, one, open, screen, waitFor } from "./window";

it("a window that cannot be drawn says so and offers to load it again", async () => {
  const fake = await open();
  const room = { ...fake.world.rooms[0]?.view.summary, last: { at: null, kind: 7 }, title: 7 } as unknown as RoomSummary;
  fake.tell({ event: "room", room });
  await waitFor(() => expect(all("broken").length).toBe(1));
  expect(screen.getByText("This window stopped working")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Load again" })).toBeTruthy();
});

it("a window that waits for the program is no blank sheet, and can be closed", async () => {
  const fake = fakeBackend({ room: "r-fair", latency: 300 });
  render(App, { backend: fake });
  await waitFor(() => expect(all("starting").length).toBe(1));
  one("window-close").click();
  await waitFor(() => expect(fake.opened).toEqual(["act close"]));
  await idle();
  expect([all("starting").length, all("room-window").length]).toEqual([0, 1]);
});

it("a defect that leaves the window as it is is told once, with a way on", async () => {
  await open();
  const fail = () => window.dispatchEvent(new ErrorEvent("error", { error: new Error("a defect"), cancelable: true }));
  fail();
  fail();
  await waitFor(() => expect(screen.getAllByText(/Something in this window did not work/).length).toBe(1));
  expect(screen.getByRole("button", { name: "Load again" })).toBeTruthy();
});

it("a remark of the engine is no defect", async () => {
  await open();
  window.dispatchEvent(new ErrorEvent("error", { message: "ResizeObserver loop completed with undelivered notifications." }));
  expect(screen.queryByText(/did not work/)).toBeNull();
});
