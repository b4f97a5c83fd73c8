//! Settings that follow their person to every computer (O21, O12): kept by the messenger as words it does not understand,
//! synchronised like presence. Which settings these are is the clients' to know.

use serde::{Deserialize, Serialize};

/// One setting of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingState {
    /// Its key: letters, digits, dots and the like; at most `limits::SETTING_KEY_BYTES_MAX`.
    pub key: String,
    /// Its value, at most `limits::SETTING_VALUE_BYTES_MAX`; nothing: back to the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}
