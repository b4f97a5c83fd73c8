// Hands the window's state down the tree of components, typed.

import { getContext, setContext } from "svelte";
import type { Pod } from "./pod.svelte";

const KEY = Symbol("pod");

export function providePod(pod: Pod): Pod {
  return setContext(KEY, pod);
}

export function usePod(): Pod {
  const pod = getContext<Pod | undefined>(KEY);
  if (!pod) throw new Error("a component stands outside of the window's state");
  return pod;
}
