-- Imports that are prepared step by step: what was chosen, the plan that was checked, the cells that were corrected.

-- JSON kept as text: cells and headers of a file may hold what JSONB refuses.
-- What was chosen and what was found in the file, while it is a draft.
ALTER TABLE import ADD COLUMN draft {text};
-- What a check found beyond the rows, and which choices it was made with.
ALTER TABLE import ADD COLUMN plan {text};
-- Where the chunks start: [byte, row] each, so that a page of rows is read from there.
ALTER TABLE import ADD COLUMN starts {text};
-- The import whose failed rows this one brings again.
ALTER TABLE import ADD COLUMN parent_id {id};
-- Rises with every choice and every correction.
ALTER TABLE import ADD COLUMN revision {int} NOT NULL DEFAULT 0;
-- 1: rows that drift are named; 2: the import pauses before them.
ALTER TABLE import ADD COLUMN on_drift {code} NOT NULL DEFAULT 1;

CREATE TABLE correction (
  workspace_id {id} NOT NULL,
  import_id    {id} NOT NULL,
  row_no       {int} NOT NULL,
  -- From 0; -1: the line is a person, whatever it reads like.
  column_no    {int} NOT NULL,
  value        {text},
  created_by   {text} NOT NULL,
  created_at   {time} NOT NULL,
  PRIMARY KEY (workspace_id, import_id, row_no, column_no)
) {clustered};

-- A check is a job too. SQLite cannot change what a column may hold, so the table is made anew.
CREATE TABLE job_again (
  workspace_id {id} NOT NULL,
  id           {id} NOT NULL,
  kind         {code} NOT NULL CHECK (kind IN (1, 2)),
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
INSERT INTO job_again (workspace_id, id, kind, import_id, state, wanted, run_at, attempt, next_chunk, chunks, fence, lease_owner, lease_until)
  SELECT workspace_id, id, kind, import_id, state, wanted, run_at, attempt, next_chunk, chunks, fence, lease_owner, lease_until FROM job;
DROP TABLE job;
ALTER TABLE job_again RENAME TO job;
CREATE INDEX job_ready ON job (state, run_at);
