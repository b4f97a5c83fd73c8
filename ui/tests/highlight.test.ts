// Code in its colours.

import { expect, it } from "vitest";
import { highlight, TOKENS_MAX } from "../src/lib/folder/highlight";

/** Coloured pieces, each with its kind's first letter. */
const seen = (text: string, name: string) => highlight(text, name).filter((token) => token.is !== "plain").map((token) => `${token.is[0]}:${token.text}`);

it.each([
  ["a.rs", "fn a<'b>(c: &'b str) -> char { 'x' } // so 1", ["w:fn", "w:char", "t:'x'", "n:// so 1"]],
  ["a.ts", "const a = `one ${2}` + \"b\\\"c\"; /* 3", ["w:const", "t:`one ${2}`", 't:"b\\"c"', "n:/* 3"]],
  ["a.py", "def f(a): return 'x' # 0x1f\nb = 0x1f", ["w:def", "w:return", "t:'x'", "n:# 0x1f", "n:0x1f"]],
  ["a.sh", "if [ $# -gt 1 ]; then echo \"a\"; fi", ["w:if", "n:1", "w:then", "w:echo", 't:"a"', "w:fi"]],
  ["a.sql", "Select a FROM b -- all\nwhere c = 'd'", ["w:Select", "w:FROM", "n:-- all", "w:where", "t:'d'"]],
  ["a.json", '{"a": [1, true, null]}', ['t:"a"', "n:1", "w:true", "w:null"]],
  ["a.html", '<a href="b"><!-- <b> -->', ['t:"b"', "n:<!-- <b> -->"]],
  ["a.txt", "const a = 1 // no code", []],
  ["a.csv", '1,"2"', []],
])("%s", (name, text, expected) => {
  expect(seen(text, name)).toEqual(expected);
});

it("says exactly the text, whatever it is, and in bounded time", () => {
  const hostile = ['"'.repeat(60_000), "/*".repeat(30_000), "`\\".repeat(30_000), "'\\".repeat(30_000), "<!--".repeat(15_000), "1_".repeat(30_000), "\u202eabc\u0000`".repeat(8_000), "a ".repeat(30_000)];
  for (const text of hostile) {
    for (const name of ["a.rs", "a.ts", "a.py", "a.sql", "a.html", "a.json", "a.bat"]) {
      const tokens = highlight(text, name);
      expect(tokens.map((token) => token.text).join("") === text).toBe(true);
      expect(tokens.length).toBeLessThanOrEqual(TOKENS_MAX + 2);
    }
  }
});
