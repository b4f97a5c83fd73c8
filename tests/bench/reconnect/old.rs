//! The same with XMPP: resumption of the session (XEP-0198) and a new session with roster versioning (RFC 6121), whichever the
//! server allows.

use super::peers::Peer;
use super::tap::Tap;
use super::wire::{Cost, of_xmpp};
use super::xmpp::Client;
use super::{CHANGES, CONTACTS, DAY_OF_CHANGES, RUNS, report};
use crate::host::pass;
use anyhow::{Context, ensure};
use std::time::Duration;

/// The one whose reconnect is measured.
const ONE: &str = "one";
/// What the end of a line needs to be noticed.
const NOTICED: Duration = Duration::from_millis(300);

/// Somebody of the thousand, on a connection of their own.
struct Contact {
    client: Client,
    busy: bool,
}

/// A session that was cut, and can be gone on with.
struct Cut {
    previous: String,
    handled: usize,
    roster: String,
}

/// Everything, one line each.
pub(super) async fn run(peer: Peer) -> anyhow::Result<()> {
    let mut server = peer.start()?;
    let address = server.address.clone();
    let tap = Tap::to(&address).await?;
    Client::register(&address, ONE).await?;
    for n in 0..CONTACTS {
        Client::register(&address, &name(n)).await?;
    }
    let mut contacts = gather(&address).await?;
    befriend(&address, &mut contacts).await?;

    let (cost, mut cut) = begin(&tap, "").await?;
    report(peer.name(), "first full sync", CONTACTS, vec![cost]);
    for changes in CHANGES {
        let (mut resumed, mut anew) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            change(&mut contacts, changes).await?;
            resumed.push(resume(&tap, &mut cut, changes).await?);
            change(&mut contacts, changes).await?;
            // A process that does not have the session: whatever it kept, it begins anew, with its roster.
            let (cost, next) = begin(&tap, &cut.roster).await?;
            anew.push(cost);
            cut = next;
        }
        report(peer.name(), "reconnect, resumption", changes, resumed);
        report(peer.name(), "reconnect, roster versioning", changes, anew);
    }
    for _ in 0..DAY_OF_CHANGES {
        change(&mut contacts, CONTACTS).await?;
    }
    let cost = resume(&tap, &mut cut, CONTACTS * DAY_OF_CHANGES).await?;
    report(
        peer.name(),
        "a day of changes, resumption (within its ten minutes)",
        CONTACTS * DAY_OF_CHANGES,
        vec![cost],
    );
    for changes in CHANGES {
        drop(contacts);
        peer.restart(&mut server)?;
        contacts = gather(&address).await?;
        change(&mut contacts, changes).await?;
        let (cost, next) = after_restart(&tap, &cut).await?;
        cut = next;
        report(peer.name(), "after a server restart", changes, vec![cost]);
    }
    Ok(())
}

fn name(n: usize) -> String {
    format!("contact{n}")
}

/// Everybody signs in and is there.
async fn gather(address: &str) -> anyhow::Result<Vec<Contact>> {
    let mut contacts = Vec::with_capacity(CONTACTS);
    for n in 0..CONTACTS {
        let mut client = Client::sign_in(address, &name(n)).await?;
        client.bind().await?;
        client.say("<presence/>").await?;
        contacts.push(Contact { client, busy: false });
    }
    settle(&mut contacts).await?;
    Ok(contacts)
}

/// Each asks, the one agrees and asks back, each agrees.
async fn befriend(address: &str, contacts: &mut [Contact]) -> anyhow::Result<()> {
    let mut one = Client::sign_in(address, ONE).await?;
    one.bind().await?;
    one.say("<presence/>").await?;
    for (n, contact) in contacts.iter_mut().enumerate() {
        contact.client.say(&format!("<presence to='{ONE}@localhost' type='subscribe'/>")).await?;
        one.until("type='subscribe'").await?;
        let name = name(n);
        one.say(&format!(
            "<presence to='{name}@localhost' type='subscribed'/><presence to='{name}@localhost' type='subscribe'/>"
        ))
        .await?;
        contact.client.until("type='subscribe'").await?;
        contact.client.say(&format!("<presence to='{ONE}@localhost' type='subscribed'/>")).await?;
        round_trip(&mut contact.client).await?;
        one.take();
    }
    one.say("<iq type='get' id='all'><query xmlns='jabber:iq:roster'/></iq>").await?;
    // What was pushed while people agreed comes before it.
    one.until("id='all'").await?;
    let roster = one.until("</query>").await?;
    let both = roster.matches("subscription='both'").count();
    ensure!(both == contacts.len(), "{both} are contacts");
    Ok(())
}

/// The first so many are seen otherwise; the server has taken it.
async fn change(contacts: &mut [Contact], count: usize) -> anyhow::Result<()> {
    for contact in contacts.iter_mut().take(count) {
        contact.busy = !contact.busy;
        let show = if contact.busy { "<presence><show>dnd</show></presence>" } else { "<presence/>" };
        contact.client.say(show).await?;
    }
    let changed = contacts.get_mut(..count).context("so many are not there")?;
    settle(changed).await
}

async fn settle(contacts: &mut [Contact]) -> anyhow::Result<()> {
    for contact in contacts {
        round_trip(&mut contact.client).await?;
    }
    Ok(())
}

/// All that was said before has been read by the server.
async fn round_trip(client: &mut Client) -> anyhow::Result<()> {
    client.say("<iq type='get' id='here' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>").await?;
    client.until("id='here'").await?;
    client.take();
    Ok(())
}

/// A new session, through the tap, until everybody is known; then the line is cut.
async fn begin(tap: &Tap, roster: &str) -> anyhow::Result<(Cost, Cut)> {
    tap.forget();
    let mut client = Client::sign_in(&tap.address(), ONE).await?;
    session(tap, &mut client, roster).await
}

async fn session(tap: &Tap, client: &mut Client, roster: &str) -> anyhow::Result<(Cost, Cut)> {
    let (previous, roster) = client.begin(roster).await?;
    // Those of the contacts, and the own one.
    client.presences(CONTACTS + 1).await?;
    let cost = cost(tap)?;
    let cut = Cut { previous, handled: client.handled, roster };
    Ok((cost, cut))
}

async fn resume(tap: &Tap, cut: &mut Cut, changes: usize) -> anyhow::Result<Cost> {
    pass(NOTICED).await;
    tap.forget();
    let mut client = Client::sign_in(&tap.address(), ONE).await?;
    ensure!(client.resume(&cut.previous, cut.handled).await?, "the session is gone");
    client.presences(changes).await?;
    let cost = cost(tap)?;
    cut.handled = client.handled;
    Ok(cost)
}

/// The session is tried and is gone; then a new one.
async fn after_restart(tap: &Tap, cut: &Cut) -> anyhow::Result<(Cost, Cut)> {
    tap.forget();
    let mut client = Client::sign_in(&tap.address(), ONE).await?;
    ensure!(!client.resume(&cut.previous, cut.handled).await?, "the session outlived its server");
    session(tap, &mut client, &cut.roster).await
}

fn cost(tap: &Tap) -> anyhow::Result<Cost> {
    tap.lines().iter().find_map(of_xmpp).context("nothing went over the wire")
}
