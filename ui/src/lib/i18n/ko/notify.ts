// The notifications, in Korean.

import type { Phrase } from "../phrase";
import type { notify as en } from "../en/notify";

export const notify: Record<keyof typeof en, Phrase> = {
  "notify.kinds": "종류",
  "notify.when": "언제, 어디서",
  "notify.rooms": "따로 정한 방",
  "notify.rooms_none": "아직 없습니다. 방의 메뉴에서 정할 수 있습니다.",
  "notify.own_text": "따로 정한 방은 그대로 둡니다.",
  "notify.kind_messages": "메시지",
  "notify.kind_messages_text": "방과 나에게 쓴 글.",
  "notify.kind_mentions": "나를 부를 때",
  "notify.kind_mentions_text": "나를 언급한 메시지.",
  "notify.kind_files": "새 파일",
  "notify.kind_files_text": "방의 폴더에 파일이 추가됨.",
  "notify.kind_changes": "바뀐 파일",
  "notify.kind_changes_text": "수정, 이름 변경, 이동, 삭제, 복원.",
  "notify.kind_comments": "댓글",
  "notify.kind_comments_text": "누군가 파일에 댓글을 남김. 나에게 쓴 댓글은 나를 부른 것으로 봅니다.",
  "notify.kind_contacts": "연락처 요청",
  "notify.kind_contacts_text": "누군가 연락처가 되기를 요청함.",
  "notify.kind_offers": "보내려는 파일",
  "notify.kind_offers_text": "누군가 파일을 보내려고 함.",
  "notify.quiet": "방해 금지 시간",
  "notify.quiet_text": "그동안 알림이 없습니다. 안 읽은 수는 계속 셉니다.",
  "notify.from": "시작",
  "notify.to": "끝",
  "notify.days": "방해 금지 시간이 시작되는 요일",
  "notify.here": "이 컴퓨터에서 알림 보이기",
  "notify.here_text": "나머지는 내 모든 컴퓨터에서 같습니다.",
  "notify.choose": "알림…",
  "notify.of_room": "{room} 알림",
  "notify.of_room_text": "내 모든 컴퓨터에서 같습니다.",
  "notify.default": "기본값: {wish}",
};
