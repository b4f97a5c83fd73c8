//! The planner: cases, names, and laws over plans by chance.

mod cases;
mod ground;
mod names;
mod plans;
mod server;
mod world;
