//! Settings that follow their person (O21): only their form is judged, never what they mean.

use super::Inner;
use crate::error::Refusal;
use pod_shared::limits::{SETTING_KEY_BYTES_MAX, SETTING_VALUE_BYTES_MAX};
use pod_shared::setting::SettingState;
use pod_shared::{AccountId, ErrorCode};

impl Inner {
    /// Changes one; the same again changes nothing.
    pub(super) async fn set_setting(&self, account: AccountId, setting: SettingState) -> Result<(), Refusal> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':');
        let key = &setting.key;
        if key.is_empty() || key.len() > SETTING_KEY_BYTES_MAX || !key.chars().all(plain) {
            return Err(Refusal::new(ErrorCode::BadRequest, "this is no key of a setting"));
        }
        if setting.value.as_ref().is_some_and(|value| value.len() > SETTING_VALUE_BYTES_MAX) {
            return Err(Refusal::new(ErrorCode::TooLarge, "the value is too long"));
        }
        self.store.set_setting(account, setting).await
    }
}
