// The keys of all phrases: English decides, the compiler holds the others to it.

import type { ErrorCode } from "../backend/bindings";
import type { en } from "./en";
import type { Phrase } from "./phrase";

export type Key = keyof typeof en;
export type Messages = Record<Key, Phrase>;

/** What is read for an error; the compiler checks that no code is missing in any language. */
export type ErrorText = { what: string; next: string };
export type ErrorTexts = Record<ErrorCode, ErrorText>;
