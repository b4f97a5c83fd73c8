//! Where a profile lies and what the operating system calls it. One profile is one account on one installed pod.
//!
//! Two profiles may run side by side: each has its own folder and its own name for *single instance*. It refuses to
//! know what the engine keeps in the folder; the shell's own things lie in `shell`, `webview` and `reports` inside it.

use directories::ProjectDirs;
use std::{io, path::Path, path::PathBuf};

#[cfg(test)]
mod tests;

/// The name of the program for the operating system when no profile was asked for.
const IDENTIFIER: &str = "app.pod.desktop";

/// One profile.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    folder: PathBuf,
    identifier: String,
}

impl Profile {
    /// The profile in this folder, or the platform's own place when none is named. Makes the folder.
    pub(crate) fn open(asked: Option<&Path>) -> io::Result<Self> {
        let Some(asked) = asked else {
            let dirs = ProjectDirs::from("", "", "pod").ok_or_else(|| {
                io::Error::new(io::ErrorKind::NotFound, "this computer names no home folder")
            })?;
            let folder = dirs.data_dir().join("profile");
            make_private(&folder)?;
            return Ok(Self { folder, identifier: IDENTIFIER.to_owned() });
        };
        make_private(asked)?;
        let folder = asked.canonicalize()?;
        let identifier = format!("{IDENTIFIER}.p{:016x}", fnv1a(folder.as_os_str().as_encoded_bytes()));
        Ok(Self { folder, identifier })
    }

    /// The folder itself: the engine's.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The name for single instance and notifications, different for each profile.
    pub(crate) fn identifier(&self) -> &str {
        &self.identifier
    }

    /// Window places, and which room windows are open.
    pub(crate) fn shell(&self) -> PathBuf {
        self.folder.join("shell")
    }

    /// What the web view keeps.
    pub(crate) fn webview(&self) -> PathBuf {
        self.folder.join("webview")
    }

    /// Pictures from the clipboard, until they are sent.
    pub(crate) fn pasted(&self) -> PathBuf {
        self.folder.join("pasted")
    }

    /// Reports of crashes.
    pub(crate) fn reports(&self) -> PathBuf {
        self.folder.join("reports")
    }
}

/// Makes a folder that only this person can look into.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// FNV-1a: the same folder gives the same name in every version of Pod.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
