// What a person says of themself: the fields in the order in which they are shown.

import type { ProfileFields } from "./backend/bindings";

export type FieldName = keyof ProfileFields;
/** Lines are short, texts may have several. */
export const LINES: FieldName[] = ["title", "organisation", "phone", "mail"];
export const TEXTS: FieldName[] = ["address", "about"];
export const FIELDS: FieldName[] = [...LINES, ...TEXTS];
/** Longest line and text, in bytes of UTF-8: as the server takes them. */
const BYTES = { line: 128, text: 1024 } as const;

export const EMPTY: ProfileFields = { title: "", organisation: "", phone: "", mail: "", address: "", about: "" };

/** Those that say something. */
export const said = (profile: ProfileFields): FieldName[] => FIELDS.filter((field) => profile[field] !== "");

/** It is longer than the server takes. */
export const isTooLong = (field: FieldName, text: string): boolean =>
  new TextEncoder().encode(text.trim()).length > (TEXTS.includes(field) ? BYTES.text : BYTES.line);
