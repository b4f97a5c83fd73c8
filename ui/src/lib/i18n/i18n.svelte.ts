// The words of the chosen language, and everything that is written differently from one to another.

import type { ErrorCode } from "../backend/bindings";
import { en } from "./en";
import { errors as enErrors } from "./en/errors";
import * as format from "./format";
import { ko } from "./ko";
import { errors as koErrors } from "./ko/errors";
import type { ErrorText, ErrorTexts, Key, Messages } from "./messages";
import { type Params, type Part, partsOf, textOf } from "./phrase";
import { zh } from "./zh";
import { errors as zhErrors } from "./zh/errors";

export const languages = ["en", "ko", "zh"] as const;
export type Language = (typeof languages)[number];

export const tables: Record<Language, Messages> = { en, ko, zh };
export const errorTables: Record<Language, ErrorTexts> = { en: enErrors, ko: koErrors, zh: zhErrors };

/** The language that suits a locale of the system; English where none does. */
export function languageOf(locale: string): Language {
  const tag = locale.toLowerCase().split(/[-_.]/)[0] ?? "";
  return languages.find((language) => language === tag) ?? "en";
}

export class Words {
  language = $state<Language>("en");
  /** The system's own locale, whose region decides how dates and numbers look in its language. */
  system = $state("en");

  locale = $derived(languageOf(this.system) === this.language ? safeLocale(this.system, this.language) : this.language);

  t = (key: Key, params: Params = {}): string => textOf(tables[this.language][key], params, this.locale);
  parts = (key: Key, params: Params = {}): Part[] => partsOf(tables[this.language][key], params, this.locale);
  error = (code: ErrorCode): ErrorText => errorTables[this.language][code] ?? errorTables[this.language].internal;

  size = (bytes: number): string => format.size(bytes, this.locale);
  speed = (bytes: number): string => format.speed(bytes, this.locale);
  span = (seconds: number): string => format.span(seconds, this.locale);
  percent = (part: number, whole: number): string => format.percent(part, whole, this.locale);
  number = (n: number): string => format.number(n, this.locale);
  /** `Aiko and Jonas`. */
  list = (names: string[]): string => new Intl.ListFormat(this.locale).format(names);
  date = (at: number): string => format.date(at, Date.now(), this.locale);
  /** `115%`: a size beside the usual one. */
  scale = (of: number): string => new Intl.NumberFormat(this.locale, { style: "percent" }).format(of);
  /** `4.5:1`, as contrast is told. */
  ratio = (of: number): string => `${new Intl.NumberFormat(this.locale, { maximumFractionDigits: 1 }).format(of)}:1`;
  clock = (at: number): string => format.clock(at, this.locale);
  weekday = (day: number, how: "short" | "long"): string => format.weekday(day, this.locale, how);
  moment = (at: number): string => format.moment(at, this.locale);
  stamp = (at: number, now = Date.now()): string => format.stamp(at, now, this.locale);

  /** `412 of 664 MB`. */
  progress(done: number, total: number): string {
    return this.t("up.progress", format.sizePair(done, total, this.locale));
  }

  /** The line between two days. */
  day(at: number, now = Date.now()): string {
    const day = format.day(at, now, this.locale);
    const ago = format.daysBetween(at, now);
    if (ago === 0) return this.t("chat.today", { day });
    return ago === 1 ? this.t("chat.yesterday", { day }) : day;
  }
}

function safeLocale(tag: string, otherwise: string): string {
  try {
    return Intl.getCanonicalLocales(tag.replace(/_/g, "-").replace(/\..*$/, ""))[0] ?? otherwise;
  } catch {
    return otherwise;
  }
}
