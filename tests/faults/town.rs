//! A town: a server in its house, and two people in theirs, each in a network namespace of its own. The two have a cable
//! between them; each reaches the server by another line.

use crate::ground::{End, Ground, HUB};
use pod_tests::process::{WORLD_MARK, tail};
use pod_tests::world::{PASSWORD, complain_of_errors, processes_with};
use pod_tests::{Pod, Said, Server, ServerPlan, offers};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// The server and the two people; end it with [`Town::end`].
pub(crate) struct Town {
    pub(crate) ground: Ground,
    pub(crate) server: Server,
    /// On the left computer.
    pub(crate) alice: Pod,
    /// On the right computer.
    pub(crate) bob: Pod,
    folder: TempDir,
    mark: String,
    /// The server's computer.
    pub(crate) hub: End,
}

impl Town {
    /// Both signed up and online, in a room together.
    pub(crate) async fn new(name: &str) -> Self {
        Self::with_disk(name, None).await
    }

    /// The same, with everything of the server on a disk of so many MiB.
    pub(crate) async fn with_disk(name: &str, mib: Option<u32>) -> Self {
        let ground = Ground::new().await;
        let hub = ground.hub().await;
        let folder = tempfile::Builder::new().prefix("pod-test-").tempdir().unwrap();
        let mark = format!("{name}-{}", uuid::Uuid::now_v7());
        let (listen, data) = (format!("{HUB}:7600"), folder.path().join("server"));
        if let Some(mib) = mib {
            std::fs::create_dir(&data).unwrap();
            hub.small_disk(&data, mib).await;
        }
        let server = Server::start(ServerPlan {
            data,
            args: vec!["--public-url".into(), format!("https://{listen}")],
            listen,
            entrance: hub.entrance(),
            env: vec![(WORLD_MARK.to_owned(), mark.clone())],
            log: folder.path().join("server.log"),
        })
        .await;
        let mut people = Vec::new();
        for (name, end) in [("alice", &ground.left), ("bob", &ground.right)] {
            let mut pod = Pod::new(name, folder.path(), &mark).through(end.entrance());
            let (code, said) = server.run(&["invite"]).await;
            assert_eq!(code, 0, "no invite: {said}");
            let invite: serde_json::Value = serde_json::from_str(said.trim()).unwrap();
            let mut sign_up = vec!["sign-up", "--name", name, "--invite", invite["link"].as_str().unwrap()];
            // The first one comes from another computer than the server's.
            if name == "alice" {
                sign_up.extend(["--setup-code", server.first_line()["setup_code"].as_str().unwrap()]);
            }
            drop(pod.ask_with(&format!("{PASSWORD}\n"), &sign_up).await.all());
            pod.open().await;
            people.push(pod);
        }
        let bob = people.pop().unwrap();
        let alice = people.pop().unwrap();
        offers::share_a_room(&alice, &bob).await;
        std::fs::create_dir(folder.path().join("here")).unwrap();
        Self { ground, server, alice, bob, folder, mark, hub }
    }

    /// A file of alice's.
    pub(crate) fn source(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Where bob's files go.
    pub(crate) fn here(&self) -> PathBuf {
        self.folder.path().join("here")
    }

    /// Alice offers a file and bob takes it; neither waits for the end here.
    pub(crate) async fn offer(&self, source: &Path) -> [JoinHandle<Said>; 2] {
        let name = source.file_name().unwrap().to_str().unwrap();
        let offering = self.alice.begin(&["offer", "bob", offers::text(source)]);
        offers::offered(&self.bob, name, "asked").await;
        [offering, self.bob.begin(&["accept", name, "--to", offers::text(&self.here())])]
    }

    /// Stops everything in the orderly way once these commands have ended, and fails as a world does.
    pub(crate) async fn end(mut self, asked: impl IntoIterator<Item = JoinHandle<Said>>) {
        for asked in asked {
            asked.await.unwrap();
        }
        self.alice.close().await;
        self.bob.close().await;
        let status = self.server.process().stop().await;
        assert!(status.success(), "the server ended with {status}:\n{}", tail(self.server.log()));
        self.server.is_clean().await;
        complain_of_errors(self.server.log());
        let left = processes_with(&self.mark);
        assert!(left.is_empty(), "processes are left over: {left:?}");
    }
}
