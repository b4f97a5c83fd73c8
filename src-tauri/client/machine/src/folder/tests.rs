//! The planner: cases, names, and laws over plans by chance.

mod cases;
mod names;
mod plans;
mod server;
mod world;
