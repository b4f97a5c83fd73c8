// What lies over a window; one at a time.

import type { AccountId, ContactGroupId, OfferId, Person, RoomId } from "../backend/bindings";

export type Dialog =
  | { kind: "new"; talk: boolean; side: "chat" | "files"; members?: Person[] }
  | { kind: "members" }
  | { kind: "send" }
  | { kind: "person"; account: AccountId }
  | { kind: "status" }
  | { kind: "links" | "rename" | "leave" | "notify"; room: RoomId }
  | { kind: "group"; group: ContactGroupId | null; name: string }
  | { kind: "offer"; batch: OfferId }
  | { kind: "jump"; text: string }
  | { kind: "help" }
  | null;
