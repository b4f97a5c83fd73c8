import { describe, expect, it } from "vitest";
import { message } from "../src/lib/backend/fake/world";
import type { Item, ItemKind } from "../src/lib/backend/api";
import { blocksOf, roleChanges } from "../src/lib/chat/blocks";

const NOON = new Date(2026, 9, 14, 12).getTime();
const said = (text: string): ItemKind => ({ ...message(text), id: text }) as ItemKind;
const came = (account: string, role: "editor" | "viewer" | null): ItemKind => ({ type: "member", account, name: account, role });

let pos = 0;
function item(by: string, at: number, kind: ItemKind): Item {
  pos += 1;
  return { key: `k${pos}`, pos, at, by, by_name: by, mine: by === "me", kind };
}

const shape = (items: Item[], read: number | null = null) =>
  blocksOf(items, read).map((block) => (block.kind === "speech" || block.kind === "acts" ? `${block.kind} ${block.items.length}` : block.kind));

describe("blocks", () => {
  it("group what one person says in a row", () => {
    const items = [item("a", NOON, said("1")), item("a", NOON + 1000, said("2")), item("b", NOON + 2000, said("3"))];
    expect(shape(items)).toEqual(["day", "speech 2", "speech 1"]);
  });

  it("begin anew after a pause", () => {
    expect(shape([item("a", NOON, said("1")), item("a", NOON + 3_600_000, said("2"))])).toEqual(["day", "speech 1", "speech 1"]);
  });

  it("keep activity out of speech", () => {
    const items = [item("a", NOON, said("1")), item("a", NOON, { type: "folder_made" }), item("b", NOON, came("c", "editor")), item("a", NOON, said("2"))];
    expect(shape(items)).toEqual(["day", "speech 1", "acts 2", "speech 1"]);
  });

  it("name each day once", () => {
    expect(shape([item("a", NOON, said("1")), item("a", NOON + 86_400_000, said("2"))])).toEqual(["day", "speech 1", "day", "speech 1"]);
  });

  it("mark where the unread begins, own messages not counted", () => {
    const items = [item("a", NOON, said("1")), item("me", NOON, said("2")), item("a", NOON, said("3")), item("a", NOON, said("4"))];
    const read = items[0]?.pos ?? 0;
    expect(shape(items, read)).toEqual(["day", "speech 1", "speech 1", "new", "speech 2"]);
    expect(blocksOf(items, read).find((block) => block.kind === "new")).toMatchObject({ count: 2 });
  });
});

it("a member event of a member changes a role, of a stranger adds", () => {
  const items = [item("a", NOON, came("b", "editor")), item("a", NOON, came("b", "viewer")), item("a", NOON, came("b", null)), item("a", NOON, came("b", "editor"))];
  expect([...roleChanges(items)]).toEqual([items[1]?.key]);
});
