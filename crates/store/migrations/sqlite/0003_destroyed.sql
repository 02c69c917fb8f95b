-- Bytes that were destroyed: their digest, and the entry that says by which term. `gone` is set once no file of the store
-- holds them any more; until then the database still has to be written anew.
CREATE TABLE destroyed (
    digest BLOB NOT NULL PRIMARY KEY,
    entry  INTEGER NOT NULL REFERENCES entries,
    gone   INTEGER NOT NULL CHECK (gone IN (0, 1))
) STRICT, WITHOUT ROWID;
