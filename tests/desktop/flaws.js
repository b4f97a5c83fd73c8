// Answers what is wrong with a page that speaks no English: sentences of English, and text cut without its whole.
const flaws = [];
const english = /\b[A-Za-z]{2,}[,.]? [A-Za-z]{2,}\b/;
const seen = (node) => node.checkVisibility?.({ visibilityProperty: true }) ?? true;

for (const node of document.querySelectorAll("body *")) {
  if (!seen(node) || node.closest("bdi, svg, code, [data-testid=filter]")) continue;
  const own = [...node.childNodes].filter((child) => child.nodeType === 3).map((child) => child.data).join(" ");
  const said = [own, node.getAttribute("aria-label"), node.getAttribute("title"), node.getAttribute("placeholder")];
  for (const text of said) if (text && english.test(text.replace(/\((Ctrl|Alt) [^)]*\)/, ""))) flaws.push(`English: ${text.trim()}`);
  const hides = ["hidden", "clip"].includes(getComputedStyle(node).overflowX);
  const cut = own.trim() !== "" && hides && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 1;
  if (cut && !node.closest("[title]")) flaws.push(`cut: ${node.textContent.trim()}`);
  const out = node.getBoundingClientRect();
  if (own.trim() !== "" && out.width > 1 && out.right > innerWidth + 1) flaws.push(`beyond the window: ${own.trim()}`);
}
return [...new Set(flaws)];
