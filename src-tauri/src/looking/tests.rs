//! What is looked at.

use super::Looking;
use pod_shared::RoomId;
use uuid::Uuid;

#[test]
fn a_hidden_window_looks_at_nothing_until_it_is_back() {
    let (looking, one, two) = (Looking::default(), RoomId(Uuid::now_v7()), RoomId(Uuid::now_v7()));
    assert_eq!(looking.set("main", vec![one]), [one]);
    assert_eq!(looking.set("room-2", vec![two]), [one, two]);
    assert_eq!(looking.hide("main"), [two]);
    assert_eq!(looking.windows_on(one), Vec::<String>::new());
    // What its page says meanwhile counts when it is back.
    assert_eq!(looking.set("main", vec![one, two]), [two]);
    assert_eq!(looking.show("main"), [one, two]);
    assert_eq!(looking.windows_on(two), ["main", "room-2"]);
    assert_eq!(looking.set("main", Vec::new()), [two]);
}
