//! What is told: a table of wishes and happenings, the hours of the week, and the laws of the board.

mod plans;

use super::*;
use pod_shared::{AccountId, Position};
use uuid_of::{account, offer, room};

/// Ids from small numbers.
pub(super) mod uuid_of {
    use pod_shared::{AccountId, OfferId, RoomId};

    fn bytes(number: u8) -> [u8; 16] {
        [number; 16]
    }

    pub(crate) fn room(number: u8) -> RoomId {
        RoomId::from_slice(&bytes(number)).unwrap()
    }

    pub(crate) fn account(number: u8) -> AccountId {
        AccountId::from_slice(&bytes(number)).unwrap()
    }

    pub(crate) fn offer(number: u8) -> OfferId {
        OfferId::from_slice(&bytes(number)).unwrap()
    }
}

/// A Wednesday, half past ten in the evening.
const EVENING: LocalTime = LocalTime { weekday: 2, minute: 22 * 60 + 30 };

#[test]
fn the_wishes_of_a_person_decide_what_is_told() {
    use NoticeKind::{Changes, Comments, Contacts, Files, Mentions, Messages, Offers};
    let own = room_key(room(1));
    let check = |settings: &[(&str, &str)], kind, of_two, by_quiet, expect| {
        let rules = Rules::read(settings.iter().copied());
        let somewhere = match kind {
            Contacts | Offers => None,
            Messages | Mentions | Files | Changes | Comments => Some(room(1)),
        };
        let happened = Happened { kind, room: somewhere, of_two, by_quiet };
        assert_eq!(verdict(&rules, happened, EVENING), expect, "{settings:?} {kind:?} of two {of_two}");
    };
    // Nothing chosen.
    for (kind, expect) in [
        (Messages, Verdict::Tell),
        (Mentions, Verdict::Tell),
        (Files, Verdict::Tell),
        (Changes, Verdict::Kind),
        (Comments, Verdict::Tell),
        (Contacts, Verdict::Tell),
        (Offers, Verdict::Tell),
    ] {
        check(&[], kind, false, false, expect);
        check(&[], kind, false, true, Verdict::Person);
        check(&[(NOTIFY, "none")], kind, true, false, Verdict::Room);
    }
    // The general wish.
    check(&[(NOTIFY, "mentions")], Messages, false, false, Verdict::Room);
    check(&[(NOTIFY, "mentions")], Files, false, false, Verdict::Room);
    check(&[(NOTIFY, "mentions")], Messages, true, false, Verdict::Tell);
    check(&[(NOTIFY, "mentions")], Files, true, false, Verdict::Tell);
    for kind in [Mentions, Contacts, Offers] {
        check(&[(NOTIFY, "mentions")], kind, false, false, Verdict::Tell);
    }
    check(&[(NOTIFY, "loudly")], Messages, false, false, Verdict::Tell);
    // A room's own wish counts before the general one, in both directions.
    check(&[(NOTIFY, "none"), (&own, "all")], Messages, false, false, Verdict::Tell);
    check(&[(NOTIFY, "none"), (&own, "mentions")], Messages, false, false, Verdict::Room);
    check(&[(NOTIFY, "none"), (&own, "mentions")], Mentions, false, false, Verdict::Tell);
    check(&[(&own, "none")], Mentions, true, false, Verdict::Room);
    check(&[(&own, "none")], Offers, false, false, Verdict::Tell);
    check(&[(&room_key(room(2)), "none")], Messages, false, false, Verdict::Tell);
    // Kinds.
    check(&[("notify.kinds.messages", "off")], Messages, true, false, Verdict::Kind);
    check(&[("notify.kinds.messages", "off")], Mentions, false, false, Verdict::Tell);
    check(&[("notify.kinds.mentions", "off")], Mentions, false, false, Verdict::Kind);
    check(&[("notify.kinds.changes", "on")], Changes, false, false, Verdict::Tell);
    check(&[("notify.kinds.comments", "off")], Comments, false, false, Verdict::Kind);
    check(&[(NOTIFY, "mentions")], Comments, false, false, Verdict::Room);
    check(&[("notify.kinds.offers", "off")], Offers, false, false, Verdict::Kind);
    check(&[("notify.kinds.contacts", "off")], Contacts, false, false, Verdict::Kind);
    check(&[("notify.kinds.files", "off")], Files, false, false, Verdict::Kind);
    // Quiet hours are quiet for everything, and other days are not.
    for kind in NoticeKind::ALL {
        check(&[(QUIET, "22:00-07:00 3"), ("notify.kinds.changes", "on")], kind, true, false, Verdict::Quiet);
        check(
            &[(QUIET, "22:00-07:00 124567"), ("notify.kinds.changes", "on")],
            kind,
            true,
            false,
            Verdict::Tell,
        );
    }
}

#[test]
fn quiet_hours_pass_midnight_and_keep_to_their_days() {
    let check = |words: &str, weekday: u8, (hour, minute): (u16, u16), expect: bool| {
        let quiet = Quiet::from_words(words).unwrap();
        let now = LocalTime { weekday, minute: hour * 60 + minute };
        assert_eq!(quiet.covers(now), expect, "{words} on day {weekday} at {hour}:{minute}");
    };
    // Monday to Friday, at night: the night from Friday belongs to Friday.
    for (weekday, time, expect) in [
        (0, (21, 59), false),
        (0, (22, 0), true),
        (0, (6, 59), false),
        (1, (6, 59), true),
        (1, (7, 0), false),
        (5, (6, 0), true),
        (5, (22, 30), false),
        (6, (3, 0), false),
    ] {
        check("22:00-07:00 12345", weekday, time, expect);
    }
    // Sunday's night ends on Monday.
    check("23:30-06:00 7", 0, (5, 59), true);
    check("23:30-06:00 7", 6, (5, 59), false);
    // By day.
    check("12:00-13:00 1", 0, (12, 59), true);
    check("12:00-13:00 1", 0, (13, 0), false);
    check("12:00-13:00 1", 1, (12, 30), false);
    // The whole of a day, and its end.
    check("00:00-00:00 6", 5, (0, 0), true);
    check("00:00-00:00 6", 5, (23, 59), true);
    check("00:00-00:00 6", 6, (0, 0), false);
    for bad in [
        "",
        "22:00-07:00",
        "22:00-07:00 ",
        "24:00-07:00 1",
        "22:60-07:00 1",
        "22-7 1",
        "22:00-07:00 8",
        "22:00-07:00 0",
        "2:00-07:00 1",
    ] {
        assert_eq!(Quiet::from_words(bad), None, "{bad:?}");
    }
}

#[test]
fn only_what_is_understood_is_a_setting_of_notices() {
    let own = room_key(room(1));
    for (key, value, expect) in [
        (NOTIFY, "mentions", true),
        (NOTIFY, "off", false),
        (QUIET, "22:00-07:00 12345", true),
        (QUIET, "always", false),
        (&own, "none", true),
        (&own, "on", false),
        ("notify.room.attic", "none", false),
        ("notify.kinds.files", "off", true),
        ("notify.kinds.files", "none", false),
        ("notify.kinds.weather", "on", false),
        ("skin", "midnight", false),
    ] {
        assert_eq!(is_understood(key, value), expect, "{key} {value}");
    }
}

pub(super) fn message(number: u8, pos: u64) -> Noted {
    Noted {
        place: Place::Room { room: room(number), pos: Position(pos), nth: 0 },
        kind: NoticeKind::Messages,
    }
}

fn request(number: u8) -> Noted {
    Noted { place: Place::Person(account(number)), kind: NoticeKind::Contacts }
}

fn offered(number: u8, batch: u8) -> Noted {
    Noted { place: Place::Offer { offer: offer(number), batch: offer(batch) }, kind: NoticeKind::Offers }
}

pub(super) fn read(number: u8, pos: u64) -> Input {
    Input::Read { room: room(number), pos: Position(pos) }
}

/// Feeds the inputs, each with its time, and gives the effects.
fn check(steps: Vec<(u64, Input)>, expect: &[Effect]) {
    let mut board = Board::default();
    let mut out = Vec::new();
    for (now_ms, input) in steps {
        board.step(now_ms, input, &mut out);
    }
    assert_eq!(out, expect);
}

#[test]
fn what_happens_in_one_room_at_once_is_one_notice() {
    let news = vec![
        message(1, 4),
        message(2, 9),
        message(1, 5),
        request(7),
        offered(1, 1),
        offered(2, 1),
        offered(3, 3),
    ];
    let told = |id, what: &[Noted]| Effect::Tell { id, what: what.to_vec() };
    check(
        vec![(0, Input::News(news)), (9, Input::News(vec![message(1, 6)]))],
        &[
            told(1, &[message(1, 4), message(1, 5)]),
            told(2, &[message(2, 9)]),
            told(3, &[request(7)]),
            told(4, &[offered(1, 1), offered(2, 1)]),
            told(5, &[offered(3, 3)]),
            told(6, &[message(1, 6)]),
        ],
    );
}

#[test]
fn what_is_read_on_another_device_goes_and_is_not_told_later() {
    check(
        vec![
            (0, Input::News(vec![message(1, 4), message(1, 5)])),
            (0, Input::News(vec![message(1, 6)])),
            (1, read(1, 4)),
            (2, read(1, 5)),
            (3, read(1, 9)),
            (4, Input::News(vec![message(1, 8)])),
            (5, read(1, 3)),
            (6, Input::News(vec![message(1, 9), message(1, 10)])),
        ],
        &[
            Effect::Tell { id: 1, what: vec![message(1, 4), message(1, 5)] },
            Effect::Tell { id: 2, what: vec![message(1, 6)] },
            Effect::Withdraw(vec![1]),
            Effect::Withdraw(vec![2]),
            Effect::Tell { id: 3, what: vec![message(1, 10)] },
        ],
    );
}

#[test]
fn who_was_away_is_told_once_and_only_what_is_still_unread() {
    check(
        vec![
            (1_000, Input::Returned),
            (1_000, Input::News(vec![message(1, 4), message(1, 5), message(2, 7)])),
            (1_500, read(1, 4)),
            (2_000, Input::News(vec![offered(1, 1), message(3, 1)])),
            (2_500, read(3, 1)),
            (3_999, Input::Tick),
            (4_000, Input::Tick),
            (4_000, Input::Tick),
            (4_001, Input::News(vec![message(1, 6)])),
            (5_000, read(2, 7)),
            (5_000, read(1, 6)),
            (5_001, Input::Over(Place::Offer { offer: offer(1), batch: offer(1) })),
        ],
        &[
            Effect::Tell { id: 1, what: vec![message(1, 5), message(2, 7), offered(1, 1)] },
            Effect::Tell { id: 2, what: vec![message(1, 6)] },
            Effect::Withdraw(vec![2]),
            Effect::Withdraw(vec![1]),
        ],
    );
}

#[test]
fn who_was_away_and_read_all_elsewhere_is_told_nothing() {
    check(
        vec![
            (0, Input::Returned),
            (0, read(1, 9)),
            (0, Input::News(vec![message(1, 8), message(1, 9)])),
            (3_000, Input::Tick),
        ],
        &[],
    );
}

#[test]
fn a_frame_that_comes_again_is_no_news_and_a_room_that_is_gone_takes_its_notices_along() {
    check(
        vec![
            (0, Input::News(vec![message(1, 4), request(2)])),
            (0, Input::News(vec![message(1, 4), request(2)])),
            (1, Input::RoomGone(room(1))),
            (2, Input::Cleared),
            (3, Input::News(vec![message(1, 4)])),
        ],
        &[
            Effect::Tell { id: 1, what: vec![message(1, 4)] },
            Effect::Tell { id: 2, what: vec![request(2)] },
            Effect::Withdraw(vec![1]),
            Effect::Withdraw(vec![2]),
            Effect::Tell { id: 3, what: vec![message(1, 4)] },
        ],
    );
}

#[test]
fn the_board_says_what_could_still_take_something_down() {
    let mut board = Board::default();
    let mut out = Vec::new();
    board.step(0, Input::News(vec![message(1, 4), request(2)]), &mut out);
    board.step(0, Input::Returned, &mut out);
    board.step(0, Input::News(vec![message(2, 1), offered(4, 4)]), &mut out);
    assert_eq!(board.next_deadline(), Some(3_000));
    assert_eq!(board.rooms().collect::<Vec<_>>(), [room(1), room(2)]);
    let open: Vec<AccountId> = board
        .open()
        .filter_map(|place| match place {
            Place::Person(who) => Some(who),
            Place::Room { .. } | Place::Offer { .. } => None,
        })
        .collect();
    assert_eq!(open, [account(2)]);
    assert_eq!(board.open().count(), 2);
}
