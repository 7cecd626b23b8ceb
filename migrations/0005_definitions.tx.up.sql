-- What a resource's definition resolved to when it was last made true: a change of metadata
-- or of a policy alone is an update, too. Rows without it count as unchanged until they are
-- made true again. Adding a column without a default rewrites nothing.

ALTER TABLE resources ADD COLUMN definition TEXT;

-- An update with converge looks at the real objects, too.

ALTER TABLE stacks ADD COLUMN converge BOOLEAN NOT NULL DEFAULT FALSE;

-- A walk that is halted does not wait for the calls under way.

ALTER TABLE stacks ADD COLUMN halting BOOLEAN NOT NULL DEFAULT FALSE;

-- The hook that a node is held at, or has passed last.

ALTER TABLE nodes ADD COLUMN hook TEXT;

-- Why the last action failed, at its root; and where the templates define their resources.

ALTER TABLE stacks ADD COLUMN failures TEXT;
ALTER TABLE raw_templates ADD COLUMN places TEXT;

-- A deletion that leaves behind what cannot be removed.

ALTER TABLE stacks ADD COLUMN force BOOLEAN NOT NULL DEFAULT FALSE;
