// A message's text in pieces: blocks and bits of code, links, names, emphasis. Pieces only, never markup.

import LinkifyIt from "linkify-it";
import type { AccountId, Name } from "../backend/bindings";
import { namesIn } from "./mention";

export type Piece =
  | { as: "text" | "bold" | "italic" | "strike" | "code"; text: string }
  | { as: "block"; text: string; language: string }
  | { as: "link"; text: string; href: string }
  | { as: "name"; text: string; account: AccountId };

const BLOCK = /```([\w+#.-]{0,20})[^\S\n]*\n?([\s\S]*?)```/g;
const CODE = /`([^`\n]+)`/g;
// A particle or an ending stands right behind a word in Korean and Chinese: only Latin letters and digits make a middle.
const EMPHASIS = /(?<![A-Za-z0-9*_~])(?:\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*|_(?=\S)([^_\n]+?)(?<=\S)_|~~(?=\S)([^~\n]+?)(?<=\S)~~)(?![A-Za-z0-9*_~])/gu;
const SCHEMES = /^(?:https?|mailto|pod):/i;
const EMOJI_ONLY = /^(?:\p{Extended_Pictographic}[\p{Emoji_Modifier}\u{fe0f}\u{200d}\u{e0020}-\u{e007f}\p{Extended_Pictographic}]*|\p{Regional_Indicator}{2}|[#*0-9]\u{fe0f}?\u{20e3}|\s)+$/u;
const EMOJI_ONLY_MAX = 24;

let links: LinkifyIt | null = null;

function finder(): LinkifyIt {
  links ??= new LinkifyIt().add("ftp:", null).add("//", null).add("pod:", "http:");
  return links;
}

/** A few emoji and nothing else: drawn large. */
export function isEmojiOnly(text: string): boolean {
  const bare = text.trim();
  return bare.length > 0 && bare.length <= EMOJI_ONLY_MAX && EMOJI_ONLY.test(bare);
}

export function piecesOf(text: string, names: Name[]): Piece[] {
  return split(text, BLOCK, (match) => ({ as: "block", language: match[1] ?? "", text: (match[2] ?? "").replace(/\n$/, "") }), (rest) =>
    split(rest, CODE, (match) => ({ as: "code", text: match[1] ?? "" }), (plain) => linked(plain, names)),
  );
}

/** So much of a text is more than one line shows. */
const LINE_MAX = 300;

/** The beginning of a text without the signs of its code and emphasis, for one line. */
export function plainOf(text: string): string {
  return piecesOf(text.slice(0, LINE_MAX), [])
    .map((piece) => piece.text)
    .join("")
    .replace(/\s+/g, " ");
}

function linked(text: string, names: Name[]): Piece[] {
  const found = finder().pretest(text) ? (finder().match(text) ?? []) : [];
  const pieces: Piece[] = [];
  let from = 0;
  for (const link of found) {
    if (!SCHEMES.test(link.url)) continue;
    pieces.push(...named(text.slice(from, link.index), names), { as: "link", text: link.raw, href: link.url });
    from = link.lastIndex;
  }
  return [...pieces, ...named(text.slice(from), names)];
}

function named(text: string, names: Name[]): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const name of namesIn(text, names)) {
    if (name.from < from) continue;
    pieces.push(...stressed(text.slice(from, name.from)), { as: "name", text: `@${name.name}`, account: name.account });
    from = name.to;
  }
  return [...pieces, ...stressed(text.slice(from))];
}

function stressed(text: string): Piece[] {
  const bit = (match: RegExpMatchArray): Piece => {
    const [, bold, italic, strike] = match;
    if (bold !== undefined) return { as: "bold", text: bold };
    return italic !== undefined ? { as: "italic", text: italic } : { as: "strike", text: strike ?? "" };
  };
  return split(text, EMPHASIS, bit, (plain) => (plain === "" ? [] : [{ as: "text", text: plain }]));
}

function split(text: string, by: RegExp, piece: (match: RegExpMatchArray) => Piece, rest: (text: string) => Piece[]): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(by)) {
    pieces.push(...rest(text.slice(from, match.index)), piece(match));
    from = match.index + match[0].length;
  }
  return from === 0 ? rest(text) : [...pieces, ...rest(text.slice(from))];
}

/** A text with what was searched for set apart. */
export function marked(text: string, wanted: string): { text: string; hit: boolean }[] {
  const needle = wanted.toLocaleLowerCase();
  const hay = text.toLocaleLowerCase();
  // A letter whose small form is longer would shift every place after it.
  if (needle === "" || hay.length !== text.length || !hay.includes(needle)) return [{ text, hit: false }];
  const parts: { text: string; hit: boolean }[] = [];
  let from = 0;
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), hit: false });
    parts.push({ text: text.slice(at, at + needle.length), hit: true });
    from = at + needle.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), hit: false });
  return parts;
}
