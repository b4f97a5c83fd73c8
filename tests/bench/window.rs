//! The desktop program as a person feels it: its start against a blank Tauri page, a switch between two long rooms,
//! frames while one scrolls, and its memory with twenty rooms. Real windows in WebKit, on a screen of its own.
//!
//! `stage` makes the people, rooms and messages; `probe` looks into a running window.

mod probe;
mod stage;

use crate::report::{line, median, round};
use anyhow::Context;
use probe::{Look, Run};
use serde_json::{Value, json};
use stage::Stage;

/// Starts of each program; the two take turns.
const STARTS: usize = 7;
/// Switches between the two long rooms.
const SWITCHES: u32 = 40;
/// Frames of a scroll, each way.
const FRAMES: u32 = 240;

/// Prints three lines: `window-start`, `window-use`, `window-memory`.
pub(crate) async fn run() -> anyhow::Result<()> {
    let stage = Stage::set().await?;
    let (mut pod_ms, mut blank_ms, mut ways) = (Vec::new(), Vec::new(), [const { Vec::new() }; 3]);
    for _ in 0..STARTS {
        let blank = stage.blank().await?;
        blank_ms.push(blank.first_content_ms(Look::Blank).await?);
        blank.end().await;
        let pod = stage.pod().await?;
        pod_ms.push(pod.first_content_ms(Look::Rooms).await?);
        for (times, at) in ways.iter_mut().zip(pod.way_ms().await?) {
            times.push(at);
        }
        pod.end().await;
    }
    let [script, heard, answered] = ways.map(|mut times| round(median(&mut times)));
    let (pod, blank) = (median(&mut pod_ms), median(&mut blank_ms));
    line(
        "window-start",
        json!({
            "starts": STARTS, "pod_ms": round(pod), "baseline": "blank-tauri-page", "baseline_ms": round(blank),
            "more_ms": round(pod - blank), "aim_more_ms": 150,
            "script_at_ms": script, "heard_at_ms": heard, "answered_at_ms": answered,
        }),
    );
    let run = stage.pod().await?;
    run.first_content_ms(Look::Rooms).await?;
    used(&stage, &run).await?;
    visited(&stage, &run).await?;
    run.end().await;
    let blank = stage.blank().await?;
    blank.first_content_ms(Look::Blank).await?;
    let blank_mib = blank.memory_mib()?;
    blank.end().await;
    let run = stage.pod().await?;
    run.first_content_ms(Look::Rooms).await?;
    let fresh_mib = run.memory_mib()?;
    visited(&stage, &run).await?;
    line(
        "window-memory",
        json!({
            "rooms": stage::ROOMS, "pss_mib_all_rooms_visited": round(run.memory_mib()?),
            "pss_mib_after_start": round(fresh_mib), "baseline": "blank-tauri-page",
            "baseline_pss_mib": round(blank_mib),
        }),
    );
    run.end().await;
    stage.end().await;
    Ok(())
}

/// Switches and scrolls.
async fn used(stage: &Stage, run: &Run) -> anyhow::Result<()> {
    let rooms = json!([stage.long.0.to_string(), stage.long.1.to_string(), SWITCHES]);
    let mut switches = numbers(&run.work(probe::SWITCH, rooms).await?)?;
    let mut frames = numbers(&run.work(probe::SCROLL, json!([FRAMES])).await?)?;
    let idle = numbers(&run.work(probe::FRAMES, json!([FRAMES])).await?)?;
    line(
        "window-use",
        json!({
            "messages_a_room": stage::MESSAGES, "switch_ms": round(median(&mut switches)),
            "switch_ms_max": round(max(&switches)), "aim_switch_ms": 50,
            "scroll_frame_ms": round(median(&mut frames)), "scroll_frame_ms_max": round(max(&frames)),
            "scroll_frames_over_32_ms": frames.iter().filter(|ms| **ms > 32.0).count(), "frames": frames.len(),
            "baseline": "frames-of-the-window-at-rest", "baseline_frame_ms_max": round(max(&idle)),
        }),
    );
    Ok(())
}

async fn visited(stage: &Stage, run: &Run) -> anyhow::Result<()> {
    let rooms: Vec<String> = stage.rooms.iter().map(ToString::to_string).collect();
    run.work(probe::VISIT, json!([rooms])).await.map(drop)
}

fn numbers(value: &Value) -> anyhow::Result<Vec<f64>> {
    let list = value.as_array().with_context(|| format!("no list: {value}"))?;
    Ok(list.iter().filter_map(Value::as_f64).collect())
}

fn max(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}
