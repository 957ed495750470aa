-- Room for one changed row on every page: without it each changed person moves to another page and every index gains an
-- entry, which made 25,000 changes in a pool of 5,000,000 cost 1.6 times a bare merge instead of 0.9 (decision 0007).
-- SQLite writes a changed row in its place.
{postgres_only}ALTER TABLE person SET (fillfactor = 95);
