//! The desktop program end to end: real windows in real WebKit, two people at once.
//!
//! Needs Xvfb, openbox, D-Bus, gnome-keyring, WebKitWebDriver, xdotool, xclip and the system's Python with GTK
//! (`scripts/test.sh` installs them). Pictures are kept in `artefacts/desktop`.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test tells a failure by failing")]

mod away;
mod contacts;
mod dialog;
mod edits;
mod fair;
mod held;
mod life;
mod notices;
mod offers;
mod people;
mod places;
mod playing;
mod queue;
mod screens;
mod sharing;
mod story;
mod window;
