// The keys of all phrases: English decides, the compiler holds the others to it.

import type { en } from "./en";
import type { Phrase } from "./phrase";

export type Key = keyof typeof en;
export type Messages = Record<Key, Phrase>;
