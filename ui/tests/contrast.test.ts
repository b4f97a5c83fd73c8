// Every pair of text and ground in every skin, by WCAG: the same pairs as the design's own check.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { contrast, faint, tokensOf, type Tokens } from "../src/lib/skin/readable";

const NAMES = ["daylight", "midnight", "persimmon", "bluehour"];
const sources = Object.fromEntries(NAMES.map((name) => [name, readFileSync(`src/skins/${name}.css`, "utf8")]));
const daylight = tokensOf(sources.daylight ?? "");
const skins: Record<string, Tokens> = Object.fromEntries(NAMES.map((name) => [name, { ...daylight, ...tokensOf(sources[name] ?? "") }]));

it.each(Object.keys(skins))("every text of %s can be read", (name) => {
  expect(faint(skins[name] ?? {})).toEqual([]);
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
  expect(contrast("#777777", "#ffffff")).toBeLessThan(4.5);
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(faint({ ...daylight, "ink-3": "#8a9590" }).map(({ ink, ground }) => `${ink} on ${ground}`)).toContain("ink-3 on sheet");
});

it("no skin blurs the shadow of what scrolls", () => {
  for (const [name, skin] of Object.entries(skins)) {
    const blurs = [...(skin["shadow-1"] ?? "").matchAll(/-?\d+(?:px)? -?\d+(?:px)? (\d+)/g)].map((match) => Number(match[1]));
    expect([name, blurs.length > 0, Math.max(...blurs)]).toEqual([name, true, 0]);
  }
});
