//! The programs of others that these tests run, and a file for them to move.

use pod_shared::RoomId;
use pod_tests::process::Launch;
use pod_tests::{Device, Process, World};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// One mebibyte.
pub(crate) const MIB: usize = 1024 * 1024;

/// A tus client.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Client {
    /// tus-js-client, in Node.
    Js,
    /// tuspy.
    Python,
}

/// What is uploaded, by whom, into which room.
pub(crate) struct Parcel {
    /// Who.
    pub(crate) amy: Device,
    /// Where to.
    pub(crate) room: RoomId,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    file: PathBuf,
}

impl Parcel {
    /// Somebody with a room, and a file of so many bytes.
    pub(crate) async fn new(world: &World, size: usize) -> Self {
        let amy = Device::sign_up(world, "amy").await;
        let room = amy.group("Attic", &[]).await;
        let bytes: Vec<u8> = (0..size as u64).map(|n| (n.wrapping_mul(0x9E37_79B9) >> 13) as u8).collect();
        let file = world.folder().join("parcel.bin");
        std::fs::write(&file, &bytes).unwrap();
        Self { amy, room, bytes, file }
    }

    /// Starts a client that uploads it under this name; a second start goes on where the first was.
    pub(crate) fn upload(&self, world: &World, client: Client, name: &str) -> Process {
        let (program, script) = match client {
            Client::Js => (PathBuf::from("node"), here("js/upload.mjs")),
            Client::Python => (here("python/venv/bin/python"), here("python/upload.py")),
        };
        let installed = match client {
            Client::Js => here("js/node_modules"),
            Client::Python => program.clone(),
        };
        assert!(installed.exists(), "{client:?} is not installed: bash scripts/test.sh does it");
        let text = |path: &Path| path.display().to_string();
        let args = vec![
            text(&script),
            format!("{}/v1/uploads", world.content_url()),
            self.amy.content_token.clone(),
            self.room.to_string(),
            text(&self.file),
            name.to_owned(),
            text(&world.folder().join("urls.json")),
        ];
        let log = world.folder().join("client.log");
        Process::start(&Launch { program, args, env: Vec::new(), log })
    }
}

/// What a client said, line by line.
pub(crate) fn said(client: &Process) -> Vec<Value> {
    client.lines().iter().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients").join(path)
}
