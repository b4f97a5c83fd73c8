//! What `auth` keeps and asks for, whatever the database: accounts, devices, invites, revocations.

use pod_shared::{AccountId, DeviceId, TimeMs};

/// SHA-256 of a secret: what is kept of device tokens and invite codes.
pub type SecretHash = [u8; 32];

/// A person's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Unique name, as written at sign-up.
    pub name: String,
    /// What others see.
    pub display_name: String,
    /// Argon2 in PHC form.
    pub password: String,
    /// May invite people.
    pub is_admin: bool,
    /// May not sign in.
    pub is_disabled: bool,
}

/// A device that signs in.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// Made by the device.
    pub id: DeviceId,
    /// For the person's list.
    pub label: String,
    /// Of the token it gets.
    pub token: SecretHash,
}

/// Whether whoever signs up may make the first account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstRight {
    /// They sit at this computer or know the printed code.
    Granted,
    /// They must know the printed code.
    Missing,
}

/// What lets a person in.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// For the first account.
    pub first: FirstRight,
    /// For all others.
    pub invite: Option<SecretHash>,
}

/// An account to be made, its names already found good.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its id.
    pub id: AccountId,
    /// Unique name.
    pub name: String,
    /// The name as it is compared.
    pub name_key: String,
    /// What others see.
    pub display_name: String,
    /// The display name as it is searched.
    pub display_key: String,
    /// Argon2 in PHC form.
    pub password: String,
    /// Signed in by signing up.
    pub device: NewDevice,
    /// What lets the person in.
    pub gate: Gate,
    /// Now.
    pub at: TimeMs,
}

/// A token may be made for this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The person.
    pub account: AccountId,
    /// The device.
    pub device: DeviceId,
    /// The token's `iat`: now, or just after the device's last revocation.
    pub issued_at_s: u64,
}

/// A signed-in device, found by its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The person.
    pub account: AccountId,
    /// The device.
    pub device: DeviceId,
    /// The person may invite people.
    pub is_admin: bool,
}

/// An invite to be kept.
#[derive(Clone, Debug)]
pub struct NewInvite {
    /// Of its code.
    pub code: SecretHash,
    /// How many people may use it.
    pub uses: u32,
    /// Until when, in seconds since 1970.
    pub expires_at_s: u64,
    /// Who made it; nothing: the command line.
    pub by: Option<AccountId>,
}

/// One line of `user list`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLine {
    /// The account.
    pub account: Account,
    /// Devices signed in.
    pub devices: u32,
}
