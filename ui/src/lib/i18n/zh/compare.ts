// Two versions of a text compared, in Chinese.

import type { Phrase } from "../phrase";
import type { compare as en } from "../en/compare";

export const compare: Record<keyof typeof en, Phrase> = {
  "compare.title": "{file} 中的改动",
  "compare.which": "版本 {before} 与版本 {after}",
  "compare.with_newest": "将版本 {n} 与最新版本比较",
  "compare.same": "未变",
  "compare.gone": "已删除",
  "compare.came": "新增",
  "compare.gap": "{n} 行未变",
  "compare.equal": "两个版本内容相同。",
  "compare.beginning": "只比较了两个版本的开头部分。",
};
