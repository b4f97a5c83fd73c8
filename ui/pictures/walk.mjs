// Walks through a screen with Tab, as somebody without a pointer does: the focus must always be somewhere, and be seen.

const STEPS_MAX = 45;

export async function walk(page) {
  const flaws = new Set();
  const seen = new Set();
  let ends = 0;
  for (let step = 0; step < STEPS_MAX; step++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const node = document.activeElement;
      if (!node || node === document.body) return null;
      const name = (node.getAttribute("aria-label") || node.textContent || node.getAttribute("data-testid") || node.tagName).trim().slice(0, 40);
      const marks = (one) => {
        const style = getComputedStyle(one);
        return (style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2) || (one.matches(".field, .composer, .inp") && style.boxShadow.includes("2px"));
      };
      // In a grid the focus stays with the grid, and the row that it stands for is marked.
      const active = document.getElementById(node.getAttribute("aria-activedescendant") ?? "");
      let shown = active !== null && (marks(active) || getComputedStyle(active).boxShadow !== "none");
      for (let one = node; one && one !== document.body && !shown; one = one.parentElement) shown = marks(one) || one.matches(".inp");
      const box = node.getBoundingClientRect();
      const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth && box.width > 0;
      const order = [...document.querySelectorAll("*")].indexOf(node);
      return { name, order, shown, inside };
    });
    // At the end the focus leaves the page for the browser's own controls, and begins anew.
    if (at === null && ++ends < 2) continue;
    if (at === null) break;
    if (!at.shown) flaws.add(`focus not seen: ${at.name}`);
    if (!at.inside) flaws.add(`focus beyond the window: ${at.name}`);
    if (seen.has(at.order)) break;
    seen.add(at.order);
  }
  if (seen.size < 3) flaws.add("Tab leads nowhere");
  return [...flaws];
}
