//! What a device may ask, each with its answer.

use super::Inner;
use super::rooms::Wish;
use crate::access::Caller;
use crate::error::Refusal;
use pod_shared::socket::{Answer, Request};

impl Inner {
    pub(super) async fn answer(&self, caller: Caller, request: Request) -> Result<Answer, Refusal> {
        let account = caller.account;
        match request {
            Request::RoomCreate { room, title, members, folder } => {
                self.create_room(account, Wish { room, title, members, folder }).await?;
                Ok(Answer::Done {})
            }
            Request::FolderCreate { room } => {
                self.create_folder(account, room).await?;
                Ok(Answer::Done {})
            }
            Request::RoomRename { room, title } => {
                self.rename_room(account, room, title).await?;
                Ok(Answer::Done {})
            }
            Request::MemberSet { room, account: whom, role } => {
                self.set_member(account, room, whom, role).await
            }
            Request::History { room, before, limit } => {
                let page = self.store.history(room, account, before, limit).await?;
                Ok(Answer::History { events: page.events, more: page.more })
            }
            Request::People { text, limit } => {
                Ok(Answer::People { people: self.find_people(account, text, limit).await? })
            }
            Request::Link(ask) => Ok(Answer::Link(self.link(account, ask).await?)),
            Request::Presence(chosen) => {
                self.choose(account, chosen).await?;
                Ok(Answer::Done {})
            }
            Request::Profile(profile) => {
                self.set_profile(account, &profile).await?;
                Ok(Answer::Done {})
            }
            Request::Setting(setting) => {
                self.set_setting(account, setting).await?;
                Ok(Answer::Done {})
            }
            Request::Offer(ask) => self.offer(caller, ask).await,
            Request::Contact(ask) => {
                self.contact(account, ask).await?;
                Ok(Answer::Done {})
            }
            Request::Relay {} => Ok(Answer::Relay { relay: self.about.relay(caller.device) }),
            Request::NameChanged {} => {
                let people = self.directory.get(vec![account]).await?;
                self.store.rename_people(people).await?;
                Ok(Answer::Done {})
            }
        }
    }
}
