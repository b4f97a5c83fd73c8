// What can be done with an item of a chat, for its menu, its bar and the keys.

import type { IconName } from "../../components/shared/icons";
import type { Item } from "../backend/bindings";
import { copyPlain } from "../copy";
import { writes } from "../roles";
import type { Chat } from "../state/chat/chat.svelte";
import type { Floats } from "../state/chat/floats.svelte";
import type { Pod } from "../state/pod.svelte";
import { rowOf } from "./geometry";
import { fileOf } from "./sentence";

export type ItemAction = { id: string; text: string; icon: IconName; keys?: string; danger?: boolean; act: () => void };
type Place = { pod: Pod; chat: Chat; floats: Floats };

export function mayWrite(chat: Chat): boolean {
  return !chat.gone && writes(chat.view?.summary.role ?? "viewer");
}

export function actionsFor(place: Place, item: Item): ItemAction[] {
  if (item.kind.type === "message") return messageActions(place, item);
  return fileActions(place, item);
}

/** Opens the emoji at the item's row, to react to it. */
export function pickReaction({ floats }: Place, item: Item, x?: number, y?: number): void {
  if (item.kind.type !== "message") return;
  const log = document.querySelector<HTMLElement>("[data-testid=log]");
  const box = (log && rowOf(log, item.key))?.getBoundingClientRect();
  floats.show({ kind: "emoji", key: item.key, id: item.kind.id, x: x ?? (box?.left ?? 0) + 40, y: y ?? (box?.top ?? 0) + 28 });
}

function messageActions(place: Place, item: Item): ItemAction[] {
  const { pod, chat, floats } = place;
  const { kind } = item;
  if (kind.type !== "message") return [];
  const { t } = pod.words;
  if (chat.going.has(kind.id)) return [{ id: "undo", text: t("chat.undo"), icon: "retry", act: () => chat.going.undo(kind.id) }];
  if (kind.deleted) return [];
  if (kind.state.at === "failed") {
    return [
      { id: "retry-message", text: t("common.retry"), icon: "retry", act: () => void pod.attempt(() => chat.retry(kind.id)) },
      { id: "discard-message", text: t("chat.discard"), icon: "trash", danger: true, act: () => void pod.attempt(() => chat.discard(kind.id)) },
    ];
  }
  const actions: ItemAction[] = [];
  if (mayWrite(chat)) {
    actions.push(
      { id: "reply", text: t("chat.reply"), icon: "reply", keys: "R", act: () => chat.writing.answer(item) },
      { id: "react", text: t("chat.react"), icon: "smile", keys: "E", act: () => pickReaction(place, item) },
    );
  }
  if (kind.text !== null) {
    const { text } = kind;
    actions.push({ id: "copy-text", text: t("chat.copy_text"), icon: "copy", keys: "Ctrl C", act: () => void copy(pod, text) });
  }
  if (kind.may_edit && kind.text !== null) actions.push({ id: "edit", text: t("chat.edit"), icon: "pencil", act: () => chat.writing.edit(item) });
  if (item.mine && item.pos !== null) {
    actions.push({ id: "who", text: t("chat.who"), icon: "checks", act: () => showMarks(floats, item, kind.id) });
  }
  if (kind.may_delete) actions.push({ id: "delete", text: t("chat.delete"), icon: "trash", keys: "Del", danger: true, act: () => chat.going.delete(kind.id) });
  return actions;
}

function fileActions({ pod, chat }: Place, item: Item): ItemAction[] {
  const { t } = pod.words;
  const actions: ItemAction[] = [];
  if (item.kind.type === "upload" && mayWrite(chat)) actions.push({ id: "reply", text: t("chat.reply"), icon: "reply", keys: "R", act: () => chat.writing.answer(item) });
  const file = storedFile(item);
  if (!file) return actions;
  const { entry, name } = file;
  return [
    { id: "open", text: t("file.open"), icon: "eye", keys: "Enter", act: () => void pod.openEntry(entry, name) },
    { id: "show", text: t("file.show"), icon: "folder-open", keys: "Ctrl Enter", act: () => void pod.showEntry(entry, name) },
    ...actions,
  ];
}

/** The file that an item leads to, if it is there. */
export function storedFile(item: Item): { entry: string; name: string } | null {
  const { kind } = item;
  if (kind.type === "upload") return kind.phase.phase === "stored" && kind.entry !== null ? { entry: kind.entry, name: kind.name } : null;
  return fileOf(item);
}

export async function copy(pod: Pod, text: string): Promise<void> {
  if (await copyPlain(text)) pod.notices.say(pod.words.t("common.copied"));
}

function showMarks(floats: Floats, item: Item, id: string): void {
  const log = document.querySelector<HTMLElement>("[data-testid=log]");
  const box = (log && rowOf(log, item.key))?.getBoundingClientRect();
  floats.show({ kind: "marks", key: item.key, id, x: box?.right ?? 0, y: box?.bottom ?? 0 });
}
