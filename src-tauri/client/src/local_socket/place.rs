//! Where the socket of a profile is.
//!
//! In the profile, unless its path is longer than an operating system takes for sockets (104 to 108 bytes): then under a
//! short name, made from the profile's, in a folder that belongs to the person alone.

use crate::view::ErrorView;
use interprocess::local_socket::Name;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The longest path that every system takes, with its end mark.
#[cfg(unix)]
const PATH_BYTES_MAX: usize = 100;

/// The profile's folder in the one form that all processes agree on. Blocks.
pub(super) fn canonical(profile: &Path) -> Result<PathBuf, ErrorView> {
    Ok(std::fs::canonicalize(profile)?)
}

/// A short name for a profile, the same in every process.
fn short_name(profile: &Path) -> String {
    let digest = Sha256::digest(profile.as_os_str().as_encoded_bytes());
    let hex: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("pod-{hex}")
}

/// The path of the socket. Blocks.
#[cfg(unix)]
pub(super) fn socket_path(profile: &Path) -> Result<PathBuf, ErrorView> {
    let inside = profile.join("engine.sock");
    if inside.as_os_str().len() <= PATH_BYTES_MAX {
        return Ok(inside);
    }
    Ok(private_folder()?.join(format!("{}.sock", short_name(profile))))
}

/// A folder for sockets that nobody else can write to.
#[cfg(unix)]
fn private_folder() -> Result<PathBuf, ErrorView> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
    if let Some(folder) = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from)
        && folder.is_dir()
        && folder.as_os_str().len() <= PATH_BYTES_MAX / 2
    {
        return Ok(folder);
    }
    let home = std::env::home_dir().unwrap_or_default();
    let owner = std::fs::metadata(&home)?.uid();
    let folder = PathBuf::from(format!("/tmp/pod-{owner}"));
    match std::fs::DirBuilder::new().mode(0o700).create(&folder) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.into()),
    }
    let found = std::fs::symlink_metadata(&folder)?;
    if !found.is_dir() || found.uid() != owner || found.permissions().mode() & 0o077 != 0 {
        let code = pod_shared::ErrorCode::Unavailable;
        return Err(ErrorView::new(code, "the folder for sockets belongs to somebody else"));
    }
    Ok(folder)
}

/// The name of the socket for the operating system. Blocks.
#[cfg(unix)]
pub(super) fn name(profile: &Path) -> Result<Name<'static>, ErrorView> {
    use interprocess::local_socket::{GenericFilePath, ToFsName};
    Ok(socket_path(profile)?.to_fs_name::<GenericFilePath>()?)
}

/// The name of the pipe for the operating system.
#[cfg(windows)]
pub(super) fn name(profile: &Path) -> Result<Name<'static>, ErrorView> {
    use interprocess::local_socket::{GenericNamespaced, ToNsName};
    Ok(short_name(profile).to_ns_name::<GenericNamespaced>()?)
}
