// Korean. After a name the particle is chosen by its last sound: {을/를}, {이/가}, {은/는}, {과/와}, {으로/로}.

import type { Messages } from "./messages";
import { chat } from "./ko/chat";
import { compare } from "./ko/compare";
import { edit } from "./ko/edit";
import { find } from "./ko/find";
import { folder } from "./ko/folder";
import { frame } from "./ko/frame";
import { help } from "./ko/help";
import { notify } from "./ko/notify";
import { people } from "./ko/people";
import { player } from "./ko/player";
import { profile } from "./ko/profile";
import { settings } from "./ko/settings";
import { transfers } from "./ko/transfers";

export const ko: Messages = {
  ...chat,
  ...compare,
  ...edit,
  ...find,
  ...folder,
  ...frame,
  ...help,
  ...notify,
  ...people,
  ...player,
  ...profile,
  ...settings,
  ...transfers,

  "language.name": "한국어",

  "common.back": "뒤로",
  "common.cancel": "취소",
  "common.close": "닫기",
  "common.more": "더 보기",
  "common.less": "접기",
  "common.copied": "복사함",
  "common.retry": "다시 시도",
  "common.try_now": "지금 시도",
  "common.save": "저장",
  "common.you": "나",
  "common.loading": "불러오는 중",
  "common.dismiss": "닫기",
  "common.undo": "되돌리기",
  "common.code": "코드 {code}",

  "first.hero_1": "이야기하는 방.",
  "first.hero_2": "파일을 두는 폴더.",
  "first.hero_3": "둘은 하나입니다.",
  "first.hero_text": "대화에 파일을 놓으면 모두의 폴더에 들어갑니다.",
  "first.question": "어떻게 시작할까요?",
  "first.hint": "이 컴퓨터에서 한 번만 고르면 됩니다.",
  "first.join": "초대 링크로 들어가기",
  "first.join_text": "받은 링크나 코드가 있습니다. 1분쯤 걸립니다.",
  "first.host": "이 컴퓨터에서 서버 시작하기",
  "first.host_text": "방과 파일이 여기에 있고, 다른 사람을 초대합니다.",
  "first.sign_in": "서버에 로그인하기",
  "first.sign_in_text": "모임의 서버가 이미 있고 이름과 비밀번호가 있습니다.",
  "first.language": "언어",

  "account.title": "{server}의 내 계정",
  "account.title_own": "내 계정",
  "account.text": "다른 사람이 이 이름으로 나를 찾습니다.",
  "account.name": "이름",
  "account.name_hint": "로그인과 찾기에 씁니다. 나중에 바뀌지 않습니다.",
  "account.display_name": "보이는 이름",
  "account.display_name_hint": "다른 사람에게 보입니다. 비워 두면 이름이 보입니다.",
  "account.password": "비밀번호",
  "account.password_hint": "8자 이상.",
  "account.setup": "설치 코드",
  "account.setup_hint": "서버를 처음 시작할 때 화면에 나온 코드입니다.",
  "account.create": "계정 만들기",
  "account.show_password": "비밀번호 보기",
  "account.hide_password": "비밀번호 가리기",
  "account.have_one": "이미 계정이 있습니다",
  "account.new_one": "아직 계정이 없습니다",

  "sign_in.title": "서버에 로그인하기",
  "sign_in.text": "방과 파일이 저절로 나타납니다.",
  "sign_in.server": "서버",
  "sign_in.server_hint": "주소, 또는 모임에서 받은 초대 링크.",
  "sign_in.button": "로그인",
  "sign_in.again": "다시 로그인",
  "sign_in.again_text": "이 컴퓨터가 로그아웃되었습니다. 기다리는 것은 로그인하면 보내집니다.",

  "crash.text": "지난번에 Pod가 갑자기 멈췄습니다. 내용은 {path}에 적혀 있습니다.",

  "fatal.title": "Pod가 창을 보여 줄 수 없습니다",
  "fatal.text": "메시지와 파일은 안전합니다. Pod를 다시 시작하세요.",
  "broken.title": "이 창이 멈췄습니다",
  "broken.text": "메시지와 파일은 안전합니다. 창을 다시 불러와 계속하세요.",
  "broken.again": "다시 불러오기",
  "broken.note": "이 창에서 문제가 생겼습니다. 이상하게 보이면 다시 불러오세요.",

  "signed_out.title": "기본 창에서 다시 로그인하세요",
};
