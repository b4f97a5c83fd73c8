// What can be done with a room from its row in the list.

import type { RoomSummary } from "../../lib/backend/bindings";
import { manages } from "../../lib/roles";
import { linkedOf } from "../../lib/state/linked.svelte";
import type { Pod } from "../../lib/state/pod.svelte";
import { offerFiles } from "../../lib/transfers/offering";
import type { Action } from "../shared/MenuList.svelte";

export function roomActions(room: RoomSummary, pod: Pod): Action[] {
  const { t } = pod.words;
  const { rooms } = pod;
  const other = room.title === "" ? room.others[0] : undefined;
  const may = manages(room.role) && room.title !== "";
  const at = rooms.favourites.findIndex((one) => one.id === room.id);
  const run = (work: () => Promise<unknown>) => () => void pod.attempt(work);
  const all: (Action | false)[] = [
    { text: t("room.window"), icon: "window", testid: "room-window", act: run(() => pod.backend.openRoomWindow(room.id)) },
    { text: t("room.folder_window"), icon: "folder-open", testid: "room-folder", act: run(() => pod.backend.openFolderWindow(room.id, null)) },
    room.has_folder && linkedOf(pod.backend).find(room.id, null) === null && { text: t("linked.keep"), icon: "download", testid: "room-keep", act: run(() => pod.backend.linkFolder(room.id, null)) },
    { text: t(room.favourite ? "rooms.unfavourite" : "rooms.favourite"), icon: room.favourite ? "star-off" : "star", testid: "room-favourite", act: run(() => rooms.favourite(room.id, !room.favourite)) },
    at > 0 && { text: t("rooms.up"), icon: "up", testid: "room-up", act: run(() => rooms.step(room.id, -1)) },
    at >= 0 && at < rooms.favourites.length - 1 && { text: t("rooms.down"), icon: "down", testid: "room-down", act: run(() => rooms.step(room.id, 1)) },
    { text: t(room.muted ? "rooms.unmute" : "rooms.mute"), icon: room.muted ? "bell" : "bell-off", testid: "room-mute", act: run(() => rooms.notify(room.id, room.muted ? null : "none")) },
    { text: t("notify.choose"), icon: "bell", testid: "room-notify", act: () => (pod.dialog = { kind: "notify", room: room.id }) },
    room.unread > 0 && { text: t("rooms.mark_read"), icon: "checks", testid: "room-read", act: run(() => rooms.markRead(room)) },
    other !== undefined && { text: t("person.profile"), icon: "user", testid: "room-profile", act: () => (pod.dialog = { kind: "person", account: other.account }) },
    other !== undefined && { text: t("offer.send"), icon: "send", testid: "room-offer", act: () => void offerFiles(pod, { account: other.account, name: other.display_name }) },
    may && { text: t("links.title"), icon: "link", testid: "room-links", act: () => (pod.dialog = { kind: "links", room: room.id }) },
    may && { text: t("folder.rename"), icon: "pencil", testid: "room-rename", act: () => (pod.dialog = { kind: "rename", room: room.id }) },
    { text: t("members.leave"), icon: "leave", testid: "room-leave", danger: true, act: () => (pod.dialog = { kind: "leave", room: room.id }) },
  ];
  return all.filter((action) => action !== false);
}
