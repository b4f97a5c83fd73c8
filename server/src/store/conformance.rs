//! One suite for each seam: every store that comes must pass it.

mod auth;
mod contacts;
mod content;
mod messenger;
mod offers;
mod people;
