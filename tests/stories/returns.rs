//! A device comes back, and something is not as it left it: its profile was copied or set back, its cache damaged, the
//! server restored, an answer lost. Each ends with both sides saying the same.
#![expect(clippy::wildcard_enum_match_arm, reason = "a story picks the one answer it waits for")]

use crate::same;
use crate::window::Engine;
use pod_client::command::{Answer, Command, Side};
use pod_client::view::ConnectionView;
use pod_shared::sync::SyncKind;
use pod_shared::{ErrorCode, Role, RoomId};
use pod_tests::proxy::Weather;
use pod_tests::{World, both_ways, wait};
use std::path::{Path, PathBuf};

/// Alice and Bob, and a room in which both have said something.
async fn two(world: &World) -> (Engine, Engine, RoomId) {
    let alice = Engine::sign_up(world, "alice").await;
    let bob = Engine::sign_up(world, "bob").await;
    let room = alice.create("room", vec![bob.me().await], Side::Chat).await;
    bob.room(room).await;
    alice.send(room, "from alice").await;
    bob.hears(room, &["from alice"]).await;
    bob.send(room, "from bob").await;
    alice.hears(room, &["from alice", "from bob"]).await;
    (alice, bob, room)
}

/// Everything in a folder, into another one. What an engine that just ended still puts away comes along or does not.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (kind, target) = (entry.file_type().unwrap(), to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &target);
        } else if kind.is_file() {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Ends an engine, so that its profile lies still, and gives the profile.
async fn ended(engine: Engine) -> PathBuf {
    let profile = engine.profile.clone();
    drop(engine);
    wait::until("the profile to lie still", async || {
        let lock = std::fs::File::open(profile.join("engine.lock")).ok()?;
        (lock.try_lock().is_ok() && open_files(&profile) == 0).then_some(())
    })
    .await;
    profile
}

/// Databases of a profile that this process still holds, where the system shows it.
fn open_files(profile: &Path) -> usize {
    let Ok(files) = std::fs::read_dir("/proc/self/fd") else { return 0 };
    let names = files.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
    names
        .filter(|name| name.starts_with(profile) && name.file_name().is_some_and(|n| n != "engine.lock"))
        .count()
}

async fn again_online(engine: &Engine) {
    engine.ask(Command::ConnectNow).await;
    engine.online().await;
}

async fn sync_of(engine: &Engine) -> SyncKind {
    engine.status().await.sync.unwrap().kind
}

both_ways!(a_profile_that_was_copied_and_used_twice_is_told_apart, async |world: &mut World| {
    let (alice, bob, room) = two(world).await;
    // What waits is in both copies.
    world.network.set(Weather::Cut);
    bob.offline().await;
    bob.send(room, "waited in both").await;
    let profile = ended(bob).await;
    let copied = world.folder().join("copied");
    copy(&profile, &copied);
    world.network.set(Weather::Fair);
    alice.ask(Command::ConnectNow).await;
    alice.online().await;

    let first = Engine::open(profile).await;
    first.online().await;
    let second = Engine::open(copied).await;
    second.online().await;
    wait::until("the first to be told of the second", async || match first.status().await.connection {
        ConnectionView::NeedsPerson { reason } => (reason.code == ErrorCode::DeviceInUse).then_some(()),
        _ => None,
    })
    .await;
    let (before, other) =
        (first.status().await.account.unwrap().device, second.status().await.account.unwrap().device);
    assert_eq!(before, other, "one device, twice");
    first.send(room, "only in the first").await;
    second.send(room, "from the second").await;

    first.sign_in(world, "bob").await;
    let after = first.status().await.account.unwrap().device;
    assert_ne!(after, other, "two devices now");
    second.online().await;
    let all = async || {
        let mut texts = alice.texts(room).await;
        texts.sort();
        let all = ["from alice", "from bob", "from the second", "only in the first", "waited in both"];
        (texts == all).then_some(())
    };
    wait::until("everything, and each once", all).await;
    for engine in [&first, &second, &alice] {
        let name = engine.status().await.account.unwrap().name;
        same::as_the_server(world, engine, &name).await;
    }
    let first = first.again().await;
    first.online().await;
    assert_eq!(first.status().await.account.unwrap().device, after, "it stays so");
    second.online().await;
    drop((alice, first, second));
});

both_ways!(
    a_profile_set_back_to_yesterday_learns_what_it_missed_and_says_nothing_twice,
    async |world: &mut World| {
        let (alice, bob, room) = two(world).await;
        world.network.set(Weather::Cut);
        bob.offline().await;
        bob.send(room, "waited yesterday").await;
        let profile = ended(bob).await;
        let yesterday = world.folder().join("yesterday");
        copy(&profile, &yesterday);

        world.network.set(Weather::Fair);
        again_online(&alice).await;
        let bob = Engine::open(profile.clone()).await;
        bob.online().await;
        alice.hears(room, &["from alice", "from bob", "waited yesterday"]).await;
        let today = bob.create("today", vec![alice.me().await], Side::Chat).await;
        alice.room(today).await;
        alice.send(room, "today").await;
        bob.hears(room, &["from alice", "from bob", "waited yesterday", "today"]).await;
        let pos = bob.timeline(room).await.head;
        bob.ask(Command::Read { room, pos }).await;
        wait::until("read", async || (bob.room(room).await.unread == 0).then_some(())).await;
        let profile = ended(bob).await;
        std::fs::remove_dir_all(&profile).unwrap();
        copy(&yesterday, &profile);

        let bob = Engine::open(profile).await;
        assert!(bob.rooms().await.iter().all(|room| room.id != today), "it is as it was yesterday");
        bob.online().await;
        bob.hears(room, &["from alice", "from bob", "waited yesterday", "today"]).await;
        same::as_the_server(world, &bob, "bob").await;
        same::as_the_server(world, &alice, "alice").await;
        let bob = bob.again().await;
        bob.online().await;
        drop((alice, bob));
    }
);

both_ways!(a_server_restored_from_a_backup_and_its_devices_agree_again, async |world: &mut World| {
    let (alice, bob, room) = two(world).await;
    let backups = world.folder().join("backups");
    std::fs::create_dir_all(&backups).unwrap();
    let servers: Vec<_> = std::iter::once(&world.messenger).chain(&world.content).collect();
    for (n, server) in servers.iter().enumerate() {
        let file = backups.join(format!("{n}.tar"));
        let (code, said) = server.run(&["backup", file.to_str().unwrap()]).await;
        assert_eq!(code, 0, "{said}");
    }
    let folders: Vec<PathBuf> = servers.iter().map(|server| server.data().to_owned()).collect();
    alice.send(room, "lost with the disk").await;
    let lost = bob.create("lost too", vec![alice.me().await], Side::Chat).await;
    alice.room(lost).await;
    bob.hears(room, &["from alice", "from bob", "lost with the disk"]).await;
    let pos = bob.timeline(room).await.head;
    bob.ask(Command::Read { room, pos }).await;
    wait::until("read", async || (bob.room(room).await.unread == 0).then_some(())).await;

    world.kill().await;
    for (n, folder) in folders.iter().enumerate() {
        std::fs::remove_dir_all(folder).unwrap();
        std::fs::create_dir_all(folder).unwrap();
        let file = backups.join(format!("{n}.tar"));
        let unpacked = std::process::Command::new("tar").arg("-xf").arg(file).arg("-C").arg(folder).status();
        assert!(unpacked.unwrap().success());
    }
    world.start_again().await;
    for engine in [&alice, &bob] {
        again_online(engine).await;
        assert_eq!(
            sync_of(engine).await,
            SyncKind::Full,
            "the server knows less than the device: everything anew"
        );
        engine.hears(room, &["from alice", "from bob"]).await;
    }
    assert!(bob.rooms().await.iter().all(|room| room.id != lost));
    alice.send(room, "after").await;
    bob.hears(room, &["from alice", "from bob", "after"]).await;
    wait::until("a badge", async || (bob.room(room).await.unread == 1).then_some(())).await;
    same::as_the_server(world, &bob, "bob").await;
    same::as_the_server(world, &alice, "alice").await;
    // The new key holds: no loop of full syncs.
    let bob = bob.again().await;
    bob.online().await;
    assert_ne!(sync_of(&bob).await, SyncKind::Full);
    drop((alice, bob));
});

both_ways!(a_damaged_cache_is_set_aside_and_what_waits_survives_it, async |world: &mut World| {
    let (alice, mut bob, room) = two(world).await;
    let mut said = vec!["from alice".to_owned(), "from bob".to_owned()];
    for damage in ["cut in half", "overwritten", "another file", "a stale log"] {
        world.network.set(Weather::Cut);
        bob.offline().await;
        bob.send(room, damage).await;
        said.push(damage.to_owned());
        let profile = ended(bob).await;
        let cache = profile.join("cache.db");
        let mut bytes = std::fs::read(&cache).unwrap();
        match damage {
            "cut in half" => bytes.truncate(bytes.len() / 2),
            "overwritten" => {
                let middle = bytes.len() / 4..bytes.len() / 2;
                bytes[middle].fill(0xa5);
            }
            "another file" => bytes = b"this is no database at all, and long enough to be looked at".to_vec(),
            _ => std::fs::write(profile.join("cache.db-wal"), vec![0x5a; 100_000]).unwrap(),
        }
        std::fs::write(&cache, bytes).unwrap();
        bob = Engine::open(profile).await;
        assert_eq!(bob.status().await.messages_waiting, 1, "{damage}");
        world.network.set(Weather::Fair);
        again_online(&alice).await;
        again_online(&bob).await;
        let texts: Vec<&str> = said.iter().map(String::as_str).collect();
        alice.hears(room, &texts).await;
        bob.hears(room, &texts).await;
    }
    same::as_the_server(world, &bob, "bob").await;
    drop((alice, bob));
});

both_ways!(a_member_who_went_and_came_back_while_away_has_the_room_anew, async |world: &mut World| {
    let (alice, bob, room) = two(world).await;
    let them = bob.me().await;
    let (other, them_again) = (alice.create("other", vec![them], Side::Chat).await, Some(Role::Viewer));
    bob.room(other).await;
    let profile = ended(bob).await;
    let set = async |room, role| {
        let command = Command::MemberSet { room, account: them, role };
        assert!(matches!(alice.ask(command).await, Answer::Done | Answer::Pending));
    };
    set(room, None).await;
    set(other, None).await;
    wait::until("both removed", async || {
        let rooms = alice.rooms().await;
        rooms.iter().all(|room| room.member_count == 1).then_some(())
    })
    .await;
    alice.send(room, "behind their back").await;
    set(room, them_again).await;
    wait::until("back in one", async || (alice.room(room).await.member_count == 2).then_some(())).await;
    alice.send(room, "welcome back").await;
    wait::until("sent", async || (alice.status().await.messages_waiting == 0).then_some(())).await;

    let bob = Engine::open(profile).await;
    bob.online().await;
    wait::until("one room, as a viewer", async || {
        let rooms = bob.rooms().await;
        (rooms.len() == 1 && rooms[0].id == room && rooms[0].role == Role::Viewer).then_some(())
    })
    .await;
    assert_eq!(sync_of(&bob).await, SyncKind::Delta);
    same::as_the_server(world, &bob, "bob").await;
    drop((alice, bob));
});

both_ways!(devices_of_one_person_each_have_a_key_of_their_own, async |world: &mut World| {
    let (alice, bob, room) = two(world).await;
    let laptop = Engine::elsewhere(world, "bob").await;
    laptop.hears(room, &["from alice", "from bob"]).await;
    let profile = ended(laptop).await;
    alice.send(room, "while the laptop is closed").await;
    bob.hears(room, &["from alice", "from bob", "while the laptop is closed"]).await;
    let bob = bob.again().await;
    bob.online().await;
    let desktop = sync_of(&bob).await;
    assert_ne!(desktop, SyncKind::Full);
    let laptop = Engine::open(profile).await;
    laptop.online().await;
    assert_eq!(sync_of(&laptop).await, SyncKind::Delta);
    same::as_the_server(world, &laptop, "bob").await;
    same::as_the_server(world, &bob, "bob").await;
    drop((alice, bob, laptop));
});
