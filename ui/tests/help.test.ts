import { expect, it } from "vitest";
import { actions } from "../src/lib/actions";
import { questions } from "../src/lib/questions";
import { languages, Words } from "../src/lib/i18n/i18n.svelte";
import { chord } from "./keyboard";
import { all, idle, one, open, write } from "./window";

it("F1 opens the ten first questions and every key", async () => {
  await open();
  await chord("F1");
  expect(all("question").length).toBe(10);
  const wanted = actions.flatMap((action) => action.keys.slice(0, 1));
  expect(all("key").map((key) => key.dataset.key).sort()).toEqual(wanted.sort());
});

it("is searched in questions, answers and keys", async () => {
  await open();
  await chord("F1");
  await write("help-search", "offline");
  await idle();
  expect(all("question").map((question) => question.dataset.id)).toEqual(["offline"]);
  await write("help-search", "switch nothing like this");
  expect([all("question").length, all("key").length, one("help").textContent?.includes("Try another word")]).toEqual([0, 0, true]);
  await write("help-search", "Ctrl+K");
  expect(all("key").map((key) => key.dataset.key)).toEqual(["Ctrl+K"]);
});

it.each(languages)("has whole answers in %s", (language) => {
  const words = new Words();
  words.language = language;
  for (const { question, answer } of questions(words, "")) {
    expect(question).toMatch(/[?？요]$/);
    expect(answer).toMatch(/[.。]$/);
    expect(answer.length).toBeGreaterThan(40);
  }
});
