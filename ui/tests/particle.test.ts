import { expect, it } from "vitest";
import { particle } from "../src/lib/i18n/particle";
import { textOf } from "../src/lib/i18n/phrase";

it.each([
  ["일정", "을/를", "을"],
  ["지도", "을/를", "를"],
  ["예산.xlsx", "을/를", "를"],
  ["Budget.pdf", "을/를", "를"],
  ["plan.mp4", "을/를", "를"],
  ["사진 3", "을/를", "을"],
  ["사진 2", "을/를", "를"],
  ["엄마", "이/가", "가"],
  ["하준", "이/가", "이"],
  ["서울", "으로/로", "로"],
  ["부산", "으로/로", "으로"],
  ["제주", "으로/로", "로"],
  ["사진 1", "으로/로", "로"],
  ["회의록(최종)", "을/를", "을"],
  ["“표”", "을/를", "를"],
  ["Tom", "과/와", "과"],
  ["Mina", "과/와", "와"],
  ["notes.html", "으로/로", "로"],
  ["", "을/를", "를"],
])("%s takes %s as %s", (word, pair, form) => {
  expect(particle(word, pair)).toBe(form);
});

it("a phrase picks the particle after the value before it", () => {
  expect(textOf("{who} 님이 {from}{을/를} {file}{으로/로} 바꿈", { who: "지우", from: "초안", file: "결과물" }, "ko")).toBe("지우 님이 초안을 결과물로 바꿈");
});
