// What people say of themselves, in Chinese.

import type { Phrase } from "../phrase";
import type { profile as en } from "../en/profile";

export const profile: Record<keyof typeof en, Phrase> = {
  "profile.about_you": "关于您",
  "profile.about_you_text": "您的联系人和同一房间的人可以看到。不想说的可以留空。",
  "profile.title": "职务",
  "profile.organisation": "单位",
  "profile.phone": "电话",
  "profile.mail": "邮箱",
  "profile.address": "地址",
  "profile.about": "简介",
  "profile.saved": "您的资料已保存。",
  "profile.edit": "编辑资料",
  "profile.facts": "资料",
  "profile.write": "给 {who} 写邮件",
};
