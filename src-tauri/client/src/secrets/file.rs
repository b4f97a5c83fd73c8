//! Secrets in a file of the profile, mode 0600. Each function blocks. Used only when the person asked for it.

use crate::command::Secret;
use crate::view::ErrorView;
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Name of the file.
const FILE: &str = "secrets.json";
/// Whoever writes one secret writes all: one at a time.
static WRITING: Mutex<()> = Mutex::new(());

pub(super) fn get(profile: &Path, key: &str) -> Result<Option<Secret>, ErrorView> {
    Ok(load(profile)?.remove(key).map(Secret))
}

pub(super) fn set(profile: &Path, key: &str, secret: &Secret) -> Result<(), ErrorView> {
    let _turn = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut all = load(profile)?;
    all.insert(key.to_owned(), secret.0.clone());
    save(profile, &all)
}

pub(super) fn remove(profile: &Path, key: &str) -> Result<(), ErrorView> {
    let _turn = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut all = load(profile)?;
    if all.remove(key).is_some() {
        save(profile, &all)?;
    }
    Ok(())
}

fn load(profile: &Path) -> Result<BTreeMap<String, String>, ErrorView> {
    match fs::read(profile.join(FILE)) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| {
            std::io::Error::new(ErrorKind::InvalidData, "the file of secrets cannot be read").into()
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(error.into()),
    }
}

/// Written beside and renamed: a crash leaves the old file or the new one.
fn save(profile: &Path, all: &BTreeMap<String, String>) -> Result<(), ErrorView> {
    let bytes = serde_json::to_vec(all).map_err(std::io::Error::from)?;
    fs::create_dir_all(profile)?;
    let beside = profile.join(format!("{FILE}.new"));
    match fs::remove_file(&beside) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    fs::rename(&beside, profile.join(FILE))?;
    Ok(())
}
