//! Rules for rooms: making one, its folder, its title.

use super::{Inner, now};
use crate::error::Refusal;
use crate::store::sqlite::messenger::NewRoom;
use pod_shared::limits::{MEMBERS_PER_ROOM_MAX, ROOM_TITLE_BYTES_MAX};
use pod_shared::{AccountId, ErrorCode, Role, RoomId};
use sha2::{Digest, Sha256};

/// What somebody asks for who wants a room.
pub(super) struct Wish {
    pub(super) room: RoomId,
    pub(super) title: String,
    pub(super) members: Vec<AccountId>,
    pub(super) folder: bool,
}

impl Inner {
    pub(super) async fn create_room(&self, creator: AccountId, wish: Wish) -> Result<(), Refusal> {
        let mut accounts = wish.members;
        accounts.push(creator);
        accounts.sort_unstable();
        accounts.dedup();
        // Before anybody is looked up: a crowd of strangers costs nothing.
        if accounts.len() > MEMBERS_PER_ROOM_MAX {
            return Err(Refusal::new(ErrorCode::TooMany, "a room cannot have that many members"));
        }
        check_title(&wish.title, accounts.len() as u64)?;
        let digest = digest(&wish.title, &accounts, wish.folder);
        let people = self.directory.get(accounts.clone()).await?;
        if people.len() != accounts.len() {
            return Err(Refusal::new(ErrorCode::NotFound, "one of the people is not on this server"));
        }
        let new = NewRoom {
            room: wish.room,
            title: wish.title,
            creator,
            at: now(),
            people,
            folder: wish.folder,
            digest,
        };
        self.store.create_room(new).await
    }

    pub(super) async fn create_folder(&self, by: AccountId, room: RoomId) -> Result<(), Refusal> {
        self.store.create_folder(room, by, now(), may_write).await
    }

    pub(super) async fn rename_room(
        &self,
        by: AccountId,
        room: RoomId,
        title: String,
    ) -> Result<(), Refusal> {
        check_title(&title, 2)?;
        self.store.rename(room, by, now(), title, may_rename).await
    }
}

/// A title is short and of printable characters; only a conversation of two does without.
pub(super) fn check_title(title: &str, members: u64) -> Result<(), Refusal> {
    if title.len() > ROOM_TITLE_BYTES_MAX {
        return Err(Refusal::new(ErrorCode::InvalidName, "the title is too long"));
    }
    if title.chars().any(char::is_control) {
        return Err(Refusal::new(ErrorCode::InvalidName, "the title holds a character that cannot be shown"));
    }
    if title.trim().is_empty() && members != 2 {
        return Err(Refusal::new(ErrorCode::InvalidName, "the room needs a title"));
    }
    Ok(())
}

/// Who writes may.
pub(super) fn may_write(role: Role) -> Result<(), Refusal> {
    if role.writes() {
        return Ok(());
    }
    Err(Refusal::new(ErrorCode::RoleTooLow, "viewers only read"))
}

fn may_rename(role: Role, members: u64, title: &str) -> Result<(), Refusal> {
    if !role.manages() {
        return Err(Refusal::new(ErrorCode::RoleTooLow, "only managers and owners change the title"));
    }
    check_title(title, members)
}

fn digest(title: &str, accounts: &[AccountId], folder: bool) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update((title.len() as u64).to_be_bytes());
    digest.update(title);
    for account in accounts {
        digest.update(account.as_bytes());
    }
    digest.update([u8::from(folder)]);
    digest.finalize().into()
}
