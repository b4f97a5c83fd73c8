//! A clock of the day that jumps, for one process: libfaketime shows it another time; the monotonic clock goes on.

use std::path::{Path, PathBuf};

/// A clock that can be set.
#[derive(Debug)]
pub struct Clock {
    file: PathBuf,
}

impl Clock {
    /// One of this name, which shows the real time at first.
    #[must_use]
    pub fn new(folder: &Path, name: &str) -> Self {
        let clock = Self { file: folder.join(format!("{name}.clock")) };
        clock.set("+0");
        clock
    }

    /// So far from the real time. Replaced in one go: a process may read it at any moment.
    pub fn set(&self, offset: &str) {
        let new = self.file.with_extension("new");
        std::fs::write(&new, offset).expect("the clock's file can be written");
        std::fs::rename(new, &self.file).expect("the clock's file can be written");
    }

    /// What a process needs in its environment to see it.
    ///
    /// # Panics
    /// When libfaketime is not there.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let found = std::fs::read_dir("/usr/lib").expect("there are libraries").filter_map(Result::ok);
        let library = found
            .map(|item| item.path().join("faketime/libfaketimeMT.so.1"))
            .find(|library| library.exists())
            .expect("libfaketime is not installed: bash scripts/test.sh does it");
        vec![
            ("LD_PRELOAD", library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
            ("NO_FAKE_STAT", "1".into()),
        ]
    }

    /// What a program is started through to see it.
    #[must_use]
    pub fn entrance(&self) -> Vec<String> {
        let variables = self.environment().into_iter().map(|(name, value)| format!("{name}={value}"));
        ["env".to_owned()].into_iter().chain(variables).collect()
    }
}
