// Finds the first visible element with a role (arguments[0]) whose accessible name contains a text (arguments[1]).
const [role, name] = arguments;

const roles = {
  A: "link", BUTTON: "button", TEXTAREA: "textbox", SELECT: "combobox", MAIN: "main", NAV: "navigation",
  ASIDE: "complementary", H1: "heading", H2: "heading", H3: "heading", LI: "listitem", UL: "list", OL: "list",
  DIALOG: "dialog", ARTICLE: "article", IMG: "img", TABLE: "table", TR: "row",
};
const inputs = { checkbox: "checkbox", radio: "radio", button: "button", submit: "button", range: "slider" };

function roleOf(node) {
  const said = node.getAttribute("role");
  if (said) return said;
  if (node.tagName === "INPUT") return inputs[node.type] ?? "textbox";
  if (node.isContentEditable && node.getAttribute("contenteditable") !== null) return "textbox";
  return roles[node.tagName];
}

function nameOf(node) {
  const label = node.getAttribute("aria-label");
  if (label) return label;
  const by = node.getAttribute("aria-labelledby");
  if (by) return by.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  if (node.labels?.length) return [...node.labels].map((l) => l.textContent).join(" ");
  if (node.tagName === "INPUT" || node.tagName === "TEXTAREA") return node.placeholder || node.title || "";
  return node.textContent || node.title || "";
}

function isVisible(node) {
  return node.checkVisibility ? node.checkVisibility({ visibilityProperty: true }) : node.getClientRects().length > 0;
}

const wanted = name.toLowerCase();
for (const node of document.querySelectorAll("*")) {
  if (roleOf(node) !== role || !isVisible(node) || node.disabled) continue;
  if (nameOf(node).replace(/\s+/g, " ").trim().toLowerCase().includes(wanted)) return node;
}
return null;
