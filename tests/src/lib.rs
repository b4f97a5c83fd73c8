//! The harness for what crosses crates: real servers, real pods, a network that can be cut, and the house rules.
//!
//! [`World`] starts the servers of one arrangement (one process, or messenger and content apart) in a temporary folder,
//! each behind a [`Proxy`]; [`Pod`] drives a real `pod-cli` on its own profile. It refuses to sleep: every wait is for
//! a state and has a deadline ([`wait`]). A world that ends fails its test when a process is left over, when a
//! server logged an error or panicked, or when `pod-server check` finds anything.
#![expect(
    clippy::expect_used,
    clippy::wildcard_enum_match_arm,
    reason = "a harness tells a failure by failing the test, and picks the one frame it waits for"
)]

pub mod clock;
pub mod desktop;
pub mod device;
pub mod elder;
pub mod offers;
pub mod pod;
pub mod process;
pub mod proxy;
pub mod seen;
pub mod server;
pub mod socket;
pub mod tree;
pub mod wait;
pub mod world;

pub use device::Device;
pub use pod::{Pod, Said};
pub use process::Process;
pub use proxy::Proxy;
pub use server::{Server, ServerPlan};
pub use socket::Socket;
pub use world::{Arrangement, World};

/// Makes one test of a story for each arrangement: `in_one_process` and `in_two_processes`, in a module of its name.
#[macro_export]
macro_rules! both_ways {
    ($(#[$doc:meta])* $name:ident, $story:expr) => {
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_one_process() {
                $crate::world::tell($crate::Arrangement::One, stringify!($name), $story).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_two_processes() {
                $crate::world::tell($crate::Arrangement::Two, stringify!($name), $story).await;
            }
        }
    };
}
