// Whether everything can be read in a skin: every pair of text and ground, by WCAG AA. The test of our own skins asks the
// same. An ink that is too faint is moved in lightness until it can be read; grounds stay as they are.

import daylight from "../../skins/daylight.css?raw";
import midnight from "../../skins/midnight.css?raw";
import { type Base, type OwnSkin, SkinRefused, type Tokens } from "./file";

export type { Tokens };

type Rgb = [number, number, number];
/** An ink, what it stands on, and by how much it must differ. */
type Demand = { ink: string; ground: string; on: Rgb; least: number };
export type Faint = { ink: string; ground: string; is: number; least: number };

const TEXT = 4.5;
const SHAPE = 3;
/** Shades that are tried, each way. */
const STEPS = 50;

/** The tokens that a skin's own file of rules sets. */
export const tokensOf = (css: string): Tokens => Object.fromEntries([...css.matchAll(/--([\w-]+): ([^;]+);/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));

const BASES: Record<Base, Tokens> = { daylight: tokensOf(daylight), midnight: { ...tokensOf(daylight), ...tokensOf(midnight) } };

const pairs: [string, string, number][] = [];
for (const ink of ["ink", "ink-2", "ink-3"]) for (const ground of ["sheet", "sheet-2", "sheet-3", "bubble"]) pairs.push([ink, ground, TEXT]);
for (const ground of ["sheet", "sheet-2", "accent-soft", "bubble", "own"]) pairs.push(["accent-text", ground, TEXT]);
for (const kind of ["good", "warn", "bad", "info"]) pairs.push([kind, "sheet", TEXT], [kind, `${kind}-soft`, TEXT], [kind, "accent-soft", TEXT]);
for (let hue = 1; hue < 9; hue++) pairs.push([`p${hue}-ink`, `p${hue}`, TEXT], [`p${hue}-ink`, "bubble", TEXT], [`p${hue}-ink`, "sheet", TEXT]);
pairs.push(
  ["ink-2", "accent-soft", TEXT], ["own-ink", "own", TEXT], ["own-ink-2", "own", TEXT], ["accent-ink", "accent", TEXT],
  ["accent-ink", "accent-hover", TEXT], ["bad-fill-ink", "bad-fill", TEXT], ["badge-ink", "badge", TEXT],
  ["canvas-on-ink", "canvas-on", TEXT], ["ink-2", "canvas-on", TEXT], ["accent-text", "canvas-on", TEXT], ["bad", "canvas-on", TEXT],
  ["line-2", "sheet", SHAPE], ["focus", "sheet", SHAPE], ["accent", "sheet", SHAPE],
);
// What the frame adds: keys on their caps, the marks of a match, presence as shapes, and what stands on the chosen row.
for (const ground of ["sheet-2", "sheet-3", "accent-soft"]) pairs.push(["ink-2", ground, TEXT], ["ink", ground, TEXT]);
for (const state of ["here", "away", "busy", "off"]) pairs.push([state, "sheet", SHAPE], [state, "canvas-on", SHAPE], [state, "canvas-ring", SHAPE]);
pairs.push(["accent-text", "sheet-3", TEXT], ["accent", "sheet-3", SHAPE]);

/** `accent` first: it is an ink and the ground of another one. */
const inks = [...new Set(["accent", ...pairs.map(([ink]) => ink), "canvas-ink", "canvas-ink-2", "focus-canvas"])];

const channels = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb;
const hexOf = (colour: Rgb): string => `#${colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

function over(colour: string, ground: string): Rgb {
  const parts = /\(([^)]+)\)/.exec(colour)?.[1]?.split(",").map(Number);
  if (!parts) return channels(colour);
  const [red = 0, green = 0, blue = 0, alpha = 1] = parts;
  return channels(ground).map((under, at) => ([red, green, blue][at] ?? 0) * alpha + under * (1 - alpha)) as Rgb;
}

function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function between(a: Rgb, b: Rgb): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (light + 0.05) / (dark + 0.05);
}

export const contrast = (a: string, b: string): number => between(channels(a), channels(b));

function demands(tokens: Tokens): Demand[] {
  const token = (name: string) => tokens[name] ?? "";
  const stops = token("canvas-art").match(/#\w{6}/g) ?? [token("canvas")];
  return [
    ...pairs.map(([ink, ground, least]) => ({ ink, ground, on: channels(token(ground)), least })),
    ...stops.flatMap((stop) => [
      ...["canvas-ink", "canvas-ink-2"].flatMap((ink) => [
        { ink, ground: "canvas", on: channels(stop), least: TEXT },
        ...["canvas-hover", "canvas-field"].map((ground) => ({ ink, ground, on: over(token(ground), stop), least: TEXT })),
      ]),
      { ink: "focus-canvas", ground: "canvas", on: channels(stop), least: SHAPE },
    ]),
  ];
}

/** Every pair that is too faint, of all tokens of a skin. */
export const faint = (tokens: Tokens): Faint[] =>
  demands(tokens)
    .map(({ ink, ground, on, least }) => ({ ink, ground, least, is: between(channels(tokens[ink] ?? ""), on) }))
    .filter(({ is, least }) => is < least);

/** The colour itself, then ever lighter and darker ones. */
function shades(hex: string): Rgb[] {
  const colour = channels(hex);
  const towards = (end: number, step: number): Rgb => channels(hexOf(colour.map((part) => part + ((end - part) * step) / STEPS) as Rgb));
  return [colour, ...Array.from({ length: STEPS }, (_, at) => [towards(0, at + 1), towards(255, at + 1)]).flat()];
}

/** The skin with every ink so that it can be read, and which ones that changed. Refuses what no lightness can mend. */
export function readable(skin: OwnSkin): { skin: OwnSkin; moved: string[] } {
  const worn: Record<string, string> = { ...BASES[skin.base], ...skin.tokens };
  const moved: string[] = [];
  for (const ink of inks) {
    const all = demands(worn).filter((demand) => demand.ink === ink);
    const reads = (colour: Rgb) => all.every(({ on, least }) => between(colour, on) >= least);
    const shade = shades(worn[ink] ?? "").find(reads);
    if (!shade || reads(channels(worn[ink] ?? ""))) continue;
    worn[ink] = hexOf(shade);
    moved.push(ink);
  }
  const low = faint(worn)[0];
  if (low) throw new SkinRefused({ kind: "faint", ...low });
  const mended = Object.fromEntries(moved.map((ink) => [ink, worn[ink] ?? ""]));
  return { skin: { ...skin, tokens: { ...skin.tokens, ...mended } }, moved };
}
