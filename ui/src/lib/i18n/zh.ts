// Chinese, simplified.

import type { Messages } from "./messages";
import { chat } from "./zh/chat";
import { compare } from "./zh/compare";
import { edit } from "./zh/edit";
import { find } from "./zh/find";
import { folder } from "./zh/folder";
import { frame } from "./zh/frame";
import { help } from "./zh/help";
import { notify } from "./zh/notify";
import { people } from "./zh/people";
import { player } from "./zh/player";
import { profile } from "./zh/profile";
import { settings } from "./zh/settings";
import { transfers } from "./zh/transfers";

export const zh: Messages = {
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

  "language.name": "中文",

  "common.back": "返回",
  "common.cancel": "取消",
  "common.close": "关闭",
  "common.more": "更多",
  "common.less": "收起",
  "common.copied": "已复制",
  "common.retry": "重试",
  "common.try_now": "立即重试",
  "common.save": "保存",
  "common.you": "我",
  "common.loading": "正在加载",
  "common.dismiss": "关闭",
  "common.undo": "撤销",
  "common.code": "代码 {code}",

  "first.hero_1": "聊天的房间。",
  "first.hero_2": "放文件的文件夹。",
  "first.hero_3": "本是一体。",
  "first.hero_text": "把文件拖进聊天，它就在所有人的文件夹里。",
  "first.question": "您想怎样开始？",
  "first.hint": "在这台电脑上只需选择一次。",
  "first.join": "用邀请链接加入",
  "first.join_text": "有人给了您链接或代码。大约需要一分钟。",
  "first.host": "在这台电脑上启动服务器",
  "first.host_text": "房间和文件存放在这里，由您邀请其他人。",
  "first.sign_in": "登录服务器",
  "first.sign_in_text": "您的团队已有服务器，您也有名称和密码。",
  "first.language": "语言",

  "account.title": "您在 {server} 上的账户",
  "account.title_own": "您的账户",
  "account.text": "其他人凭这些找到您。",
  "account.name": "名称",
  "account.name_hint": "用于登录和查找，以后不会改变。",
  "account.display_name": "显示为",
  "account.display_name_hint": "其他人看到的名字。留空则显示名称。",
  "account.password": "密码",
  "account.password_hint": "至少 8 个字符。",
  "account.setup": "安装代码",
  "account.setup_hint": "服务器首次启动时显示的代码。",
  "account.create": "创建账户",
  "account.show_password": "显示密码",
  "account.hide_password": "隐藏密码",
  "account.have_one": "我已有账户",
  "account.new_one": "我还没有账户",

  "sign_in.title": "登录服务器",
  "sign_in.text": "您的房间和文件会自动出现。",
  "sign_in.server": "服务器",
  "sign_in.server_hint": "地址，或团队给您的邀请链接。",
  "sign_in.button": "登录",
  "sign_in.again": "重新登录",
  "sign_in.again_text": "这台电脑已被登出。等待中的内容会在登录后发送。",

  "crash.text": "Pod 上次意外停止。详情写在 {path}。",

  "fatal.title": "Pod 无法显示窗口",
  "fatal.text": "您的消息和文件是安全的。请重新启动 Pod。",
  "broken.title": "此窗口已停止工作",
  "broken.text": "您的消息和文件是安全的。重新加载窗口即可继续。",
  "broken.again": "重新加载",
  "broken.note": "此窗口出现了问题。如果显示不正常,请重新加载。",

  "signed_out.title": "请在主窗口重新登录",
};
