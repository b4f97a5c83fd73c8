//! Auth rules.
