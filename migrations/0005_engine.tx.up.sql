-- What the whole engine remembers. Adding a column without a default, or with a constant
-- one, rewrites nothing; the indexes lock their tables for as long as a scan takes.

ALTER TABLE stacks ADD COLUMN converge BOOLEAN NOT NULL DEFAULT FALSE; -- the running update looks at the real objects, too
ALTER TABLE stacks ADD COLUMN force BOOLEAN NOT NULL DEFAULT FALSE;    -- the running deletion leaves behind what cannot be removed
ALTER TABLE stacks ADD COLUMN halting BOOLEAN NOT NULL DEFAULT FALSE;  -- the walk does not wait for calls under way
ALTER TABLE stacks ADD COLUMN failures TEXT;                           -- why the last action failed, at its root

-- What the definition resolved to when it was last made true: a change of metadata or of a
-- policy alone is an update, too. Rows without it count as unchanged until then.
ALTER TABLE resources ADD COLUMN definition TEXT;

ALTER TABLE raw_templates ADD COLUMN places TEXT; -- where the text defines its resources
CREATE INDEX raw_templates_files ON raw_templates (files_id) WHERE files_id IS NOT NULL;

ALTER TABLE nodes ADD COLUMN hook TEXT; -- that it is held at, or has passed last

-- A worker asks again and again for the nodes of one walk that are ready or running: they are
-- few beside those that wait or are done.
CREATE INDEX nodes_open ON nodes (stack_id, traversal, state) WHERE state IN (1, 2);
