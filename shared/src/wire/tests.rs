//! What is said on the wire: the bytes of each frame, the JSON of each body, what an older Pod does with a newer one, and
//! broken input.

mod bodies;
mod contacts;
mod frames;
mod kinds;
mod laws;
mod samples;
mod tolerance;
