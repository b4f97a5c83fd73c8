// A skin as a file: data, never code. Which words it may say, and what each of them may be; docs/skins.md is for people.
// Whether it can be read is asked in `readable.ts`, when a person brings it along.

/** What a skin starts from; it says only what is different there. */
export const bases = ["daylight", "midnight"] as const;
export type Base = (typeof bases)[number];

export type Tokens = { readonly [token: string]: string };
export type OwnSkin = { name: string; base: Base; tokens: Tokens };

/** Why a file is no skin. */
export type SkinFault =
  | { kind: "no_skin" }
  | { kind: "newer" }
  | { kind: "name" }
  | { kind: "base" }
  | { kind: "token"; token: string }
  | { kind: "value"; token: string }
  | { kind: "faint"; ink: string; ground: string; is: number; least: number };

export class SkinRefused extends Error {
  constructor(readonly fault: SkinFault) {
    super(fault.kind);
    this.name = "SkinRefused";
  }
}

const VERSION = 1;
const NAME_CHARS_MAX = 40;
const HUES = [1, 2, 3, 4, 5, 6, 7, 8];

/** Grounds and inks: one colour each. */
const SOLID = [
  "canvas", "canvas-ink", "canvas-ink-2", "canvas-on", "canvas-on-ink", "canvas-ring", "badge", "badge-ink",
  "sheet", "sheet-2", "sheet-3", "ink", "ink-2", "ink-3", "line", "line-2",
  "accent", "accent-hover", "accent-ink", "accent-soft", "accent-text", "bubble", "own", "own-ink", "own-ink-2",
  "good", "good-soft", "warn", "warn-soft", "bad", "bad-soft", "info", "info-soft", "bad-fill", "bad-fill-ink",
  "here", "away", "busy", "off", "focus", "focus-canvas", ...HUES.flatMap((hue) => [`p${hue}`, `p${hue}-ink`]),
];
/** What lies over something: a colour that may be translucent. */
const GLASS = ["canvas-hover", "canvas-line", "canvas-field", "scrim"];
const RADII = ["r1", "r2", "r3", "r4", "r5"];
/** `shadow-1` lies under what scrolls and has no blur, which would be painted anew at each step. */
const SHADOWS = ["shadow-2", "shadow-3"];

const hex = "#[0-9a-f]{6}";
const byte = "(?:\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])";
const glass = `(?:${hex}|rgba\\(${byte}, ?${byte}, ?${byte}, ?(?:0|1|0?\\.\\d{1,3})\\))`;
const length = "-?\\d{1,2}(?:px)?";
const several = (shadow: string) => whole(`${shadow}(?:, ${shadow}){0,2}`);
const whole = (pattern: string) => new RegExp(`^${pattern}$`, "i");

/** Each token with what its value looks like: the whole list. */
const TOKENS: ReadonlyMap<string, RegExp> = new Map([
  ...SOLID.map((token) => [token, whole(hex)] as const),
  ...GLASS.map((token) => [token, whole(glass)] as const),
  ...RADII.map((token) => [token, whole("(?:\\d|1\\d|2[0-4])px")] as const),
  ...SHADOWS.map((token) => [token, several(`${length}(?: ${length}){2,3} ${glass}`)] as const),
  ["shadow-1", several(`${length} ${length} 0(?: ${length})? ${glass}`)],
  ["canvas-art", whole(`(?:none|linear-gradient\\(\\d{1,3}deg(?:, ${hex}(?: \\d{1,3}%)?){2,4}\\))`)],
]);

export const tokenNames: readonly string[] = [...TOKENS.keys()];

/** Reads a skin; what it does not know is refused, never passed on. */
export function readSkin(text: string): OwnSkin {
  const found = parsed(text);
  if (!isRecord(found) || !("pod_skin" in found) || !isRecord(found.tokens)) throw new SkinRefused({ kind: "no_skin" });
  if (found.pod_skin !== VERSION) throw new SkinRefused({ kind: "newer" });
  const name = typeof found.name === "string" ? found.name.trim() : "";
  if (name === "" || [...name].length > NAME_CHARS_MAX || /[\p{Cc}\p{Cf}]/u.test(name)) throw new SkinRefused({ kind: "name" });
  const base = bases.find((one) => one === (found.base ?? "daylight"));
  if (!base) throw new SkinRefused({ kind: "base" });
  const tokens: Record<string, string> = {};
  for (const [token, value] of Object.entries(found.tokens)) {
    const looks = TOKENS.get(token);
    if (!looks) throw new SkinRefused({ kind: "token", token });
    if (typeof value !== "string" || !looks.test(value)) throw new SkinRefused({ kind: "value", token });
    tokens[token] = value;
  }
  return { name, base, tokens };
}

/** The same skin as short as it can be written; that is how it is kept. */
export const writeSkin = ({ name, base, tokens }: OwnSkin): string => JSON.stringify({ pod_skin: VERSION, name, base, tokens });

/** What is kept, or came from another computer; what is no skin there is not worn. */
export function keptSkin(text: string | undefined): OwnSkin | null {
  if (text === undefined) return null;
  try {
    return readSkin(text);
  } catch {
    return null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
