// Skins from files: what one may say, that all of it can be read, and how a person brings one along.

import { readFileSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import { keptSkin, type OwnSkin, readSkin, type SkinFault, SkinRefused, tokenNames, writeSkin } from "../src/lib/skin/file";
import { faint, readable, tokensOf } from "../src/lib/skin/readable";
import { all, click, idle, one, open, waitFor } from "./window";

const root = document.documentElement;
const worn = (token: string) => root.style.getPropertyValue(`--${token}`);
const sample = (name: string) => readFileSync(`../docs/skins/${name}.json`, "utf8");
const skin = (tokens: Record<string, unknown>, more: Record<string, unknown> = {}) => JSON.stringify({ pod_skin: 1, name: "Mine", base: "daylight", tokens, ...more });
const limits = readFileSync("../shared/src/limits.rs", "utf8");
const limit = (name: string) => Number((new RegExp(`${name}: \\w+ = ([\\d_ *]+);`).exec(limits)?.[1] ?? "").replaceAll("_", "").split("*").reduce((all, part) => all * Number(part), 1));

afterEach(() => root.removeAttribute("style"));

function fault(text: string): SkinFault | null {
  try {
    readable(readSkin(text));
    return null;
  } catch (thrown) {
    if (thrown instanceof SkinRefused) return thrown.fault;
    throw thrown;
  }
}

it("a skin may set each token that ours set, and nothing else", () => {
  const daylight = Object.keys(tokensOf(readFileSync("src/skins/daylight.css", "utf8")));
  expect([...tokenNames].sort()).toEqual(daylight.filter((token) => token !== "r-full").sort());
});

it("every token is described for who makes a skin", () => {
  const text = readFileSync("../docs/skins.md", "utf8");
  const ranges = [...text.matchAll(/`(\w+-?)(\d)(-ink)?` to `\1(\d)\3`/g)].flatMap(([, stem, from, end = "", to]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, at) => `${stem}${Number(from) + at}${end}`));
  expect(tokenNames.filter((token) => !text.includes(`\`${token}\``) && !ranges.includes(token))).toEqual([]);
});

it.each(["harbour", "embers"])("the sample %s can be read as it is", (name) => {
  expect(readable(readSkin(sample(name))).moved).toEqual([]);
});

it.each<[string, string, SkinFault]>([
  ["no JSON", "{", { kind: "no_skin" }],
  ["a list", "[]", { kind: "no_skin" }],
  ["something else", '{"name":"Mine","tokens":{}}', { kind: "no_skin" }],
  ["no tokens", '{"pod_skin":1,"name":"Mine"}', { kind: "no_skin" }],
  ["a newer one", skin({}, { pod_skin: 2 }), { kind: "newer" }],
  ["no name", skin({}, { name: " " }), { kind: "name" }],
  ["a name too long", skin({}, { name: "n".repeat(41) }), { kind: "name" }],
  ["a name that turns the line", skin({}, { name: "a\u202eb" }), { kind: "name" }],
  ["another base", skin({}, { base: "persimmon" }), { kind: "base" }],
  ["a token of the layout", skin({ rail: "90px" }), { kind: "token", token: "rail" }],
  ["a font", skin({ font: "Comic Sans" }), { kind: "token", token: "font" }],
  ["an inherited word", '{"pod_skin":1,"name":"Mine","tokens":{"__proto__":"#000000"}}', { kind: "token", token: "__proto__" }],
  ["a picture from elsewhere", skin({ "canvas-art": "url(https://example.org/x.png)" }), { kind: "value", token: "canvas-art" }],
  ["a second rule", skin({ ink: "#000000; } body { display: none" }), { kind: "value", token: "ink" }],
  ["another token's value", skin({ ink: "var(--sheet)" }), { kind: "value", token: "ink" }],
  ["a translucent ink", skin({ ink: "rgba(0, 0, 0, .5)" }), { kind: "value", token: "ink" }],
  ["a corner too round", skin({ r4: "40px" }), { kind: "value", token: "r4" }],
  ["a blur under what scrolls", skin({ "shadow-1": "0 1px 2px rgba(0, 0, 0, .1)" }), { kind: "value", token: "shadow-1" }],
  ["a number", skin({ ink: 0 }), { kind: "value", token: "ink" }],
])("%s is refused", (_, text, why) => {
  expect(fault(text)).toEqual(why);
});

it("an ink that is too faint is moved until it can be read, no further than needed", () => {
  const { skin: mended, moved } = readable(readSkin(skin({ "ink-3": "#a0a0a0" })));
  expect(moved).toEqual(["ink-3"]);
  expect(mended.tokens["ink-3"]).toMatch(/^#([0-9a-f]{2})\1\1$/);
  const grey = Number.parseInt((mended.tokens["ink-3"] ?? "").slice(1, 3), 16);
  expect([grey < 0x75, grey > 0x60]).toEqual([true, true]);
  expect(readable(mended).moved).toEqual([]);
});

it("a base's own ink is moved where a new ground makes it faint", () => {
  const { skin: mended, moved } = readable(readSkin(skin({ own: "#8fb8a5" })));
  expect(moved).toEqual(["accent-text", "own-ink-2"]);
  expect(mended.tokens.own).toBe("#8fb8a5");
  const daylight = tokensOf(readFileSync("src/skins/daylight.css", "utf8"));
  expect(faint({ ...daylight, ...mended.tokens })).toEqual([]);
});

it("what no lightness can mend is refused with the pair", () => {
  expect(fault(skin({ sheet: "#ffffff", bubble: "#000000" }))).toMatchObject({ kind: "faint", least: 4.5 });
});

it("the largest skin there can be fits into a setting", () => {
  const long = (token: string): string => {
    if (token === "shadow-1") return "-10px -10px 0 -10px rgba(100, 100, 100, 0.123)";
    if (token.startsWith("shadow")) return Array.from({ length: 3 }, () => "-10px -10px -10px -10px rgba(100, 100, 100, 0.123)").join(", ");
    if (token === "canvas-art") return "linear-gradient(165deg, #123456 100%, #123456 100%, #123456 100%, #123456 100%)";
    if (["canvas-hover", "canvas-line", "canvas-field", "scrim"].includes(token)) return "rgba(100, 100, 100, 0.123)";
    return /^r\d$/.test(token) ? "24px" : "#123456";
  };
  const largest = readSkin(skin(Object.fromEntries(tokenNames.map((token) => [token, long(token)])), { name: "가".repeat(40), base: "midnight" }));
  expect(new TextEncoder().encode(writeSkin(largest)).length).toBeLessThanOrEqual(limit("SETTING_VALUE_BYTES_MAX"));
  expect(limit("SKIN_FILE_BYTES_MAX")).toBe(16_384);
});

it("what is kept is read as strictly as a file", () => {
  const mine: OwnSkin = { name: "Mine", base: "midnight", tokens: { canvas: "#123456" } };
  expect([keptSkin(writeSkin(mine)), keptSkin(undefined), keptSkin('{"pod_skin":1,"name":"x","tokens":{"ink":"url(x)"}}')]).toEqual([mine, null, null]);
});

it("a skin from a file is put on, kept, seen in the next window and removed, which can be undone", async () => {
  const fake = await open();
  await look();
  await click("skin-bring");
  expect([root.dataset.skin, worn("canvas")]).toEqual(["daylight", "#d9e2ec"]);
  expect(fake.world.settings.get("skin")).toBe("own.1");
  expect(readSkin(fake.world.settings.get("skin.own.1") ?? "").name).toBe("Harbour fog");
  const card = one("skin-own");
  expect([card.getAttribute("aria-pressed"), card.textContent?.includes("Harbour fog")]).toEqual(["true", true]);
  expect(card.querySelector<HTMLElement>(".mini")?.style.getPropertyValue("--canvas")).toBe("#d9e2ec");
  await click("skin-midnight");
  expect([root.dataset.skin, worn("canvas")]).toEqual(["midnight", ""]);
  await click("skin-own");
  expect(worn("canvas")).toBe("#d9e2ec");
  await click("skin-drop");
  expect([all("skin-own").length, worn("canvas"), fake.world.settings.has("skin.own.1")]).toEqual([0, "", false]);
  expect(one("skin-system").getAttribute("aria-pressed")).toBe("true");
  await click("undo");
  await waitFor(() => expect([all("skin-own").length, worn("canvas")]).toEqual([1, "#d9e2ec"]));
});

it("a skin that came from another computer is worn as soon as it is there", async () => {
  const fake = await open();
  fake.world.settings.set("skin", "own.3");
  fake.tell({ event: "setting", key: "skin" });
  await idle();
  expect([root.dataset.skin, worn("canvas")]).toEqual(["daylight", ""]);
  fake.world.settings.set("skin.own.3", sample("embers"));
  fake.tell({ event: "setting", key: "skin.own.3" });
  await waitFor(() => expect([root.dataset.skin, worn("canvas")]).toEqual(["midnight", "#1d1210"]));
});

it("a file that is no skin is refused in place, with the reason, and nothing is kept", async () => {
  const fake = await open();
  await look();
  fake.shell.skin.text = skin({ font: "Comic Sans" });
  await click("skin-bring");
  expect(one("skin-fault").textContent).toContain("A skin has no word “font”.");
  fake.shell.skin.text = skin({ sheet: "#ffffff", bubble: "#000000" });
  await click("skin-bring");
  expect(one("skin-fault").textContent).toMatch(/cannot be read on .* instead of 4\.5:1/);
  expect([all("skin-own").length, fake.world.settings.has("skin.own.1")]).toEqual([0, false]);
  fake.shell.skin.text = null;
  await click("skin-bring");
  expect(all("skin-fault")).toEqual([]);
});

it("a colour that had to be changed is told", async () => {
  const fake = await open();
  await look();
  fake.shell.skin.text = skin({ "ink-3": "#a0a0a0" });
  await click("skin-bring");
  expect(document.body.textContent).toContain("Mine is on. One colour was too faint to read and was changed.");
});

it("the same name takes its former place, and there are as many places as the limit says", async () => {
  const fake = await open();
  await look();
  const places = limit("SKINS_OWN_MAX");
  for (let n = 0; n < places; n++) {
    fake.shell.skin.text = skin({}, { name: `Skin ${n}` });
    await click("skin-bring");
  }
  expect(all("skin-own")).toHaveLength(places);
  fake.shell.skin.text = skin({ badge: "#000000" }, { name: "Skin 3" });
  await click("skin-bring");
  expect([all("skin-own").length, worn("badge"), all("error").length]).toEqual([places, "#000000", 0]);
  fake.shell.skin.text = skin({}, { name: "One more" });
  await click("skin-bring");
  expect([all("skin-own").length, one("error").dataset.code]).toEqual([places, "too_many"]);
});

it("a skin that cannot be kept is not worn", async () => {
  await open({ failing: { setting_set: "disk_full" } });
  await look();
  await click("skin-bring");
  expect([worn("canvas"), all("skin-own").length, one("error").dataset.code]).toEqual(["", 0, "disk_full"]);
});

async function look(): Promise<void> {
  await click("rail-settings");
  await click("settings-look");
}
