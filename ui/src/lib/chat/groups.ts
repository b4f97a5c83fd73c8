// Kinds of activity as a person shows or hides them in one room, kept as a setting that follows them.

import type { ActivityKind, RoomId } from "../backend/bindings";
import type { Settings } from "../state/settings.svelte";
import { nameOf } from "./sentence";

/** In the order in which they are offered. */
export const GROUPS = ["changes", "comments", "locks", "looks"] as const;
export type Group = (typeof GROUPS)[number];

const of: Partial<Record<string, Group>> = {
  modified: "changes", renamed: "changes", moved: "changes", deleted: "changes", restored: "changes", folder_created: "changes", version_restored: "changes",
  commented: "comments", comment_deleted: "comments", rated: "comments",
  locked: "locks", unlocked: "locks", lock_expired: "locks", lock_broken: "locks",
  downloaded: "looks", opened: "looks",
};

/** Nothing: it is always shown. */
export const groupOf = (kind: ActivityKind): Group | null => of[nameOf(kind)] ?? null;

const keyOf = (room: RoomId) => `chat.activity.${room}`;

export function hiddenIn(settings: Settings, room: RoomId): Set<Group> {
  const words = (settings.kept(keyOf(room)) ?? "").split(",");
  return new Set(GROUPS.filter((group) => words.includes(group)));
}

export function showIn(settings: Settings, room: RoomId, group: Group, on: boolean): Promise<void> {
  const hidden = hiddenIn(settings, room);
  if (on) hidden.delete(group);
  else hidden.add(group);
  return settings.keep(keyOf(room), hidden.size > 0 ? [...hidden].join(",") : null);
}
