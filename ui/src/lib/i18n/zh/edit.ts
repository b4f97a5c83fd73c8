// Editing a file in a program of this computer, in Chinese.

import type { Phrase } from "../phrase";
import type { edit as en } from "../en/edit";

export const edit: Record<keyof typeof en, Phrase> = {
  "edit.start": "锁定并编辑",
  "edit.again": "打开以编辑",
  "edit.label": "编辑 {file}",
  "edit.title": "您正在编辑 {file}",
  "edit.fetching": "下载到这里后即打开。",
  "edit.opening": "正在下载 {file}，随后打开。",
  "edit.open": "每次保存都会送到房间。",
  "edit.sent": { other: "{n} 次保存已在房间中。" },
  "edit.sending": "正在发送一次保存。",
  "edit.closing": "发送剩余内容后，其他人即可编辑。",
  "edit.lost": "您的锁定已结束。现在保存的内容会作为副本放在旁边。",
  "edit.copy_of": "您对 {file} 的锁定已结束。您写的内容在这个副本中，没有丢失。",
  "edit.done": "完成",
  "edit.leave": "不发送并停止",
  "edit.leave_text": "其他人可以再次编辑。未发送的内容留在这台电脑上。",
  "edit.left": "未发送的内容在 {path}。",
};
