// Two versions of a text compared, in Korean.

import type { Phrase } from "../phrase";
import type { compare as en } from "../en/compare";

export const compare: Record<keyof typeof en, Phrase> = {
  "compare.title": "{file}에서 바뀐 내용",
  "compare.which": "버전 {before}{과/와} 버전 {after}",
  "compare.with_newest": "버전 {n}{을/를} 최신 버전과 비교",
  "compare.same": "그대로",
  "compare.gone": "없어짐",
  "compare.came": "새로 생김",
  "compare.gap": "바뀌지 않은 줄 {n}개",
  "compare.equal": "내용이 같습니다.",
  "compare.beginning": "두 버전의 앞부분만 비교했습니다.",
};
