//! The sentences of the page, in three languages.

/// One language.
pub(super) struct Words {
    pub(super) language: &'static str,
    /// `{name}` invites to the room `{title}` on `{server}`.
    pub(super) room: &'static str,
    /// `{name}` invites to a conversation on `{server}`.
    pub(super) talk: &'static str,
    /// An invite to `{server}`.
    pub(super) server: &'static str,
    pub(super) steps_intro: &'static str,
    pub(super) step_get: &'static str,
    pub(super) step_open: &'static str,
    pub(super) step_name: &'static str,
    pub(super) button: &'static str,
    pub(super) keep: &'static str,
    pub(super) over_title: &'static str,
    pub(super) over: &'static str,
}

const EN: Words = Words {
    language: "en",
    room: "{name} invites you to “{title}” on {server}",
    talk: "{name} invites you to a conversation on {server}",
    server: "You are invited to {server}",
    steps_intro: "In Pod, every group chat is a shared folder. Three steps and you are in:",
    step_get: "Install Pod on your computer. Whoever sent you this link can tell you where to get it.",
    step_open: "Come back to this page and press the button below.",
    step_name: "Choose a name and a password. If you have an account here already, sign in with it.",
    button: "Open in Pod",
    keep: "Nothing happens when you press it? Copy the address of this page and paste it into Pod.",
    over_title: "This invitation is no longer valid",
    over: "It may have been used up, taken back, or run out. Ask the person who sent it for a new link.",
};

const KO: Words = Words {
    language: "ko",
    room: "{name}님이 {server}의 “{title}” 방에 초대했습니다",
    talk: "{name}님이 {server}에서 대화에 초대했습니다",
    server: "{server}에 초대받았습니다",
    steps_intro: "Pod에서는 모든 단체 대화방이 곧 공유 폴더입니다. 세 단계면 됩니다.",
    step_get: "컴퓨터에 Pod를 설치하세요. 어디에서 받는지는 이 링크를 보낸 사람에게 물어보세요.",
    step_open: "이 페이지로 돌아와 아래 버튼을 누르세요.",
    step_name: "이름과 비밀번호를 정하세요. 이 서버에 이미 계정이 있으면 그 계정으로 로그인하세요.",
    button: "Pod에서 열기",
    keep: "버튼을 눌러도 아무 일이 없나요? 이 페이지의 주소를 복사해서 Pod에 붙여 넣으세요.",
    over_title: "이 초대는 더 이상 유효하지 않습니다",
    over: "이미 모두 사용되었거나, 취소되었거나, 기간이 지났을 수 있습니다. 보낸 사람에게 새 링크를 부탁하세요.",
};

const ZH: Words = Words {
    language: "zh",
    room: "{name} 邀请你加入 {server} 上的“{title}”",
    talk: "{name} 邀请你在 {server} 上聊天",
    server: "你受邀加入 {server}",
    steps_intro: "在 Pod 里，每个群聊都是一个共享文件夹。只需三步：",
    step_get: "在电脑上安装 Pod。到哪里下载，可以问给你发这个链接的人。",
    step_open: "回到这个页面，点击下面的按钮。",
    step_name: "取一个名字，设一个密码。如果你在这里已有账号，直接登录即可。",
    button: "在 Pod 中打开",
    keep: "点击后没有反应？请复制本页地址，粘贴到 Pod 里。",
    over_title: "这个邀请已失效",
    over: "它可能已被用完、被收回或已过期。请向发送者要一个新的链接。",
};

impl Words {
    /// The language that the browser likes best of those there are.
    pub(super) fn of(accepted: Option<&str>) -> &'static Self {
        let mut best: (f32, &'static Self) = (0.0, &EN);
        for part in accepted.unwrap_or_default().split(',').take(32) {
            let (name, rest) = part.split_once(';').unwrap_or((part, ""));
            let weight = rest.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
            let name = name.trim().to_ascii_lowercase();
            let words = match name.split('-').next() {
                Some("en") => &EN,
                Some("ko") => &KO,
                Some("zh") => &ZH,
                _ => continue,
            };
            if weight > best.0 {
                best = (weight, words);
            }
        }
        best.1
    }
}
