//! Passwords: Argon2id with the recommended cost, one at a time on a thread of its own.
//!
//! One thread because each hash takes 19 MiB and a core: it fills the same memory again for each, where many threads
//! would each keep their own. Who asks while the queue is full is refused and may ask again; nobody waits for ever.

use crate::error::Refusal;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use pod_shared::ErrorCode;
use pod_shared::limits::PASSWORDS_WAITING_MAX;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use tokio::sync::oneshot;

#[cfg(test)]
mod tests;

/// Pause for who finds the queue full: about as long as the queue takes.
const RETRY_AFTER_MS: u64 = 2_000;

/// Hashes and checks passwords.
pub(super) struct Passwords {
    tasks: SyncSender<Task>,
}

/// What the thread is asked.
enum Task {
    Hash { password: String, answer: oneshot::Sender<Result<String, Refusal>> },
    Fits { password: String, kept: Option<String>, answer: oneshot::Sender<bool> },
}

impl Passwords {
    /// Starts the thread; it ends when this is dropped.
    pub(super) fn start() -> io::Result<Self> {
        let (tasks, queue) = sync_channel(PASSWORDS_WAITING_MAX);
        std::thread::Builder::new().name("passwords".into()).spawn(move || work(&queue))?;
        Ok(Self { tasks })
    }

    /// The hash to keep, in PHC form.
    pub(super) async fn hash(&self, password: String) -> Result<String, Refusal> {
        let (answer, answered) = oneshot::channel();
        self.ask(Task::Hash { password, answer })?;
        answered.await.map_err(|_| stopping())?
    }

    /// Whether it is the password; without a hash the same work is done and the answer is no.
    pub(super) async fn fits(&self, password: String, kept: Option<String>) -> Result<bool, Refusal> {
        let (answer, answered) = oneshot::channel();
        self.ask(Task::Fits { password, kept, answer })?;
        answered.await.map_err(|_| stopping())
    }

    fn ask(&self, task: Task) -> Result<(), Refusal> {
        self.tasks.try_send(task).map_err(|refused| match refused {
            TrySendError::Full(_) => {
                let sentence = "too many people are signing in at this moment";
                Refusal::later(ErrorCode::Unavailable, sentence, RETRY_AFTER_MS)
            }
            TrySendError::Disconnected(_) => stopping(),
        })
    }
}

fn stopping() -> Refusal {
    Refusal::new(ErrorCode::Unavailable, "the server is stopping")
}

/// The thread. Who hung up meanwhile is skipped.
fn work(queue: &Receiver<Task>) {
    let mut memory = Memory::default();
    while let Ok(task) = queue.recv() {
        match task {
            Task::Hash { answer, .. } if answer.is_closed() => {}
            Task::Fits { answer, .. } if answer.is_closed() => {}
            Task::Hash { password, answer } => _ = answer.send(memory.hash(&password)),
            Task::Fits { password, kept, answer } => {
                _ = answer.send(memory.fits(&password, kept.as_deref()));
            }
        }
    }
}

/// What Argon2 fills, again for each password.
#[derive(Default)]
struct Memory {
    blocks: Vec<Block>,
    /// A hash that no password is known for.
    nobodys: Option<String>,
}

impl Memory {
    fn hash(&mut self, password: &str) -> Result<String, Refusal> {
        let salt: [u8; 32] = crate::secret::random();
        let salt =
            Salt::new(&salt[..argon2::RECOMMENDED_SALT_LEN]).map_err(|error| Refusal::internal(&error))?;
        let hash = self.compute(password, Algorithm::default(), Version::default(), Params::DEFAULT, salt);
        hash.map(|hash| hash.to_string()).map_err(|error| Refusal::internal(&error))
    }

    fn fits(&mut self, password: &str, kept: Option<&str>) -> bool {
        let Some(kept) = kept else {
            // An unknown name takes as long as a wrong password.
            let nobodys = self.nobodys();
            self.is_hash_of(password, &nobodys);
            return false;
        };
        self.is_hash_of(password, kept)
    }

    fn nobodys(&mut self) -> String {
        if self.nobodys.is_none() {
            self.nobodys = self.hash(&crate::secret::hex(&crate::secret::random())).ok();
        }
        self.nobodys.clone().unwrap_or_default()
    }

    fn is_hash_of(&mut self, password: &str, kept: &str) -> bool {
        let Ok(kept) = PasswordHash::new(kept) else { return false };
        self.as_kept(password, &kept).is_ok_and(|hash| hash.hash == kept.hash)
    }

    /// The hash of a password with the salt and at the cost of a kept one.
    fn as_kept(
        &mut self,
        password: &str,
        kept: &PasswordHash,
    ) -> argon2::password_hash::Result<PasswordHash> {
        let salt = kept.salt.ok_or(argon2::password_hash::Error::SaltInvalid)?;
        let algorithm = Algorithm::try_from(kept.algorithm.as_str())?;
        let version = kept.version.map(Version::try_from).transpose()?.unwrap_or_default();
        self.compute(password, algorithm, version, Params::try_from(kept)?, salt)
    }

    fn compute(
        &mut self,
        password: &str,
        algorithm: Algorithm,
        version: Version,
        params: Params,
        salt: Salt,
    ) -> argon2::password_hash::Result<PasswordHash> {
        let blocks = params.block_count();
        if self.blocks.len() < blocks {
            self.blocks.resize(blocks, Block::new());
        }
        let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
        let written = ParamsString::try_from(&params)?;
        let argon2 = Argon2::new(algorithm, version, params);
        argon2.hash_password_into_with_memory(
            password.as_bytes(),
            &salt,
            &mut out,
            &mut self.blocks[..blocks],
        )?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: written,
            salt: Some(salt),
            hash: Some(Output::new(&out)?),
        })
    }
}
