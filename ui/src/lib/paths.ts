// Ways through the list of rooms by keyboard.

import type { RoomSummary } from "./backend/bindings";
import type { Pod } from "./state/pod.svelte";

const listed = (pod: Pod): RoomSummary[] => [...pod.rooms.rooms, ...pod.rooms.people];

/** The room after or before the open one, in the order of the list; round and round. */
export function neighbour(pod: Pod, step: 1 | -1): void {
  const all = listed(pod);
  const at = all.findIndex((room) => room.id === pod.chat?.room);
  const next = at < 0 ? all.at(step === 1 ? 0 : -1) : all[(at + step + all.length) % all.length];
  if (next) void pod.openRoom(next.id);
}

/** The next room below the open one in which something is unread, from the top again at the end. */
export function nextUnread(pod: Pod): void {
  const all = listed(pod);
  const at = all.findIndex((room) => room.id === pod.chat?.room);
  const next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((room) => room.unread > 0);
  if (next) void pod.visit(next.id);
}
