//! What a page is told of a drag.

use super::{Drag, DragNotice};
use std::path::PathBuf;
use tauri::{DragDropEvent, PhysicalPosition};

const HERE: PhysicalPosition<f64> = PhysicalPosition { x: 1.0, y: 2.0 };

#[test]
fn a_move_tells_how_many_files_came_in() {
    let mut drag = Drag::default();
    let hold = |_| panic!("nothing was let go");
    let enter = DragDropEvent::Enter { paths: vec![PathBuf::from("a"), PathBuf::from("b")], position: HERE };
    drag.heard(&enter, 1.0, false, hold);
    let over = drag.heard(&DragDropEvent::Over { position: HERE }, 1.0, true, hold);
    assert_eq!(over, Some(DragNotice::Over { x: 1.0, y: 2.0, files: 2, alt: true }));
    assert_eq!(drag.heard(&DragDropEvent::Leave, 1.0, false, hold), Some(DragNotice::Leave));
}

#[test]
fn a_drop_is_held_and_the_page_gets_its_number() {
    let mut held = Vec::new();
    let drop = DragDropEvent::Drop { paths: vec![PathBuf::from("a")], position: HERE };
    let notice = Drag::default().heard(&drop, 1.0, true, |paths| {
        held = paths;
        7
    });
    assert_eq!(notice, Some(DragNotice::Drop { drop: 7, x: 1.0, y: 2.0, files: 1, alt: true }));
    assert_eq!(held, vec![PathBuf::from("a")]);
}
