-- The record: one row per entry, numbered from 0 without gaps, never changed, never removed. `bytes` is the entry; the
-- other columns are read from it so that it can be found.
CREATE TABLE entries (
    number  INTEGER PRIMARY KEY CHECK (number >= 0),
    at      INTEGER NOT NULL,               -- nanoseconds since 1970
    case_id TEXT NOT NULL,
    act     TEXT,                           -- of events and refusals
    kind    TEXT NOT NULL,                  -- event, refused, witnessed, edition
    bytes   BLOB NOT NULL
) STRICT;
CREATE INDEX entries_case ON entries (case_id, kind, act);
CREATE TRIGGER entries_stay_as_they_are BEFORE UPDATE ON entries
    BEGIN SELECT RAISE (ABORT, 'an entry never changes'); END;
CREATE TRIGGER entries_stay_where_they_are BEFORE DELETE ON entries
    BEGIN SELECT RAISE (ABORT, 'an entry is never removed'); END;

CREATE TABLE blobs (
    number INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,            -- SHA-256 of `bytes`
    bytes  BLOB NOT NULL
) STRICT;

-- Cases as they stand: derived from the record, can be rebuilt from it. The columns before `state` are read from
-- `summary` so that lists need not open it.
CREATE TABLE cases (
    number   INTEGER PRIMARY KEY,           -- in the order the cases were opened
    id       TEXT NOT NULL UNIQUE,
    desk     TEXT NOT NULL,
    closed   INTEGER NOT NULL CHECK (closed IN (0, 1)),
    opened   INTEGER NOT NULL REFERENCES entries,
    changed  INTEGER NOT NULL REFERENCES entries,
    due      INTEGER NOT NULL,              -- nanoseconds since 1970; the greatest integer where nothing is due
    severity INTEGER NOT NULL,              -- 0 nothing wrong, 1 note, 2 warning, 3 error, 4 fatal
    stage    TEXT NOT NULL,
    partner  TEXT NOT NULL,
    lane     TEXT NOT NULL,
    rung     INTEGER NOT NULL,
    title    TEXT NOT NULL,                 -- in lower case
    summary  TEXT NOT NULL,
    state    TEXT NOT NULL
) STRICT;
-- One index per order of lists. Each begins with what a list is narrowed by, goes on with the order itself and ends
-- with all other columns a list can be filtered by, so that no filter opens a row.
CREATE INDEX cases_newest ON cases
    (desk, closed, changed DESC, number, stage, partner, lane, rung, severity, due);
CREATE INDEX cases_oldest ON cases
    (desk, closed, opened, number, stage, partner, lane, rung, severity, due);
CREATE INDEX cases_due ON cases
    (desk, closed, due, severity DESC, changed DESC, number, stage, partner, lane, rung);
CREATE INDEX cases_severity ON cases
    (desk, closed, severity DESC, due, changed DESC, number, stage, partner, lane, rung);
CREATE INDEX cases_title ON cases (desk, title);

-- How many cases there are of each combination, kept in step with `cases`, so that a number on a screen costs the
-- same whether it counts ten cases or ten million.
CREATE TABLE counts (
    desk     TEXT NOT NULL,
    closed   INTEGER NOT NULL,
    stage    TEXT NOT NULL,
    lane     TEXT NOT NULL,
    rung     INTEGER NOT NULL,
    partner  TEXT NOT NULL,
    severity INTEGER NOT NULL,
    cases    INTEGER NOT NULL CHECK (cases >= 0),
    PRIMARY KEY (desk, closed, stage, lane, rung, partner, severity)
) STRICT, WITHOUT ROWID;

CREATE TABLE refs (
    kind  TEXT NOT NULL,
    value TEXT NOT NULL,
    number INTEGER NOT NULL REFERENCES cases,
    PRIMARY KEY (kind, value, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX refs_case ON refs (number);

CREATE TABLE work (
    key  TEXT PRIMARY KEY,
    at   INTEGER NOT NULL,                  -- nanoseconds since 1970
    work TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX work_due ON work (at, key);

-- Every message id ever received: duplicates are told from new ones for ever.
CREATE TABLE messages (
    sender   TEXT NOT NULL,
    id       TEXT NOT NULL,
    digest   BLOB NOT NULL,
    accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
    answer   BLOB REFERENCES blobs (digest),
    PRIMARY KEY (sender, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE editions (
    number INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    head   TEXT NOT NULL
) STRICT;
CREATE TABLE edition_rows (
    edition INTEGER NOT NULL REFERENCES editions,
    place   INTEGER NOT NULL,               -- from 0
    row     TEXT NOT NULL,
    PRIMARY KEY (edition, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE kept (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
