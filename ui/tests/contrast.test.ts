// Every pair of text and ground in every skin, by WCAG: the same pairs as the design's own check.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

type Skin = Record<string, string>;
type Rgb = [number, number, number];

const NAMES = ["daylight", "midnight", "persimmon", "bluehour"];
const sources = Object.fromEntries(NAMES.map((name) => [name, readFileSync(`src/skins/${name}.css`, "utf8")]));
const tokensOf = (css: string): Skin => Object.fromEntries([...css.matchAll(/--([\w-]+): ([^;]+);/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));
const daylight = tokensOf(sources.daylight ?? "");
const skins: Record<string, Skin> = Object.fromEntries(NAMES.map((name) => [name, { ...daylight, ...tokensOf(sources[name] ?? "") }]));

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
// What the frame adds: keys on their caps, the marks of a match, presence as shapes, and what stands on the chosen row.
for (const ground of ["sheet-2", "sheet-3", "accent-soft"]) pairs.push(["ink-2", ground, 4.5], ["ink", ground, 4.5]);
for (const state of ["here", "away", "busy", "off"]) pairs.push([state, "sheet", 3], [state, "canvas-on", 3], [state, "canvas-ring", 3]);
pairs.push(["accent-text", "sheet-3", 4.5], ["accent", "sheet-3", 3]);

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

it("a skin is data: only the tokens that daylight has, and nothing about layout, type or motion", () => {
  const wrong: string[] = [];
  for (const [name, css] of Object.entries(sources)) {
    const rules = css.replace(/\/\*[\s\S]*?\*\//g, "").trim();
    const head = name === "daylight" ? ":root, [data-skin] {" : `[data-skin="${name}"] {`;
    if (!rules.startsWith(head) || rules.indexOf("}") !== rules.length - 1) wrong.push(`${name}: more than one block`);
    const lines = rules.slice(head.length, -1).split(";").map((line) => line.trim()).filter((line) => line !== "");
    for (const line of lines) {
      const key = line.split(":")[0]?.trim() ?? "";
      if (key !== "color-scheme" && !(key.slice(2) in daylight)) wrong.push(`${name}: ${key}`);
      if (/url\(|var\(|@import/.test(line)) wrong.push(`${name}: ${line}`);
    }
    if (name !== "daylight") for (const [key, value] of Object.entries(tokensOf(css))) if (daylight[key] === value && key !== "canvas-art") wrong.push(`${name}: --${key} is no difference`);
  }
  expect(wrong).toEqual([]);
});

it("a pair that is too faint would be found", () => {
  expect(contrast(rgb("#777777"), rgb("#ffffff"))).toBeLessThan(4.5);
  expect(contrast(rgb("#000000"), rgb("#ffffff"))).toBeCloseTo(21);
});
