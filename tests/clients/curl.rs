//! Downloads by curl: ranges, and going on after a cut, guarded by `If-Range`.

use crate::program::{MIB, Parcel};
use pod_tests::proxy::Weather;
use pod_tests::{World, both_ways, wait};
use std::path::Path;
use tokio::process::Command;

/// curl's code for a transfer that ended early.
const PARTIAL: [i32; 2] = [18, 56];
/// curl's code for a server that sent the whole where a range was asked for.
const NO_RANGE: i32 = 33;

struct Curl<'a> {
    url: String,
    token: &'a str,
}

impl Curl<'_> {
    fn command(&self, into: &Path, more: &[&str]) -> Command {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--fail", "--write-out", "%{http_code}"]);
        command.arg("--header").arg(format!("Authorization: Bearer {}", self.token));
        command.args(more).arg("--output").arg(into).arg(&self.url).kill_on_drop(true);
        command
    }

    /// Runs it to its end: its own code, and the status of the answer.
    async fn run(&self, into: &Path, more: &[&str]) -> (i32, String) {
        let ended = wait::soon("curl to end", self.command(into, more).output()).await.unwrap();
        (ended.status.code().unwrap_or(-1), String::from_utf8_lossy(&ended.stdout).into_owned())
    }
}

both_ways!(curl_fetches_ranges_and_goes_on_after_a_cut, async |world: &mut World| {
    let parcel = Parcel::new(world, 12 * MIB).await;
    let (bytes, folder) = (&parcel.bytes, world.folder());
    let entry = parcel.amy.put(parcel.room, "large.bin", bytes).await;
    let url = format!("{}/v1/entries/{}/content", world.content_url(), entry.id);
    let curl = Curl { url, token: &parcel.amy.content_token };
    let done = |status: &str| (0, status.to_owned());

    let part = folder.join("part.bin");
    assert_eq!(curl.run(&part, &["--range", "1000-1999"]).await, done("206"));
    assert_eq!(std::fs::read(&part).unwrap(), bytes[1_000..2_000]);
    assert_eq!(curl.run(&part, &["--range", "-7"]).await, done("206"));
    assert_eq!(std::fs::read(&part).unwrap(), bytes[bytes.len() - 7..]);

    let whole = folder.join("whole.bin");
    let way = world.way_to_content();
    let before = way.bytes_down();
    // Slower than the network, so that the cut finds it on its way.
    let (cut, ()) = tokio::join!(curl.run(&whole, &["--limit-rate", "8M"]), async {
        let some = async || (way.bytes_down() - before > 2 * MIB as u64).then_some(());
        wait::until("some of the file to come down", some).await;
        way.set(Weather::Cut);
    });
    way.set(Weather::Fair);
    assert!(PARTIAL.contains(&cut.0), "curl was not cut: {cut:?}");
    let there = std::fs::metadata(&whole).unwrap().len();
    assert!(there > 0 && there < bytes.len() as u64, "{there} bytes");

    let stale = format!("If-Range: \"{}\"", "0".repeat(64));
    let (code, _) = curl.run(&whole, &["--continue-at", "-", "--header", &stale]).await;
    assert_eq!(code, NO_RANGE, "another version is sent whole, and curl does not mix the two");
    assert_eq!(std::fs::metadata(&whole).unwrap().len(), there);

    let before = way.bytes_down();
    let same = format!("If-Range: \"{}\"", entry.digest);
    assert_eq!(curl.run(&whole, &["--continue-at", "-", "--header", &same]).await, done("206"));
    assert!(std::fs::read(&whole).unwrap() == *bytes, "the bytes differ");
    let came = way.bytes_down() - before;
    assert!(came < bytes.len() as u64 - there + MIB as u64, "{came} bytes came down: it began anew");
});
