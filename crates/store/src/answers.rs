//! Answers to requests with an idempotency key. An answer is written by the transaction of what the request did, and
//! belongs to workspace, route, actor and key: a second one of the same is refused, so that of two only one takes effect.

use convoke_people::id::WorkspaceId;

use crate::db::{Query, Tx};
use crate::error::{Result, StoreError};
use crate::value::Value;

/// What a refused second answer is called.
const TAKEN: &str = "answer_pkey";

/// Whose answer it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AnswerKey {
    pub workspace: WorkspaceId,
    /// Verb and address of the operation.
    pub route: String,
    pub actor: String,
    pub key: String,
}

/// An answer as it was given, and the digest of the request it was given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    pub request_hash: Vec<u8>,
    pub status: u16,
    pub location: Option<String>,
    pub body: Vec<u8>,
}

/// Keeps an answer; one that was kept before `expired` gives way.
pub fn keep_answer(tx: &mut Tx<'_>, of: &AnswerKey, answer: &KeptAnswer, expired: i64) -> Result<()> {
    let now = tx.now;
    let kept = tx.execute(
        "INSERT INTO answer (workspace_id, route, actor, idempotency_key, request_hash, status, location, body, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (workspace_id, route, actor, idempotency_key) DO UPDATE \
         SET request_hash = excluded.request_hash, status = excluded.status, location = excluded.location, \
         body = excluded.body, created_at = excluded.created_at WHERE answer.created_at < $10",
        &[
            of.workspace.0.into(),
            (&of.route).into(),
            (&of.actor).into(),
            (&of.key).into(),
            Value::Bytes(&answer.request_hash),
            i64::from(answer.status).into(),
            answer.location.as_deref().into(),
            Value::Bytes(&answer.body),
            now.into(),
            expired.into(),
        ],
    )?;
    if kept == 1 { Ok(()) } else { Err(StoreError::Conflict(TAKEN.to_owned())) }
}

/// The answer that was kept under a key, unless it was kept before `expired`.
pub fn find_answer(query: &mut impl Query, of: &AnswerKey, expired: i64) -> Result<Option<KeptAnswer>> {
    let row = query.query_one(
        "SELECT request_hash, status, location, body FROM answer WHERE workspace_id = $1 AND route = $2 AND actor = $3 \
         AND idempotency_key = $4 AND created_at >= $5",
        &[of.workspace.0.into(), (&of.route).into(), (&of.actor).into(), (&of.key).into(), expired.into()],
    )?;
    row.map(|row| {
        Ok(KeptAnswer {
            request_hash: row.bytes(0)?.to_vec(),
            status: u16::try_from(row.int(1)?).map_err(|_| StoreError::Corrupt("no status of an answer".to_owned()))?,
            location: row.opt_text(2)?.map(str::to_owned),
            body: row.bytes(3)?.to_vec(),
        })
    })
    .transpose()
}

/// Forgets the answers of a workspace that were kept before `expired`; gives how many.
pub fn forget_answers(tx: &mut Tx<'_>, workspace: WorkspaceId, expired: i64) -> Result<u64> {
    let sql = "DELETE FROM answer WHERE workspace_id = $1 AND created_at < $2";
    tx.execute(sql, &[workspace.0.into(), expired.into()])
}
