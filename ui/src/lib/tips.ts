// Text that does not fit is cut with an ellipsis; the whole of it stands in a tooltip as soon as the pointer or the focus
// comes near. Where a component names a tooltip itself, that one stays.

const OURS = "cutTip";

function tell(node: HTMLElement): void {
  const cut = node.scrollWidth > node.clientWidth + 1;
  // While files are held over a row the system would keep the tooltip on the screen after they are let go.
  if (cut && !node.closest("[title], .hotlabel")) {
    node.title = (node.textContent ?? "").trim().replace(/\s+/g, " ");
    node.dataset[OURS] = "";
  } else if (!cut && node.dataset[OURS] !== undefined) {
    node.removeAttribute("title");
    delete node.dataset[OURS];
  } else if (cut && node.dataset[OURS] !== undefined) {
    node.title = (node.textContent ?? "").trim().replace(/\s+/g, " ");
  }
}

/** Every element that cuts its text carries the class `cut`, or is a heading. */
export function watchCut(root: Document): () => void {
  const near = (event: Event) => {
    const node = event.target instanceof Element ? event.target : null;
    const own = node?.closest<HTMLElement>(".cut, h1, h2, h3");
    if (own) tell(own);
    if (event.type === "focusin") node?.querySelectorAll<HTMLElement>(".cut").forEach(tell);
  };
  root.addEventListener("pointerover", near);
  root.addEventListener("focusin", near);
  return () => {
    root.removeEventListener("pointerover", near);
    root.removeEventListener("focusin", near);
  };
}
