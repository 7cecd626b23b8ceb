-- Lists of stacks: a page of one project's top stacks is read off an index in each order that
-- can be asked for, wherever it begins. The indexes are partial: nested stacks and deleted
-- ones, which lists leave out unless asked, cost them nothing. Making them, and the column
-- that PostgreSQL stores, locks the table for as long as it takes to write it anew.

-- A stack that was never updated sorts as the oldest, on both databases.
ALTER TABLE stacks ADD COLUMN updated_order {{.TIME}} GENERATED ALWAYS AS (COALESCE(updated_at, '1970-01-01 00:00:00+00:00')) {{if eq .TIME "TIMESTAMPTZ"}}STORED{{else}}VIRTUAL{{end}};

CREATE INDEX stacks_top_created ON stacks (project_id, created_at, id) WHERE owner_id IS NULL AND deleted_at IS NULL;
CREATE INDEX stacks_top_name ON stacks (project_id, name, id) WHERE owner_id IS NULL AND deleted_at IS NULL;
CREATE INDEX stacks_top_status ON stacks (project_id, status, id) WHERE owner_id IS NULL AND deleted_at IS NULL;
CREATE INDEX stacks_top_updated ON stacks (project_id, updated_order, id) WHERE owner_id IS NULL AND deleted_at IS NULL;

-- The resources of a stack come in their order without sorting.
DROP INDEX resources_stack;
CREATE INDEX resources_stack ON resources (stack_id, idx, created_at, id);
