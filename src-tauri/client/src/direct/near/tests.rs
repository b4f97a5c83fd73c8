//! Near devices send without a timer; what may be on its way is cubic's, near and far.

use super::{Near, NearController, UNSPREAD};
use iroh::endpoint::{Controller, ControllerFactory};
use noq_proto::congestion::CubicConfig;
use std::sync::Arc;
use std::time::{Duration, Instant};

#[test]
fn only_the_spreading_differs_from_cubic_and_only_when_near() {
    let begun = Instant::now();
    let mut cubic = Arc::new(CubicConfig::default()).build(begun, 1_200);
    let far = Arc::new(Near::default()).build(begun, 1_200);
    let mut near = NearController { cubic: far.clone_box(), is_near: true };
    assert_eq!(far.metrics().congestion_window, cubic.window());
    assert_eq!(near.clone_box().metrics().congestion_window, UNSPREAD);
    let later = begun + Duration::from_secs(1);
    cubic.on_congestion_event(later, later, false, false, 1_200, 7);
    near.on_congestion_event(later, later, false, false, 1_200, 7);
    assert!(cubic.window() < far.window(), "a loss makes the window smaller");
    assert_eq!((near.window(), near.initial_window()), (cubic.window(), cubic.initial_window()));
}
