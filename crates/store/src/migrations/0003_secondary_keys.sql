-- Which secondary keys (Salesforce ID, External Contact ID) the chunks of imports gave to whom: a list of hashes a chunk,
-- written in order and read as a whole. An index on person would cost half of an import again (decision 0008).
CREATE TABLE secondary_keys (
  workspace_id {id} NOT NULL,
  record_type  {code} NOT NULL CHECK (record_type IN (1, 2, 3)),
  id           {id} NOT NULL,
  body         {bytes} NOT NULL,
  PRIMARY KEY (workspace_id, record_type, id)
) {rowid};
-- Hashes do not compress.
{postgres_only}ALTER TABLE secondary_keys ALTER COLUMN body SET STORAGE EXTERNAL;
