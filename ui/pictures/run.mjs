// Takes the picture of every screen, says what is wrong on it, and compares it with the last accepted one.

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { difference, shrink } from "./compare.mjs";
import { screens } from "./screens.mjs";
import { serve } from "./serve.mjs";
import { walk } from "./walk.mjs";

const [built, taken, accepted, browserPath] = process.argv.slice(2);
const accept = process.argv.includes("--accept");
const only = process.argv.find((one) => one.startsWith("--only="))?.slice("--only=".length);
/** A Wednesday of autumn: every picture is taken at the same moment. */
const NOW = new Date("2026-10-14T10:47:00Z");
const CHANGED = 0.004;
const AT_ONCE = 2;
const LOCALES = { en: "en-GB", ko: "ko-KR", zh: "zh-CN" };
/** The languages of every picture; Chinese is taken of the screens that stand for the others. */
const ALL = ["en", "ko"];

const cases = screens.flatMap((screen) => [
  ...["daylight", "midnight"].flatMap((skin) => ALL.map((language) => ({ screen, skin, language, text: "100" }))),
  ...(screen.all ? ["persimmon", "bluehour"].map((skin) => ({ screen, skin, language: "en", text: "100" })) : []),
  ...(screen.all ? ALL.map((language) => ({ screen, skin: "daylight", language, text: "130" })) : []),
  ...(screen.zh ? [{ screen, skin: "daylight", language: "zh", text: "100" }] : []),
  ...(screen.forced ? [{ screen, skin: "daylight", language: "en", text: "100", forced: true }] : []),
]);
const nameOf = ({ screen, skin, language, text, forced }) => [screen.name, skin, language, ...(text === "100" ? [] : [text]), ...(forced ? ["forced"] : [])].join(".");
const wanted = cases.filter((one) => !only || nameOf(one).includes(only));

const measure = await readFile(new URL("./measure.js", import.meta.url), "utf8");
const { url, stop } = await serve(built);
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none", "--disable-lcd-text"] });
const desk = await browser.newPage();
await mkdir(taken, { recursive: true });
await mkdir(accepted, { recursive: true });

const flaws = [];
const changed = [];
let bytes = 0;

async function take(one) {
  const { screen, skin, language, text, forced } = one;
  const context = await browser.newContext({
    viewport: { width: screen.size[0], height: screen.size[1] }, locale: LOCALES[language], timezoneId: "UTC", reducedMotion: "reduce", colorScheme: "light",
    forcedColors: forced ? "active" : "none",
  });
  const page = await context.newPage();
  const name = nameOf(one);
  page.on("pageerror", (error) => flaws.push(`${name}: ${error.message}`));
  await page.clock.setFixedTime(NOW);
  try {
    await page.goto(`${url}/?locale=${LOCALES[language]}&set=skin:${skin},text.size:${text}&${screen.query ?? ""}`);
    await page.waitForSelector(screen.busy ? "[data-testid=room]" : "html[data-idle=true]", { timeout: 20_000 });
    await screen.go?.(page);
    if (!screen.busy) await page.waitForSelector("html[data-idle=true]");
    await page.mouse.move(0, 0);
    await page.evaluate(() => document.fonts.ready);
    await page.addStyleTag({ content: "* { caret-color: transparent !important; }" });
    const png = await page.screenshot({ path: join(taken, `${name}.png`) });
    await judge(name, await shrink(desk, png));
    const found = await page.evaluate(`(${measure.replace(/^\/\/.*\n/, "").trim().replace(/;$/, "")})()`);
    flaws.push(...found.map((flaw) => `${name}: ${flaw}`));
    if (screen.walk) flaws.push(...(await walk(page)).map((flaw) => `${name}: ${flaw}`));
  } catch (error) {
    flaws.push(`${name}: ${String(error).split("\n")[0]}`);
  }
  await context.close();
}

async function judge(name, small) {
  bytes += small.length;
  const file = join(accepted, `${name}.webp`);
  const before = await readFile(file).catch(() => null);
  const share = before ? await difference(desk, small, before) : 1;
  if (share > CHANGED) changed.push(before ? `${name}: ${(share * 100).toFixed(1)} % differs` : `${name}: new`);
  if (accept && (share > CHANGED || !before)) await writeFile(file, small);
}

const queue = [...wanted];
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  for (let one = queue.shift(); one; one = queue.shift()) await take(one);
}));
await browser.close();
stop();

if (!only) {
  const known = new Set(cases.map((one) => `${nameOf(one)}.webp`));
  for (const file of await readdir(accepted)) {
    if (!file.endsWith(".webp") || known.has(file)) continue;
    changed.push(`${file}: no screen any more`);
    if (accept) await rm(join(accepted, file));
  }
}
const list = (title, lines) => lines.length > 0 && console.log(`\n${title} (${lines.length})\n${lines.sort().map((line) => `   ${line}`).join("\n")}`);
list("Flaws", [...new Set(flaws)]);
list(accept ? "Accepted" : "Changed since the accepted set", changed);
console.log(`\n${wanted.length} pictures in ${taken}, ${Math.round(bytes / 1024)} KiB as kept`);
process.exit(flaws.length > 0 || (changed.length > 0 && !accept) ? 1 : 0);
