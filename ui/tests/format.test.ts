import { expect, it } from "vitest";
import * as format from "../src/lib/i18n/format";

it.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [84_000, "84 kB"],
  [999_900, "1 MB"],
  [3_800_000, "3.8 MB"],
  [664_000_000, "664 MB"],
  [1_200_000_000, "1.2 GB"],
])("%d bytes read as %s", (bytes, text) => {
  expect(format.size(bytes, "en").replace(/\u00a0/g, " ")).toBe(text);
});

it("both numbers of a progress are on the scale of the whole", () => {
  expect(format.sizePair(412_000_000, 664_000_000, "en")).toEqual({ done: "412", total: "664 MB" });
  expect(format.sizePair(300_000_000, 2_000_000_000, "en")).toEqual({ done: "0.3", total: "2 GB" });
});

it("a span names its two largest units", () => {
  expect([31, 79, 3600, 3661, 0].map((seconds) => format.span(seconds, "en"))).toEqual(["31 sec", "1 min 19 sec", "1 hr", "1 hr 1 min", "1 sec"]);
});

it("a share is never rounded up to the whole", () => {
  expect([format.percent(999, 1000, "en"), format.percent(1, 1, "en"), format.percent(0, 0, "en")]).toEqual(["99%", "100%", "0%"]);
});

it("days are counted by the calendar", () => {
  const morning = new Date(2026, 9, 14, 0, 30).getTime();
  const evening = new Date(2026, 9, 13, 23, 50).getTime();
  expect([format.daysBetween(evening, morning), format.daysBetween(morning, morning)]).toEqual([1, 0]);
});

it("a few bytes are said in the language's own word", () => {
  expect([format.size(172, "ko"), format.size(172, "zh"), format.size(1, "en")].map((text) => text.replace(/\u00a0/g, " "))).toEqual(["172바이트", "172字节", "1 byte"]);
});
