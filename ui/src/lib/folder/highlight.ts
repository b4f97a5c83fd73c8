// Colours for code: comments, texts, numbers and the words of the language, told apart well enough to read by. Loaded when
// the first piece of code is looked at. It knows no grammar, and what it does not know stays as it is.

export type Kind = "plain" | "note" | "text" | "number" | "word";
export type Token = { is: Kind; text: string };

/** Coloured pieces at most; the rest is plain. */
export const TOKENS_MAX = 4000;

// Not of any length: a quote that nobody closes is looked behind for so far and no further.
const TEXTS = `"(?:\\\\.|[^"\\\\\\n]){0,200}"`;
const SINGLE = `'(?:\\\\.|[^'\\\\\\n]){0,200}'`;
const NUMBER = "\\b(?:0[xX][\\da-fA-F_]+|\\d[\\d_]*(?:\\.\\d+)?)\\w*";
const BLOCK = "\\/\\*[\\s\\S]*?(?:\\*\\/|$)";

const C_WORDS =
  "as async await bool boolean break case catch char class const continue default defer do double else enum export extends extern false final finally float fn for from func function go if impl implements import in int interface let long loop match mod move mut new null package private protected pub public ref return self short static struct super switch this throw trait true try type typeof undefined unsafe use using val var void where while yield";
const HASH_WORDS =
  "and as assert async await begin break case class continue def del do done echo elif else end esac except export False fi finally for from function global if import in is lambda local module None nil not or pass raise require rescue return self then True true false try unless until while with yield";
const SQL_WORDS =
  "all alter and as asc between by case create cross default delete desc distinct drop else end exists from full group having in index inner insert into is join key left like limit not null offset on or order outer primary references right select set table then union unique update values view when where with";

type Language = { note: string; text: string; words: string; loud?: boolean };
const c: Language = { note: `\\/\\/[^\\n]*|${BLOCK}`, text: `${TEXTS}|${SINGLE}|\`(?:\\\\.|[^\`\\\\]){0,200}\``, words: C_WORDS };
const hash: Language = { note: "(?<![\\w$])#[^\\n]*", text: `${TEXTS}|${SINGLE}`, words: HASH_WORDS };

const languages: { endings: string; language: Language }[] = [
  { endings: "js mjs ts tsx jsx go java kt swift c h cpp hpp cc cs php", language: c },
  // A quote alone is a lifetime.
  { endings: "rs", language: { ...c, text: `${TEXTS}|'(?:\\\\.[^']*|[^'\\\\])'` } },
  { endings: "css scss", language: { ...c, note: BLOCK, words: "important media supports import font-face keyframes" } },
  { endings: "py rb sh bash ps1 yaml yml toml ini conf cfg env gitignore", language: hash },
  { endings: "sql", language: { note: `--[^\\n]*|${BLOCK}`, text: SINGLE, words: SQL_WORDS, loud: true } },
  { endings: "html htm xml svelte vue", language: { note: "<!--[\\s\\S]*?(?:-->|$)", text: `${TEXTS}|${SINGLE}`, words: "" } },
  { endings: "json jsonl", language: { note: "(?!)", text: TEXTS, words: "true false null" } },
  { endings: "bat", language: { note: "(?:^|\\n)\\s*(?:rem\\b|::)[^\\n]*", text: TEXTS, words: "call echo else exit for goto if not set", loud: true } },
];

/** Whether there are colours for a file of this name. */
export function languageOf(name: string): Language | null {
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return languages.find(({ endings }) => endings.split(" ").includes(ending))?.language ?? null;
}

export function highlight(text: string, name: string): Token[] {
  const language = languageOf(name);
  if (!language) return [{ is: "plain", text }];
  const words = new Set(language.words.split(" "));
  const pattern = new RegExp(`(${language.note})|(${language.text})|(${NUMBER})|([A-Za-z_][\\w-]*)`, "g");
  const tokens: Token[] = [];
  let at = 0;
  const plain = (to: number) => {
    if (to <= at) return;
    const last = tokens.at(-1);
    if (last?.is === "plain") last.text += text.slice(at, to);
    else tokens.push({ is: "plain", text: text.slice(at, to) });
  };
  for (const match of text.matchAll(pattern)) {
    if (tokens.length >= TOKENS_MAX) break;
    const [whole, note, said, number, word] = match;
    const known = word !== undefined && words.has(language.loud ? word.toLowerCase() : word);
    const is: Kind = note !== undefined ? "note" : said !== undefined ? "text" : number !== undefined ? "number" : known ? "word" : "plain";
    if (is === "plain") continue;
    plain(match.index);
    tokens.push({ is, text: whole });
    at = match.index + whole.length;
  }
  plain(text.length);
  return tokens;
}
