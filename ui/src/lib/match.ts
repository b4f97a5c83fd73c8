// Finds what somebody types inside a name, and says which stretch of it matched: the more at the beginning, the better.
// Korean is found by its first consonants too: "ㅇㄹ" finds "우리".

export type Match = { rank: number; from: number; to: number };

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const SYLLABLES_EACH = 588;
const CONSONANTS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";

/** Each Korean syllable as its first consonant, all else as it is; as long as the text. */
function consonantsOf(text: string): string {
  return [...text].map((sign) => {
    const at = sign.charCodeAt(0);
    if (sign.length !== 1 || at < FIRST_SYLLABLE || at > LAST_SYLLABLE) return sign;
    return CONSONANTS[Math.floor((at - FIRST_SYLLABLE) / SYLLABLES_EACH)] ?? sign;
  }).join("");
}

/** Lower case without changing the length, so that places stay true. */
function lower(text: string): string {
  const low = text.toLowerCase();
  return low.length === text.length ? low : text;
}

/** Where `wanted` stands in `text`; nothing: it does not. Rank 0 begins the text, 1 a word of it, 2 is inside one. */
export function match(text: string, wanted: string): Match | null {
  const sought = lower(wanted.trim());
  if (sought === "") return { rank: 3, from: 0, to: 0 };
  const whole = find(lower(text), sought);
  if (whole || ![...sought].every((sign) => CONSONANTS.includes(sign))) return whole;
  return find(consonantsOf(text), sought);
}

function find(text: string, sought: string): Match | null {
  let best: Match | null = null;
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) {
    const rank = at === 0 ? 0 : /[\s\-_.,/(#@·]/.test(text[at - 1] ?? "") ? 1 : 2;
    if (best === null || rank < best.rank) best = { rank, from: at, to: at + sought.length };
    if (rank < 2) break;
  }
  return best;
}

/** The text in stretches, the matching one marked. */
export function marked(text: string, wanted: string): { text: string; on: boolean }[] {
  const found = match(text, wanted);
  if (!found || found.to === found.from) return [{ text, on: false }];
  return [
    { text: text.slice(0, found.from), on: false },
    { text: text.slice(found.from, found.to), on: true },
    { text: text.slice(found.to), on: false },
  ].filter((part) => part.text !== "");
}
