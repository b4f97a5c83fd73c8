// What a person wants to be told: kinds, quiet hours, and rooms with a wish of their own, as the settings keep them.

import type { NoticeKind, RoomId } from "./backend/bindings";
import type { Settings } from "./state/settings.svelte";

/** In the order in which they are offered. */
export const KINDS: NoticeKind[] = ["messages", "mentions", "files", "changes", "comments", "contacts", "offers"];

/** Without a choice all but changes are wanted. */
export const wants = (settings: Settings, kind: NoticeKind): boolean =>
  (settings.kept(`notify.kinds.${kind}`) ?? (kind === "changes" ? "off" : "on")) === "on";
export const want = (settings: Settings, kind: NoticeKind, on: boolean) => settings.keep(`notify.kinds.${kind}`, on ? "on" : "off");

const OF_ROOM = "notify.room.";
/** Rooms that have a wish of their own. */
export const ownRooms = (settings: Settings): RoomId[] => settings.beginning(OF_ROOM).map((key) => key.slice(OF_ROOM.length));

/** Days of the week from Monday as 1. */
export const DAYS = [1, 2, 3, 4, 5, 6, 7];
export type Quiet = { from: string; to: string; days: number[] };
/** What is offered first: the nights of every day. */
export const FIRST: Quiet = { from: "22:00", to: "07:00", days: DAYS };

export function quietOf(words: string | null): Quiet | null {
  const found = /^(\d\d:\d\d)-(\d\d:\d\d) ([1-7]+)$/.exec(words ?? "");
  const [, from, to, days] = found ?? [];
  return from && to && days ? { from, to, days: DAYS.filter((day) => days.includes(String(day))) } : null;
}

export const wordsOf = ({ from, to, days }: Quiet): string => `${from}-${to} ${DAYS.filter((day) => days.includes(day)).join("")}`;
