//! The desktop program end to end: real windows of the real program in real WebKit, on a screen of the test's own.
//!
//! [`Screen`] is an X server with a window manager, a session bus and a keyring; [`Seat`] is one person at it, with a
//! profile, folders and programs of their own, driving their Pod over WebDriver; [`Pointer`] is the mouse, which drags
//! real files out of a real other program. Pages are searched as a screen reader would: by role and name. It refuses
//! to sleep, and to reach into the program past its windows.

pub mod accessibility;
pub mod desk;
pub mod page;
pub mod pointer;
pub mod screen;
pub mod seat;
pub mod webdriver;

pub use desk::Desk;
pub use page::Page;
pub use pointer::Pointer;
pub use screen::Screen;
pub use seat::Seat;
