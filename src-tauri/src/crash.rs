//! A panic leaves a report in the profile, says where on standard error, and is shown at the next start.
//!
//! Reports stay on this computer: nothing is sent. It refuses to include anything but the program's version, the
//! system, the thread, the place in the source and the way there.

use std::{
    backtrace::Backtrace,
    fs,
    io::{self, Write},
    panic::{self, PanicHookInfo},
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

#[cfg(test)]
mod tests;

/// Older reports than these are dropped.
const REPORTS_KEPT: usize = 10;
const NEW: &str = ".txt";
const SEEN: &str = ".seen.txt";

/// From now on a panic writes a report into this folder.
pub(crate) fn watch(folder: PathBuf) {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        usual(info);
        let said = match write_report(&folder, info) {
            Ok(path) => writeln!(io::stderr(), "Pod: something broke. The report is at {}", path.display()),
            Err(error) => {
                writeln!(io::stderr(), "Pod: something broke, and no report could be written: {error}")
            }
        };
        drop(said);
    }));
}

/// A defect, as a test needs one.
#[cfg(debug_assertions)]
pub(crate) fn on_purpose() -> ! {
    panic!("this crash was asked for")
}

fn write_report(folder: &Path, info: &PanicHookInfo<'_>) -> io::Result<PathBuf> {
    let thread = std::thread::current();
    let text = format!(
        "Pod {} on {} {}\nthread: {}\n{info}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        thread.name().unwrap_or("(no name)"),
        Backtrace::force_capture(),
    );
    save(folder, now_ms(), &text)
}

fn save(folder: &Path, at_ms: u128, text: &str) -> io::Result<PathBuf> {
    crate::profile::make_private(folder)?;
    let path = folder.join(format!("crash-{at_ms:015}{NEW}"));
    fs::write(&path, text)?;
    let mut all = reports(folder)?;
    let too_many = all.len().saturating_sub(REPORTS_KEPT);
    for old in all.drain(..too_many) {
        fs::remove_file(old)?;
    }
    Ok(path)
}

/// The newest report nobody has seen yet.
pub(crate) fn unseen(folder: &Path) -> Option<PathBuf> {
    reports(folder).ok()?.pop().filter(|path| !is_seen(path))
}

/// The person has read about it.
pub(crate) fn seen(folder: &Path) -> io::Result<()> {
    for path in reports(folder)?.into_iter().filter(|path| !is_seen(path)) {
        let name = path.to_string_lossy().into_owned();
        fs::rename(&path, name.trim_end_matches(NEW).to_owned() + SEEN)?;
    }
    Ok(())
}

/// All reports, oldest first: the time stands in the name.
fn reports(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    found.retain(|path| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with("crash-") && name.ends_with(NEW))
    });
    found.sort();
    Ok(found)
}

fn is_seen(path: &Path) -> bool {
    path.to_string_lossy().ends_with(SEEN)
}

fn now_ms() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis())
}
