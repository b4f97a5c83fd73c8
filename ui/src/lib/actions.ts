// Everything that a key, the quick switcher or a menu of the system can do in a window: one list. Keys are handled from
// it, the switcher offers it and the help shows it, so that they never say different things.

import type { IconName } from "../components/shared/icons";
import type { Key } from "./i18n/messages";
import { type Os, pressed, spoken } from "./keys";
import { panes } from "./panes";
import { neighbour, nextUnread } from "./paths";
import type { Pod } from "./state/pod.svelte";
import { skins } from "./state/settings.svelte";

export const groups = ["go", "window", "room", "write", "message", "file", "transfer"] as const;
export type Group = (typeof groups)[number];

export type Action = {
  id: string;
  text: Key;
  group: Group;
  icon: IconName;
  keys: string[];
  /** Nothing: it stands in the list of keys, and the part of the window that it belongs to does it. */
  run?: (pod: Pod) => unknown;
  /** Whether it can be done now. */
  able?: (pod: Pod) => boolean;
  /** Left out of the switcher: what moves the focus from where it just went. */
  silent?: boolean;
};

const main = (pod: Pod) => pod.info?.kind === "main";
const roomOpen = (pod: Pod) => pod.chat !== null && !pod.chat.gone;
const go = (place: Pod["place"]) => (pod: Pod) => (pod.place = place);

/** What is done wherever the focus stands; no single letters here, and nothing that one types. */
const everywhere: Action[] = [
  { id: "jump", text: "do.jump", group: "go", icon: "search", keys: ["Ctrl+K"], run: (pod) => pod.jump(), silent: true },
  { id: "messages", text: "do.messages", group: "go", icon: "speech", keys: ["Ctrl+1"], run: go("messages"), able: main },
  { id: "files", text: "do.files", group: "go", icon: "folder", keys: ["Ctrl+2"], run: go("files"), able: main },
  { id: "transfers", text: "do.transfers", group: "go", icon: "transfers", keys: ["Ctrl+3"], run: (pod) => pod.openTransfers() },
  { id: "settings", text: "do.settings", group: "go", icon: "settings", keys: ["Ctrl+,"], run: go("settings"), able: main },
  { id: "help", text: "do.help", group: "go", icon: "help", keys: ["F1"], run: (pod) => (pod.dialog = { kind: "help" }) },
  { id: "next", text: "do.next", group: "go", icon: "down", keys: ["Alt+Down"], run: (pod) => neighbour(pod, 1), able: main, silent: true },
  { id: "previous", text: "do.previous", group: "go", icon: "up", keys: ["Alt+Up"], run: (pod) => neighbour(pod, -1), able: main, silent: true },
  { id: "unread", text: "do.unread", group: "go", icon: "speech", keys: ["Alt+Shift+Down"], run: nextUnread, able: (pod) => main(pod) && pod.rooms.unread > 0 },
  { id: "filter", text: "do.filter", group: "go", icon: "search", keys: ["Ctrl+Shift+L"], run: (pod) => pod.focusFilter(), able: main, silent: true },
  { id: "pane", text: "do.pane", group: "go", icon: "right", keys: ["F6"], run: () => panes(1), silent: true },
  { id: "pane_back", text: "do.pane_back", group: "go", icon: "left", keys: ["Shift+F6"], run: () => panes(-1), silent: true },

  { id: "fold", text: "do.fold", group: "window", icon: "fold", keys: ["Ctrl+\\"], run: (pod) => pod.attempt(pod.frame.toggle), able: main },
  { id: "top", text: "do.top", group: "window", icon: "pin", keys: [], run: (pod) => pod.attempt(() => pod.frame.setTop(!pod.frame.top)), able: main },
  ...skins.map((skin): Action => ({
    id: `skin_${skin}`, text: `do.skin_${skin}`, group: "window", icon: "palette", keys: [],
    run: (pod) => pod.attempt(() => pod.settings.set("skin", skin)), able: (pod) => pod.settings.skin !== skin,
  })),
  { id: "skin_system", text: "do.skin_system", group: "window", icon: "palette", keys: [], run: (pod) => pod.attempt(() => pod.settings.set("skin", null)), able: (pod) => pod.settings.skin !== null },

  { id: "new_room", text: "do.new_room", group: "room", icon: "plus", keys: ["Ctrl+N"], run: (pod) => pod.newRoom("chat"), able: main },
  { id: "new_folder_room", text: "do.new_folder_room", group: "room", icon: "folder-plus", keys: [], run: (pod) => pod.newRoom("files"), able: main },
  { id: "talk", text: "do.talk", group: "room", icon: "user-plus", keys: ["Ctrl+Shift+A"], run: (pod) => (pod.dialog = { kind: "new", talk: true, side: "chat" }), able: main },
  { id: "own_window", text: "do.own_window", group: "room", icon: "window", keys: ["Ctrl+Shift+O"], run: (pod) => pod.ownWindow(), able: (pod) => main(pod) && roomOpen(pod) },
  { id: "room_folder", text: "do.room_folder", group: "room", icon: "folder-open", keys: ["Ctrl+Shift+F"], run: (pod) => pod.roomFolder(), able: roomOpen },
  { id: "room_chat", text: "do.room_chat", group: "room", icon: "speech", keys: ["Ctrl+Shift+C"], run: (pod) => pod.roomChat(), able: roomOpen },
  { id: "panel", text: "do.panel", group: "room", icon: "folder", keys: ["Ctrl+I"], run: (pod) => (pod.folderOpen = !pod.folderOpen), able: (pod) => roomOpen(pod) && pod.info?.kind !== "folder" && pod.place !== "transfers" && !pod.frame.compact },
  { id: "members", text: "do.members", group: "room", icon: "users", keys: [], run: (pod) => (pod.dialog = { kind: "members" }), able: roomOpen },
  { id: "upload", text: "do.upload", group: "file", icon: "upload", keys: ["Ctrl+Shift+U"], run: (pod) => pod.upload(), able: (pod) => roomOpen(pod) && pod.drop.accepts(pod.chat?.room ?? "") },
  { id: "pause_all", text: "do.pause_all", group: "transfer", icon: "pause", keys: ["Ctrl+Shift+P"], run: (pod) => pod.attempt(pod.behaviour.toggleAll), able: (pod) => pod.behaviour.paused || pod.transfers.open.length > 0 },
];

/** What belongs to a part of the window, which does it itself. */
const inPlace: Action[] = [
  { id: "send", text: "do.send", group: "write", icon: "send", keys: ["Enter"] },
  { id: "new_line", text: "do.new_line", group: "write", icon: "down", keys: ["Shift+Enter"] },
  { id: "edit_last", text: "do.edit_last", group: "write", icon: "pencil", keys: ["Up"] },
  { id: "attach", text: "do.attach", group: "write", icon: "clip", keys: ["Ctrl+U"] },
  { id: "emoji", text: "do.emoji", group: "write", icon: "smile", keys: ["Ctrl+E"] },
  { id: "paste", text: "do.paste", group: "write", icon: "image", keys: ["Ctrl+V"] },
  { id: "search", text: "do.search", group: "message", icon: "search", keys: ["Ctrl+F"] },
  { id: "reply", text: "do.reply", group: "message", icon: "left", keys: ["R"] },
  { id: "react", text: "do.react", group: "message", icon: "smile-plus", keys: ["E"] },
  { id: "delete", text: "do.delete", group: "message", icon: "trash", keys: ["Delete"] },
  { id: "copy", text: "do.copy", group: "message", icon: "copy", keys: ["Ctrl+C"] },
  { id: "newest", text: "do.newest", group: "message", icon: "down", keys: ["End"] },
  { id: "to_line", text: "do.to_line", group: "message", icon: "pencil", keys: ["Esc"] },
  { id: "file_open", text: "do.file_open", group: "file", icon: "files", keys: ["Enter"] },
  { id: "file_show", text: "do.file_show", group: "file", icon: "folder", keys: ["Ctrl+Enter"] },
  { id: "file_preview", text: "do.file_preview", group: "file", icon: "eye", keys: ["Space"] },
  { id: "file_rename", text: "do.file_rename", group: "file", icon: "pencil", keys: ["F2"] },
  { id: "file_delete", text: "do.file_delete", group: "file", icon: "trash", keys: ["Delete"] },
  { id: "undo", text: "do.undo", group: "file", icon: "retry", keys: ["Ctrl+Z"] },
  { id: "file_all", text: "do.file_all", group: "file", icon: "check", keys: ["Ctrl+A"] },
  { id: "folder_new", text: "do.folder_new", group: "file", icon: "folder-plus", keys: ["Ctrl+Shift+N"] },
  { id: "folder_up", text: "do.folder_up", group: "file", icon: "up", keys: ["Alt+Up"] },
  { id: "folder_refresh", text: "do.folder_refresh", group: "file", icon: "retry", keys: ["F5"] },
  { id: "folder_list", text: "do.folder_list", group: "file", icon: "list", keys: ["Ctrl+Shift+1"] },
  { id: "folder_grid", text: "do.folder_grid", group: "file", icon: "tiles", keys: ["Ctrl+Shift+2"] },
  { id: "transfer_pause", text: "do.transfer_pause", group: "transfer", icon: "pause", keys: ["Space"] },
  { id: "transfer_up", text: "do.transfer_up", group: "transfer", icon: "up", keys: ["Alt+Up"] },
  { id: "transfer_down", text: "do.transfer_down", group: "transfer", icon: "down", keys: ["Alt+Down"] },
  { id: "transfer_open", text: "do.transfer_open", group: "transfer", icon: "files", keys: ["Enter"] },
];

export const actions: Action[] = [...everywhere, ...inPlace];

export function able(action: Action, pod: Pod): boolean {
  return action.run !== undefined && (action.able?.(pod) ?? true);
}

/** Does what the keys mean, if they mean something here. A dialog keeps the keys to itself. */
export function press(event: KeyboardEvent, pod: Pod): boolean {
  if (event.defaultPrevented || pod.info === null) return false;
  const typing = event.isComposing || event.keyCode === 229;
  if (typing && !event.ctrlKey && !event.metaKey) return false;
  const { os } = pod.info;
  const action = everywhere.find((one) => one.keys.some((chord) => pressed(event, chord, os)));
  if (!action) return false;
  const inDialog = document.querySelector("dialog[open]") !== null;
  if (inDialog && !(action.id === "jump" && pod.dialog?.kind === "jump")) return false;
  // What cannot be done now is not left to the web view either: Ctrl+N must never open something of its own.
  event.preventDefault();
  if (able(action, pod)) action.run?.(pod);
  return true;
}

/** The keys of an action as a tooltip shows them. */
export function chordOf(id: string, os: Os): string {
  const chord = actions.find((one) => one.id === id)?.keys[0];
  return chord ? spoken(chord, os) : "";
}

/** By its name, as a menu of the system asks for it. */
export function perform(id: string, pod: Pod): void {
  const action = everywhere.find((one) => one.id === id);
  if (action && able(action, pod)) action.run?.(pod);
}
