// Linked folders of the in-memory pod: kept at once, and in step.

import type { Answer, Command, LinkedView } from "../bindings";
import { type FakeWorld, refused } from "./answers";
import { newId } from "./world";

const done: Answer = { is: "done" };

export function answerLinked(world: FakeWorld, command: Command): Answer | null {
  const find = (id: string): LinkedView => {
    const one = world.linked.find((one) => one.id === id);
    if (!one) throw refused("not_found");
    return one;
  };
  const put = (one: LinkedView): Answer => {
    world.linked = [...world.linked.filter((other) => other.id !== one.id), one];
    world.tell({ event: "linked", folders: world.linked });
    return done;
  };
  switch (command.do) {
    case "linked_folders": return { is: "linked_folders", value: structuredClone(world.linked) };
    case "linked_add": {
      const room = world.rooms.find((one) => one.view.summary.id === command.room);
      const one: LinkedView = { id: newId("linked"), room: command.room, room_title: room?.view.summary.title ?? "", entry: command.entry, path: command.path, state: "in_step", files: 12, left: 0, question: null, alone: [] };
      put(one);
      return { is: "linked_folders", value: [one] };
    }
    case "linked_pause": return put({ ...find(command.id), state: command.paused ? "paused" : "in_step" });
    case "linked_answer": return put({ ...find(command.id), question: null });
    case "linked_remove": {
      find(command.id);
      world.linked = world.linked.filter((one) => one.id !== command.id);
      world.tell({ event: "linked", folders: world.linked });
      return done;
    }
    default: return null;
  }
}
