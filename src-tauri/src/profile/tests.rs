//! Profiles beside one another.

use super::Profile;

#[test]
fn two_profiles_have_different_names_and_one_keeps_its_own() -> std::io::Result<()> {
    let root = tempfile::tempdir()?;
    let first = Profile::open(Some(&root.path().join("a")))?;
    let second = Profile::open(Some(&root.path().join("b")))?;
    let again = Profile::open(Some(&root.path().join("b/../a")))?;
    assert_ne!(first.identifier(), second.identifier());
    assert_eq!(first.identifier(), again.identifier());
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_new_profile_is_closed_to_other_people_of_the_computer() -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir()?;
    let profile = Profile::open(Some(&root.path().join("a")))?;
    let mode = std::fs::metadata(profile.folder())?.permissions().mode();
    assert_eq!(mode & 0o077, 0);
    Ok(())
}
