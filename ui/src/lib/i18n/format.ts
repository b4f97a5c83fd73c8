// Dates, sizes, speeds and spans of time in the person's language, all through Intl.

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
const STEP = 1000;

const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

/** One format for each way of writing: making one costs more than a hundred uses. */
function numberFormat(locale: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  const format = numbers.get(key) ?? new Intl.NumberFormat(locale, options);
  numbers.set(key, format);
  return format;
}

function dateFormatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const format = dates.get(key) ?? new Intl.DateTimeFormat(locale, options);
  dates.set(key, format);
  return format;
}

/** A size as people read it: `84 KB`, `3.8 MB`. */
export function size(bytes: number, locale: string): string {
  const { value, unit } = scaled(bytes);
  return unitText(value, UNITS[unit] ?? "byte", digitsFor(value, unit), locale);
}

/** How far of how much, in one unit: `412 of 664 MB` needs both numbers on the same scale. */
export function sizePair(done: number, total: number, locale: string): { done: string; total: string } {
  const { unit } = scaled(total);
  const part = done / STEP ** unit;
  return {
    done: numberFormat(locale, { maximumFractionDigits: digitsFor(part, unit) }).format(part),
    total: size(total, locale),
  };
}

/** `8.2 MB/s`. */
export function speed(bytesPerSecond: number, locale: string): string {
  const { value, unit } = scaled(bytesPerSecond);
  return unitText(value, `${UNITS[unit] ?? "byte"}-per-second`, digitsFor(value, unit), locale);
}

/** A span in seconds, in its two largest units: `31 sec`, `1 min 19 sec`. */
export function span(seconds: number, locale: string): string {
  const whole = Math.max(1, Math.round(seconds));
  const steps: [number, string][] = [
    [Math.floor(whole / 3600), "hour"],
    [Math.floor((whole % 3600) / 60), "minute"],
    [whole % 60, "second"],
  ];
  const first = steps.findIndex(([count]) => count > 0);
  return steps
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => numberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(count))
    .join(" ");
}

export function percent(part: number, whole: number, locale: string): string {
  const ratio = whole > 0 ? Math.min(1, part / whole) : 0;
  return numberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(Math.floor(ratio * 100) / 100);
}

/** A plain number. */
export function number(n: number, locale: string): string {
  return numberFormat(locale).format(n);
}

/** Time of day: `10:46`. */
export function clock(at: number, locale: string): string {
  return dateFormatOf(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** For rows: the time today, the weekday within a week, else the date. */
export function stamp(at: number, now: number, locale: string): string {
  const days = daysBetween(at, now);
  if (days <= 0) return clock(at, locale);
  if (days < 7) return dateFormatOf(locale, { weekday: "short" }).format(at);
  return dateFormat(at, now, locale, "short").format(at);
}

/** For the line between two days: `Monday, 13 October`; the caller says *today*. */
export function day(at: number, now: number, locale: string): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const year = sameYear ? {} : ({ year: "numeric" } as const);
  return dateFormatOf(locale, { weekday: "long", day: "numeric", month: "long", ...year }).format(at);
}

/** The name of a day of the week, from Monday as 1. */
export function weekday(day: number, locale: string, how: "short" | "long"): string {
  // The first of January 2024 was a Monday.
  return dateFormatOf(locale, { weekday: how }).format(new Date(2024, 0, day));
}

/** Date and time in full, for tooltips. */
export function moment(at: number, locale: string): string {
  const day = { weekday: "long", year: "numeric", month: "long", day: "numeric" } as const;
  return dateFormatOf(locale, { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** Whole calendar days from `at` to `now`, in the zone of this computer. */
export function daysBetween(at: number, now: number): number {
  const midnight = (ms: number) => {
    const date = new Date(ms);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  };
  return Math.round((midnight(now) - midnight(at)) / 86_400_000);
}

/** `2 September`, with the year where it is another. */
export function date(at: number, now: number, locale: string): string {
  return dateFormat(at, now, locale, "long").format(at);
}

function dateFormat(at: number, now: number, locale: string, month: "short" | "long"): Intl.DateTimeFormat {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return dateFormatOf(locale, { day: "numeric", month, ...(sameYear ? {} : { year: "numeric" }) });
}

function scaled(bytes: number): { value: number; unit: number } {
  let value = Math.max(0, bytes);
  let unit = 0;
  // Rounds up a unit early, so that 999.9 KB is never shown as 1,000 KB.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  return { value, unit };
}

function digitsFor(value: number, unit: number): number {
  return unit === 0 || value >= 10 || (unit === 1 && value >= 1) ? 0 : 1;
}

function unitText(value: number, unit: string, digits: number, locale: string): string {
  // The short form of this one knows no plural and no Korean word.
  const unitDisplay = unit === "byte" ? "long" : "short";
  return numberFormat(locale, { style: "unit", unit, unitDisplay, maximumFractionDigits: digits }).format(value);
}
