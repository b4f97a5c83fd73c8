//! The companion server of Pod: three services (auth, messenger, content) in one process or in several.

pub mod store;
