// What people say of themselves, in Korean.

import type { Phrase } from "../phrase";
import type { profile as en } from "../en/profile";

export const profile: Record<keyof typeof en, Phrase> = {
  "profile.about_you": "내 소개",
  "profile.about_you_text": "연락처와 같은 방에 있는 사람에게 보입니다. 알리고 싶지 않은 것은 비워 두세요.",
  "profile.title": "직함",
  "profile.organisation": "소속",
  "profile.phone": "전화",
  "profile.mail": "메일",
  "profile.address": "주소",
  "profile.about": "소개",
  "profile.saved": "프로필을 저장했습니다.",
  "profile.edit": "프로필 편집",
  "profile.facts": "프로필",
  "profile.write": "{who} 님에게 메일 쓰기",
};
