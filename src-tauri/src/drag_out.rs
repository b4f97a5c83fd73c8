//! A drag that begins in a window and ends anywhere: on the desktop, in another program, or in Pod again. The system
//! carries it, so that every program takes the files as it takes those of a file manager.
//!
//! It only copies: what is dragged stays where it is.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod native;

#[cfg(target_os = "linux")]
pub(crate) use linux::drag;
#[cfg(not(target_os = "linux"))]
pub(crate) use native::drag;
