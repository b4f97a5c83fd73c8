// Finding files in the in-memory backend, and what is said that they are.

import type { Answer, Command, EntryView, FindAsk } from "../bindings";
import type { FakeWorld } from "./answers";
import { find, pathOf } from "./folder";

export function answerFind(world: FakeWorld, command: Command): Answer | null {
  switch (command.do) {
    case "files_find": return search(world, command.ask);
    case "space": {
      const used = world.room(command.room).entries.reduce((sum, one) => sum + one.size, 0);
      return { is: "space", value: { room_used: used, room_max: 10_000_000_000, own_used: used, own_max: null } };
    }
    case "describe": {
      const { room } = find(world, command.entry);
      const { description, tags } = command;
      room.entries = room.entries.map((one) => (one.id === command.entry ? { ...one, description, tags } : one));
      return world.told({ event: "folder", room: room.view.summary.id });
    }
    default: return null;
  }
}

function fits(ask: FindAsk, one: EntryView, offline: boolean): boolean {
  const said = offline ? one.name : [one.name, one.description, ...one.tags].join("\n");
  const ending = one.name.split(".").at(-1)?.toLowerCase() ?? "";
  return (
    ask.text.toLowerCase().split(/\s+/).every((word) => said.toLowerCase().includes(word)) &&
    (ask.by === null || one.created_by === ask.by) &&
    (ask.kind === null || one.kind === ask.kind) &&
    (ask.endings.length === 0 || (one.kind === "file" && ask.endings.includes(ending))) &&
    (ask.since === null || one.modified_at >= ask.since) &&
    (ask.size_min === null || (one.kind === "file" && one.size >= ask.size_min)) &&
    (ask.size_max === null || (one.kind === "file" && one.size <= ask.size_max)) &&
    (ask.halves_min === null || (one.rating !== null && one.rating.halves >= ask.halves_min * one.rating.count)) &&
    (ask.tag === null || one.tags.some((tag) => tag.toLowerCase() === ask.tag?.toLowerCase()))
  );
}

function search(world: FakeWorld, ask: FindAsk): Answer {
  const all = world.rooms
    .filter((room) => ask.room === null || room.view.summary.id === ask.room)
    .flatMap((room) =>
      room.entries
        .filter((one) => fits(ask, one, world.offline))
        .map((entry) => ({ entry, room_title: room.view.summary.title, path: pathOf(room, entry.parent).map((place) => place.name) })),
    );
  const from = ask.after ?? 0;
  const next = from + ask.limit < all.length ? from + ask.limit : null;
  return { is: "files_found", value: { found: all.slice(from, from + ask.limit), next, here: world.offline } };
}
