-- Blobs too long for a row: files in the folder `blobs` beside the database, named by their digests. A file is on the
-- disk before the row that names it.
CREATE TABLE long_blobs (
    digest BLOB NOT NULL PRIMARY KEY,       -- SHA-256 of the file's bytes
    length INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
