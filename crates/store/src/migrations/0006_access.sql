-- Who may sign in, and what is written down of what they do. All but audit are control tables. Of every secret only its
-- digest is kept.
ALTER TABLE installation ADD COLUMN first_owner_digest {bytes};
ALTER TABLE installation ADD COLUMN first_owner_until {time};

-- Changes of who belongs to a workspace begin with a change of this number: so they come one behind the other, and the
-- last owner cannot be two owners who leave at once.
ALTER TABLE workspace ADD COLUMN members_version {int} NOT NULL DEFAULT 0;
ALTER TABLE workspace ADD COLUMN default_sender {id};

CREATE TABLE member (
  id             {id} NOT NULL PRIMARY KEY,
  email          {text} NOT NULL,
  email_key      {key} NOT NULL UNIQUE,
  name           {text} NOT NULL,
  password_hash  {text},
  oidc_subject   {key} UNIQUE,
  is_operator    {flag} NOT NULL CHECK (is_operator IN (0, 1)),
  last_workspace {id},
  created_at     {time} NOT NULL,
  disabled_at    {time}
) {rowid};

CREATE TABLE membership (
  member_id    {id} NOT NULL,
  workspace_id {id} NOT NULL,
  role         {code} NOT NULL CHECK (role BETWEEN 1 AND 4),
  created_at   {time} NOT NULL,
  PRIMARY KEY (member_id, workspace_id)
) {clustered};
CREATE INDEX membership_of ON membership (workspace_id, member_id);

CREATE TABLE session (
  digest       {bytes} NOT NULL PRIMARY KEY,
  id           {id} NOT NULL UNIQUE,
  member_id    {id} NOT NULL,
  workspace_id {id},
  address      {text},
  client       {text},
  created_at   {time} NOT NULL,
  seen_at      {time} NOT NULL
) {rowid};
CREATE INDEX session_of ON session (member_id);

-- One a workspace and address: a new one takes the place of the old.
CREATE TABLE member_invitation (
  workspace_id {id} NOT NULL,
  email_key    {key} NOT NULL,
  id           {id} NOT NULL UNIQUE,
  email        {text} NOT NULL,
  role         {code} NOT NULL CHECK (role BETWEEN 1 AND 4),
  digest       {bytes} NOT NULL UNIQUE,
  invited_by   {text} NOT NULL,
  created_at   {time} NOT NULL,
  expires_at   {time} NOT NULL,
  PRIMARY KEY (workspace_id, email_key)
) {rowid};

-- Tries to sign in, by account and by address of the client; who is meant is a digest.
CREATE TABLE sign_in_try (
  subject  {key} NOT NULL PRIMARY KEY,
  failures {int} NOT NULL,
  last_at  {time} NOT NULL,
  free_at  {time} NOT NULL
) {rowid};
CREATE INDEX sign_in_try_last ON sign_in_try (last_at);

-- What is written down of the installation itself has workspace 0.
CREATE TABLE audit (
  workspace_id {id} NOT NULL,
  at           {time} NOT NULL,
  id           {id} NOT NULL,
  action       {key} NOT NULL,
  actor        {json} NOT NULL,
  object       {text},
  detail       {json} NOT NULL,
  address      {text},
  PRIMARY KEY (workspace_id, at, id)
) {clustered};

-- Whose it is: who made it or, when that member has left, the heir. NULL: nobody's, made by a program.
ALTER TABLE token ADD COLUMN member_id {id};
ALTER TABLE import ADD COLUMN member_id {id};
ALTER TABLE mapping ADD COLUMN member_id {id};
-- Files have a scope of their own from now on; a token that could fetch them still can.
UPDATE token SET scopes = scopes | 4 WHERE (scopes & 1) = 1;
