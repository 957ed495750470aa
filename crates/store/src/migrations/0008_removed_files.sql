-- When the file of an upload was removed because its time was over; its row stays, so that the import can say since when.
ALTER TABLE upload ADD COLUMN removed_at {time};
