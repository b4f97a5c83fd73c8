// That a person looks at a file in this window: said once while it is looked at; what cannot be said is left.

import { tell } from "../backend/ask";
import type { Backend } from "../backend/backend";
import type { EntryId } from "../backend/bindings";

const last = new WeakMap<Backend, EntryId>();

export async function lookedAt(backend: Backend, entry: EntryId): Promise<void> {
  if (last.get(backend) === entry) return;
  last.set(backend, entry);
  await tell(backend, { do: "opened", entry }).catch(() => undefined);
}
