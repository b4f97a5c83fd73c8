// Which files of a chat can be seen in it.

import type { EntryId, Item, LiveUpload } from "../backend/bindings";

/** A picture that lies in the folder and can be shown. */
export type Picture = { key: string; entry: EntryId; version: number; name: string; size: number; here: boolean; item: Item };

export function isImage(upload: LiveUpload): boolean {
  return upload.preview === "image";
}

/** A file of the chat that is drawn as a picture, on its way or there. */
export function isPicture(item: Item): boolean {
  return item.kind.type === "upload" && isImage(item.kind) && !["cancelled", "failed", "deleted"].includes(item.kind.phase.phase);
}

/** The pictures among the items that can be looked at, oldest first. */
export function picturesOf(items: Item[]): Picture[] {
  return items.flatMap((item) => pictureOf(item) ?? []);
}

export function pictureOf(item: Item): Picture | null {
  if (item.kind.type !== "upload" || !isImage(item.kind)) return null;
  const { entry, phase, version, name, size } = item.kind;
  if (entry === null || phase.phase !== "stored") return null;
  return { key: item.key, entry, version, name, size, here: phase.file.on === "here", item };
}
