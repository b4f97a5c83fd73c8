// Presses keys as they are written down: "Ctrl+Shift+O".

import { fireEvent } from "@testing-library/svelte";
import { idle } from "./window";

const KEYS: Record<string, string> = { Up: "ArrowUp", Down: "ArrowDown", Left: "ArrowLeft", Right: "ArrowRight", Space: " ", Esc: "Escape" };

export async function chord(written: string, target: EventTarget = document.activeElement ?? document.body): Promise<void> {
  const parts = written.split("+");
  const last = parts.at(-1) ?? "";
  await fireEvent.keyDown(target as HTMLElement, {
    code: /^\d$/.test(last) ? `Digit${last}` : /^[A-Z]$/.test(last) ? `Key${last}` : "",
    key: KEYS[last] ?? (last.length === 1 ? last.toLowerCase() : last),
    ctrlKey: parts.includes("Ctrl"),
    shiftKey: parts.includes("Shift"),
    altKey: parts.includes("Alt"),
  });
  await idle();
}
