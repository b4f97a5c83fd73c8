//! The few sentences the shell says itself, in notifications: one table by language. All others are the page's.
//!
//! Names and texts of people stand alone in a notification's title or body wherever that is possible, so that no
//! sentence is joined from parts.

mod notices;
#[cfg(test)]
mod tests;

pub(crate) use notices::notice;

/// A language Pod speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// English.
    English,
    /// Korean.
    Korean,
    /// Chinese.
    Chinese,
}

impl Language {
    /// The language of a setting or of a system's locale; English where it is none of ours.
    pub(crate) fn of(tag: &str) -> Self {
        match tag.split(['-', '_', '.']).next() {
            Some("ko") => Self::Korean,
            Some("zh") => Self::Chinese,
            Some(_) | None => Self::English,
        }
    }
}

/// What the system's dialog for files is called.
pub(crate) fn choose_files(language: Language) -> &'static str {
    match language {
        Language::English => "Choose files",
        Language::Korean => "파일 선택",
        Language::Chinese => "选择文件",
    }
}

/// What the system's dialog for a room's picture is called.
pub(crate) fn choose_picture(language: Language) -> &'static str {
    match language {
        Language::English => "Choose a picture",
        Language::Korean => "사진 선택",
        Language::Chinese => "选择图片",
    }
}

/// What the system's dialog for a skin is called.
pub(crate) fn choose_skin(language: Language) -> &'static str {
    match language {
        Language::English => "Choose a skin",
        Language::Korean => "스킨 선택",
        Language::Chinese => "选择皮肤",
    }
}

/// Title and text: Pod goes on in the tray.
pub(crate) fn in_tray(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::English => (
            "Pod is still running",
            "Messages and files keep arriving. To quit, click the Pod icon in the tray.",
        ),
        Language::Korean => (
            "Pod가 계속 실행 중입니다",
            "메시지와 파일을 계속 받습니다. 종료하려면 트레이의 Pod 아이콘을 누르세요.",
        ),
        Language::Chinese => ("Pod 仍在运行", "消息和文件会继续接收。要退出，请点按托盘中的 Pod 图标。"),
    }
}

/// Title, text and button: the server on this computer goes on when Pod has quit.
pub(crate) fn server_stays(language: Language) -> (&'static str, &'static str, &'static str) {
    match language {
        Language::English => (
            "The server keeps running",
            "The server on this computer keeps running, so that the others can go on. You can stop it in Pod's settings.",
            "Quit Pod",
        ),
        Language::Korean => (
            "서버는 계속 실행됩니다",
            "다른 사람들이 계속 쓸 수 있도록 이 컴퓨터의 서버는 켜져 있습니다. Pod 설정에서 멈출 수 있습니다.",
            "Pod 종료",
        ),
        Language::Chinese => (
            "服务器会继续运行",
            "这台电脑上的服务器会继续运行，其他人可以照常使用。你可以在 Pod 的设置中停止它。",
            "退出 Pod",
        ),
    }
}

/// The entries of a menu.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MenuWords {
    /// Brings the main window back.
    pub(crate) open: &'static str,
    /// Makes a room.
    pub(crate) new_room: &'static str,
    /// Stops all transfers.
    pub(crate) pause_all: &'static str,
    /// Lets them go on.
    pub(crate) resume_all: &'static str,
    /// Opens the settings.
    pub(crate) settings: &'static str,
    /// Quits.
    pub(crate) quit: &'static str,
}

/// The menu of the tray.
pub(crate) fn menu(language: Language) -> MenuWords {
    match language {
        Language::English => MenuWords {
            open: "Open Pod",
            new_room: "New room",
            pause_all: "Pause all transfers",
            resume_all: "Resume all transfers",
            settings: "Settings",
            quit: "Quit",
        },
        Language::Korean => MenuWords {
            open: "Pod 열기",
            new_room: "새 방",
            pause_all: "전송 모두 멈춤",
            resume_all: "전송 모두 계속",
            settings: "설정",
            quit: "종료",
        },
        Language::Chinese => MenuWords {
            open: "打开 Pod",
            new_room: "新建房间",
            pause_all: "暂停全部传输",
            resume_all: "继续全部传输",
            settings: "设置",
            quit: "退出",
        },
    }
}

/// The name of a picture from the clipboard, before the time.
pub(crate) fn pasted(language: Language) -> &'static str {
    match language {
        Language::English => "Pasted picture",
        Language::Korean => "붙여넣은 사진",
        Language::Chinese => "粘贴的图片",
    }
}

/// The menu bar of macOS, beside what the tray has.
#[cfg(any(target_os = "macos", test))]
#[derive(Clone, Copy, Debug)]
pub(crate) struct BarWords {
    pub(crate) file: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) view: &'static str,
    pub(crate) window: &'static str,
    pub(crate) help: &'static str,
    pub(crate) jump: &'static str,
    pub(crate) messages: &'static str,
    pub(crate) pod_help: &'static str,
}

/// The menu bar of macOS.
#[cfg(any(target_os = "macos", test))]
pub(crate) fn bar(language: Language) -> BarWords {
    match language {
        Language::English => BarWords {
            file: "File",
            edit: "Edit",
            view: "View",
            window: "Window",
            help: "Help",
            jump: "Jump to…",
            messages: "Messages",
            pod_help: "Keys and help",
        },
        Language::Korean => BarWords {
            file: "파일",
            edit: "편집",
            view: "보기",
            window: "윈도우",
            help: "도움말",
            jump: "바로 가기…",
            messages: "메시지",
            pod_help: "단축키와 도움말",
        },
        Language::Chinese => BarWords {
            file: "文件",
            edit: "编辑",
            view: "显示",
            window: "窗口",
            help: "帮助",
            jump: "跳转到…",
            messages: "消息",
            pod_help: "快捷键与帮助",
        },
    }
}
