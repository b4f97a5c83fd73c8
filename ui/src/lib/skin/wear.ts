// Puts a skin from a file on something: its base is a skin of ours, and what it says differently is set on the element
// itself, one checked property at a time. No text of rules is made of it.

import type { OwnSkin } from "./file";

/** Takes off what was worn there, and puts this on. */
export function wear(element: HTMLElement, skin: OwnSkin | null): void {
  for (const property of Array.from(element.style).filter((one) => one.startsWith("--"))) element.style.removeProperty(property);
  for (const [token, value] of Object.entries(skin?.tokens ?? {})) element.style.setProperty(`--${token}`, value);
}
