//! One person at the screen: a home of their own, and their Pod in it, opened, closed, killed and opened again.
//!
//! Two stand-ins for the person's other programs are on their path: `xdg-open` notes what it is asked to open. All
//! else is the real thing.

use super::page::Page;
use super::screen::{Screen, private_folder};
use super::webdriver::Session;
use crate::process::{WORLD_MARK, program, tail};
use crate::wait;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Stands for the viewer of the person's files.
const XDG_OPEN: &str = "#!/bin/sh\nprintf '%s\\n' \"$1\" >> \"$HOME/opened.txt\"\n";

/// The driver takes a picture of what is drawn next, and a page at rest draws nothing: a dot that nobody sees is drawn for
/// some frames.
const DRAWS: &str = "const dot = document.createElement('i');
    dot.style.cssText = 'position: fixed; left: 0; top: 0; width: 1px; height: 1px';
    document.body.append(dot);
    let frames = 120;
    const draw = () => {
        dot.style.background = frames % 2 ? 'rgba(0, 0, 0, .01)' : 'rgba(0, 0, 0, .02)';
        frames -= 1;
        if (frames > 0) requestAnimationFrame(draw);
        else dot.remove();
    };
    draw()";

/// A person.
#[derive(Debug)]
pub struct Seat {
    /// What they call themselves.
    pub name: String,
    home: PathBuf,
    env: Vec<(String, String)>,
    mark: String,
    log: PathBuf,
    session: Option<Session>,
}

impl Seat {
    /// A person with an empty home.
    #[must_use]
    pub fn new(screen: &Screen, name: &str) -> Self {
        let home = screen.folder().join(name);
        let programs = home.join("bin");
        private_folder(&home);
        std::fs::create_dir_all(&programs).expect("a folder can be made");
        write_program(&programs.join("xdg-open"), XDG_OPEN);
        let path = std::env::var("PATH").unwrap_or_default();
        let place = |name: &str| home.join(name).display().to_string();
        let mark = format!("seat-{}", uuid::Uuid::now_v7());
        let own = [
            ("HOME", home.display().to_string()),
            ("PATH", format!("{}:{path}", programs.display())),
            ("XDG_CONFIG_HOME", place(".config")),
            ("XDG_DATA_HOME", place(".local/share")),
            ("XDG_CACHE_HOME", place(".cache")),
            ("XDG_DOWNLOAD_DIR", place("Downloads")),
            ("POD_PROFILE", place("profile")),
            ("POD_LOG", "info".to_owned()),
            ("POD_TEST_SEAT", mark.clone()),
            ("TAURI_WEBVIEW_AUTOMATION", "true".to_owned()),
        ];
        let mut env = screen.env().to_vec();
        for (name, value) in own {
            env.retain(|(known, _)| known != name);
            env.push((name.to_owned(), value));
        }
        let log = screen.folder().join(format!("{name}.log"));
        Self { name: name.to_owned(), home, env, mark, log, session: None }
    }

    /// With a variable of their own in the environment of their programs.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.env.retain(|(known, _)| known != name);
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Their home.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Starts their Pod.
    pub async fn open(&mut self) {
        self.open_with(&[]).await;
    }

    /// Starts their Pod with words of the command line.
    pub async fn open_with(&mut self, args: &[&str]) {
        assert!(self.session.is_none(), "{}'s Pod is open already", self.name);
        let args = args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>();
        let session = Session::start(&program("pod"), &args, &self.env, &self.log).await;
        self.session = Some(session);
    }

    fn session(&self) -> &Session {
        self.session.as_ref().expect("their Pod is open")
    }

    /// Waits for a window whose page fits the question, a script that answers with true, and gives its handle.
    async fn window(&self, what: &str, fits: &str) -> String {
        let session = self.session();
        let mut seen = String::new();
        let found = wait::deadline(wait::STEP, async || {
            let handles = session.windows().await.map_err(|error| seen = error).ok()?;
            seen = format!("{} windows", handles.len());
            for handle in handles {
                match Page::new(session, &handle).script(fits, json!([])).await {
                    Ok(answer) if answer == true => return Some(handle),
                    Ok(_) => {}
                    Err(error) => seen = format!("{seen}; {error}"),
                }
            }
            None
        })
        .await;
        found.unwrap_or_else(|| {
            panic!("{} waited in vain for {what} ({seen}); log:\n{}", self.name, tail(&self.log))
        })
    }

    /// Their main window.
    pub async fn main(&self) -> Window<'_> {
        let fits = "return !/[?&](room|folder|transfers)/.test(location.search)";
        let handle = self.window("the main window", fits).await;
        Window { session: self.session(), handle }
    }

    /// A room's own window, once it is there.
    pub async fn room(&self) -> Window<'_> {
        let handle = self.window("a room's window", "return location.search.includes('room=')").await;
        Window { session: self.session(), handle }
    }

    /// A sharing-room window, once it is there.
    pub async fn folder(&self) -> Window<'_> {
        let handle = self.window("a sharing-room window", "return location.search.includes('folder=')").await;
        Window { session: self.session(), handle }
    }

    /// The window of the transfers, once it is there.
    pub async fn transfers(&self) -> Window<'_> {
        let handle =
            self.window("the window of the transfers", "return location.search.includes('transfers')").await;
        Window { session: self.session(), handle }
    }

    /// Starts their Pod once more, beside the one that may run, and waits for the end of this start.
    pub async fn start_again(&self, args: &[&str]) -> std::process::Output {
        let mut command = tokio::process::Command::new(program("pod"));
        let env = self.env.iter().map(|(name, value)| (name, value));
        let started = command.args(args).envs(env).kill_on_drop(true).output();
        crate::wait::soon("a second start to end", started).await.expect("Pod can be started")
    }

    /// How many windows they have.
    pub async fn window_count(&self) -> usize {
        self.session().windows().await.map_or(0, |windows| windows.len())
    }

    /// Waits until their Pod has ended by itself.
    pub async fn has_ended(&mut self) {
        wait::until("Pod to end", async || self.process().is_none().then_some(())).await;
        self.leave().await;
    }

    /// Kills their Pod as a power cut would.
    pub async fn kill(&mut self) {
        let id = self.process().expect("their Pod runs");
        let killed = tokio::process::Command::new("kill").args(["-KILL", &id]).status().await;
        assert!(killed.is_ok_and(|status| status.success()), "their Pod cannot be killed");
        self.has_ended().await;
    }

    async fn leave(&mut self) {
        if let Some(session) = self.session.take() {
            session.end().await;
        }
    }

    /// The number of their Pod's process.
    fn process(&self) -> Option<String> {
        let wanted = format!("POD_TEST_SEAT={}", self.mark);
        let pod = program("pod");
        std::fs::read_dir("/proc").ok()?.filter_map(Result::ok).find_map(|process| {
            if std::fs::read_link(process.path().join("exe")).ok()? != pod {
                return None;
            }
            let environment = std::fs::read(process.path().join("environ")).ok()?;
            let theirs = environment.split(|byte| *byte == 0).any(|entry| entry == wanted.as_bytes());
            theirs.then(|| process.file_name().to_string_lossy().into_owned())
        })
    }

    /// Ends what paints their pages, as the system does when memory is short. What drives the pages is lost with it.
    pub fn kill_pages(&self) {
        let wanted = format!("POD_TEST_SEAT={}", self.mark);
        let mut killed = 0;
        for process in std::fs::read_dir("/proc").expect("there are processes").filter_map(Result::ok) {
            let of = |file: &str| std::fs::read(process.path().join(file)).unwrap_or_default();
            let theirs = of("environ").split(|byte| *byte == 0).any(|entry| entry == wanted.as_bytes());
            if theirs && of("comm").starts_with(b"WebKitWebProces") {
                let id = process.file_name();
                let status = std::process::Command::new("kill").arg("-9").arg(&id).status();
                assert!(status.is_ok_and(|status| status.success()), "{} is not killed", id.display());
                killed += 1;
            }
        }
        assert!(killed > 0, "{} shows no page", self.name);
    }

    /// The X windows of their Pod: id, by what the window manager knows.
    #[must_use]
    pub fn process_id(&self) -> String {
        self.process().expect("their Pod runs")
    }

    /// Waits until their viewer was asked to open a file with this name, and gives its path.
    pub async fn opened(&self, name: &str) -> PathBuf {
        let list = self.home.join("opened.txt");
        wait::until(&format!("{} to open {name}", self.name), async || {
            let text = std::fs::read_to_string(&list).ok()?;
            text.lines().map(PathBuf::from).find(|path| path.file_name().is_some_and(|file| file == name))
        })
        .await
    }

    /// Waits until a file with this name lies somewhere in their home, whole and not under another name, and gives
    /// its path.
    pub async fn received(&self, name: &str) -> PathBuf {
        wait::until(&format!("{name} to lie with {}", self.name), async || found(&self.home, name)).await
    }

    /// Where their Pod's log goes.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// The environment of their programs.
    #[must_use]
    pub fn env(&self) -> &[(String, String)] {
        debug_assert!(self.env.iter().any(|(name, _)| name == WORLD_MARK), "a seat is on a screen");
        &self.env
    }
}

/// A file with this name, wherever it lies in the folder.
fn found(folder: &Path, name: &str) -> Option<PathBuf> {
    std::fs::read_dir(folder).ok()?.filter_map(Result::ok).find_map(|item| {
        let kind = item.file_type().ok()?;
        if kind.is_dir() {
            return found(&item.path(), name);
        }
        (kind.is_file() && item.file_name() == name).then(|| item.path())
    })
}

/// A window, by its handle.
#[derive(Debug)]
pub struct Window<'a> {
    session: &'a Session,
    handle: String,
}

impl Window<'_> {
    /// Its page.
    #[must_use]
    pub fn page(&self) -> Page<'_> {
        Page::new(self.session, &self.handle)
    }

    /// A picture of the page alone.
    pub async fn picture(&self, path: &Path) {
        use base64::Engine as _;
        self.page().script(DRAWS, json!([])).await.expect("the window is there");
        let picture = self.session.get("/screenshot").await.expect("a window can be pictured");
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(picture.as_str().unwrap_or_default())
            .expect("a picture is base64");
        std::fs::write(path, bytes).expect("a picture can be kept");
    }
}

fn write_program(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a program can be written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let rights = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(path, rights).expect("a program can be made to run");
    }
}
