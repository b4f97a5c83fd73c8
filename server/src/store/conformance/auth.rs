//! The store of auth.
