//! Settings that the transfer queue reads.

use crate::state::{open, settings};
use pod_shared::{ErrorCode, limits};

#[tokio::test]
async fn settings_of_the_queue_have_closed_sets_of_values() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(folder.path()).unwrap();
    let slow = limits::SPEED_LIMIT_MIN - 1;
    let long = limits::OFFER_WAIT_S_MAX + 1;
    let refused = [
        ("transfers.retransfer", "yes".to_owned()),
        ("transfers.wait_s", "0".to_owned()),
        ("transfers.wait_s", long.to_string()),
        ("transfers.up_limit", slow.to_string()),
        ("transfers.folder", "a/b".to_owned()),
        ("transfers.anything", "on".to_owned()),
    ];
    for (key, value) in refused {
        let error = settings::set(&state, key, Some(value.clone())).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::BadRequest, "{key} = {value}");
        assert_eq!(settings::get(&state, key).await.unwrap(), None);
    }
    let here = folder.path().to_str().unwrap().to_owned();
    let taken = [
        ("transfers.receive", "off".to_owned()),
        ("transfers.forward", "on".to_owned()),
        ("transfers.wait_s", limits::OFFER_WAIT_S_MAX.to_string()),
        ("transfers.down_limit", limits::SPEED_LIMIT_MIN.to_string()),
        ("transfers.paused", "on".to_owned()),
        ("transfers.folder", here),
    ];
    for (key, value) in taken {
        settings::set(&state, key, Some(value.clone())).await.unwrap();
        assert_eq!(settings::get(&state, key).await.unwrap(), Some(value));
        settings::set(&state, key, None).await.unwrap();
    }
}
