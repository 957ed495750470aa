-- Answers to requests with an idempotency key, kept in the transaction of what the request did.
CREATE TABLE answer (
  workspace_id    {id} NOT NULL,
  route           {key} NOT NULL,
  actor           {key} NOT NULL,
  idempotency_key {key} NOT NULL,
  request_hash    {bytes} NOT NULL,
  status          {int} NOT NULL,
  location        {text},
  body            {bytes} NOT NULL,
  created_at      {time} NOT NULL,
  PRIMARY KEY (workspace_id, route, actor, idempotency_key)
) {clustered};
CREATE INDEX answer_age ON answer (workspace_id, created_at);

-- What can be edited counts its edits, so that one does not undo another unseen.
ALTER TABLE grp ADD COLUMN version {int} NOT NULL DEFAULT 1;
ALTER TABLE tag ADD COLUMN version {int} NOT NULL DEFAULT 1;
ALTER TABLE field ADD COLUMN version {int} NOT NULL DEFAULT 1;
ALTER TABLE mapping ADD COLUMN version {int} NOT NULL DEFAULT 1;
