-- Control tables: never joined with workspace tables, nor written in one transaction with them.

CREATE TABLE migration (
  number     {int} NOT NULL PRIMARY KEY,
  name       {text} NOT NULL,
  checksum   {bytes} NOT NULL,
  applied_at {time} NOT NULL
) {rowid};

CREATE TABLE installation (
  one        {flag} NOT NULL PRIMARY KEY CHECK (one = 1),
  next_block {id} NOT NULL
) {rowid};

INSERT INTO installation (one, next_block) VALUES (1, 1);

CREATE TABLE workspace (
  id         {id} NOT NULL PRIMARY KEY,
  name       {text} NOT NULL,
  name_key   {key} NOT NULL UNIQUE,
  settings   {json} NOT NULL,
  created_at {time} NOT NULL,
  deleted_at {time}
) {rowid};

-- Workspace tables: every key contains workspace_id. It leads everywhere but on person, where only the identity index
-- may serve a look-up. There the identity leads, which tells people apart at its first bytes.

-- What every person has stands first, what few have last: SQLite leaves trailing nulls out of a row.
CREATE TABLE person (
  workspace_id        {id} NOT NULL,
  id                  {id} NOT NULL,
  record_type         {code} NOT NULL,
  identity            {key} NOT NULL,
  version             {int} NOT NULL,
  created_at          {time} NOT NULL,
  updated_at          {time} NOT NULL,
  source              {code},
  kind                {code},
  stage               {code},
  name                {text},
  email               {text},
  title               {text},
  company             {text},
  salesforce_id       {text},
  position            {text},
  industry            {text},
  product             {text},
  external_contact_id {text},
  external_account_id {text},
  custom              {text},
  first_name          {text},
  platform            {code},
  handle              {text},
  country             {text},
  language            {text},
  followers           {int},
  engagement_ppm      {int},
  profile_url         {text},
  website             {text},
  phone               {text},
  notes               {text},
  account_id          {id},
  invited_at          {time},
  joined_at           {time},
  archived_at         {time},
  suppressed_at       {time},
  {person_key}
) {rowid};
CREATE UNIQUE INDEX person_identity ON person (identity, record_type, workspace_id);
CREATE INDEX person_list ON person ((workspace_id * 8 + record_type), id);

CREATE TABLE field (
  workspace_id {id} NOT NULL,
  id           {id} NOT NULL,
  record_type  {code} NOT NULL CHECK (record_type IN (1, 2, 3)),
  name         {text} NOT NULL,
  name_key     {key} NOT NULL,
  type         {code} NOT NULL CHECK (type BETWEEN 1 AND 6),
  multiple     {flag} NOT NULL CHECK (multiple IN (0, 1)),
  shown        {flag} NOT NULL CHECK (shown IN (0, 1)),
  options      {json} NOT NULL,
  PRIMARY KEY (workspace_id, id)
) {clustered};
CREATE UNIQUE INDEX field_name ON field (workspace_id, record_type, name_key);

CREATE TABLE grp (
  workspace_id {id} NOT NULL,
  id           {id} NOT NULL,
  name         {text} NOT NULL,
  name_key     {key} NOT NULL,
  description  {text},
  join_code    {key},
  PRIMARY KEY (workspace_id, id)
) {clustered};
CREATE UNIQUE INDEX grp_name ON grp (workspace_id, name_key);
CREATE UNIQUE INDEX grp_code ON grp (workspace_id, join_code);

CREATE TABLE tag (
  workspace_id {id} NOT NULL,
  id           {id} NOT NULL,
  name         {text} NOT NULL,
  name_key     {key} NOT NULL,
  PRIMARY KEY (workspace_id, id)
) {clustered};
CREATE UNIQUE INDEX tag_name ON tag (workspace_id, name_key);

CREATE TABLE person_grp (
  workspace_id {id} NOT NULL,
  grp_id       {id} NOT NULL,
  person_id    {id} NOT NULL,
  state        {code} NOT NULL CHECK (state IN (1, 2)),
  origin       {id} NOT NULL,
  since        {time} NOT NULL,
  PRIMARY KEY (workspace_id, grp_id, person_id)
) {clustered};
CREATE INDEX person_grp_of ON person_grp (workspace_id, person_id, grp_id);

CREATE TABLE person_tag (
  workspace_id {id} NOT NULL,
  tag_id       {id} NOT NULL,
  person_id    {id} NOT NULL,
  origin       {id} NOT NULL,
  PRIMARY KEY (workspace_id, tag_id, person_id)
) {clustered};
CREATE INDEX person_tag_of ON person_tag (workspace_id, person_id, tag_id);

CREATE TABLE mapping (
  workspace_id {id} NOT NULL,
  id           {id} NOT NULL,
  name         {text} NOT NULL,
  name_key     {key} NOT NULL,
  record_type  {code} NOT NULL CHECK (record_type IN (1, 2, 3)),
  choices      {json} NOT NULL,
  PRIMARY KEY (workspace_id, id)
) {clustered};
CREATE UNIQUE INDEX mapping_name ON mapping (workspace_id, record_type, name_key);

CREATE TABLE upload (
  workspace_id {id} NOT NULL,
  id           {id} NOT NULL,
  name         {text} NOT NULL,
  size_bytes   {int} NOT NULL,
  sha256       {bytes} NOT NULL,
  storage_key  {text} NOT NULL,
  created_by   {text} NOT NULL,
  created_at   {time} NOT NULL,
  PRIMARY KEY (workspace_id, id)
) {clustered};
CREATE INDEX upload_content ON upload (workspace_id, sha256);

CREATE TABLE import (
  workspace_id {id} NOT NULL,
  id           {id} NOT NULL,
  kind         {code} NOT NULL CHECK (kind IN (1, 2)),
  state        {code} NOT NULL CHECK (state BETWEEN 1 AND 10),
  record_type  {code} NOT NULL CHECK (record_type IN (1, 2, 3)),
  upload_id    {id},
  file_name    {text} NOT NULL,
  source       {json} NOT NULL,
  mapping      {json} NOT NULL,
  settings     {json} NOT NULL,
  plan_digest  {bytes},
  total        {int} NOT NULL,
  created      {int} NOT NULL,
  updated      {int} NOT NULL,
  unchanged    {int} NOT NULL,
  skipped      {int} NOT NULL,
  failed       {int} NOT NULL,
  drifted      {int} NOT NULL,
  created_by   {text} NOT NULL,
  created_at   {time} NOT NULL,
  started_at   {time},
  ended_at     {time},
  problem      {json},
  PRIMARY KEY (workspace_id, id)
) {clustered};

CREATE TABLE import_chunk (
  workspace_id {id} NOT NULL,
  import_id    {id} NOT NULL,
  pass         {code} NOT NULL CHECK (pass IN (1, 2)),
  chunk        {int} NOT NULL,
  first_row    {int} NOT NULL,
  last_row     {int} NOT NULL,
  counts       {json} NOT NULL,
  issues       {json} NOT NULL,
  plan_hash    {bytes} NOT NULL,
  body         {bytes} NOT NULL,
  PRIMARY KEY (workspace_id, import_id, pass, chunk)
) {rowid};

CREATE TABLE change (
  workspace_id {id} NOT NULL,
  id           {id} NOT NULL,
  person_id    {id} NOT NULL,
  import_id    {id},
  actor        {json},
  at           {time} NOT NULL,
  version      {int} NOT NULL,
  fields       {json} NOT NULL,
  PRIMARY KEY (workspace_id, id)
) {clustered};
CREATE INDEX change_of ON change (workspace_id, person_id, id);

CREATE TABLE job (
  workspace_id {id} NOT NULL,
  id           {id} NOT NULL,
  kind         {code} NOT NULL CHECK (kind IN (1)),
  import_id    {id} NOT NULL,
  state        {code} NOT NULL CHECK (state BETWEEN 1 AND 10),
  wanted       {code} NOT NULL CHECK (wanted IN (1, 2, 3)),
  run_at       {time} NOT NULL,
  attempt      {int} NOT NULL,
  next_chunk   {int} NOT NULL,
  chunks       {int} NOT NULL,
  fence        {int} NOT NULL,
  lease_owner  {text},
  lease_until  {time} NOT NULL,
  PRIMARY KEY (workspace_id, id)
) {clustered};
CREATE INDEX job_ready ON job (state, run_at);
