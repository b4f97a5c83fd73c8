// Tells the shell that this window is used, so that its person is not away. Which keys, and where the pointer is, stays here.

/** Not more often than this: what counts is measured in minutes. */
export const TOLD_EVERY_MS = 20_000;

/** From now on, until the answer is called. */
export function watchTouch(page: Window, tell: () => void): () => void {
  let told = -Infinity;
  let at: [number, number] | null = null;

  const used = () => {
    const now = performance.now();
    if (now - told < TOLD_EVERY_MS) return;
    told = now;
    tell();
  };
  // What moves under a still pointer makes the engine tell of a move, too: only a new place on the screen is a person's.
  const moved = (event: MouseEvent) => {
    const still = at !== null && at[0] === event.screenX && at[1] === event.screenY;
    const first = at === null;
    at = [event.screenX, event.screenY];
    if (!still && !first) used();
  };
  const options = { capture: true, passive: true };
  const kinds = ["keydown", "pointerdown", "wheel"] as const;
  for (const kind of kinds) page.addEventListener(kind, used, options);
  page.addEventListener("pointermove", moved, options);
  return () => {
    for (const kind of kinds) page.removeEventListener(kind, used, options);
    page.removeEventListener("pointermove", moved, options);
  };
}
