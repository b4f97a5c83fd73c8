import { afterEach, beforeEach, expect, it } from "vitest";
import { watchCut } from "../src/lib/tips";

let unwatch: () => void;
beforeEach(() => {
  unwatch = watchCut(document);
});
afterEach(() => unwatch());

function cut(text: string, wide: number, more = ""): HTMLElement {
  document.body.innerHTML = `<p ${more}><span class="cut">${text}</span></p>`;
  const node = document.querySelector<HTMLElement>(".cut") as HTMLElement;
  Object.defineProperty(node, "scrollWidth", { value: wide, configurable: true });
  Object.defineProperty(node, "clientWidth", { value: 100, configurable: true });
  node.dispatchEvent(new Event("pointerover", { bubbles: true }));
  return node;
}

it("cut text tells its whole when the pointer comes", () => {
  expect(cut("A  very long\n name", 300).title).toBe("A very long name");
});

it("text that fits has no tooltip, and one that fits again loses it", () => {
  expect(cut("Short", 100).title).toBe("");
  const node = cut("Was long", 300);
  Object.defineProperty(node, "scrollWidth", { value: 100, configurable: true });
  node.dispatchEvent(new Event("pointerover", { bubbles: true }));
  expect(node.hasAttribute("title")).toBe(false);
});

it("a tooltip of the component's own stays", () => {
  expect(cut("Long", 300, 'title="Its own"').hasAttribute("title")).toBe(false);
});

it("the focus brings it as well", () => {
  const node = cut("Long", 100);
  Object.defineProperty(node, "scrollWidth", { value: 300, configurable: true });
  node.parentElement?.dispatchEvent(new Event("focusin", { bubbles: true }));
  expect(node.title).toBe("Long");
});
