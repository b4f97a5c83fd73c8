// Files that are edited with the in-memory pod: here at once, and sent at once.

import type { Answer, Command, EditView, EntryId } from "../bindings";
import { type FakeWorld, refused } from "./answers";

const done: Answer = { is: "done" };

export function answerEdits(world: FakeWorld, command: Command): Answer | null {
  const tell = () => world.tell({ event: "edits", edits: structuredClone(world.edits) });
  const find = (entry: EntryId): EditView => {
    const one = world.edits.find((one) => one.entry === entry);
    if (!one) throw refused("not_found");
    return one;
  };
  const end = (entry: EntryId): void => {
    find(entry);
    world.edits = world.edits.filter((one) => one.entry !== entry);
    world.answer({ do: "unlock", entry });
    tell();
  };
  switch (command.do) {
    case "concerning": return { is: "concerning", value: structuredClone(world.concerning) };
    case "opened": return done;
    case "opened_told": {
      const room = world.rooms.find((one) => one.view.summary.id === command.room);
      if (!room) throw refused("not_found");
      room.view.summary = { ...room.view.summary, opened_told: command.on };
      world.tell({ event: "room", room: room.view.summary });
      return done;
    }
    case "edits": return { is: "edits", value: structuredClone(world.edits) };
    case "edit": {
      const known = world.edits.find((one) => one.entry === command.entry);
      if (known) return { is: "edit", value: known };
      world.answer({ do: "lock", entry: command.entry, minutes: null });
      const room = world.rooms.find((one) => one.entries.some((entry) => entry.id === command.entry));
      const entry = room?.entries.find((one) => one.id === command.entry);
      if (!room || !entry) throw refused("not_found");
      const one: EditView = { entry: entry.id, room: entry.room, name: entry.name, path: `/home/mina/.local/share/pod/edits/1/${entry.name}`, state: "open", ready: true, sent: 0, unsent: false, linked: false, copy_of: null };
      world.edits = [...world.edits, one];
      tell();
      return { is: "edit", value: one };
    }
    case "edit_retry":
      world.edits = world.edits.map((one) => (one.entry === command.entry ? ({ ...one, state: "open" } as EditView) : one));
      tell();
      return done;
    case "edit_done": end(command.entry); return done;
    case "edit_leave": {
      const { path } = find(command.entry);
      end(command.entry);
      return { is: "path", value: path };
    }
    default: return null;
  }
}
