-- Accounts of a person beside platform and handle, as one canonical text like custom values (decision 0002).
ALTER TABLE person ADD COLUMN also_at {text};
