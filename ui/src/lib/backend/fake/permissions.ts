// Permissions of the in-memory backend: set, inherited, and what follows from them for this person.

import type { Answer, Command, EntryView, Permission } from "../bindings";
import { type FakeWorld, refused } from "./answers";
import { find } from "./folder";
import { type FakeRoom, ME } from "./world";

const EVERYONE: Permission = { shared_with: "everyone", view_only: false };

export function answerPermissions(world: FakeWorld, command: Command): Answer | null {
  switch (command.do) {
    case "permissions": return { is: "permissions", value: of(world, command.entry) };
    case "permission_set": return set(world, command.entry, command.permission);
    default: return null;
  }
}

function foldersAbove(room: FakeRoom, entry: EntryView): EntryView[] {
  const above = room.entries.find((one) => one.id === entry.parent);
  return above ? [...foldersAbove(room, above), above] : [];
}

function manages(room: FakeRoom): boolean {
  return room.view.summary.role === "owner" || room.view.summary.role === "manager";
}

/** Whether this person changes an entry, or what lies in a folder. */
export function writableIn(room: FakeRoom, entry: EntryView | null): boolean {
  const marks = entry ? [...foldersAbove(room, entry), entry] : [];
  const closed = marks.some((one) => one.permission?.view_only && one.created_by !== ME);
  return room.view.summary.role !== "viewer" && (manages(room) || !closed);
}

function of(world: FakeWorld, id: string): Extract<Answer, { is: "permissions" }>["value"] {
  const { room, entry } = find(world, id);
  const above = foldersAbove(room, entry).flatMap((one) => (one.permission ? [{ entry: one.id, name: one.name, by: one.created_by, permission: one.permission }] : []));
  const mine = entry.created_by === ME;
  const may_set = manages(room) || (mine && room.view.summary.role !== "viewer");
  return { entry: id, registrant: entry.created_by, own: entry.permission ?? EVERYONE, above, may_set, mine };
}

function set(world: FakeWorld, id: string, permission: Permission): Answer {
  const { room } = find(world, id);
  if (!of(world, id).may_set) throw refused("role_too_low");
  const own = permission.shared_with === "everyone" && !permission.view_only ? null : permission;
  room.entries = room.entries.map((one) => (one.id === id ? { ...one, permission: own } : one));
  room.entries = room.entries.map((one) => ({ ...one, writable: writableIn(room, one) }));
  return world.told({ event: "folder", room: room.view.summary.id });
}
