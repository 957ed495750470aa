-- API tokens belong to the workspace. Of the secret only its digest is kept; the token names its workspace in clear, so
-- that the look-up has one.
CREATE TABLE token (
  workspace_id {id} NOT NULL,
  id           {id} NOT NULL,
  name         {text} NOT NULL,
  name_key     {key} NOT NULL,
  digest       {bytes} NOT NULL,
  scopes       {int} NOT NULL,
  created_by   {text} NOT NULL,
  created_at   {time} NOT NULL,
  expires_at   {time},
  revoked_at   {time},
  PRIMARY KEY (workspace_id, id)
) {clustered};
CREATE UNIQUE INDEX token_digest ON token (workspace_id, digest);

