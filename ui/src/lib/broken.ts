// Hears of defects of this page that nothing else caught.

/** From now on, until the answer is called. Details go to the console; nothing is sent anywhere. */
export function watchBroken(page: Window, tell: () => void): () => void {
  const failed = (event: ErrorEvent) => {
    // Without an exception it is a remark of the engine, like a layout that needs one more frame.
    if (event.error) tell();
  };
  const refused = () => tell();
  page.addEventListener("error", failed);
  page.addEventListener("unhandledrejection", refused);
  return () => {
    page.removeEventListener("error", failed);
    page.removeEventListener("unhandledrejection", refused);
  };
}
