// Turns a phrase with placeholders into parts. Whole sentences only: callers never join translated pieces.
//
// `{who}` is a value, `{n}` a number; after a value `{을/를}` picks the Korean particle that follows it.

import { particle } from "./particle";

/** A phrase, or one for each plural form of `n`. */
export type Phrase = string | { one?: string; other: string };

export type Params = Record<string, string | number>;

/** A stretch of a sentence: plain text, or the value of a placeholder. */
export type Part = { text: string; slot: string | null };

const TOKEN = /\{([^{}]+)\}/g;
const HAN_FIRST = /^[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u;
const HAN_LAST = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]$/u;
const RTL = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]/;

/** The parts of a phrase, filled in. A placeholder without a value stays visible, so that a defect is seen. */
export function partsOf(phrase: Phrase, params: Params, locale: string): Part[] {
  const text = choose(phrase, params, locale);
  const parts: Part[] = [];
  let from = 0;
  let before = "";
  for (const match of text.matchAll(TOKEN)) {
    const at = match.index;
    if (at > from) parts.push({ text: text.slice(from, at), slot: null });
    from = at + match[0].length;
    const name = match[1] ?? "";
    if (name.includes("/")) {
      parts.push({ text: particle(before, name), slot: null });
    } else {
      before = valueOf(params[name], match[0], locale);
      parts.push({ text: before, slot: name });
    }
  }
  if (from < text.length) parts.push({ text: text.slice(from), slot: null });
  return locale.startsWith("zh") ? closed(parts) : parts;
}

/** Chinese sets a space beside Latin letters and figures only, so a value that is Chinese itself stands without one. */
function closed(parts: Part[]): Part[] {
  return parts.map((part, n) => {
    if (part.slot !== null) return part;
    const [before, after] = [parts[n - 1]?.text ?? "", parts[n + 1]?.text ?? ""];
    let text = part.text;
    if (HAN_LAST.test(before)) text = text.replace(/^ (?=\p{Script=Han})/u, "");
    if (HAN_FIRST.test(after)) text = text.replace(/(?<=\p{Script=Han}) $/u, "");
    return { ...part, text };
  });
}

/** The phrase as one text, for names and tooltips; a value written from right to left is isolated. */
export function textOf(phrase: Phrase, params: Params, locale: string): string {
  return partsOf(phrase, params, locale)
    .map((part) => (part.slot !== null && RTL.test(part.text) ? `\u2068${part.text}\u2069` : part.text))
    .join("");
}

function valueOf(value: string | number | undefined, token: string, locale: string): string {
  if (value === undefined) return token;
  return typeof value === "number" ? new Intl.NumberFormat(locale).format(value) : value;
}

function choose(phrase: Phrase, params: Params, locale: string): string {
  if (typeof phrase === "string") return phrase;
  const n = Number(params.n ?? 0);
  const form = new Intl.PluralRules(locale).select(n);
  return form === "one" && phrase.one !== undefined ? phrase.one : phrase.other;
}
