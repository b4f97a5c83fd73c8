//! Settings that follow: what waits is newer than what the messenger has, and what belongs to a computer stays.

use crate::state::open;
use crate::state::settings::{FOLLOWING, choose, drop_wish, follow, forget, get, set, wishes};
use crate::store::Db;
use pod_shared::AccountId;
use pod_shared::limits::SKINS_OWN_MAX;
use pod_shared::setting::SettingState;
use std::collections::BTreeMap;
use uuid::Uuid;

fn opened() -> (tempfile::TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let state = open(folder.path()).unwrap();
    (folder, state)
}

fn wish(key: &str, value: Option<&str>) -> SettingState {
    SettingState { key: key.into(), value: value.map(Into::into) }
}

fn has(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn what_waits_to_be_told_is_newer_than_what_the_messenger_has() {
    let (_folder, state) = opened();
    let me = AccountId(Uuid::now_v7());
    choose(&state, Some(me), "skin", Some("midnight".into())).await.unwrap();
    assert_eq!(
        follow(&state, me, has(&[("skin", "persimmon"), ("density", "roomy")])).await.unwrap(),
        ["density"]
    );
    assert_eq!(get(&state, "skin").await.unwrap().as_deref(), Some("midnight"));
    assert_eq!(wishes(&state, me).await.unwrap(), [wish("skin", Some("midnight"))]);
    // The messenger heard an older choice: the newer one still waits.
    drop_wish(&state, me, wish("skin", Some("bluehour"))).await.unwrap();
    assert_eq!(wishes(&state, me).await.unwrap().len(), 1);
    drop_wish(&state, me, wish("skin", Some("midnight"))).await.unwrap();
    assert_eq!(follow(&state, me, has(&[("skin", "persimmon")])).await.unwrap(), ["skin", "density"]);
    assert_eq!(get(&state, "skin").await.unwrap().as_deref(), Some("persimmon"));
    assert_eq!(
        follow(&state, me, has(&[("skin", "persimmon")])).await.unwrap(),
        [""; 0],
        "again is no change"
    );
}

#[tokio::test]
async fn a_choice_made_before_anybody_signed_in_gives_way_to_what_they_chose_elsewhere() {
    let (_folder, state) = opened();
    let (new, old) = (AccountId(Uuid::now_v7()), AccountId(Uuid::now_v7()));
    choose(&state, None, "skin", Some("midnight".into())).await.unwrap();
    choose(&state, None, "density", Some("roomy".into())).await.unwrap();
    follow(&state, old, has(&[("skin", "persimmon")])).await.unwrap();
    assert_eq!(get(&state, "skin").await.unwrap().as_deref(), Some("persimmon"));
    assert_eq!(wishes(&state, old).await.unwrap(), [wish("density", Some("roomy"))]);
    assert!(wishes(&state, new).await.unwrap().is_empty(), "adopted once");
}

#[tokio::test]
async fn what_belongs_to_the_computer_or_to_a_newer_pod_is_left_alone() {
    let (_folder, state) = opened();
    let me = AccountId(Uuid::now_v7());
    set(&state, "language", Some("ko".into())).await.unwrap();
    choose(&state, Some(me), "transfers.up_limit", Some("1000000".into())).await.unwrap();
    let roamed = has(&[("language", "zh"), ("rooms.open", "of the future"), ("skin", "midnight")]);
    assert_eq!(follow(&state, me, roamed).await.unwrap(), ["skin"]);
    forget(&state).await.unwrap();
    for key in FOLLOWING {
        assert_eq!(get(&state, key).await.unwrap(), None, "{key}");
    }
    assert_eq!(get(&state, "language").await.unwrap().as_deref(), Some("ko"));
    assert_eq!(get(&state, "transfers.up_limit").await.unwrap().as_deref(), Some("1000000"));
    assert!(wishes(&state, me).await.unwrap().is_empty());
}

#[tokio::test]
async fn skins_that_a_person_brought_along_follow_them_and_survive_a_restart() {
    let places: Vec<&str> = FOLLOWING.iter().copied().filter(|key| key.starts_with("skin.own.")).collect();
    assert_eq!(places.len(), SKINS_OWN_MAX);
    let (folder, state) = opened();
    let me = AccountId(Uuid::now_v7());
    let skin = r##"{"pod_skin":1,"name":"Harbour","base":"daylight","tokens":{"canvas":"#d9e2ec"}}"##;
    choose(&state, Some(me), places[0], Some(skin.into())).await.unwrap();
    choose(&state, Some(me), "skin", Some("own.1".into())).await.unwrap();
    drop(state);
    let state = open(folder.path()).unwrap();
    assert_eq!(get(&state, places[0]).await.unwrap().as_deref(), Some(skin));
    assert_eq!(
        wishes(&state, me).await.unwrap(),
        [wish("skin", Some("own.1")), wish("skin.own.1", Some(skin))],
        "both wait for the messenger"
    );
}
