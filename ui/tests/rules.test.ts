// What the strict content policy and the design demand of the sources.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(svelte|ts|css)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join("src", name), "utf8") }));
const svelte = files.filter(({ name }) => name.endsWith(".svelte"));

it("no component carries a style attribute, which the content policy refuses", () => {
  expect(svelte.filter(({ text }) => /\sstyle=/.test(text)).map(({ name }) => name)).toEqual([]);
});

it("no component writes raw HTML", () => {
  expect(svelte.filter(({ text }) => text.includes("{@html")).map(({ name }) => name)).toEqual([]);
});

it("components are short", () => {
  expect(svelte.filter(({ text }) => text.split("\n").length > 200).map(({ name }) => name)).toEqual([]);
});

it("components use tokens for colours", () => {
  const raw = files.filter(({ name, text }) => !name.startsWith("skins") && /(#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})(?![\w-])|rgba?\()/i.test(text.replace(/^\s*\/\/.*$/gm, "")));
  expect(raw.map(({ name }) => name)).toEqual([]);
});

it("components ask the state, and the state the backend", () => {
  const wrong = svelte.filter(({ name, text }) => name.startsWith("components") && /from ".*backend\/(tauri|fake)/.test(text));
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

it("every phrase is said somewhere", async () => {
  const { en } = await import("../src/lib/i18n/en");
  const source = files.filter(({ name }) => !name.includes("i18n/en") && !name.includes("i18n/ko") && !name.includes("i18n/zh")).map(({ text }) => text).join("\n");
  // Keys made of a fixed part and a closed set, like `role.${role}`.
  const made = [...source.matchAll(/`([a-z_]+\.[a-z_]*)\$\{/g)].map((match) => match[1] ?? "");
  const unused = Object.keys(en).filter((key) => !source.includes(`"${key}"`) && !source.includes(`'${key}'`) && !made.some((start) => key.startsWith(start)));
  expect(unused).toEqual([]);
});
