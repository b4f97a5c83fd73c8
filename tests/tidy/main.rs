//! The house rules as tests: what the source may not be, checked on the source.
