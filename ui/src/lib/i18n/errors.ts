// What a person reads for each error code: what happened, then what is (not) lost and what happens next.
// The compiler checks that no code and no language is missing.

import type { ErrorCode } from "../backend/bindings";
import type { Language } from "./i18n.svelte";

export type ErrorText = { what: string; next: string };

export const errorTexts: Record<ErrorCode, Record<Language, ErrorText>> = {
  bad_request: {
    en: { what: "Pod could not read that.", next: "Nothing was changed. Check what you typed." },
    ko: { what: "읽을 수 없는 내용입니다.", next: "바뀐 것은 없습니다. 입력한 것을 확인하세요." },
    zh: { what: "无法读懂该内容。", next: "没有任何更改。请检查您的输入。" },
  },
  invalid_name: {
    en: { what: "This name cannot be used.", next: "It is empty, too long, or has a sign no name may have. Choose another." },
    ko: { what: "쓸 수 없는 이름입니다.", next: "비었거나 너무 길거나 쓸 수 없는 글자가 있습니다. 다른 이름을 고르세요." },
    zh: { what: "不能使用这个名称。", next: "它为空、过长或含有不允许的字符。请换一个。" },
  },
  too_large: {
    en: { what: "This is too large.", next: "Nothing was changed. Cut it into parts." },
    ko: { what: "너무 큽니다.", next: "바뀐 것은 없습니다. 나누어 보내세요." },
    zh: { what: "内容太大。", next: "没有任何更改。请分成几部分。" },
  },
  too_many: {
    en: { what: "That would be one too many.", next: "The limit of this server is reached. Remove something first." },
    ko: { what: "한도를 넘습니다.", next: "이 서버의 한도에 이르렀습니다. 먼저 무언가를 지우세요." },
    zh: { what: "超过了数量限制。", next: "已达到此服务器的上限。请先移除一些。" },
  },
  unauthorized: {
    en: { what: "You need to sign in again.", next: "Nothing is lost. What waits is sent afterwards." },
    ko: { what: "다시 로그인해야 합니다.", next: "잃는 것은 없습니다. 기다리는 것은 그 뒤에 보내집니다." },
    zh: { what: "您需要重新登录。", next: "没有丢失任何内容，等待中的会随后发送。" },
  },
  token_expired: {
    en: { what: "The sign-in ran out for a moment.", next: "Pod renews it by itself." },
    ko: { what: "로그인이 잠시 끊겼습니다.", next: "Pod가 저절로 갱신합니다." },
    zh: { what: "登录短暂过期。", next: "Pod 会自动续期。" },
  },
  wrong_audience: {
    en: { what: "The server refused this request.", next: "Nothing was changed. Start Pod again if it stays so." },
    ko: { what: "서버가 요청을 거절했습니다.", next: "바뀐 것은 없습니다. 계속되면 Pod를 다시 시작하세요." },
    zh: { what: "服务器拒绝了此请求。", next: "没有任何更改。如果持续，请重新启动 Pod。" },
  },
  signed_out: {
    en: { what: "This computer was signed out.", next: "Your rooms stay on the server. Sign in to go on." },
    ko: { what: "이 컴퓨터가 로그아웃되었습니다.", next: "방은 서버에 남아 있습니다. 로그인하면 계속됩니다." },
    zh: { what: "这台电脑已被登出。", next: "您的房间仍在服务器上。登录后即可继续。" },
  },
  wrong_password: {
    en: { what: "Name and password do not fit.", next: "Check both and try again." },
    ko: { what: "이름과 비밀번호가 맞지 않습니다.", next: "둘 다 확인하고 다시 시도하세요." },
    zh: { what: "名称和密码不匹配。", next: "请检查后重试。" },
  },
  weak_password: {
    en: { what: "This password is too short.", next: "Use 8 characters or more." },
    ko: { what: "비밀번호가 너무 짧습니다.", next: "8자 이상으로 하세요." },
    zh: { what: "密码太短。", next: "请使用至少 8 个字符。" },
  },
  name_taken: {
    en: { what: "Someone has this name already.", next: "Choose another, or sign in if it is you." },
    ko: { what: "이미 있는 이름입니다.", next: "다른 이름을 고르거나, 본인이면 로그인하세요." },
    zh: { what: "这个名称已被使用。", next: "请换一个；如果是您本人，请登录。" },
  },
  invite_invalid: {
    en: { what: "This invite does not work any more.", next: "It was used up, is too old, or was cut off when copied. Ask for a new link." },
    ko: { what: "이 초대는 더 이상 쓸 수 없습니다.", next: "다 쓰였거나 오래되었거나 복사할 때 잘렸습니다. 새 링크를 받으세요." },
    zh: { what: "此邀请已失效。", next: "它已用完、过期或复制时不完整。请索取新的链接。" },
  },
  setup_code_needed: {
    en: { what: "The first account needs the setup code.", next: "The server printed it when it was first started." },
    ko: { what: "첫 계정에는 설치 코드가 필요합니다.", next: "서버를 처음 시작할 때 화면에 나옵니다." },
    zh: { what: "首个账户需要安装代码。", next: "服务器首次启动时会显示它。" },
  },
  role_too_low: {
    en: { what: "Your role does not allow this.", next: "Nothing was changed. The owner of the room can change your role." },
    ko: { what: "내 역할로는 할 수 없습니다.", next: "바뀐 것은 없습니다. 방의 소유자가 역할을 바꿀 수 있습니다." },
    zh: { what: "您的角色不允许这样做。", next: "没有任何更改。房间所有者可以更改您的角色。" },
  },
  not_found: {
    en: { what: "It is not there any more.", next: "Someone deleted or moved it, or you may not see it." },
    ko: { what: "더 이상 없습니다.", next: "누가 지웠거나 옮겼거나, 볼 수 없는 것입니다." },
    zh: { what: "它已不存在。", next: "有人删除或移动了它，或者您无权查看。" },
  },
  conflict: {
    en: { what: "Someone else changed this meanwhile.", next: "Nothing of theirs was overwritten. Look again, then repeat." },
    ko: { what: "그사이 다른 사람이 바꿨습니다.", next: "그 내용을 덮어쓰지 않았습니다. 다시 보고 되풀이하세요." },
    zh: { what: "其间有人更改了它。", next: "没有覆盖对方的内容。请再看一遍后重复。" },
  },
  id_reused: {
    en: { what: "The server has another message under this number.", next: "It was not stored twice. Discard it and write it again." },
    ko: { what: "같은 번호의 다른 메시지가 서버에 있습니다.", next: "두 번 저장되지 않았습니다. 버리고 다시 쓰세요." },
    zh: { what: "服务器上已有相同编号的另一条消息。", next: "没有重复存储。请丢弃并重新书写。" },
  },
  name_exists: {
    en: { what: "There is something with this name already.", next: "Both are kept as they are. Choose another name." },
    ko: { what: "같은 이름이 이미 있습니다.", next: "둘 다 그대로 있습니다. 다른 이름을 고르세요." },
    zh: { what: "已有同名的内容。", next: "两者都保持不变。请换一个名称。" },
  },
  gone: {
    en: { what: "It is gone for good.", next: "It was cancelled or waited too long. Begin again." },
    ko: { what: "완전히 사라졌습니다.", next: "취소되었거나 너무 오래 기다렸습니다. 다시 시작하세요." },
    zh: { what: "它已彻底消失。", next: "它被取消或等待太久。请重新开始。" },
  },
  offset_mismatch: {
    en: { what: "The upload lost its place for a moment.", next: "Pod finds it again by itself. Nothing is sent twice." },
    ko: { what: "올리기가 잠시 자리를 놓쳤습니다.", next: "Pod가 저절로 다시 찾습니다. 두 번 보내지 않습니다." },
    zh: { what: "上传位置暂时丢失。", next: "Pod 会自动找回，不会重复发送。" },
  },
  digest_mismatch: {
    en: { what: "The bytes did not arrive as they were sent.", next: "Nothing wrong was kept. Send the file again." },
    ko: { what: "받은 내용이 보낸 것과 다릅니다.", next: "잘못된 것은 저장되지 않았습니다. 파일을 다시 보내세요." },
    zh: { what: "收到的内容与发送的不一致。", next: "没有保留错误内容。请重新发送文件。" },
  },
  unsupported_version: {
    en: { what: "Pod and the server do not speak the same version.", next: "Nothing is lost. Update the older of the two." },
    ko: { what: "Pod와 서버의 버전이 맞지 않습니다.", next: "잃는 것은 없습니다. 오래된 쪽을 업데이트하세요." },
    zh: { what: "Pod 和服务器的版本不一致。", next: "没有丢失任何内容。请更新较旧的一方。" },
  },
  last_owner: {
    en: { what: "A room keeps at least one owner.", next: "Make someone else an owner first." },
    ko: { what: "방에는 소유자가 한 명은 있어야 합니다.", next: "먼저 다른 사람을 소유자로 정하세요." },
    zh: { what: "房间至少要有一位所有者。", next: "请先让其他人成为所有者。" },
  },
  server_disk_full: {
    en: { what: "The server’s disk is full.", next: "What is stored is safe. The upload goes on when there is space." },
    ko: { what: "서버 디스크가 가득 찼습니다.", next: "저장된 것은 안전합니다. 공간이 생기면 올리기가 이어집니다." },
    zh: { what: "服务器磁盘已满。", next: "已存储的内容是安全的。有空间后上传会继续。" },
  },
  interlock_stale: {
    en: { what: "The folder is waiting for the chat server.", next: "Nothing is lost. Pod goes on when both talk again." },
    ko: { what: "폴더가 대화 서버를 기다립니다.", next: "잃는 것은 없습니다. 둘이 다시 이어지면 계속됩니다." },
    zh: { what: "文件夹正在等待聊天服务器。", next: "没有丢失任何内容。两者恢复通信后会继续。" },
  },
  unavailable: {
    en: { what: "The server is busy or starting.", next: "Pod tries again by itself." },
    ko: { what: "서버가 바쁘거나 시작하는 중입니다.", next: "Pod가 저절로 다시 시도합니다." },
    zh: { what: "服务器繁忙或正在启动。", next: "Pod 会自动重试。" },
  },
  rate_limited: {
    en: { what: "Too many tries in a short time.", next: "Wait a minute, then try again." },
    ko: { what: "짧은 시간에 너무 많이 시도했습니다.", next: "1분 뒤에 다시 시도하세요." },
    zh: { what: "短时间内尝试过多。", next: "请等一分钟再试。" },
  },
  slow_consumer: {
    en: { what: "The connection was too slow and was cut.", next: "Pod connects again by itself and catches up." },
    ko: { what: "연결이 너무 느려 끊겼습니다.", next: "Pod가 저절로 다시 연결하고 따라잡습니다." },
    zh: { what: "连接太慢，已断开。", next: "Pod 会自动重新连接并补上。" },
  },
  internal: {
    en: { what: "Something in Pod went wrong.", next: "What is stored is safe. Try again." },
    ko: { what: "Pod 안에서 문제가 생겼습니다.", next: "저장된 것은 안전합니다. 다시 시도하세요." },
    zh: { what: "Pod 内部出现问题。", next: "已存储的内容是安全的。请重试。" },
  },
  offline: {
    en: { what: "The server cannot be reached.", next: "The computer that hosts it may be off. Nothing is lost." },
    ko: { what: "서버에 닿을 수 없습니다.", next: "서버가 있는 컴퓨터가 꺼져 있을 수 있습니다. 잃는 것은 없습니다." },
    zh: { what: "无法连接服务器。", next: "托管它的电脑可能已关机。没有丢失任何内容。" },
  },
  server_not_trusted: {
    en: { what: "This is not the server of your invite.", next: "Pod sent it nothing. Ask the owner for a new link." },
    ko: { what: "초대에 적힌 서버가 아닙니다.", next: "아무것도 보내지 않았습니다. 소유자에게 새 링크를 받으세요." },
    zh: { what: "这不是邀请中的服务器。", next: "Pod 没有向它发送任何内容。请向所有者索取新链接。" },
  },
  keyring_unavailable: {
    en: { what: "This computer’s keyring is locked or missing.", next: "Pod keeps no password elsewhere. Unlock it, then try again." },
    ko: { what: "이 컴퓨터의 열쇠고리가 잠겼거나 없습니다.", next: "다른 곳에 비밀번호를 두지 않습니다. 잠금을 풀고 다시 시도하세요." },
    zh: { what: "这台电脑的密钥环已锁定或不存在。", next: "Pod 不会在别处保存密码。请解锁后重试。" },
  },
  not_signed_in: {
    en: { what: "Nobody is signed in here.", next: "Sign in to go on." },
    ko: { what: "로그인한 사람이 없습니다.", next: "로그인하면 계속됩니다." },
    zh: { what: "这里没有人登录。", next: "登录后即可继续。" },
  },
  file_unreadable: {
    en: { what: "The file cannot be read.", next: "It was moved, deleted or is locked. Put it back, then retry." },
    ko: { what: "파일을 읽을 수 없습니다.", next: "옮겨졌거나 지워졌거나 잠겼습니다. 되돌려 놓고 다시 시도하세요." },
    zh: { what: "无法读取文件。", next: "它被移动、删除或锁定。放回原处后重试。" },
  },
  file_changed: {
    en: { what: "The file changed while it was being sent.", next: "Nothing mixed was stored. Retry sends it as it is now." },
    ko: { what: "보내는 동안 파일이 바뀌었습니다.", next: "섞인 것은 저장되지 않았습니다. 다시 시도하면 지금 것을 보냅니다." },
    zh: { what: "文件在发送过程中发生了更改。", next: "没有存储混杂的内容。重试会发送现在的文件。" },
  },
  disk_full: {
    en: { what: "This disk is full.", next: "What has arrived is kept. Free some space, then it goes on." },
    ko: { what: "이 디스크가 가득 찼습니다.", next: "받은 것은 남아 있습니다. 공간을 비우면 이어집니다." },
    zh: { what: "此磁盘已满。", next: "已到达的内容会保留。腾出空间后会继续。" },
  },
  newer_data: {
    en: { what: "The data here was written by a newer Pod.", next: "It was not touched. Install the newer Pod." },
    ko: { what: "더 새로운 Pod가 쓴 데이터입니다.", next: "건드리지 않았습니다. 새 Pod를 설치하세요." },
    zh: { what: "这里的数据由更新版的 Pod 写入。", next: "没有改动它。请安装新版 Pod。" },
  },
  ambiguous: {
    en: { what: "Several things have this name.", next: "Nothing was changed. Choose one from the list." },
    ko: { what: "같은 이름이 여러 개 있습니다.", next: "바뀐 것은 없습니다. 목록에서 고르세요." },
    zh: { what: "有多个同名内容。", next: "没有任何更改。请从列表中选择。" },
  },
  cancelled: {
    en: { what: "It was cancelled.", next: "Nothing of it was kept." },
    ko: { what: "취소되었습니다.", next: "남은 것은 없습니다." },
    zh: { what: "已取消。", next: "没有保留任何内容。" },
  },
};
