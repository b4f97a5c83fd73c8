// The sentence of an activity or event: which phrase, with which names in it.

import type { IconName } from "../../components/shared/icons";
import type { ActivityItem, ActivityKind, EntryId, Item, ItemKind } from "../backend/bindings";
import type { Words } from "../i18n/i18n.svelte";
import type { Key } from "../i18n/messages";
import type { Params } from "../i18n/phrase";
import { plainOf } from "./text";

export type Sentence = { key: Key; params: Params };

/** What an item of the activity thread says; `changed`: a member event that changes a role rather than adds. */
export function sentenceOf(item: Item, words: Words, changed = false): Sentence {
  // Korean names the person even where others say "you": an honorific follows the name.
  const who = item.mine ? words.t("act.you", { name: item.by_name }) : item.by_name;
  const { kind } = item;
  switch (kind.type) {
    case "activity":
      return activitySentence(kind, who);
    case "upload":
      return { key: kind.phase.phase === "stored" ? "act.uploaded" : "act.upload_started", params: { who, file: kind.name } };
    case "created":
      return { key: "act.created", params: { who } };
    case "member":
      return memberSentence(item, kind, who, words, changed);
    case "renamed":
      return { key: "act.title", params: { who, title: kind.title } };
    case "folder_made":
      return { key: "act.group_created", params: {} };
    case "message":
      return { key: "rooms.someone_said", params: { who, text: kind.text ?? "" } };
  }
}

/** An item in one line of plain text, for the list of rooms. */
export function textOfItem(item: Item, words: Words): string {
  if (item.kind.type === "message") return item.kind.deleted ? words.t("chat.deleted") : item.kind.text === null ? words.t("chat.unknown") : plainOf(item.kind.text);
  const { key, params } = sentenceOf(item, words);
  return words.t(key, params);
}

/** The file an activity's links lead to: there, and not a folder. */
export function fileOf(item: Item): { entry: EntryId; name: string } | null {
  if (item.kind.type !== "activity") return null;
  const { entry, name_now, folder } = item.kind;
  return entry !== null && name_now !== null && !folder ? { entry, name: name_now } : null;
}

const signs: Record<string, IconName> = {
  modified: "pencil", downloaded: "download", folder_created: "folder-plus", moved: "move", deleted: "trash",
  upload_started: "upload", uploaded: "upload", upload_cancelled: "x", group_created: "folder", renamed: "pencil",
  restored: "retry", room_picture: "palette", conflict_kept: "copy", version_restored: "retry",
  metadata_changed: "pencil", purged: "trash", trash_emptied: "trash",
  commented: "speech", comment_deleted: "speech", rated: "star",
  locked: "lock", unlocked: "lock", lock_expired: "clock", lock_broken: "lock", opened: "eye", opened_told: "eye", permission_changed: "eye",
};

/** What was done, without what belongs to it. */
export function nameOf(kind: ActivityKind): string {
  return typeof kind === "string" ? kind : (Object.keys(kind)[0] ?? "");
}

/** The sign in the node of an item of the activity thread. */
export function signOf(item: Item): IconName {
  if (item.kind.type === "activity") return signs[nameOf(item.kind.kind)] ?? "files";
  if (item.kind.type === "member") return item.kind.role === null ? "user-x" : "user-plus";
  return item.kind.type === "folder_made" ? "folder" : "speech";
}

/** Events of the room itself stand out from those of its files. */
export function isRoomEvent(item: Item): boolean {
  return item.kind.type !== "activity" || item.kind.kind === "group_created";
}

export function isFolderEvent(item: Item): boolean {
  return item.kind.type === "folder_made" || (item.kind.type === "activity" && item.kind.kind === "group_created");
}

/** What many activities of one person say as one line. */
export function foldedSentence(items: Item[], words: Words): Sentence {
  const [first] = items;
  const who = first?.mine ? words.t("act.you", { name: first.by_name }) : (first?.by_name ?? "");
  const kinds = new Set(items.map((item) => (item.kind.type === "activity" ? item.kind.kind : null)));
  const files = new Set(items.map((item) => (item.kind.type === "activity" ? (item.kind.entry ?? item.key) : item.key)));
  const [kind] = kinds;
  const same = kinds.size === 1 && (kind === "modified" || kind === "downloaded" || kind === "opened" || kind === "moved" || kind === "deleted");
  if (same && files.size > 1) return { key: `act.fold_${kind}`, params: { who, n: files.size } };
  return { key: "act.fold", params: { who, n: items.length } };
}

function activitySentence(activity: ActivityItem, who: string): Sentence {
  const params = { who, file: activity.name, n: activity.count };
  if (typeof activity.kind === "object") return detailed(activity.kind, params);
  const often = activity.count > 1;
  switch (activity.kind) {
    case "modified":
      return { key: often ? "act.modified_times" : "act.modified", params };
    case "opened":
      return { key: often ? "act.opened_times" : "act.opened", params };
    case "commented":
      return activity.said?.answers ? { key: "act.answered", params: { ...params, name: activity.said.answers } } : { key: "act.commented", params };
    case "downloaded":
      return { key: often ? "act.downloaded_times" : "act.downloaded", params };
    case "group_created":
    case "uploaded":
    case "upload_started":
    case "upload_cancelled":
    case "folder_created":
    case "moved":
    case "deleted":
    case "restored":
    case "comment_deleted":
    case "purged":
    case "metadata_changed":
    case "locked":
    case "unlocked":
    case "lock_expired":
    case "permission_changed":
      return { key: `act.${activity.kind}`, params };
    case "room_picture":
    case "trash_emptied":
      return { key: `act.${activity.kind}`, params: { who } };
  }
}

function detailed(kind: Exclude<ActivityKind, string>, params: Params): Sentence {
  if ("renamed" in kind) return { key: "act.renamed", params: { ...params, from: kind.renamed.from } };
  if ("rated" in kind) {
    if (kind.rated.halves === 0) return { key: "act.unrated", params };
    return { key: "act.rated", params: { ...params, stars: kind.rated.halves / 2 } };
  }
  if ("opened_told" in kind) return { key: kind.opened_told.on ? "act.opened_on" : "act.opened_off", params };
  if ("unknown" in kind) return { key: "act.unknown", params };
  if ("lock_broken" in kind) return { key: "act.lock_broken", params: { ...params, reason: kind.lock_broken.reason } };
  if ("conflict_kept" in kind) return { key: "act.conflict_kept", params: { ...params, of: kind.conflict_kept.of } };
  return { key: "act.version_restored", params: { ...params, version: kind.version_restored.version } };
}

type MemberEvent = Extract<ItemKind, { type: "member" }>;

function memberSentence(item: Item, kind: MemberEvent, who: string, words: Words, changed: boolean): Sentence {
  const self = kind.account === item.by;
  const params = { who, name: self && item.mine ? words.t("act.you", { name: kind.name }) : kind.name };
  if (kind.role === null) return { key: self ? "act.left" : "act.removed", params };
  if (changed) return { key: "act.role", params: { ...params, role: words.t(`role.${kind.role}`) } };
  return { key: self ? "act.joined_self" : "act.joined", params };
}
