// The help: what is asked first, and its answers, in Chinese.

import type { Phrase } from "../phrase";
import type { help as en } from "../en/help";

export const help: Record<keyof typeof en, Phrase> = {
  "help.title": "帮助",
  "help.search": "搜索问题和快捷键",
  "help.questions": "常见问题",
  "help.keys": "快捷键",
  "help.none": "没有提到“{text}”的内容。请换一个词。",
  "help.version": "Pod {version} 版",
  "help.room": "什么是房间？",
  "help.room_answer": "房间是一群人共用的一个聊天和一个共享文件夹。您说的话留在聊天里；拖到聊天上的每个文件都放进文件夹，聊天里会写明谁对它做了什么。",
  "help.files": "我的文件在哪里？",
  "help.files_answer": "在服务器上该房间的文件夹里。打开或下载文件时，这台电脑会取回一份副本；“在文件夹中显示”会带您到这份副本。文件旁的标记说明它现在在哪里。",
  "help.who": "我写的和上传的内容谁能看到？",
  "help.who_answer": "只有该房间的成员能看到，团队里的其他人看不到。后来加入的人也能看到之前的内容。被移除的人立刻失去聊天和文件夹；他们电脑上已有的副本会留下。",
  "help.offline": "离线时会怎样？",
  "help.offline_answer": "您可以阅读这台电脑上的内容，也可以继续写。消息和文件在这里等待，关闭 Pod 也不会丢失，重新连接后会自动发出。传到一半的文件会从中断处继续。",
  "help.invite": "怎样邀请别人？",
  "help.invite_answer": "打开房间的成员列表，添加已经在服务器上的人，或者为这个房间生成链接发给对方。新成员的链接由服务器管理者在“设置”的“邀请他人”中生成。",
  "help.drop": "拖入文件后会怎样？",
  "help.drop_answer": "它会放进房间的文件夹，只存一份，房间里的每个人都能看到它到达。可以拖到聊天、列表中的房间或表格中的文件夹上。您自己的原文件不会移动。",
  "help.open": "怎样打开文件？",
  "help.open_answer": "在文件卡片上选择“打开文件”，或在列表行上按 Enter。如果这台电脑上还没有，Pod 会先取回，再用系统默认的程序打开。文件从不会自行打开。",
  "help.second": "可以在第二台电脑上使用吗？",
  "help.second_answer": "可以。在那台电脑上安装 Pod，选择“登录服务器”，使用同样的名称和密码。您的房间、消息和文件会自动同步过来。",
  "help.leave": "怎样离开房间或删除内容？",
  "help.leave_answer": "在成员列表底部可以离开房间，房间会继续存在。自己的消息可以从其菜单删除，所有人都会看到它已被删除。刚删除的文件可以立刻用“撤销”恢复。",
  "help.private": "内容是私密的吗？",
  "help.private_answer": "中间没有任何公司：一切都在您团队的服务器上。传往另一台电脑的途中是加密的；在服务器上没有加密，因此管理那台电脑的人能够读到。请选择您信任的服务器，或自己运行一个。",
};
