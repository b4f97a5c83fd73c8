import { afterEach, expect, it, vi } from "vitest";
import { TOLD_EVERY_MS, watchTouch } from "../src/lib/touch";
import { fireEvent, open, waitFor } from "./window";

afterEach(() => vi.useRealTimers());

it("a window that is used says so, and not at every key", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const tell = vi.fn();
  const stop = watchTouch(window, tell);
  fireEvent.keyDown(document.body, { key: "a" });
  fireEvent.keyDown(document.body, { key: "b" });
  fireEvent.wheel(document.body);
  expect(tell).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(TOLD_EVERY_MS);
  fireEvent.pointerDown(document.body);
  expect(tell).toHaveBeenCalledTimes(2);
  stop();
  vi.advanceTimersByTime(TOLD_EVERY_MS);
  fireEvent.keyDown(document.body, { key: "c" });
  expect(tell).toHaveBeenCalledTimes(2);
});

it("what moves under a still pointer is nobody's doing", () => {
  const tell = vi.fn();
  const stop = watchTouch(window, tell);
  const move = (screenX: number) => window.dispatchEvent(new MouseEvent("pointermove", { screenX, screenY: 7 }));
  move(100);
  move(100);
  expect(tell).not.toHaveBeenCalled();
  move(101);
  expect(tell).toHaveBeenCalledTimes(1);
  stop();
});

it("the shell hears of it from the whole window", async () => {
  const fake = await open();
  fireEvent.keyDown(document.body, { key: "Shift" });
  await waitFor(() => expect(fake.touches).toBe(1));
});
