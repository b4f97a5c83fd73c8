//! The house rules as tests: what the source may not be, checked on the source itself.
//!
//! A rule that fails names the file and the line. It refuses to have exceptions for one file: a rule that does not fit
//! is changed for all.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a rule tells a failure by failing the test")]

mod docs;
mod imports;
mod interface;
mod limits;
mod migrations;

mod shape;
mod source;
mod testing;
mod words;
