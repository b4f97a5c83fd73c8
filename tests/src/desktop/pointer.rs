//! The mouse: xdotool moves it, and two small GTK programs are the windows that files are dragged out of and into.

use super::screen::Screen;
use crate::process::{Launch, Process};
use crate::wait;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Longer than a window takes to answer a step of a drag.
const STEP_TOLD: Duration = Duration::from_secs(2);

/// A place on the screen, in pixels.
pub type Place = (i32, i32);

/// The mouse of a screen.
#[derive(Debug)]
pub struct Pointer<'a> {
    screen: &'a Screen,
}

impl<'a> Pointer<'a> {
    /// The mouse of this screen.
    #[must_use]
    pub fn new(screen: &'a Screen) -> Self {
        Self { screen }
    }

    /// The windows of a process that are on the screen, newest last.
    pub async fn windows_of(&self, process: &str) -> Vec<String> {
        let output =
            self.screen.command("xdotool").args(["search", "--onlyvisible", "--pid", process]).output().await;
        let output = output.expect("xdotool runs");
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
    }

    /// Waits for the window of a process whose title contains a text.
    pub async fn window_titled(&self, process: &str, title: &str) -> String {
        wait::until(&format!("a window titled {title:?}"), async || {
            for window in self.windows_of(process).await {
                let name =
                    self.screen.command("xdotool").args(["getwindowname", &window]).output().await.ok()?;
                if String::from_utf8_lossy(&name.stdout).contains(title) {
                    return Some(window);
                }
            }
            None
        })
        .await
    }

    /// Waits until a window of a process is not on the screen any more.
    pub async fn is_gone(&self, process: &str, window: &str) {
        wait::until("a window to go", async || {
            (!self.windows_of(process).await.iter().any(|there| there == window)).then_some(())
        })
        .await;
    }

    /// Waits until a window has the keyboard.
    pub async fn is_active(&self, window: &str) {
        wait::until("a window to have the keyboard", async || {
            let output = self.screen.command("xdotool").arg("getactivewindow").output().await.ok()?;
            (String::from_utf8_lossy(&output.stdout).trim() == window).then_some(())
        })
        .await;
    }

    /// Waits until one of these windows has the keyboard.
    pub async fn is_active_one_of(&self, windows: &[String]) {
        wait::until("one of the windows to have the keyboard", async || {
            let output = self.screen.command("xdotool").arg("getactivewindow").output().await.ok()?;
            let active = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            windows.contains(&active).then_some(())
        })
        .await;
    }

    /// Puts a window to a place, at a size, and on top.
    pub async fn arrange(&self, window: &str, at: Place, size: Place) {
        let (x, y, w, h) = (at.0.to_string(), at.1.to_string(), size.0.to_string(), size.1.to_string());
        self.xdotool(&["windowsize", window, &w, &h, "windowmove", window, &x, &y, "windowraise", window])
            .await;
        wait::until("a window to be in its place", async || {
            (self.place_of(window).await? == at).then_some(())
        })
        .await;
    }

    /// Where a window is and how large: x, y, width, height.
    pub async fn rect_of(&self, window: &str) -> Option<[i32; 4]> {
        let mut command = self.screen.command("xdotool");
        let output = command.args(["getwindowgeometry", "--shell", window]).output().await.ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let number = |name: &str| {
            text.lines().find_map(|line| line.strip_prefix(name)).and_then(|value| value.parse::<i32>().ok())
        };
        Some([number("X=")?, number("Y=")?, number("WIDTH=")?, number("HEIGHT=")?])
    }

    /// Types into the window that has the focus.
    pub async fn type_text(&self, text: &str) {
        self.xdotool(&["type", "--delay", "15", text]).await;
    }

    /// Presses a key, with others held: `ctrl+l`.
    pub async fn key(&self, key: &str) {
        self.xdotool(&["key", key]).await;
    }

    /// Brings a window to the front and gives it the focus.
    pub async fn focus(&self, window: &str) {
        self.xdotool(&["windowactivate", "--sync", window]).await;
    }

    /// Where the upper left corner of a window is.
    pub async fn place_of(&self, window: &str) -> Option<Place> {
        let output = self
            .screen
            .command("xdotool")
            .args(["getwindowgeometry", "--shell", window])
            .output()
            .await
            .ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let number = |name: &str| {
            text.lines().find_map(|line| line.strip_prefix(name)).and_then(|value| value.parse::<i32>().ok())
        };
        Some((number("X=")?, number("Y=")?))
    }

    /// Drags real files from a window of another program and lets them go at a place.
    pub async fn drop_files(&self, files: &[PathBuf], target: Place, held: impl AsyncFnOnce()) {
        self.drag(files, target, None, held).await;
    }

    /// The same, with a key held when they are let go.
    pub async fn drop_files_with(
        &self,
        key: &str,
        files: &[PathBuf],
        target: Place,
        held: impl AsyncFnOnce(),
    ) {
        self.drag(files, target, Some(key), held).await;
    }

    async fn drag(&self, files: &[PathBuf], target: Place, key: Option<&str>, held: impl AsyncFnOnce()) {
        let source: Place = (target.0.max(40) - 20, 6);
        let source = (source.0.min(1400), source.1);
        let program = self.source(source, files);
        program.line_from(0, "that it is there", |line| line == "ready").await;
        let (x, y) = (source.0 + 60, source.1 + 25);
        self.move_to((x, y)).await;
        self.xdotool(&["mousedown", "1"]).await;
        // The first steps make a press into a drag.
        for step in 1..=6 {
            self.move_to((x + 4 * step, y + 4 * step)).await;
        }
        program.line_from(0, "that a drag began", |line| line == "begin").await;
        let steps = 12;
        for step in 1..=steps {
            let part = |from: i32, to: i32| from + (to - from) * step / steps;
            self.move_to((part(x, target.0), part(y, target.1))).await;
        }
        // The window under the pointer asks what is coming; moving on the spot keeps telling it where.
        let asked = async {
            program.line_from(0, "that the target looked at the files", |line| line == "asked").await;
        };
        tokio::select! {
            () = asked => {}
            () = self.nudge(target) => {}
        }
        if let Some(key) = key {
            self.xdotool(&["keydown", key]).await;
        }
        // The nudging may have ended beside the target, and a step that comes while the target still answers the one
        // before it is never told: the last step is made again until what hangs there is seen where it is held.
        let mut seen = std::pin::pin!(held());
        loop {
            self.move_to((target.0 + 1, target.1)).await;
            self.move_to(target).await;
            if tokio::time::timeout(STEP_TOLD, &mut seen).await.is_ok() {
                break;
            }
        }
        self.xdotool(&["mouseup", "1"]).await;
        if let Some(key) = key {
            self.xdotool(&["keyup", key]).await;
        }
        let (_, end) = program.line_from(0, "how the drag ended", |line| line.starts_with("end")).await;
        assert_eq!(end, "end ok", "the files were not taken");
    }

    /// Drags with the button down from one place to another, and lets go there.
    pub async fn drag_to(&self, from: Place, to: Place) {
        self.press_and_move(from, to).await;
        self.xdotool(&["mouseup", "1"]).await;
    }

    /// Drags what is under the pointer at this place into a window of another program, and gives the paths of the
    /// files that came there.
    pub async fn drag_into_other_program(&self, from: Place) -> Vec<PathBuf> {
        let corner: Place = (1440, 6);
        let program = self.other_program("drag_target.py", corner, &[]);
        program.line_from(0, "that it is there", |line| line == "ready").await;
        let target = (corner.0 + 80, corner.1 + 30);
        self.press_and_move(from, target).await;
        // What is dragged begins to hang on the pointer a moment later; moving on the spot tells where it is.
        let over = async {
            program.line_from(0, "that files hang over it", |line| line == "over").await;
        };
        tokio::select! {
            () = over => {}
            () = self.nudge(target) => {}
        }
        self.xdotool(&["mouseup", "1"]).await;
        let (_, given) = program.line_from(0, "which files it was given", |line| line.starts_with('[')).await;
        serde_json::from_str(&given).expect("paths are a list")
    }

    /// The first steps make a press into a drag.
    async fn press_and_move(&self, from: Place, to: Place) {
        self.move_to(from).await;
        self.xdotool(&["mousedown", "1"]).await;
        for step in 1..=6 {
            self.move_to((from.0 + 2 * step, from.1 + 2 * step)).await;
        }
        let steps = 8;
        for step in 1..=steps {
            let part = |from: i32, to: i32| from + (to - from) * step / steps;
            self.move_to((part(from.0, to.0), part(from.1, to.1))).await;
        }
    }

    /// Moves on the spot until nobody waits for it any more.
    async fn nudge(&self, target: Place) {
        wait::until_within(wait::STEP, "the target to look", async || {
            self.move_to((target.0 + 1, target.1)).await;
            self.move_to(target).await;
            None::<()>
        })
        .await;
    }

    fn source(&self, at: Place, files: &[PathBuf]) -> Process {
        self.other_program("drag_source.py", at, files)
    }

    fn other_program(&self, script: &str, at: Place, files: &[PathBuf]) -> Process {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("desktop").join(script);
        let mut args = vec![script.display().to_string(), at.0.to_string(), at.1.to_string()];
        args.extend(files.iter().map(|file| file.display().to_string()));
        Process::start(&Launch {
            // The system's Python: the GTK bindings belong to it.
            program: "/usr/bin/python3".into(),
            args,
            env: self.screen.env().to_vec(),
            log: self.screen.folder().join("drag.log"),
        })
    }

    /// Moves to a place on the screen.
    pub async fn move_to(&self, place: Place) {
        self.xdotool(&["mousemove", "--sync", &place.0.to_string(), &place.1.to_string()]).await;
    }

    async fn xdotool(&self, args: &[&str]) {
        let output = self.screen.command("xdotool").args(args).output().await.expect("xdotool runs");
        assert!(output.status.success(), "xdotool {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
