//! What is read as the file of a skin, and what is refused.

use super::read;
use pod_shared::{ErrorCode, limits::SKIN_FILE_BYTES_MAX};
use std::fs;

#[test]
fn a_skin_is_a_small_plain_file_of_text() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("skin.json");
    let refusal = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        read(&file).err().map(|error| error.code)
    };
    let most = usize::try_from(SKIN_FILE_BYTES_MAX).unwrap();
    assert_eq!(refusal(&vec![b' '; most]), None);
    assert_eq!(refusal(&vec![b' '; most + 1]), Some(ErrorCode::TooLarge));
    assert_eq!(refusal(&[0xff, 0xfe]), Some(ErrorCode::BadRequest));
    assert_eq!(refusal(b"{}"), None);
    assert_eq!(read(&file).unwrap(), "{}");
    for wrong in [folder.path(), &folder.path().join("nothing.json")] {
        assert_eq!(read(wrong).unwrap_err().code, ErrorCode::FileUnreadable);
    }
}
