//! Which computers count as having a graphics processor.

use super::has_processor;
use std::fs::File;

#[test]
fn a_graphics_processor_is_one_that_programs_may_draw_with() {
    let folder = tempfile::tempdir().unwrap();
    assert!(!has_processor(&folder.path().join("dri")), "there is no such folder");
    File::create(folder.path().join("card0")).unwrap();
    assert!(!has_processor(folder.path()), "a screen alone draws nothing");
    File::create(folder.path().join("renderD128")).unwrap();
    assert!(has_processor(folder.path()));
}
