// Two texts, line by line: what stayed, what went, what came. The shortest way from one to the other (Myers, 1986), bounded:
// texts that have too little in common are shown one after the other.

/** `at`: the number of the line in the text it is of; for a line that stayed, in the new one. */
export type Line = { is: "same" | "gone" | "came"; at: number; text: string };
/** So many lines in a row that stayed and are left out. */
export type Gap = { is: "gap"; lines: number };

/** Lines that go and come, at most; with more of them the rest is not looked at closely. */
export const CHANGES_MAX = 1000;
/** Lines that stayed are shown around a change. */
const AROUND = 3;

export function compare(before: string, after: string): Line[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const same = (from: number, to: number): Line[] => now.slice(from, to).map((text, n) => ({ is: "same", at: from + n + 1, text }));
  return [...same(0, start), ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end), start), ...same(now.length - end, now.length)];
}

/** The same, long stretches that stayed left out. */
export function folded(lines: Line[]): (Line | Gap)[] {
  const shown = lines.map(() => false);
  for (const [n, line] of lines.entries()) {
    if (line.is === "same") continue;
    for (let near = Math.max(0, n - AROUND); near <= Math.min(lines.length - 1, n + AROUND); near++) shown[near] = true;
  }
  const rows: (Line | Gap)[] = [];
  for (const [n, line] of lines.entries()) {
    const last = rows.at(-1);
    if (shown[n]) rows.push(line);
    else if (last?.is === "gap") last.lines += 1;
    else rows.push({ is: "gap", lines: 1 });
  }
  return rows;
}

function linesOf(text: string): string[] {
  if (text === "") return [];
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** The texts begin and end with different lines; `skipped` lines stand before both. */
function middle(old: string[], now: string[], skipped: number): Line[] {
  const gone = (at: number): Line => ({ is: "gone", at: skipped + at + 1, text: old[at] ?? "" });
  const came = (at: number): Line => ({ is: "came", at: skipped + at + 1, text: now[at] ?? "" });
  const steps = shortest(old, now);
  if (steps === null) return [...old.map((_, at) => gone(at)), ...now.map((_, at) => came(at))];
  const lines: Line[] = [];
  let [x, y] = [old.length, now.length];
  for (const furthest of steps.toReversed()) {
    const k = x - y;
    const down = k === -furthest.depth || (k !== furthest.depth && furthest.at(k - 1) < furthest.at(k + 1));
    const from = down ? k + 1 : k - 1;
    const start = furthest.at(from);
    const [px, py] = [start, start - from];
    while (x > px && y > py && (x > (down ? px : px + 1) || y > (down ? py + 1 : py))) {
      x -= 1;
      y -= 1;
      lines.push({ is: "same", at: skipped + y + 1, text: now[y] ?? "" });
    }
    lines.push(down ? came(py) : gone(px));
    [x, y] = [px, py];
  }
  while (x > 0 && y > 0) {
    x -= 1;
    y -= 1;
    lines.push({ is: "same", at: skipped + y + 1, text: now[y] ?? "" });
  }
  return lines.reverse();
}

/** How far one gets in the old text on each diagonal, before a step. */
class Furthest {
  readonly depth: number;
  #x: Int32Array;

  constructor(depth: number, x: Int32Array) {
    this.depth = depth;
    this.#x = x;
  }

  at(k: number): number {
    return this.#x[k + (this.#x.length - 1) / 2] ?? -1;
  }
}

/** Each step on the shortest way as it stood before it; null: the way is too long. */
function shortest(old: string[], now: string[]): Furthest[] | null {
  const most = Math.min(CHANGES_MAX, old.length + now.length);
  const steps: Furthest[] = [];
  const x = new Int32Array(2 * most + 3).fill(-1);
  const middle = most + 1;
  x[middle + 1] = 0;
  for (let depth = 0; depth <= most; depth++) {
    const before = x.slice(middle - depth - 1, middle + depth + 2);
    if (depth > 0) steps.push(new Furthest(depth, before));
    for (let k = -depth; k <= depth; k += 2) {
      const [left, right] = [x[middle + k - 1] ?? -1, x[middle + k + 1] ?? -1];
      let far = k === -depth || (k !== depth && left < right) ? right : left + 1;
      while (far < old.length && far - k < now.length && old[far] === now[far - k]) far++;
      x[middle + k] = far;
      if (far >= old.length && far - k >= now.length) return steps;
    }
  }
  return null;
}
