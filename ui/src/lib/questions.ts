// The questions that are asked first, in the order in which they come up.

import type { Words } from "./i18n/i18n.svelte";
import { match } from "./match";

const ids = ["room", "files", "who", "offline", "invite", "drop", "open", "second", "leave", "private"] as const;
export type Question = { id: (typeof ids)[number]; question: string; answer: string };

/** Those that say what is looked for, the ones in whose question it stands first. */
export function questions(words: Words, wanted: string): Question[] {
  const all = ids.map((id) => ({ id, question: words.t(`help.${id}`), answer: words.t(`help.${id}_answer`) }));
  const asked = all.filter((one) => match(one.question, wanted));
  return [...asked, ...all.filter((one) => !asked.includes(one) && match(one.answer, wanted))];
}
