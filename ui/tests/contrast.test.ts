// Every pair of text and ground in every skin, by WCAG: the same pairs as the design's own check.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

type Skin = Record<string, string>;
type Rgb = [number, number, number];

const css = readFileSync("src/skins/tokens.css", "utf8");
const skins: Record<string, Skin> = {};
for (const [, selector = "", body = ""] of css.matchAll(/(:root, \[data-skin\]|\[data-skin="\w+"\]) \{([\s\S]*?)\n\}/g)) {
  const name = /"(\w+)"/.exec(selector)?.[1] ?? "daylight";
  const own = Object.fromEntries([...body.matchAll(/--([\w-]+): ([^;]+);/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));
  skins[name] = { ...skins.daylight, ...own };
}

const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb;

function over(colour: string, ground: string): Rgb {
  const parts = /rgba\(([^)]+)\)/.exec(colour)?.[1]?.split(",").map(Number);
  if (!parts) return rgb(colour);
  const [red = 0, green = 0, blue = 0, alpha = 1] = parts;
  return rgb(ground).map((under, at) => ([red, green, blue][at] ?? 0) * alpha + under * (1 - alpha)) as Rgb;
}

function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: Rgb, b: Rgb): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (light + 0.05) / (dark + 0.05);
}

const pairs: [string, string, number][] = [];
for (const ink of ["ink", "ink-2", "ink-3"]) for (const ground of ["sheet", "sheet-2", "sheet-3", "bubble"]) pairs.push([ink, ground, 4.5]);
for (const ground of ["sheet", "sheet-2", "accent-soft", "bubble", "own"]) pairs.push(["accent-text", ground, 4.5]);
for (const kind of ["good", "warn", "bad", "info"]) pairs.push([kind, "sheet", 4.5], [kind, `${kind}-soft`, 4.5], [kind, "accent-soft", 4.5]);
for (let hue = 1; hue < 9; hue++) pairs.push([`p${hue}-ink`, `p${hue}`, 4.5], [`p${hue}-ink`, "bubble", 4.5], [`p${hue}-ink`, "sheet", 4.5]);
pairs.push(
  ["ink-2", "accent-soft", 4.5], ["own-ink", "own", 4.5], ["own-ink-2", "own", 4.5], ["accent-ink", "accent", 4.5],
  ["accent-ink", "accent-hover", 4.5], ["bad-fill-ink", "bad-fill", 4.5], ["badge-ink", "badge", 4.5],
  ["canvas-on-ink", "canvas-on", 4.5], ["ink-2", "canvas-on", 4.5], ["accent-text", "canvas-on", 4.5], ["bad", "canvas-on", 4.5],
  ["line-2", "sheet", 3], ["focus", "sheet", 3], ["accent", "sheet", 3],
);

it.each(Object.keys(skins))("every text of %s can be read", (name) => {
  const skin = skins[name] ?? {};
  const token = (key: string) => skin[key] ?? "";
  const low = pairs
    .map(([ink, ground, least]) => ({ ink, ground, least, is: contrast(rgb(token(ink)), rgb(token(ground))) }))
    .filter(({ is, least }) => is < least);
  const stops = token("canvas-art").match(/#\w{6}/g) ?? [token("canvas")];
  for (const stop of stops) {
    for (const ink of ["canvas-ink", "canvas-ink-2"]) {
      for (const ground of ["canvas-hover", "canvas-field"]) {
        const is = contrast(rgb(token(ink)), over(token(ground), stop));
        if (is < 4.5) low.push({ ink, ground, least: 4.5, is });
      }
      const is = contrast(rgb(token(ink)), rgb(stop));
      if (is < 4.5) low.push({ ink, ground: stop, least: 4.5, is });
    }
    const is = contrast(rgb(token("focus-canvas")), rgb(stop));
    if (is < 3) low.push({ ink: "focus-canvas", ground: stop, least: 3, is });
  }
  expect(low).toEqual([]);
});

it("all four skins were read", () => {
  expect(Object.keys(skins)).toEqual(["daylight", "midnight", "persimmon", "bluehour"]);
});
