// Keys as they are written down, "Ctrl+Shift+O": told apart when pressed, and named for people.
// "Ctrl" is the command key on macOS.

export type Os = "linux" | "macos" | "windows";
type Pressed = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

const NAMED: Record<string, string> = { arrowup: "up", arrowdown: "down", arrowleft: "left", arrowright: "right", escape: "esc", " ": "space" };
const BY_PLACE: Record<string, string> = { Backslash: "\\", Comma: ",", Slash: "/" };

/** The key itself, whatever the layout or the input method writes with it. */
export function keyOf(event: Pressed): string {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  if (digit) return digit;
  const plain = /^[\x20-\x7e]$/.test(event.key) || (event.key.length > 1 && event.key !== "Process" && event.key !== "Unidentified");
  const key = plain ? event.key : (/^Key([A-Z])$/.exec(event.code)?.[1] ?? BY_PLACE[event.code] ?? event.key);
  return NAMED[key.toLowerCase()] ?? key.toLowerCase();
}

function partsOf(chord: string): string[] {
  return chord.split("+").map((part) => part.toLowerCase());
}

/** Whether this is what was pressed: exactly these modifiers, no more. */
export function pressed(event: Pressed, chord: string, os: Os): boolean {
  const parts = partsOf(chord);
  const has = (name: string) => parts.includes(name);
  const command = os === "macos" ? event.metaKey : event.ctrlKey;
  const other = os === "macos" ? event.ctrlKey : event.metaKey;
  if (command !== has("ctrl") || other || event.altKey !== has("alt") || event.shiftKey !== has("shift")) return false;
  const wanted = parts.at(-1);
  return keyOf(event) === wanted || (wanted === "\\" && event.code === "Backslash");
}

const SIGNS: Record<string, string> = { up: "↑", down: "↓", left: "←", right: "→", enter: "↵" };
const MAC: Record<string, string> = { ctrl: "⌘", alt: "⌥", shift: "⇧", delete: "⌫" };

/** The keys of a chord one by one, as they stand on the keyboard. */
export function capsOf(chord: string, os: Os): string[] {
  return chord.split("+").map((part) => {
    const low = part.toLowerCase();
    return SIGNS[low] ?? (os === "macos" ? MAC[low] : undefined) ?? part;
  });
}

/** The chord in one piece, for tooltips: "Ctrl Shift O". */
export function spoken(chord: string, os: Os): string {
  return capsOf(chord, os).join(" ");
}
