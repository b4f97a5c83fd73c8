// Editing a file in a program of this computer, in Korean.

import type { Phrase } from "../phrase";
import type { edit as en } from "../en/edit";

export const edit: Record<keyof typeof en, Phrase> = {
  "edit.start": "잠그고 편집",
  "edit.again": "편집하려고 열기",
  "edit.label": "{file} 편집",
  "edit.title": "{file}{을/를} 편집하는 중",
  "edit.fetching": "이 컴퓨터에 오면 바로 열립니다.",
  "edit.opening": "{file}{을/를} 받은 뒤에 엽니다.",
  "edit.open": "저장할 때마다 방에 올라갑니다.",
  "edit.sent": { other: "저장한 내용 {n}개가 방에 있습니다." },
  "edit.sending": "저장한 내용을 보내는 중입니다.",
  "edit.closing": "남은 내용을 보낸 뒤 다른 사람이 편집할 수 있습니다.",
  "edit.lost": "잠금이 끝났습니다. 지금 저장하는 내용은 옆에 사본으로 남습니다.",
  "edit.copy_of": "그사이 {file}의 잠금이 끝났습니다. 쓰신 내용은 이 사본에 있으며 잃은 것은 없습니다.",
  "edit.done": "마침",
  "edit.leave": "보내지 않고 끝내기",
  "edit.leave_text": "다른 사람이 다시 편집할 수 있습니다. 보내지 않은 내용은 이 컴퓨터에 남습니다.",
  "edit.left": "보내지 않은 내용은 {path}에 있습니다.",
};
