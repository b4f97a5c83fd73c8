//! What a page may ask, one Tauri command each; the list is `ui/src/lib/backend/SHELL.md`. All are thin: they call the
//! pod, or a module of the shell, and answer with its value or an [`ErrorView`].
//!
//! They refuse paths and tokens: no page ever names a file of this computer or sees a secret.
//!
//! [`ErrorView`]: pod_client::view::ErrorView

pub(crate) mod drag;
pub(crate) mod edit;
pub(crate) mod files;
pub(crate) mod held;
pub(crate) mod host;
pub(crate) mod offers;
pub(crate) mod play;
pub(crate) mod run;
pub(crate) mod skin;
pub(crate) mod system;
pub(crate) mod window;
