//! Every screen in another language and in the dark: a person starts a server of their own and looks around. The
//! pictures are for eyes; what is asserted is that nothing is cut and nothing stands there in English.

use crate::people::{Half, drop_on_chat, file, seat_window};
use pod_tests::desktop::seat::Window;
use pod_tests::desktop::{Pointer, Screen, Seat};
use pod_tests::world::PASSWORD;
use serde_json::json;

const ROOM: &str = "하버 스튜디오 봄 촬영";

/// Text that is cut without saying the whole in a tooltip, and English left over where Korean should stand.
const FLAWS: &str = include_str!("flaws.js");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_starts_a_server_on_this_computer_and_sees_every_screen_in_korean_and_at_night() {
    let screen = Screen::start("korean-midnight").await;
    let mut mina = Seat::new(&screen, "mina").with("GTK_THEME", "Adwaita:dark");
    mina.open().await;
    begin(&screen, &mina).await;
    invite_and_settings(&screen, &mina).await;
    first_room(&screen, &mina).await;
    around_the_room(&screen, &mina).await;
    own_window(&screen, &mina).await;
    stop_the_server(&screen, &mina).await;
    mina.kill().await;
    screen.end().await;
}

async fn begin(screen: &Screen, mina: &Seat) {
    let pointer = Pointer::new(screen);
    seat_window(&pointer, mina, "Pod", Half::Left).await;
    let main = mina.main().await;
    let page = main.page();
    page.click("button", "한국어").await;
    page.find("heading", "어떻게 시작할까요?").await;
    keep(screen, &main, "01-first-run").await;
    page.click("button", "초대 링크로 들어가기").await;
    keep(screen, &main, "02-join").await;
    page.click("button", "뒤로").await;
    page.click("button", "서버에 로그인하기").await;
    keep(screen, &main, "03-sign-in").await;
    page.click("button", "뒤로").await;
    page.click("button", "이 컴퓨터에서 서버 시작하기").await;
    page.fill("모임 이름", "하버 스튜디오").await;
    page.click("radio", "이 컴퓨터만").await;
    keep(screen, &main, "04-start-a-server").await;
    page.click("button", "서버 시작").await;
    page.shows("하버 스튜디오가 실행 중입니다").await;
    page.fill("이름", "mina").await;
    page.fill("보이는 이름", "미나").await;
    page.fill("비밀번호", PASSWORD).await;
    keep(screen, &main, "05-account").await;
    page.click("button", "계정 만들기").await;
}

async fn invite_and_settings(screen: &Screen, mina: &Seat) {
    let main = mina.main().await;
    let page = main.page();
    page.click("button", "초대 링크 만들기").await;
    page.find("textbox", "초대 링크").await;
    keep(screen, &main, "06-invite").await;
    for (part, name) in [
        ("rooms", "07-settings-rooms"),
        ("server", "08-settings-server"),
        ("computers", "08-settings-computers"),
        ("look", "09-settings-look"),
    ] {
        page.press(&format!("[data-testid=settings-{part}]")).await;
        keep(screen, &main, name).await;
    }
    page.click("button", "한밤").await;
}

async fn first_room(screen: &Screen, mina: &Seat) {
    let main = mina.main().await;
    let page = main.page();
    page.press("[data-testid=rail-messages]").await;
    keep(screen, &main, "10-no-rooms").await;
    page.press("[data-testid=first-room]").await;
    page.fill("방 이름", ROOM).await;
    keep(screen, &main, "11-new-room").await;
    page.click("button", "방 만들기").await;
    page.find("textbox", ROOM).await;
    keep(screen, &main, "12-first-room").await;
}

async fn around_the_room(screen: &Screen, mina: &Seat) {
    let main = mina.main().await;
    let page = main.page();
    let field = format!("{ROOM}에 메시지 쓰기");
    page.fill(&field, "안녕하세요, 여기에 모아 둘게요.").await;
    page.enter(&field).await;
    let plan = file(mina, "봄 촬영 계획서 (최종본) 2026년 3월 수정.docx", &[7; 70_000]);
    drop_on_chat(screen, mina, plan, "13-file-held-over-the-chat", "놓으면").await;
    page.find("button", "폴더에서 보기").await;
    keep(screen, &main, "14-main").await;
    page.press("[data-testid=members-button]").await;
    keep(screen, &main, "15-members").await;
    page.press("dialog .ib.sm").await;
    page.press("[data-testid=rail-files]").await;
    page.find("button", "새 폴더").await;
    keep(screen, &main, "16-files").await;
    page.press("[data-testid=rail-transfers]").await;
    keep(screen, &main, "17-transfers").await;
    page.press("[data-testid=rail-messages]").await;
}

async fn own_window(screen: &Screen, mina: &Seat) {
    let pointer = Pointer::new(screen);
    mina.main().await.page().press("[data-testid=window-button]").await;
    let window = mina.room().await;
    seat_window(&pointer, mina, ROOM, Half::Right).await;
    window.page().shows("여기에 모아 둘게요").await;
    keep(screen, &window, "18-room-window").await;
    window.page().press("[data-testid=folder-button]").await;
    keep(screen, &window, "19-folder-panel").await;
}

/// While their server is stopped they go on writing, and are told what waits.
async fn stop_the_server(screen: &Screen, mina: &Seat) {
    let main = mina.main().await;
    let page = main.page();
    server_settings(&main).await;
    page.press("[data-testid=host-stop]").await;
    keep(screen, &main, "20-stop-the-server").await;
    page.press("dialog .btn.bad, dialog .btn.pri").await;
    page.press("[data-testid=rail-messages]").await;
    page.find("status", "다시 연결하는 중").await;
    let field = format!("{ROOM}에 메시지 쓰기");
    page.fill(&field, "서버가 꺼져도 씁니다.").await;
    page.enter(&field).await;
    page.find("status", "메시지 1개가 다시 연결되면 보내집니다").await;
    keep(screen, &main, "21-offline").await;
    server_settings(&main).await;
    page.press("[data-testid=host-start]").await;
    page.press("[data-testid=rail-messages]").await;
    page.is_gone("status", "다시 연결하는 중").await;
    server_settings(&main).await;
    page.press("[data-testid=host-stop]").await;
    page.press("dialog .btn.bad, dialog .btn.pri").await;
    page.find("button", "서버 시작").await;
}

async fn server_settings(main: &Window<'_>) {
    main.page().press("[data-testid=rail-settings]").await;
    main.page().press("[data-testid=settings-server]").await;
}

/// Keeps a picture of a window, and looks for what is wrong in it.
pub(crate) async fn keep(screen: &Screen, window: &Window<'_>, name: &str) {
    window.page().rests().await;
    window.picture(&screen.artefacts().join(format!("{name}.png"))).await;
    let flaws = window.page().script(FLAWS, json!([])).await.expect("a page can be looked at");
    assert_eq!(flaws, json!([]), "{name}");
}
