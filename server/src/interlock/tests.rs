//! Rows carried in order and at least once over a way that fails, and signatures.

use super::Side;
use super::dispatch::{Deliver, Dispatch};
use super::signature::{Gatekeeper, NONCE, Question, SIGNATURE, Secret, TIME};
use crate::error::Refusal;
use crate::store::StoreError;
use crate::store::sqlite::{Db, relay};
use crate::testing::until;
use axum::http::{HeaderMap, HeaderValue};
use futures_util::future::BoxFuture;
use pod_shared::interlock::{RelayBody, RelayRow, Rows, RowsApplied};
use pod_shared::{ErrorCode, RelayId, RoomId};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// One side with the real relay log and nothing else; what it applies it writes down.
struct Half {
    db: Db,
    woken: Arc<Notify>,
    applied: Mutex<Vec<(RoomId, String)>>,
    _dir: tempfile::TempDir,
}

fn half() -> Arc<Half> {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&dir.path().join("half.db"), &[relay::SCHEMA]).unwrap();
    Arc::new(Half { db, woken: Arc::default(), applied: Mutex::default(), _dir: dir })
}

impl Half {
    async fn append(&self, room: RoomId, title: &str) {
        let body = RelayBody::Title { title: title.into(), counter: 1 };
        let id = RelayId(Uuid::now_v7());
        self.db.write(move |c| relay::append(c, id, room, &body)).await.unwrap();
        self.woken.notify_one();
    }

    async fn waiting(&self) -> usize {
        self.db.read(|c| relay::pending(c, 1_000, &[])).await.unwrap().len()
    }
}

impl Side for Half {
    fn pending(&self, limit: usize, held: Vec<RoomId>) -> BoxFuture<'_, Result<Vec<RelayRow>, Refusal>> {
        Box::pin(async move { Ok(self.db.read(move |c| relay::pending(c, limit, &held)).await?) })
    }

    fn forget(&self, ids: Vec<RelayId>) -> BoxFuture<'_, Result<(), Refusal>> {
        Box::pin(async move { Ok(self.db.write(move |c| relay::forget(c, &ids)).await?) })
    }

    fn settled(&self, outcome: RowsApplied) -> BoxFuture<'_, Result<(), Refusal>> {
        Box::pin(async move {
            self.db.write(move |c| relay::settle(c, &outcome)).await?;
            Ok(())
        })
    }

    fn apply(&self, rows: Vec<RelayRow>) -> BoxFuture<'_, Result<RowsApplied, Refusal>> {
        Box::pin(async move {
            let mut outcome = RowsApplied { applied: Vec::new(), refused: Vec::new() };
            for row in rows {
                let RelayBody::Title { title, .. } = &row.body else { continue };
                if title == "poison" {
                    outcome.refused.push((row.id, "never".into()));
                    continue;
                }
                if title == "stuck" {
                    continue;
                }
                let (id, room, title) = (row.id, row.room, title.clone());
                let is_new = self
                    .db
                    .write(move |c| {
                        let is_new = !relay::applied_before(c, id)?;
                        relay::mark_applied(c, id)?;
                        Ok::<_, StoreError>(is_new)
                    })
                    .await?;
                if is_new {
                    self.applied.lock().unwrap().push((room, title));
                }
                outcome.applied.push(id);
            }
            Ok(outcome)
        })
    }

    fn relay_woken(&self) -> Arc<Notify> {
        Arc::clone(&self.woken)
    }
}

/// A way that loses questions and answers in turn.
struct BadWay {
    to: Arc<Half>,
    tries: AtomicU32,
}

impl Deliver for BadWay {
    fn deliver(&self, rows: Rows) -> BoxFuture<'_, Result<RowsApplied, Refusal>> {
        let rows = rows.rows;
        Box::pin(async move {
            let lost = || Refusal::new(ErrorCode::Unavailable, "lost");
            match self.tries.fetch_add(1, Ordering::SeqCst) % 3 {
                0 => Err(lost()),
                1 => {
                    self.to.apply(rows).await?;
                    Err(lost())
                }
                _ => self.to.apply(rows).await,
            }
        })
    }
}

#[tokio::test]
async fn rows_arrive_once_and_in_order_over_a_way_that_loses_questions_and_answers() {
    let (from, to) = (half(), half());
    let (stopping, heard) = (CancellationToken::new(), Arc::<Notify>::default());
    let way = Arc::new(BadWay { to: Arc::clone(&to), tries: AtomicU32::new(0) });
    let dispatch = Dispatch { from: from.clone(), to: way, heard: Arc::clone(&heard) };
    let running = tokio::spawn(dispatch.run(stopping.clone()));
    let rooms = [RoomId(Uuid::now_v7()), RoomId(Uuid::now_v7())];
    let mut expected = Vec::new();
    for n in 0..150 {
        let room = rooms[n % 2];
        from.append(room, &n.to_string()).await;
        expected.push((room, n.to_string()));
    }
    until("everything is settled", || {
        heard.notify_one();
        async { from.waiting().await == 0 }
    })
    .await;
    assert_eq!(*to.applied.lock().unwrap(), expected);
    stopping.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn a_row_refused_for_good_is_set_aside_and_named_and_the_rest_goes_on() {
    let (from, to) = (half(), half());
    let stopping = CancellationToken::new();
    let dispatch = Dispatch {
        from: from.clone(),
        to: Arc::new(super::dispatch::Local(to.clone())),
        heard: Arc::default(),
    };
    let room = RoomId(Uuid::now_v7());
    for title in ["a", "poison", "b"] {
        from.append(room, title).await;
    }
    let running = tokio::spawn(dispatch.run(stopping.clone()));
    until("everything is settled", || async { from.waiting().await == 0 }).await;
    assert_eq!(*to.applied.lock().unwrap(), [(room, "a".into()), (room, "b".into())]);
    let violations = from.db.read(relay::check).await.unwrap();
    assert_eq!(violations, ["relay row 2 was refused by the other side: never"]);
    stopping.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn a_stuck_room_never_holds_up_the_others_however_many_rows_it_has() {
    let (from, to) = (half(), half());
    let stopping = CancellationToken::new();
    let way = Arc::new(super::dispatch::Local(to.clone()));
    let dispatch = Dispatch { from: from.clone(), to: way, heard: Arc::default() };
    let (stuck, good) = (RoomId(Uuid::now_v7()), RoomId(Uuid::now_v7()));
    let many = pod_shared::limits::RELAY_BATCH_MAX * 2;
    for _ in 0..many {
        from.append(stuck, "stuck").await;
    }
    from.append(good, "a").await;
    let running = tokio::spawn(dispatch.run(stopping.clone()));
    until("the other room has its row", || async { from.waiting().await == many }).await;
    assert_eq!(*to.applied.lock().unwrap(), [(good, "a".into())]);
    from.append(good, "b").await;
    until("and the next one", || async { from.waiting().await == many }).await;
    stopping.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn an_id_is_forgotten_when_asked_and_not_before() {
    let half = half();
    let ids = [RelayId(Uuid::now_v7()), RelayId(Uuid::now_v7())];
    half.db.write(move |c| ids.iter().try_for_each(|id| relay::mark_applied(c, *id))).await.unwrap();
    half.forget(vec![ids[0]]).await.unwrap();
    half.forget(vec![ids[0]]).await.unwrap();
    let known = half.db.read(move |c| {
        ids.iter().map(|id| relay::applied_before(c, *id)).collect::<Result<Vec<bool>, StoreError>>()
    });
    assert_eq!(known.await.unwrap(), [false, true]);
}

#[tokio::test]
async fn after_a_refused_pair_no_row_of_its_room_is_sent_and_other_rooms_go_on() {
    let from = half();
    let (foreign, good) = (RoomId(Uuid::now_v7()), RoomId(Uuid::now_v7()));
    let by = pod_shared::AccountId(Uuid::now_v7());
    let (id, at) = (RelayId(Uuid::now_v7()), pod_shared::TimeMs(1));
    let pair = RelayBody::Pair { title: "x".into(), creator: by, at, members: Vec::new() };
    from.db.write(move |c| relay::append(c, id, foreign, &pair)).await.unwrap();
    from.append(foreign, "before").await;
    from.settled(RowsApplied { applied: Vec::new(), refused: vec![(id, "never".into())] }).await.unwrap();
    from.append(foreign, "after").await;
    from.append(good, "a").await;
    let rooms: Vec<RoomId> =
        from.pending(100, Vec::new()).await.unwrap().iter().map(|row| row.room).collect();
    assert_eq!(rooms, [good]);
}

#[test]
fn nobody_is_let_in_before_the_last_page_of_revocations() {
    let access = crate::access::Access::remote(std::time::Duration::from_secs(60));
    let revocation =
        pod_shared::interlock::Revocation { seq: 1, device: pod_shared::DeviceId(Uuid::now_v7()), at_s: 1 };
    let mut hello = pod_shared::interlock::MessengerHello {
        capabilities: Vec::new(),
        token_keys: Vec::new(),
        revocations: vec![revocation],
    };
    super::heartbeat::listen(&access, &hello);
    assert!(access.fresh().is_err(), "there may be more");
    hello.revocations.clear();
    super::heartbeat::listen(&access, &hello);
    access.fresh().unwrap();
}

fn signed(secret: &Secret, path: &str, time_ms: i64, nonce: &str, body: &[u8]) -> HeaderMap {
    let signature = secret.sign(Question { path, time_ms, nonce, body });
    let mut headers = HeaderMap::new();
    headers.insert(TIME, HeaderValue::from(time_ms));
    headers.insert(NONCE, HeaderValue::from_str(nonce).unwrap());
    headers.insert(SIGNATURE, HeaderValue::from_str(&signature).unwrap());
    headers
}

#[test]
fn a_question_is_admitted_once_and_only_as_it_was_signed() {
    let secret = Secret::new(b"0123456789abcdef0123456789abcdef");
    let gate = Gatekeeper::new(secret.clone());
    let headers = signed(&secret, "/p", 1_000, "n", b"body");
    let code = |result: Result<String, Refusal>| result.unwrap_err().code();
    assert_eq!(code(gate.admit(1_000, "/other", &headers, b"body")), ErrorCode::Unauthorized);
    assert_eq!(code(gate.admit(1_000, "/p", &headers, b"other")), ErrorCode::Unauthorized);
    assert_eq!(code(gate.admit(1_000, "/p", &HeaderMap::new(), b"body")), ErrorCode::Unauthorized);
    assert_eq!(code(gate.admit(62_000, "/p", &headers, b"body")), ErrorCode::Unauthorized);
    assert_eq!(gate.admit(2_000, "/p", &headers, b"body").unwrap(), "n");
    assert_eq!(code(gate.admit(2_000, "/p", &headers, b"body")), ErrorCode::Unauthorized);
    let stranger = signed(&Secret::new(&[1; 32]), "/p", 1_000, "m", b"body");
    assert_eq!(code(gate.admit(1_000, "/p", &stranger, b"body")), ErrorCode::Unauthorized);
}

#[test]
fn an_answer_belongs_to_its_question() {
    let secret = Secret::new(b"0123456789abcdef0123456789abcdef");
    let signature = secret.sign_answer("n", 200, b"yes");
    assert!(secret.signed_answer("n", 200, b"yes", &signature));
    assert!(!secret.signed_answer("m", 200, b"yes", &signature));
    assert!(!secret.signed_answer("n", 200, b"no", &signature));
    assert!(!secret.signed_answer("n", 200, b"yes", "zz"));
    assert!(!secret.signed_answer("n", 200, b"yes", ""));
}
