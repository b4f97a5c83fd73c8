// What was deleted from folders of the in-memory backend.

import type { Answer, Command, TrashItemView } from "../bindings";
import { type FakeWorld, refused } from "./answers";
import { binned, type Binned, dropBinned } from "./folder";
import { ME } from "./world";

const DAYS = 90;

export function answerTrash(world: FakeWorld, command: Command): Answer | null {
  switch (command.do) {
    case "trash": return list(world, command);
    case "purge":
      if (!dropBinned(world, (one) => one.top.id === command.entry)) throw refused("not_found");
      return world.told({ event: "folder", room: command.room });
    case "trash_empty":
      dropBinned(world, (one) => one.room.view.summary.id === command.room && one.position <= command.up_to);
      return world.told({ event: "folder", room: command.room });
    default: return null;
  }
}

function list(world: FakeWorld, asked: Extract<Command, { do: "trash" }>): Answer {
  const { role } = world.room(asked.room).view.summary;
  const [writable, manages] = [role !== "viewer", role === "owner" || role === "manager"];
  const item = ({ top, path, entries, at, position }: Binned): TrashItemView => ({
    id: top.id, name: top.name, kind: top.kind, size: top.size, path, below: entries.length - 1, by: ME, by_name: "Mina Park", mine: true,
    at, position, until: at + DAYS * 86_400_000, purgeable: manages || (writable && top.kind === "file" && top.created_by === ME),
  });
  const before = binned(world).filter((one) => one.room.view.summary.id === asked.room && one.position < (asked.before ?? Infinity)).toReversed();
  const items = before.slice(0, asked.limit).map(item);
  return { is: "trash", value: { room: asked.room, items, more: before.length > asked.limit, days: DAYS, writable, manages } };
}
