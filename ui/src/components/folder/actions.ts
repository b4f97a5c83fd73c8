// What can be done with what is selected in a folder: the same list in the menu of a row and in the details.

import type { EntryId, EntryView } from "../../lib/backend/bindings";
import type { Browser } from "../../lib/state/browser.svelte";
import { editEntry } from "../../lib/state/edits.svelte";
import { linkedOf } from "../../lib/state/linked.svelte";
import type { Pod } from "../../lib/state/pod.svelte";
import type { Action } from "../shared/MenuList.svelte";

export function actionsOf(browser: Browser, entries: EntryView[], pod: Pod): Action[] {
  const { t } = pod.words;
  const [one, more] = entries;
  const can = browser.writable;
  const room = browser.folder.room;
  // A folder lies on this computer once: in a folder that one chooses.
  const keep = (entry: EntryId | null): Action[] =>
    linkedOf(pod.backend).find(room, entry) ? [] : [{ text: t("linked.keep"), icon: "download", testid: "keep-folder", act: () => void pod.attempt(() => pod.backend.linkFolder(room, entry)) }];
  if (!one) {
    return [
      ...(can
        ? ([
            { text: t("folder.new"), icon: "folder-plus", testid: "act-new", act: () => (browser.naming = true) },
            { text: t("folder.upload"), icon: "upload", testid: "act-upload", act: browser.upload },
          ] as const)
        : []),
      ...keep(null),
      { text: t("folder.refresh"), icon: "retry", testid: "act-refresh", act: browser.refresh },
    ];
  }
  const off = entries.every((entry) => entry.writable) ? undefined : t("perm.closed");
  const single = more === undefined ? one : null;
  const away = entries.some((entry) => entry.kind === "file" && entry.file.on !== "here" && entry.file.on !== "downloading");
  return [
    ...(single ? [{ text: t(single.kind === "folder" ? "file.folder" : "file.open"), icon: "folder-open", testid: "act-open", act: () => browser.open(single) } as const] : []),
    ...(away ? [{ text: t("file.download"), icon: "download", testid: "act-download", act: () => browser.download(entries) } as const] : []),
    ...(single?.kind === "file" ? [{ text: t("file.show"), icon: "folder", testid: "act-show", act: () => void pod.showEntry(single.id, single.name) } as const] : []),
    ...(single ? locking(browser, single, pod) : []),
    ...(single?.kind === "folder" ? keep(single.id) : []),
    ...(browser.writes && single ? [{ text: t("folder.rename"), icon: "pencil", testid: "act-rename", off, act: () => browser.rename(single) } as const] : []),
    ...(browser.writes ? [{ text: t("folder.delete"), icon: "trash", testid: "act-delete", danger: true, off, act: () => void browser.remove(entries) } as const] : []),
  ];
}

/** Keeping others from changing a file, and what can be done where somebody else does. */
function locking(browser: Browser, entry: EntryView, pod: Pod): Action[] {
  const { t } = pod.words;
  if (entry.kind !== "file" || !entry.writable) return [];
  const edit = (text: string): Action => ({ text, icon: "pencil", testid: "act-edit", act: () => void editEntry(pod, entry.id, entry.name) });
  if (entry.lock === null) return [edit(t("edit.start")), { text: t("lock.take"), icon: "lock", testid: "act-lock", act: () => browser.lock(entry) }];
  if (entry.lock.mine) return [...(entry.lock.here ? [edit(t("edit.again"))] : []), { text: t("lock.give_back"), icon: "lock", testid: "act-unlock", act: () => browser.unlock(entry) }];
  return [
    { text: t("lock.ask"), icon: "speech", testid: "act-ask", act: () => browser.askRelease(entry) },
    ...(browser.manages ? ([{ text: t("lock.break"), icon: "lock", testid: "act-break", danger: true, act: () => (browser.breaking = entry) }] as const) : []),
  ];
}
