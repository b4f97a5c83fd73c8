// Tells the shell which room this window shows, so that progress comes for it and read marks are true.

import type { RoomId } from "../backend/bindings";
import type { Pod } from "./pod.svelte";

/** To be called while a view is being made. */
export function watchLooking(pod: Pod, room: () => RoomId | null): void {
  let visible = $state(document.visibilityState === "visible");

  $effect(() => {
    const change = () => (visible = document.visibilityState === "visible");
    document.addEventListener("visibilitychange", change);
    return () => document.removeEventListener("visibilitychange", change);
  });

  $effect(() => {
    const seen = visible ? room() : null;
    void pod.attempt(() => pod.backend.looking(seen === null ? [] : [seen]));
  });
}
