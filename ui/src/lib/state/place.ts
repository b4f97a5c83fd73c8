// Where the main window is, from one start to the next; kept by the engine among the settings.

import type { RoomId } from "../backend/bindings";
import { tell } from "../backend/ask";
import type { Backend } from "../backend/backend";
import type { Kept } from "./settings.svelte";

export type Place = "messages" | "files" | "transfers" | "settings";

const KEY = "main.place";

/** What is kept, as far as it can be read. */
export function lastPlace(kept: Kept): { place: Place; room: RoomId } | null {
  const [place, room] = kept[KEY]?.split(" ") ?? [];
  return (place === "messages" || place === "files") && room ? { place, room } : null;
}

/** A room is looked at, or its folder: the next start begins there. */
export async function keepPlace(backend: Backend, place: Place, room: RoomId): Promise<void> {
  if (place !== "messages" && place !== "files") return;
  await tell(backend, { do: "setting_set", key: KEY, value: `${place} ${room}` });
}
