//! Drops and who may take them.

use super::{DragNotice, Drops, KEPT_FOR, KEPT_MAX};
use std::{path::PathBuf, time::Instant};
use tauri::{DragDropEvent, PhysicalPosition};

fn drop_of(name: &str) -> DragDropEvent {
    DragDropEvent::Drop { paths: vec![PathBuf::from(name)], position: PhysicalPosition::new(3.0, 4.0) }
}

fn number(notice: Option<DragNotice>) -> u64 {
    match notice {
        Some(DragNotice::Drop { drop, .. }) => drop,
        other => panic!("no drop: {other:?}"),
    }
}

#[test]
fn a_drop_is_taken_once_and_only_by_its_own_window() {
    let (mut drops, now) = (Drops::default(), Instant::now());
    let drop = number(drops.heard("main", &drop_of("a"), 1.0, now));
    assert_eq!(drops.take("room-1", drop, now), None);
    assert_eq!(drops.take("main", drop, now), Some(vec![PathBuf::from("a")]));
    assert_eq!(drops.take("main", drop, now), None);
}

#[test]
fn an_old_drop_is_forgotten() {
    let (mut drops, now) = (Drops::default(), Instant::now());
    let drop = number(drops.heard("main", &drop_of("a"), 1.0, now));
    assert_eq!(drops.take("main", drop, now + KEPT_FOR), None);
}

#[test]
fn the_oldest_drop_makes_room_for_the_newest() {
    let (mut drops, now) = (Drops::default(), Instant::now());
    let first = number(drops.heard("main", &drop_of("a"), 1.0, now));
    for _ in 0..KEPT_MAX {
        drops.heard("main", &drop_of("b"), 1.0, now);
    }
    assert_eq!(drops.take("main", first, now), None);
}

#[test]
fn a_move_tells_how_many_files_came_in() {
    let (mut drops, now) = (Drops::default(), Instant::now());
    let position = PhysicalPosition::new(1.0, 2.0);
    let enter = DragDropEvent::Enter { paths: vec![PathBuf::from("a"), PathBuf::from("b")], position };
    drops.heard("main", &enter, 1.0, now);
    let over = drops.heard("main", &DragDropEvent::Over { position }, 1.0, now);
    assert_eq!(over, Some(DragNotice::Over { x: 1.0, y: 2.0, files: 2 }));
}
