-- A blob that came folded is kept so: `bytes` is its gzip then, and `unfolded` how many bytes it unfolds to. Its digest is that of the
-- unfolded bytes in any case.
ALTER TABLE blobs ADD COLUMN unfolded INTEGER CHECK (unfolded >= 0);
