// Playing films and sounds from the folder, in Korean.

import type { player as en } from "../en/player";
import type { Phrase } from "../phrase";

export const player: Record<keyof typeof en, Phrase> = {
  "player.play_file": "{file} 재생",
  "player.play": "재생",
  "player.pause": "일시 정지",
  "player.position": "위치",
  "player.at": "{length} 중 {at}",
  "player.mute": "소리 끄기",
  "player.unmute": "소리 켜기",
  "player.waits": "다음 부분을 기다리는 중",
  "player.cannot": "이 컴퓨터는 이런 파일을 재생하지 못합니다.",
  "player.cannot_here": "다른 프로그램으로는 열릴 수 있습니다.",
  "player.cannot_away": "내려받아 다른 프로그램으로 여세요.",
  "player.sound_only": "이 컴퓨터에서는 소리만 재생됩니다.",
  "player.download": "대신 내려받기",
};
