//! What is looked at.

use super::Looking;
use pod_shared::RoomId;
use uuid::Uuid;

#[test]
fn a_hidden_window_looks_at_nothing_until_it_is_back() {
    let (looking, one, two) = (Looking::default(), RoomId(Uuid::now_v7()), RoomId(Uuid::now_v7()));
    looking.set("main", vec![one]);
    looking.set("room-2", vec![two]);
    assert_eq!(looking.sum(), [one, two]);
    looking.hide("main");
    assert_eq!(looking.sum(), [two]);
    assert_eq!(looking.windows_on(one), Vec::<String>::new());
    // What its page says meanwhile counts when it is back.
    looking.set("main", vec![one, two]);
    assert_eq!(looking.sum(), [two]);
    looking.show("main");
    assert_eq!(looking.sum(), [one, two]);
    assert_eq!(looking.windows_on(two), ["main", "room-2"]);
    looking.set("main", Vec::new());
    assert_eq!(looking.sum(), [two]);
}
