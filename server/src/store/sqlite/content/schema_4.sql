-- The fourth schema of content.db. Append-only: a change is another file.

-- What a content that comes is based on: the file that it is a version of, the newest version that its writer knew (0: no
-- such file), and the name of the copy in case of a conflict.
ALTER TABLE uploads ADD COLUMN onto BLOB CHECK (length(onto) = 16);
ALTER TABLE uploads ADD COLUMN based_on INTEGER;
ALTER TABLE uploads ADD COLUMN copy TEXT;
ALTER TABLE nonces ADD COLUMN onto BLOB CHECK (length(onto) = 16);
ALTER TABLE nonces ADD COLUMN based_on INTEGER;
ALTER TABLE nonces ADD COLUMN copy TEXT;

-- The version that this one brought back. The oldest versions go when there are too many: what is left has no gap.
ALTER TABLE versions ADD COLUMN restores INTEGER;
