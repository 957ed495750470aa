//! Doing a thing once, however often it is asked for: a request that carries an idempotency key has its answer written by
//! the transaction of its effect. Whoever repeats it gets that answer; whoever sends another request under the key is refused.

use std::io::Read;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use convoke_people::id::ImportId;
use convoke_store::answers::{AnswerKey, KeptAnswer, find_answer, forget_answers, keep_answer};
use convoke_store::imports::{Import, find_import};
use convoke_store::{StoreError, Tx};
use sha2::{Digest, Sha256};

use crate::crash;
use crate::error::{Error, Hindrance, Result};
use crate::installation::Installation;
use crate::workspace::Workspace;

/// Answers are kept so long, in microseconds: 7 days.
const KEPT_FOR: i64 = 7 * 24 * 3600 * 1_000_000;
/// Characters of a key.
const LONGEST_KEY: usize = 255;
/// Bytes of a body that are read at once.
const BLOCK_BYTES: usize = 256 << 10;

/// A key as a request shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Verb and address of the operation.
    pub route: String,
    pub text: String,
}

impl Key {
    /// 1 to 255 visible ASCII characters.
    pub fn new(route: String, text: &str) -> Result<Self> {
        if (1..=LONGEST_KEY).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(Self { route, text: text.to_owned() });
        }
        Err(Error::hindered(
            Hindrance::KeyInvalid,
            format!("The idempotency key is not 1 to {LONGEST_KEY} visible characters without blanks"),
            "Send a random one, a UUID for example, and the same one when you repeat the request.",
        ))
    }
}

/// How a request is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub status: u16,
    pub location: Option<String>,
    /// JSON.
    pub body: Vec<u8>,
    /// It was given before.
    pub is_replay: bool,
}

/// How what was made is told: the status, and where it can be found from now on.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    pub status: u16,
    /// Its address, with `{id}` for its id.
    pub place: Option<&'static str>,
}

/// A request that acts once: its key, its digest, and how it is answered.
#[derive(Clone, Debug)]
pub struct Once {
    key: Key,
    /// Verb, address and query.
    head: Vec<u8>,
    /// The digest of all of it, known when its body was read.
    request: Arc<OnceLock<Vec<u8>>>,
    manner: Manner,
}

impl Once {
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// A request whose body is still to be read.
    pub fn new(key: Key, head: &str, manner: Manner) -> Self {
        Self { key, head: head.as_bytes().to_vec(), request: Arc::default(), manner }
    }

    /// Takes note of the SHA-256 of the body.
    pub fn with_body(&self, sha256: &[u8]) {
        self.request.get_or_init(|| {
            let mut digest = Sha256::new();
            // The length keeps apart what would read the same run together.
            digest.update((self.head.len() as u64).to_be_bytes());
            digest.update(&self.head);
            digest.update(sha256);
            digest.finalize().to_vec()
        });
    }

    /// Reads a body for its digest alone.
    pub fn read_body(&self, mut body: impl Read) -> Result<()> {
        let mut digest = Sha256::new();
        let mut block = vec![0; BLOCK_BYTES];
        loop {
            match body.read(&mut block) {
                Ok(0) => break,
                Ok(count) => digest.update(&block[..count]),
                Err(error) => return Err(Error::Interrupted(error.to_string())),
            }
        }
        self.with_body(&digest.finalize());
        Ok(())
    }
}

/// Something that an answer tells, with an address of its own.
pub trait Addressed {
    fn id(&self) -> String;

    /// As JSON.
    fn body(&self) -> serde_json::Result<Vec<u8>>;
}

/// What a transaction made, and whose answer that transaction has kept if there was a key. Nothing else makes one: an
/// effect that forgets to keep its answer has nothing to give to whoever asked.
#[derive(Debug)]
pub struct Kept<T>(T);

impl<T> Kept<T> {
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl Manner {
    fn tell(self, made: &impl Addressed) -> Result<Told> {
        let body = made.body().map_err(|e| Error::Output(e.to_string()))?;
        let location = self.place.map(|place| place.replace("{id}", &made.id()));
        Ok(Told { status: self.status, location, body, is_replay: false })
    }
}

impl Workspace {
    /// Acts. With a key the answer is the one that was given before, if there is one; `refusal` writes an error down that
    /// counts as an answer.
    pub fn act<T: Addressed>(
        mut self,
        once: Option<Once>,
        manner: Manner,
        work: impl FnOnce(&Self) -> Result<Kept<T>>,
        refusal: impl FnOnce(Error) -> Result<Told>,
    ) -> Result<(Self, Told)> {
        let told = match &once {
            Some(once) => self.told_before(once)?,
            None => None,
        };
        if let Some(told) = told {
            return Ok((self, told));
        }
        self.once = once;
        let error = match work(&self) {
            Ok(made) => {
                crash::at("before_answer");
                let told = manner.tell(&*made)?;
                return Ok((self, told));
            }
            Err(error) => error,
        };
        // Another process may have been faster with the same request; then its answer is this one's.
        let told = match &self.once {
            Some(once) => self.told_before(once)?,
            None => None,
        };
        let told = match told {
            Some(told) => told,
            None => {
                let told = refusal(error)?;
                self.keep_refusal(&told)?;
                told
            }
        };
        Ok((self, told))
    }

    /// The answer that was given to this request before; another request under its key is refused.
    fn told_before(&self, once: &Once) -> Result<Option<Told>> {
        // Of an upload that is still to be read nobody can say yet whether it is the same.
        let Some(request) = once.request.get() else { return Ok(None) };
        let found = self.store.read(|r| find_answer(r, &self.answer_key(&once.key), self.store.now() - KEPT_FOR))?;
        let Some(kept) = found else { return Ok(None) };
        if *request != kept.request_hash {
            return Err(Error::hindered(
                Hindrance::KeyMismatch,
                "This idempotency key belongs to another request",
                "Repeat a request with the same words and body, and make a new key for a new one.",
            ));
        }
        Ok(Some(Told { status: kept.status, location: kept.location, body: kept.body, is_replay: true }))
    }

    /// Whether an answer was kept under the key of this request, or of another one.
    pub fn is_key_used(&self, once: &Once) -> Result<bool> {
        let of = self.answer_key(&once.key);
        Ok(self.store.read(|r| find_answer(r, &of, self.store.now() - KEPT_FOR))?.is_some())
    }

    /// Takes note of the SHA-256 of the upload that this request brings.
    pub(crate) fn know_body(&self, sha256: &[u8]) {
        if let Some(once) = &self.once {
            once.with_body(sha256);
        }
    }

    /// Keeps the answer in the transaction of what was made. If it was kept meanwhile the transaction fails, and with it
    /// the effect that would have been a second one.
    pub(crate) fn keep<T: Addressed>(&self, tx: &mut Tx<'_>, made: T) -> std::result::Result<Kept<T>, StoreError> {
        if let Some(once) = &self.once {
            let told = once.manner.tell(&made).map_err(|error| StoreError::Bug(error.to_string()))?;
            self.keep_told(tx, once, &told)?;
        }
        Ok(Kept(made))
    }

    /// The same for an import as it stands in this transaction.
    pub(crate) fn keep_found(&self, tx: &mut Tx<'_>, id: ImportId) -> std::result::Result<Kept<Import>, StoreError> {
        let import = find_import(tx, self.id, id)?.ok_or(StoreError::Stale)?;
        self.keep(tx, import)
    }

    /// Keeps the answer in a transaction of its own: nothing was left to do, or doing it twice is as good as once.
    pub(crate) fn keep_as_it_is<T: Addressed + Clone>(&self, made: &T) -> Result<Kept<T>> {
        Ok(self.store.write(|tx| self.keep(tx, made.clone()))?)
    }

    fn keep_told(&self, tx: &mut Tx<'_>, once: &Once, told: &Told) -> std::result::Result<(), StoreError> {
        // An upload that was refused before its last byte has no digest: it can be sent again.
        let Some(request_hash) = once.request.get().cloned() else { return Ok(()) };
        let Told { status, location, body, .. } = told.clone();
        let kept = KeptAnswer { request_hash, status, location, body };
        let expired = tx.now - KEPT_FOR;
        keep_answer(tx, &self.answer_key(&once.key), &kept, expired)
    }

    /// A refusal has no effect whose transaction could keep it.
    fn keep_refusal(&self, told: &Told) -> Result<()> {
        let Some(once) = &self.once else { return Ok(()) };
        match self.store.write(|tx| self.keep_told(tx, once, told)) {
            // Somebody was faster with the same answer.
            Err(StoreError::Conflict(_)) => Ok(()),
            outcome => Ok(outcome?),
        }
    }

    /// Where the answer of a request with this key is.
    pub fn answer_key(&self, key: &Key) -> AnswerKey {
        AnswerKey { workspace: self.id, route: key.route.clone(), actor: self.actor.json(), key: key.text.clone() }
    }
}

impl Installation {
    /// Forgets the answers that were kept long enough; gives how many.
    pub fn forget_old_answers(&self) -> Result<u64> {
        let expired = self.store.now() - KEPT_FOR;
        let mut forgotten = 0;
        for workspace in self.workspaces()? {
            forgotten += self.store.write(|tx| forget_answers(tx, workspace, expired))?;
        }
        Ok(forgotten)
    }
}
