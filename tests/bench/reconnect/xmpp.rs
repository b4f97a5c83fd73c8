//! A client of XMPP, as small as the comparison allows: it says what a good client says and counts stanzas; it reads no XML.
//! What can be said at once is: that is in favour of the peers.

use anyhow::{Context, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer that takes longer will not come.
const PATIENCE: Duration = Duration::from_secs(60);
const PASSWORD: &str = "correct horse battery";
const HEADER: &str = "<?xml version='1.0'?><stream:stream to='localhost' xmlns='jabber:client' \
    xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";

/// A connection.
pub(super) struct Client {
    stream: TcpStream,
    /// What came and was not waited for yet.
    rest: String,
    /// Stanzas that came since stream management was switched on: what the other side is told on resumption.
    pub(super) handled: usize,
    counts: bool,
}

impl Client {
    async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let mut client = Self { stream, rest: String::new(), handled: 0, counts: false };
        client.say(HEADER).await?;
        client.until("</stream:features>").await?;
        Ok(client)
    }

    /// Makes an account.
    pub(super) async fn register(address: &str, name: &str) -> anyhow::Result<()> {
        let mut client = Self::open(address).await?;
        client
            .say(&format!(
                "<iq type='set' id='reg'><query xmlns='jabber:iq:register'><username>{name}</username>\
                 <password>{PASSWORD}</password></query></iq>"
            ))
            .await?;
        let answer = client.until("<iq").await? + &client.until(">").await?;
        ensure!(answer.contains("result"), "{name} gets no account: {answer}");
        Ok(())
    }

    /// Authenticates; what follows is counted.
    pub(super) async fn sign_in(address: &str, name: &str) -> anyhow::Result<Self> {
        let mut client = Self::open(address).await?;
        let plain = STANDARD.encode(format!("\0{name}\0{PASSWORD}"));
        client
            .say(&format!("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{plain}</auth>"))
            .await?;
        client.until("<success").await?;
        client.until(">").await?;
        client.say(HEADER).await?;
        client.until("</stream:features>").await?;
        Ok(client)
    }

    /// A session with the roster as far as it changed after `version` (empty: all of it) and everybody's presence; gives the
    /// id for resumption and the version that is here now.
    pub(super) async fn begin(&mut self, version: &str) -> anyhow::Result<(String, String)> {
        self.bind().await?;
        self.say(&format!(
            "<enable xmlns='urn:xmpp:sm:3' resume='true'/><iq type='get' id='r'>\
             <query xmlns='jabber:iq:roster' ver='{version}'/></iq><presence/>"
        ))
        .await?;
        self.until("<enabled").await?;
        // What came behind it in one piece counts, too.
        (self.counts, self.handled) = (true, stanzas(&self.rest));
        let enabled = self.until(">").await?;
        let previous = attribute(&enabled, "id").context("no id to resume with")?;
        // Nothing of the roster is new: the answer has no version, and the former holds.
        let mut answer = self.until("type='result'").await?;
        answer += &self.until(">").await?;
        if !answer.ends_with("/>") {
            answer = self.until(">").await?;
        }
        let held = attribute(&answer, "ver").unwrap_or_else(|| version.to_owned());
        Ok((previous, held))
    }

    /// A session with nothing in it.
    pub(super) async fn bind(&mut self) -> anyhow::Result<()> {
        self.say(
            "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>\
             <resource>bench</resource></bind></iq>",
        )
        .await?;
        self.until("</jid>").await?;
        self.until("</iq>").await?;
        Ok(())
    }

    /// Goes on with a session that was cut. False: it is gone.
    pub(super) async fn resume(&mut self, previous: &str, handled: usize) -> anyhow::Result<bool> {
        self.say(&format!("<resume xmlns='urn:xmpp:sm:3' previd='{previous}' h='{handled}'/>")).await?;
        self.counts = true;
        self.handled = handled;
        loop {
            let said = self.until(">").await?;
            if said.contains("<resumed") {
                return Ok(true);
            }
            if said.contains("<failed") {
                if !said.ends_with("/>") {
                    self.until("</failed>").await?;
                }
                (self.counts, self.handled) = (false, 0);
                return Ok(false);
            }
        }
    }

    /// Reads until so many presences came.
    pub(super) async fn presences(&mut self, count: usize) -> anyhow::Result<()> {
        for _ in 0..count {
            self.until("<presence ").await?;
        }
        Ok(())
    }

    /// Sends.
    pub(super) async fn say(&mut self, text: &str) -> anyhow::Result<()> {
        Ok(self.stream.write_all(text.as_bytes()).await?)
    }

    /// What came up to the end of this text.
    pub(super) async fn until(&mut self, wanted: &str) -> anyhow::Result<String> {
        let mut searched = 0;
        loop {
            // A text may have come in two halves.
            let from = floor(&self.rest, searched);
            if let Some(at) = self.rest.get(from..).and_then(|rest| rest.find(wanted)) {
                let end = from + at + wanted.len();
                let taken = self.rest.drain(..end).collect();
                return Ok(taken);
            }
            searched = self.rest.len().saturating_sub(wanted.len());
            tokio::time::timeout(PATIENCE, self.more())
                .await
                .with_context(|| format!("{wanted} does not come"))??;
        }
    }

    /// Reads what comes next. Giving it up midway loses nothing.
    pub(super) async fn more(&mut self) -> anyhow::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        let read = self.stream.read(&mut buffer).await?;
        if read == 0 {
            bail!("the server closed the connection: {}", self.rest);
        }
        // Nothing that these clients say or hear is other than ASCII.
        let text = String::from_utf8_lossy(buffer.get(..read).unwrap_or_default());
        self.rest += &text;
        if self.counts {
            self.handled += stanzas(&text);
        }
        Ok(())
    }

    /// What came and was not taken; it is forgotten.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.rest)
    }
}

/// Stanzas that begin in this text. One whose beginning came in two halves is missed: the server then sends it once more.
fn stanzas(text: &str) -> usize {
    ["<presence ", "<iq ", "<message "].iter().map(|begin| text.matches(begin).count()).sum()
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn attribute(text: &str, name: &str) -> Option<String> {
    let (_, value) = text.rsplit_once(&format!("{name}='"))?;
    value.split_once('\'').map(|(value, _)| value.to_owned())
}
