//! What is said on the wire: the bytes of each frame, what an older Pod does with a newer one, and broken input.

mod frames;
mod laws;
mod samples;
mod tolerance;
