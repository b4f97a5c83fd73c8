// Runs in the page. Answers what is wrong with it: targets too small to hit, and text cut without its whole in a tooltip.
() => {
  const LEAST = 24;
  const flaws = [];
  const name = (node) => (node.getAttribute("aria-label") || node.textContent || node.getAttribute("data-testid") || node.tagName).trim().slice(0, 40);
  const seen = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const dialogs = [...document.querySelectorAll("dialog[open]")];
  const root = dialogs.at(-1) ?? document;
  const targets = [...root.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea, summary, [role=option], [role=menuitem], [tabindex='0']")];
  const belongs = (node, x, y) => {
    const at = document.elementFromPoint(x, y);
    return at !== null && (node === at || node.contains(at) || at.contains(node) === false && at.closest("label")?.contains(node));
  };
  for (const node of targets) {
    if (!seen(node) || node.disabled) continue;
    const box = (node.closest("label.field, .field") ?? node).getBoundingClientRect();
    if (box.width === 0 || box.bottom < 0 || box.top > innerHeight || box.right < 0 || box.left > innerWidth) continue;
    if (box.width >= LEAST - 0.5 && box.height >= LEAST - 0.5) continue;
    // Smaller than it: what can be hit may reach beyond what is drawn.
    node.scrollIntoView({ block: "center" });
    const here = (node.closest("label.field, .field") ?? node).getBoundingClientRect();
    const inside = (at, length) => Math.min(length - LEAST / 2, Math.max(LEAST / 2, at));
    const x = inside(here.left + here.width / 2, innerWidth);
    const y = inside(here.top + here.height / 2, innerHeight);
    if (!belongs(node, x, y)) continue;
    const reach = LEAST / 2 - 0.75;
    const wide = box.width >= LEAST - 0.5 || (belongs(node, x - reach, y) && belongs(node, x + reach, y));
    const high = box.height >= LEAST - 0.5 || (belongs(node, x, y - reach) && belongs(node, x, y + reach));
    if (!wide || !high) flaws.push(`small target ${Math.round(box.width)}×${Math.round(box.height)}: ${name(node)}`);
  }
  // What lies in a row that scrolls sideways is within reach.
  const scrolls = (node) => node !== null && (["auto", "scroll"].includes(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
  for (const node of root.querySelectorAll("*")) {
    if (!seen(node)) continue;
    const own = [...node.childNodes].some((child) => (child.nodeType === 3 && child.data.trim() !== "") || child.nodeName === "BDI");
    if (!own) continue;
    const style = getComputedStyle(node);
    const hides = ["hidden", "clip"].includes(style.overflowX);
    const cut = hides && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 1;
    // The tooltip comes when the pointer does.
    if (cut) node.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
    if (cut && !node.closest("[title]")) flaws.push(`cut: ${name(node)}`);
    const box = node.getBoundingClientRect();
    if (box.width > 1 && box.right > innerWidth + 1 && !node.closest(".cut") && !scrolls(node)) flaws.push(`beyond the window: ${name(node)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) flaws.push("the page scrolls sideways");
  return [...new Set(flaws)];
};
