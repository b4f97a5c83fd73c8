// The notifications, in Chinese.

import type { Phrase } from "../phrase";
import type { notify as en } from "../en/notify";

export const notify: Record<keyof typeof en, Phrase> = {
  "notify.kinds": "种类",
  "notify.when": "时间与位置",
  "notify.rooms": "单独设置的房间",
  "notify.rooms_none": "还没有。可在房间的菜单中设置。",
  "notify.own_text": "单独设置的房间保持其设置。",
  "notify.kind_messages": "消息",
  "notify.kind_messages_text": "房间里和发给您的消息。",
  "notify.kind_mentions": "提到我时",
  "notify.kind_mentions_text": "提到您的消息。",
  "notify.kind_files": "新文件",
  "notify.kind_files_text": "房间的文件夹中新增了文件。",
  "notify.kind_changes": "文件变动",
  "notify.kind_changes_text": "修改、重命名、移动、删除或恢复。",
  "notify.kind_comments": "评论",
  "notify.kind_comments_text": "有人评论了文件。写给您的评论算作提到您。",
  "notify.kind_contacts": "联系人请求",
  "notify.kind_contacts_text": "有人想加您为联系人。",
  "notify.kind_offers": "待接收的文件",
  "notify.kind_offers_text": "有人想给您发送文件。",
  "notify.quiet": "免打扰时段",
  "notify.quiet_text": "期间不显示通知，未读数照常累计。",
  "notify.from": "从",
  "notify.to": "到",
  "notify.days": "免打扰时段开始的日子",
  "notify.here": "在这台电脑上显示通知",
  "notify.here_text": "其余设置在您的所有电脑上相同。",
  "notify.choose": "通知…",
  "notify.of_room": "{room} 的通知",
  "notify.of_room_text": "在您的所有电脑上相同。",
  "notify.default": "默认：{wish}",
};
