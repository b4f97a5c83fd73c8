//! The parts of a desktop beside its windows: notifications, and where wanted a tray. Played by a small program on the
//! session bus, which says what it is given and does what a person would do with it.

use super::screen::Screen;
use crate::process::{Launch, Process};
use crate::wait;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A notification on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number.
    pub id: u64,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
}

/// The desktop.
#[derive(Debug)]
pub struct Desk<'a> {
    screen: &'a Screen,
    process: Process,
}

impl<'a> Desk<'a> {
    /// A desktop that shows notifications and tray icons.
    pub async fn with_tray(screen: &'a Screen) -> Self {
        Self::start(screen, &["--tray"]).await
    }

    /// A desktop that shows notifications, and has no tray.
    pub async fn without_tray(screen: &'a Screen) -> Self {
        Self::start(screen, &[]).await
    }

    async fn start(screen: &'a Screen, args: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("desktop/desk.py");
        let mut words = vec![script.display().to_string()];
        words.extend(args.iter().map(|arg| (*arg).to_owned()));
        let process = Process::start(&Launch {
            // The system's Python: the bindings of the bus belong to it.
            program: "/usr/bin/python3".into(),
            args: words,
            env: screen.env().to_vec(),
            log: screen.folder().join("desk.log"),
        });
        let desk = Self { screen, process };
        desk.process.line_from(0, "that it is there", |line| line.contains("ready")).await;
        desk
    }

    /// Waits until Pod's icon is in the tray.
    pub async fn has_icon(&self) {
        self.has_icons(1).await;
    }

    /// Waits until so many icons came, one with each start; what is asked of the tray goes to the newest.
    pub async fn has_icons(&self, count: usize) {
        let mut from = 0;
        for _ in 0..count {
            let came = |line: &str| line.contains("\"tray\"");
            from = self.process.line_from(from, "that an icon came", came).await.0 + 1;
        }
    }

    /// All notifications so far.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        self.process.lines().iter().filter_map(|line| notice(line)).collect()
    }

    /// Waits for a notification with this text.
    pub async fn notice(&self, body: &str) -> Notice {
        let fits = |line: &str| notice(line).is_some_and(|notice| notice.body.contains(body));
        let (_, line) = self.process.line_from(0, &format!("a notification {body:?}"), fits).await;
        notice(&line).expect("it was one a moment ago")
    }

    /// Waits until a notification was taken down by the program that showed it.
    pub async fn is_taken_down(&self, notice: &Notice) {
        let fits = |line: &str| said(line, "closed").and_then(|id| id.as_u64()) == Some(notice.id);
        self.process.line_from(0, &format!("the end of {notice:?}"), fits).await;
    }

    /// Waits until the task bar shows this number on Pod's icon; 0: none.
    pub async fn has_count(&self, count: u64) {
        wait::until(&format!("{count} on the icon"), async || {
            let lines = self.process.lines();
            let told = lines
                .iter()
                .rev()
                .find_map(|line| Some((said(line, "count")?.as_u64()?, said(line, "visible")?.as_bool()?)));
            (told == Some((count, count > 0))).then_some(())
        })
        .await;
    }

    /// Clicks a notification.
    pub async fn click(&self, notice: &Notice) {
        self.call("Click", &[&notice.id.to_string()]).await;
    }

    /// Chooses an entry of the tray icon's menu.
    pub async fn choose(&self, label: &str) {
        self.call("Choose", &[label]).await;
    }

    /// The entries of the tray icon's menu.
    pub async fn labels(&self) -> String {
        self.call("Labels", &[]).await
    }

    /// The file that is the tray's icon now.
    pub async fn icon(&self) -> PathBuf {
        let said = self.call("Icon", &[]).await;
        PathBuf::from(said.trim().trim_start_matches("('").trim_end_matches("',)"))
    }

    async fn call(&self, method: &str, args: &[&str]) -> String {
        let method = format!("app.pod.Test.{method}");
        let words = ["call", "--session", "--dest", "app.pod.Test", "--object-path", "/test", "--method"];
        let mut command = self.screen.command("gdbus");
        let output = command.args(words).arg(&method).args(args).output().await.expect("gdbus runs");
        let (said, wrong) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{method} {args:?}: {wrong}{}", self.process.log_tail());
        said.into_owned()
    }

    /// Takes it off the screen.
    pub async fn end(mut self) {
        self.process.kill().await;
    }
}

fn said(line: &str, what: &str) -> Option<Value> {
    serde_json::from_str::<Value>(line).ok()?.get(what).cloned()
}

fn notice(line: &str) -> Option<Notice> {
    let said = serde_json::from_str::<Value>(line).ok()?;
    let text = |name: &str| said[name].as_str().map(str::to_owned);
    Some(Notice { id: said["notice"].as_u64()?, title: text("title")?, body: text("body")? })
}
