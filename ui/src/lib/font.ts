// The font of the program. Text that is laid out before it is there is laid out twice, the first time in other fonts, which
// the system has to look for.

/** Settles when the font can be used, or cannot be had. */
export async function fontThere(): Promise<void> {
  try {
    await document.fonts?.load('1em "Inter Variable"');
  } catch {
    // Then the system's own font is used.
  }
}
