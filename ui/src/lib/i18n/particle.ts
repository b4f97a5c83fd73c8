// Korean particles: which of two forms follows a word depends on whether its last sound is a consonant.

/** The pairs written in Korean phrases, with the form after a final consonant first. */
export type ParticlePair = "을/를" | "이/가" | "은/는" | "과/와" | "으로/로" | "이라는/라는";

const HANGUL_FIRST = 0xac00;
const HANGUL_LAST = 0xd7a3;
const FINALS = 28;
const FINAL_RIEUL = 8;

// As read aloud in Korean: 0 영, 1 일, 3 삼, 6 육, 7 칠, 8 팔 end in a consonant.
const DIGITS_CLOSED = "013678";
const DIGITS_RIEUL = "178";
// Letters named or read with a closing sound: L 엘, M 엠, N 엔, R 알, and words that end in a stop.
const LETTERS_CLOSED = "bcdgklmnprt";
const LETTERS_RIEUL = "lr";

type Ending = "vowel" | "rieul" | "consonant";

/** How a word ends when read in Korean; brackets, quotes and spaces at the end are not read. */
export function endingOf(word: string): Ending {
  const last = [...word.replace(/[\p{P}\p{S}\p{Z}\p{C}]+$/u, "")].at(-1);
  if (last === undefined) return "vowel";
  const code = last.codePointAt(0) ?? 0;
  if (code >= HANGUL_FIRST && code <= HANGUL_LAST) {
    const final = (code - HANGUL_FIRST) % FINALS;
    if (final === 0) return "vowel";
    return final === FINAL_RIEUL ? "rieul" : "consonant";
  }
  const small = last.toLowerCase();
  if (DIGITS_RIEUL.includes(small) || LETTERS_RIEUL.includes(small)) return "rieul";
  if (DIGITS_CLOSED.includes(small) || LETTERS_CLOSED.includes(small)) return "consonant";
  return "vowel";
}

/** The form of the pair that follows the word. */
export function particle(word: string, pair: string): string {
  const [closed = "", open = ""] = pair.split("/");
  const ending = endingOf(word);
  if (pair === "으로/로" && ending === "rieul") return open;
  return ending === "vowel" ? open : closed;
}
