// Names in a text: the one being typed, and those that are written out.

import type { AccountId, MemberView, Name } from "../backend/bindings";

const BEGUN = /(?:^|[\s(["'“‘])@([^\s@]{0,40})$/u;

export type Begun = { from: number; text: string };

/** The name that is being typed before the caret, with its `@`. */
export function begunAt(text: string, caret: number): Begun | null {
  const match = BEGUN.exec(text.slice(0, caret));
  const name = match?.[1];
  return match && name !== undefined ? { from: caret - name.length - 1, text: name } : null;
}

/** Members that fit what is being typed: those whose name begins with it first. */
export function fitting(members: MemberView[], typed: string, limit = 8): MemberView[] {
  const wanted = typed.toLocaleLowerCase();
  const rank = (member: MemberView): number => {
    const names = [member.display_name, member.name].map((name) => name.toLocaleLowerCase());
    if (names.some((name) => name.startsWith(wanted))) return 0;
    return names.some((name) => name.includes(wanted)) ? 1 : 2;
  };
  return members
    .filter((member) => !member.me && !member.leaving && rank(member) < 2)
    .toSorted((a, b) => rank(a) - rank(b) || a.display_name.localeCompare(b.display_name))
    .slice(0, limit);
}

export type NameAt = { from: number; to: number; account: AccountId; name: string };

/** Where names are written out in a text, the longest one at each place. */
export function namesIn(text: string, names: Name[]): NameAt[] {
  if (names.length === 0 || !text.includes("@")) return [];
  const longest = names.toSorted((a, b) => b.name.length - a.name.length);
  const found: NameAt[] = [];
  for (let from = text.indexOf("@"); from >= 0; from = text.indexOf("@", from + 1)) {
    const named = longest.find((one) => one.name !== "" && text.startsWith(one.name, from + 1));
    if (named) found.push({ from, to: from + 1 + named.name.length, account: named.account, name: named.name });
  }
  return found;
}

/** Whom a text names. Of two with one name it is the one who was picked. */
export function mentioned(text: string, members: MemberView[], picked: AccountId[]): AccountId[] {
  const first = members.filter((member) => picked.includes(member.account));
  const names = [...first, ...members].filter((member) => !member.me).map((member) => ({ account: member.account, name: member.display_name }));
  return [...new Set(namesIn(text, names).map((found) => found.account))];
}
