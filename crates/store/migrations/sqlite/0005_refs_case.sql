-- Nobody asks for the references of one case but whoever verifies the store, and that reads all of them: an index less to keep with
-- every case.
DROP INDEX refs_case;
