// Playing films and sounds from the folder, in Chinese.

import type { player as en } from "../en/player";
import type { Phrase } from "../phrase";

export const player: Record<keyof typeof en, Phrase> = {
  "player.play_file": "播放 {file}",
  "player.play": "播放",
  "player.pause": "暂停",
  "player.position": "位置",
  "player.at": "{at}，共 {length}",
  "player.mute": "静音",
  "player.unmute": "取消静音",
  "player.waits": "正在等待后面的部分",
  "player.cannot": "此电脑无法播放这种文件。",
  "player.cannot_here": "也许可以用其他程序打开。",
  "player.cannot_away": "请下载后用其他程序打开。",
  "player.sound_only": "此电脑只能播放它的声音。",
  "player.download": "改为下载",
};
