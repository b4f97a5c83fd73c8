//! A screen of the test's own: X server, window manager, session bus, keyring. Nothing of it is left when it ends.

use crate::process::{Launch, Process, WORLD_MARK};
use crate::wait;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::process::Command;

/// A bar that grows and a caret that blinks never stand still: nobody waits longer than this for a picture.
const STILL_WITHIN: std::time::Duration = std::time::Duration::from_secs(5);

/// Room for two windows of Pod side by side.
const SIZE: &str = "1640x980x24";

/// A screen.
#[derive(Debug)]
pub struct Screen {
    folder: Option<TempDir>,
    artefacts: PathBuf,
    env: Vec<(String, String)>,
    mark: String,
    /// Started in this order, ended in the opposite one.
    processes: Vec<Process>,
}

impl Screen {
    /// Starts all of it. Pictures go to `artefacts/desktop/NAME`.
    pub async fn start(name: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("pod-desk-").tempdir().expect("a temporary folder");
        let artefacts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../artefacts/desktop").join(name);
        std::fs::create_dir_all(&artefacts).expect("the folder for pictures can be made");
        let mark = format!("desktop-{}", uuid::Uuid::now_v7());
        let mut screen = Self {
            env: plain_env(folder.path(), &mark),
            folder: Some(folder),
            artefacts,
            mark,
            processes: Vec::new(),
        };
        for folder in ["home", "run"] {
            private_folder(&screen.folder().join(folder));
        }
        let display = screen.server().await;
        screen.env.push(("DISPLAY".into(), format!(":{display}")));
        let bus = screen.bus().await;
        screen.env.push(("DBUS_SESSION_BUS_ADDRESS".into(), bus));
        screen.keyring().await;
        screen.window_manager().await;
        screen
    }

    async fn server(&mut self) -> String {
        let args = ["-displayfd", "1", "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"];
        let (_, number) = self.add("Xvfb", &args).line_from(0, "its display", |_| true).await;
        number
    }

    async fn bus(&mut self) -> String {
        let args = ["--session", "--nofork", "--nopidfile", "--print-address=1"];
        let (_, address) = self.add("dbus-daemon", &args).line_from(0, "its address", |_| true).await;
        address
    }

    /// Unlocked with a password, as signing in to a desktop does.
    async fn keyring(&mut self) {
        let password = self.folder().join("keyring-password");
        std::fs::write(&password, "a password of the test").expect("a file can be written");
        let line = format!(
            "exec gnome-keyring-daemon --foreground --unlock --components=secrets < {}",
            password.display()
        );
        self.add("sh", &["-c", &line]);
        self.until_done(
            "the keyring",
            "gdbus",
            &["wait", "--session", "--timeout", "1", "org.freedesktop.secrets"],
        )
        .await;
    }

    async fn window_manager(&mut self) {
        self.add("openbox", &["--sm-disable"]);
        self.until_done("the window manager", "wmctrl", &["-m"]).await;
    }

    async fn until_done(&self, what: &str, program: &str, args: &[&str]) {
        wait::until(what, async || {
            let output = self.command(program).args(args).output().await.ok()?;
            output.status.success().then_some(())
        })
        .await;
    }

    /// Starts a program that belongs to the screen.
    pub fn add(&mut self, program: &str, args: &[&str]) -> &Process {
        let launch = self.launch(program, args);
        self.processes.push(Process::start(&launch));
        self.processes.last().expect("it was just added")
    }

    fn launch(&self, program: &str, args: &[&str]) -> Launch {
        Launch {
            program: program.into(),
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            env: self.env.clone(),
            log: self.folder().join("screen.log"),
        }
    }

    /// A command on this screen.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.envs(self.env.iter().map(|(name, value)| (name, value))).kill_on_drop(true);
        command
    }

    /// The environment of programs on this screen.
    #[must_use]
    pub fn env(&self) -> &[(String, String)] {
        &self.env
    }

    /// A folder that goes with the screen.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.as_ref().expect("the screen has not ended").path()
    }

    /// Where pictures are kept.
    #[must_use]
    pub fn artefacts(&self) -> &Path {
        &self.artefacts
    }

    /// A picture of the whole screen, once it stands still; one on which something moves is taken as it is after a while.
    pub async fn picture(&self, name: &str) {
        let path = self.artefacts.join(format!("{name}.png"));
        let mut last = Vec::new();
        let still = wait::deadline(STILL_WITHIN, async || {
            let now = self.command("import").args(["-window", "root", "ppm:-"]).output().await.ok()?.stdout;
            let still = now == last;
            last = now;
            still.then_some(())
        });
        let _: Option<()> = still.await;
        let done = self.command("import").args(["-window", "root"]).arg(&path).status().await;
        assert!(done.is_ok_and(|status| status.success()), "no picture {}", path.display());
    }

    /// Ends it; fails if a program of the test is left.
    pub async fn end(mut self) {
        while let Some(mut process) = self.processes.pop() {
            process.kill().await;
        }
        // What the bus started by itself ends when it notices that the bus is gone.
        for id in crate::world::processes_with(&self.mark) {
            drop(
                Command::new("kill").args(["-KILL", &id]).stderr(std::process::Stdio::null()).status().await,
            );
        }
        wait::until("everything on the screen to be gone", async || {
            crate::world::processes_with(&self.mark).is_empty().then_some(())
        })
        .await;
        if let Some(folder) = self.folder.take() {
            folder.close().expect("the folder of the screen can be removed");
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if self.folder.is_none() {
            return;
        }
        for id in crate::world::processes_with(&self.mark) {
            drop(std::process::Command::new("kill").args(["-KILL", &id]).status());
        }
        if let Some(folder) = self.folder.take()
            && std::thread::panicking()
        {
            // The logs of what went wrong stay beside the pictures.
            let target = self.artefacts.join("failed");
            drop(std::fs::remove_dir_all(&target));
            drop(std::fs::create_dir_all(&target));
            for entry in std::fs::read_dir(folder.path()).into_iter().flatten().filter_map(Result::ok) {
                if entry.path().extension().is_some_and(|extension| extension == "log") {
                    drop(std::fs::copy(entry.path(), target.join(entry.file_name())));
                }
            }
        }
    }
}

/// Nothing of the person who runs the tests: no settings, no files, no other bus.
fn plain_env(folder: &Path, mark: &str) -> Vec<(String, String)> {
    let place = |name: &str| folder.join(name).display().to_string();
    let mut env = vec![
        (WORLD_MARK.to_owned(), mark.to_owned()),
        ("HOME".to_owned(), place("home")),
        ("XDG_RUNTIME_DIR".to_owned(), place("run")),
        ("XDG_CONFIG_HOME".to_owned(), place("home/.config")),
        ("XDG_DATA_HOME".to_owned(), place("home/.local/share")),
        ("XDG_CACHE_HOME".to_owned(), place("home/.cache")),
    ];
    let fixed = [
        ("LANG", "C.UTF-8"),
        ("LC_ALL", "C.UTF-8"),
        ("GDK_BACKEND", "x11"),
        ("GIO_USE_VFS", "local"),
        ("GSETTINGS_BACKEND", "memory"),
        ("GTK_USE_PORTAL", "0"),
        ("WAYLAND_DISPLAY", ""),
        ("XDG_CURRENT_DESKTOP", ""),
    ];
    env.extend(fixed.map(|(name, value)| (name.to_owned(), value.to_owned())));
    env
}

/// A folder for this person alone, as the session bus and the keyring ask for.
pub(super) fn private_folder(path: &Path) {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).expect("a folder can be made");
}
