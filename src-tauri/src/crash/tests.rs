//! Reports of crashes.

use super::{REPORTS_KEPT, reports, save, seen, unseen};

#[test]
fn a_report_is_shown_until_it_was_seen() -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    assert_eq!(unseen(folder.path()), None);
    let path = save(folder.path(), 1, "text")?;
    assert_eq!(unseen(folder.path()), Some(path));
    seen(folder.path())?;
    assert_eq!(unseen(folder.path()), None);
    let next = save(folder.path(), 2, "text")?;
    assert_eq!(unseen(folder.path()), Some(next));
    Ok(())
}

#[test]
fn only_the_newest_reports_are_kept() -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    for at in 0..REPORTS_KEPT + 3 {
        save(folder.path(), at as u128, "text")?;
    }
    let kept = reports(folder.path())?;
    assert_eq!(kept.len(), REPORTS_KEPT);
    assert!(kept.iter().all(|path| !path.ends_with("crash-000000000000002.txt")));
    Ok(())
}
