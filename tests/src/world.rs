//! A world of one story: servers of one arrangement, the network to them, and people with their pods.

use crate::pod::Pod;
use crate::process::{WORLD_MARK, tail};
use crate::proxy::Proxy;
use crate::server::{Server, ServerPlan};
use std::path::Path;
use tempfile::TempDir;

/// How the services are spread over processes (N14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    /// All in one process.
    One,
    /// Auth and messenger in one, content in another, two data folders, the interlock over HTTP.
    Two,
}

/// The password of everybody in a story.
pub const PASSWORD: &str = "correct horse battery";

/// The world; end it with [`World::end`], or let [`tell`] do so.
#[derive(Debug)]
pub struct World {
    /// How the services are spread.
    pub arrangement: Arrangement,
    /// The process that holds auth and messenger, and in [`Arrangement::One`] content too.
    pub messenger: Server,
    /// The process that holds content, when it is another one.
    pub content: Option<Server>,
    /// The way from pods to the messenger; in [`Arrangement::One`] to everything.
    pub network: Proxy,
    /// The way from pods, and from the messenger, to the content service, when it is another process.
    pub content_network: Option<Proxy>,
    /// The way from the content service to the messenger, when they are two processes.
    pub interlock: Option<Proxy>,
    folder: Option<TempDir>,
    mark: String,
}

/// Tells one story in a world of its own, and then ends the world.
pub async fn tell(arrangement: Arrangement, name: &str, story: impl AsyncFnOnce(&mut World)) {
    let mut world = World::new(arrangement, name, &[]).await;
    story(&mut world).await;
    world.end().await;
}

impl World {
    /// Starts the servers, with `args` for each.
    pub async fn new(arrangement: Arrangement, name: &str, args: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix("pod-test-").tempdir().expect("a temporary folder");
        let mark = format!("{name}-{}", uuid::Uuid::now_v7());
        let root = folder.path().to_owned();
        let plan = |name: &str, more: &[&str]| plan(&root, name, &mark, args.iter().chain(more));
        let network = Proxy::start().await;
        let (messenger, content, content_network, interlock) = match arrangement {
            Arrangement::One => {
                (Server::start(plan("server", &["--public-url", &network.url()])).await, None, None, None)
            }
            Arrangement::Two => {
                let secret = root.join("interlock.secret");
                std::fs::write(
                    &secret,
                    format!("{}{}\n", uuid::Uuid::now_v7().simple(), uuid::Uuid::now_v7().simple()),
                )
                .expect("a file can be written");
                private(&secret);
                let secret = secret.display().to_string();
                let shared = ["--interlock-secret-file", secret.as_str()];
                let mut first = vec!["--role", "auth,messenger", "--public-url"];
                let url = network.url();
                first.push(&url);
                first.extend(shared);
                let messenger = Server::start(plan("messenger", &first)).await;
                let (interlock, content_network) = (Proxy::start().await, Proxy::start().await);
                interlock.lead_to(messenger.address());
                let (to_messenger, public) = (interlock.url(), content_network.url());
                let mut second =
                    vec!["--role", "content", "--messenger", &to_messenger, "--public-url", &public];
                second.extend(shared);
                let content = Server::start(plan("content", &second)).await;
                content_network.lead_to(content.address());
                (messenger, Some(content), Some(content_network), Some(interlock))
            }
        };
        network.lead_to(messenger.address());
        Self {
            arrangement,
            messenger,
            content,
            network,
            content_network,
            interlock,
            folder: Some(folder),
            mark,
        }
    }

    /// The folder of this world, gone with it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.as_ref().expect("the world has not ended").path()
    }

    /// Where people find the server.
    #[must_use]
    pub fn url(&self) -> String {
        self.network.url()
    }

    /// Where people reach the content service.
    #[must_use]
    pub fn content_url(&self) -> String {
        self.content_network.as_ref().unwrap_or(&self.network).url()
    }

    /// The way to the content service.
    #[must_use]
    pub fn way_to_content(&self) -> &Proxy {
        self.content_network.as_ref().unwrap_or(&self.network)
    }

    /// The process that holds content.
    pub fn content_server(&mut self) -> &mut Server {
        self.content.as_mut().unwrap_or(&mut self.messenger)
    }

    /// A pod of nobody yet.
    #[must_use]
    pub fn pod(&self, name: &str) -> Pod {
        Pod::new(name, self.folder(), &self.mark)
    }

    /// The code of a new invite.
    pub async fn invite(&self) -> String {
        let (code, said) = self.messenger.run(&["invite"]).await;
        assert_eq!(code, 0, "no invite: {said}");
        let invite: serde_json::Value = serde_json::from_str(said.trim()).expect("an invite is JSON");
        invite["code"].as_str().expect("an invite has a code").to_owned()
    }

    /// A person who signed up, with a closed pod. The first may, the others come with an invite.
    pub async fn person(&self, name: &str) -> Pod {
        let pod = self.pod(name);
        let code = self.invite().await;
        let command = ["sign-up", "--server", &self.url(), "--name", name, "--invite", &code];
        let _ = pod.ask_with(&format!("{PASSWORD}\n"), &command).await.all();
        pod
    }

    /// Alice, signed up, her pod open and online.
    pub async fn alice(&self) -> Pod {
        self.open_person("alice").await
    }

    /// Bob, signed up, his pod open and online.
    pub async fn bob(&self) -> Pod {
        self.open_person("bob").await
    }

    /// Somebody, signed up, with an open pod that is online.
    pub async fn open_person(&self, name: &str) -> Pod {
        let mut pod = self.person(name).await;
        pod.open().await;
        pod
    }

    /// Kills every server as a power cut would, and starts them again on their data.
    pub async fn power_cut(&mut self) {
        self.kill().await;
        self.start_again().await;
    }

    /// Kills every server as a power cut would.
    pub async fn kill(&mut self) {
        self.messenger.process().kill().await;
        if let Some(content) = &mut self.content {
            content.process().kill().await;
        }
    }

    /// Starts every server that does not run on its data, and leads the network there.
    pub async fn start_again(&mut self) {
        self.start_again_with(&[], &[]).await;
    }

    /// As [`World::start_again`], with variables in the environment of each process for that life.
    pub async fn start_again_with(&mut self, for_messenger: &[(&str, &str)], for_content: &[(&str, &str)]) {
        if !self.messenger.process().runs() {
            self.messenger.start_again(for_messenger).await;
        }
        self.network.lead_to(self.messenger.address());
        if let Some(interlock) = &self.interlock {
            interlock.lead_to(self.messenger.address());
        }
        if let (Some(content), Some(network)) = (&mut self.content, &self.content_network) {
            if !content.process().runs() {
                content.start_again(for_content).await;
            }
            network.lead_to(content.address());
        }
    }

    /// Stops the servers in the orderly way, and fails if anything is left behind, was logged as an error, or is
    /// found by `check`.
    pub async fn end(mut self) {
        let mark = self.mark.clone();
        let mut servers = vec![&mut self.messenger];
        servers.extend(self.content.as_mut());
        for server in servers {
            let status = server.process().stop().await;
            assert!(status.success(), "a server ended with {status}:\n{}", tail(server.log()));
            server.is_clean().await;
            complain_of_errors(server.log());
        }
        let left = processes_with(&mark);
        assert!(left.is_empty(), "processes are left over (close every pod before the end): {left:?}");
        if let Some(folder) = self.folder.take() {
            let path = folder.path().to_owned();
            folder.close().expect("the folder of the world can be removed");
            assert!(!path.exists(), "the folder of the world is still there");
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if self.folder.is_none() {
            return;
        }
        if std::thread::panicking() {
            let servers = std::iter::once(&self.messenger).chain(&self.content);
            for server in servers {
                let name = server.log().file_name().unwrap_or_default().to_string_lossy().into_owned();
                let text = format!("--- {name} ---\n{}\n", tail(server.log()));
                let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
            }
        } else {
            panic!("a world was dropped without `end`");
        }
    }
}

fn plan<'a>(root: &Path, name: &str, mark: &str, args: impl Iterator<Item = &'a &'a str>) -> ServerPlan {
    ServerPlan {
        data: root.join(name),
        listen: "127.0.0.1:0".to_owned(),
        entrance: Vec::new(),
        args: args.map(|arg| (*arg).to_owned()).collect(),
        env: vec![(WORLD_MARK.to_owned(), mark.to_owned())],
        log: root.join(format!("{name}.log")),
    }
}

/// Fails when a log tells of an error.
pub fn complain_of_errors(log: &Path) {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    // So the library of the relay calls a device that hung up during its handshake.
    let hung_up = |line: &str| line.contains("iroh_relay::server::http_server: failed to handle connection");
    let bad = |line: &&str| {
        let told = line.contains(" ERROR ") || line.contains("\"level\":\"ERROR\"");
        (told && !hung_up(line)) || line.contains("panicked at")
    };
    let found: Vec<&str> = text.lines().filter(bad).collect();
    assert!(found.is_empty(), "the server logged errors:\n{}", found.join("\n"));
}

/// The processes that carry the mark of this world in their environment (where the system shows it).
#[must_use]
pub fn processes_with(mark: &str) -> Vec<String> {
    let wanted = format!("{WORLD_MARK}={mark}");
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    processes
        .filter_map(Result::ok)
        .filter(|process| {
            let environment = std::fs::read(process.path().join("environ")).unwrap_or_default();
            environment.split(|byte| *byte == 0).any(|entry| entry == wanted.as_bytes())
        })
        .map(|process| process.file_name().to_string_lossy().into_owned())
        .collect()
}

#[cfg(unix)]
fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let rights = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(path, rights).expect("the rights of a file can be set");
}

#[cfg(not(unix))]
fn private(_path: &Path) {}
