// The emoji with their names in the person's language; read only when they are asked for.

import type { Language } from "../i18n/i18n.svelte";

/** `find` is what a search looks through, in small letters. */
export type Emoji = { emoji: string; name: string; find: string; kind: number };

/** As `vite.config.ts` leaves them: emoji, name, words, group. */
type Slim = [string, string, string, number][];

const loaders: Record<Language, () => Promise<{ default: unknown }>> = {
  en: () => import("emojibase-data/en/compact.json"),
  ko: () => import("emojibase-data/ko/compact.json"),
  zh: () => import("emojibase-data/zh/compact.json"),
};
const read = new Map<Language, Promise<Emoji[]>>();

/** Groups in their order; 2 holds parts of emoji, which nobody picks. */
export const kinds = [0, 1, 3, 4, 5, 6, 7, 8, 9] as const;
export type Kind = (typeof kinds)[number];

/** Those for a quick reaction, most used first. */
export const QUICK = ["👍", "❤️", "😂", "🎉", "😮", "😢", "🙏", "👀"];

export function emojiIn(language: Language): Promise<Emoji[]> {
  const known = read.get(language);
  if (known) return known;
  const fresh = loaders[language]().then((module) =>
    (module.default as Slim).map(([emoji, name, words, kind]) => ({ emoji, name, kind, find: `${name} ${words}`.toLocaleLowerCase() })),
  );
  read.set(language, fresh);
  fresh.catch(() => read.delete(language));
  return fresh;
}

/** Those whose name or words hold every word of the text; names that begin with it first. */
export function emojiFor(all: Emoji[], text: string, limit: number): Emoji[] {
  const wanted = text.toLocaleLowerCase().trim().split(/\s+/u);
  const first = wanted[0] ?? "";
  return all
    .filter((one) => wanted.every((word) => one.find.includes(word)))
    .toSorted((a, b) => Number(b.find.startsWith(first)) - Number(a.find.startsWith(first)))
    .slice(0, limit);
}
