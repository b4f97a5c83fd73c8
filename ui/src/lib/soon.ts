// A short wait that is given up when what is waited for takes longer.

/** Longer than the pod needs for what is on this computer, shorter than anybody notices. */
const MOMENT_MS = 60;

/** Until something is there, or a moment has passed. */
export async function soon(coming: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([coming, new Promise<void>((done) => (timer = setTimeout(done, MOMENT_MS)))]);
  clearTimeout(timer);
}
