import { describe, expect, it } from "vitest";
import { en } from "../src/lib/i18n/en";
import { errorTables, languageOf, tables, Words } from "../src/lib/i18n/i18n.svelte";
import type { Phrase } from "../src/lib/i18n/phrase";
import { partsOf, textOf } from "../src/lib/i18n/phrase";

/** Where a language needs a value that English does not say: an honorific needs the name. */
const MORE_IN_KOREAN = ["act.you", "folder.you"];

const forms = (phrase: Phrase): string[] => (typeof phrase === "string" ? [phrase] : Object.values(phrase));
const slots = (phrase: Phrase): string[] =>
  [...new Set(forms(phrase).flatMap((form) => [...form.matchAll(/\{([^{}/]+)\}/g)].map((match) => match[1] ?? "")))].sort();

describe.each(["ko", "zh"] as const)("%s", (language) => {
  const table = tables[language];

  it("has every phrase of English and no other", () => {
    expect(Object.keys(table).sort()).toEqual(Object.keys(en).sort());
  });

  it("uses the same values in each phrase", () => {
    for (const [key, phrase] of Object.entries(en)) {
      if (language === "ko" && MORE_IN_KOREAN.includes(key)) continue;
      expect([key, slots(table[key as keyof typeof en])]).toEqual([key, slots(phrase)]);
    }
  });

  it("leaves nothing in English", () => {
    const same = Object.entries(en).filter(([key, phrase]) => {
      const text = forms(phrase).at(-1) ?? "";
      const words = text.replace(/\{[^{}]+\}/g, "").match(/[A-Za-z]{3,}/);
      return words !== null && JSON.stringify(table[key as keyof typeof en]) === JSON.stringify(phrase);
    });
    expect(same.map(([key]) => key)).toEqual([]);
  });

  it("has a form for every plural it knows", () => {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const phrase of Object.values(table)) {
      if (typeof phrase !== "string") expect(wanted.every((form) => form === "other" || form in phrase)).toBe(true);
    }
  });
});

it("every error says what happened and what comes next, in every language", () => {
  const codes = Object.keys(errorTables.en).sort();
  for (const table of Object.values(errorTables)) {
    expect(Object.keys(table).sort()).toEqual(codes);
    for (const { what, next } of Object.values(table)) {
      expect(what.length).toBeGreaterThan(2);
      expect(next.length).toBeGreaterThan(2);
    }
  }
  const english = Object.values(errorTables.en).flatMap(({ what, next }) => [what, next]);
  expect(english.filter((text) => /oops|please|error \d/i.test(text))).toEqual([]);
});

it("the language follows the system and falls back to English", () => {
  expect(["ko-KR", "zh_CN.UTF-8", "zh-Hant-TW", "en-GB", "fr-FR", ""].map(languageOf)).toEqual(["ko", "zh", "zh", "en", "en", "en"]);
});

it("a phrase keeps its values apart from its words", () => {
  expect(partsOf("{who} modified {file}", { who: "Aiko", file: "a.txt" }, "en")).toEqual([
    { text: "Aiko", slot: "who" },
    { text: " modified ", slot: null },
    { text: "a.txt", slot: "file" },
  ]);
});

it("a value written from right to left is isolated in plain text", () => {
  expect(textOf("{who} left", { who: "דנה" }, "en")).toBe("\u2068דנה\u2069 left");
  expect(textOf("{who} left", { who: "Aiko" }, "en")).toBe("Aiko left");
});

it("a value that looks like a placeholder stays as it is", () => {
  expect(textOf("{who} renamed {file}", { who: "{file}", file: "x" }, "en")).toBe("{file} renamed x");
});

it("plurals and counts follow the language", () => {
  const words = new Words();
  expect([0, 1, 2].map((n) => words.t("offline.messages", { n }))).toEqual(["0 messages", "1 message", "2 messages"]);
  words.language = "ko";
  const waiting = [words.t("offline.messages", { n: 3 }), words.t("offline.files", { n: 2 }), words.t("offline.contacts", { n: 1 })];
  expect(words.t("offline.all", { what: words.list(waiting.slice(0, 2)) })).toBe("메시지 3개 및 파일 2개가 다시 연결되면 보내집니다.");
  expect(words.t("offline.all", { what: words.list(waiting) })).toBe("메시지 3개, 파일 2개 및 연락처 변경 1건이 다시 연결되면 보내집니다.");
});

it("Chinese sets a space beside Latin letters and never beside its own", () => {
  expect(textOf("{who} 添加了 {name}", { who: "我", name: "王芳" }, "zh-CN")).toBe("我添加了王芳");
  expect(textOf("{who} 添加了 {name}", { who: "Aiko", name: "王芳" }, "zh")).toBe("Aiko 添加了王芳");
  expect(textOf("{who} 修改了 {file} {n} 次", { who: "Aiko", file: "预算.xlsx", n: 5 }, "zh")).toBe("Aiko 修改了预算.xlsx 5 次");
  expect(textOf("{who} added {name}", { who: "我", name: "王芳" }, "en")).toBe("我 added 王芳");
});
