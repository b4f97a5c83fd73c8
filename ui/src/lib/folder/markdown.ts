// Reads Markdown into a tree of a few kinds of parts. What is drawn are these parts and nothing else: HTML in the text
// stays text, a picture is its words, and only plain links lead anywhere.

import { lexer, type Token, type Tokens } from "marked";

export type Inline =
  | { is: "text"; text: string }
  | { is: "strong"; parts: Inline[] }
  | { is: "em"; parts: Inline[] }
  | { is: "del"; parts: Inline[] }
  | { is: "code"; text: string }
  | { is: "link"; href: string; parts: Inline[] }
  | { is: "break" };

export type Block =
  | { is: "heading"; depth: number; parts: Inline[] }
  | { is: "paragraph"; parts: Inline[] }
  | { is: "code"; text: string }
  | { is: "quote"; blocks: Block[] }
  | { is: "list"; ordered: boolean; start: number; items: { done: boolean | null; blocks: Block[] }[] }
  | { is: "table"; head: Inline[][]; rows: Inline[][][] }
  | { is: "rule" };

/** Deeper than this is drawn flat. */
const DEPTH_MAX = 12;
const LINKS = ["http:", "https:", "mailto:"];

/** A text that cannot be read is one paragraph of itself. */
export function markdown(source: string): Block[] {
  try {
    return blocks(lexer(source), 0);
  } catch {
    return [{ is: "paragraph", parts: [{ is: "text", text: source }] }];
  }
}

function blocks(tokens: Token[], depth: number): Block[] {
  if (depth > DEPTH_MAX) return [{ is: "paragraph", parts: [{ is: "text", text: tokens.map((token) => token.raw).join("") }] }];
  return tokens.flatMap((token) => block(token, depth));
}

function block(token: Token, depth: number): Block[] {
  switch (token.type) {
    case "space": case "def": return [];
    case "hr": return [{ is: "rule" }];
    case "heading": return [{ is: "heading", depth: Number(token.depth), parts: inline(token.tokens ?? [], depth) }];
    case "code": return [{ is: "code", text: String(token.text) }];
    case "blockquote": return [{ is: "quote", blocks: blocks(token.tokens ?? [], depth + 1) }];
    case "list": return [list(token as Tokens.List, depth)];
    case "table": {
      const table = token as Tokens.Table;
      const cell = (one: Tokens.TableCell) => inline(one.tokens, depth);
      return [{ is: "table", head: table.header.map(cell), rows: table.rows.map((row) => row.map(cell)) }];
    }
    default: {
      const parts = "tokens" in token && token.tokens ? inline(token.tokens, depth) : [{ is: "text", text: token.raw } as const];
      return [{ is: "paragraph", parts }];
    }
  }
}

function list(token: Tokens.List, depth: number): Block {
  const items = token.items.map((item) => ({
    done: item.task ? item.checked === true : null,
    blocks: blocks(item.tokens.filter((part) => part.type !== "checkbox"), depth + 1),
  }));
  return { is: "list", ordered: token.ordered, start: Number(token.start || 1), items };
}

function inline(tokens: Token[], depth: number): Inline[] {
  if (depth > DEPTH_MAX) return [{ is: "text", text: tokens.map((token) => token.raw).join("") }];
  return tokens.flatMap((token): Inline[] => {
    const inner = () => inline("tokens" in token && token.tokens ? token.tokens : [], depth + 1);
    switch (token.type) {
      case "strong": case "em": case "del": return [{ is: token.type, parts: inner() }];
      case "codespan": return [{ is: "code", text: String(token.text) }];
      case "br": return [{ is: "break" }];
      case "checkbox": return [];
      case "link": return leads(String(token.href)) ? [{ is: "link", href: String(token.href), parts: inner() }] : inner();
      case "image": case "escape": return [{ is: "text", text: String(token.text) }];
      case "text": return "tokens" in token && token.tokens ? inner() : [{ is: "text", text: String(token.text) }];
      default: return [{ is: "text", text: token.raw }];
    }
  });
}

function leads(href: string): boolean {
  return URL.canParse(href) && LINKS.includes(new URL(href).protocol);
}
