-- Snapshots of stacks. action: CREATE while and after it is made, DELETE when what it made
-- in the cloud is being removed; status as for stacks. data and credentials are sealed.
CREATE TABLE snapshots (
    id            TEXT PRIMARY KEY,
    project_id    TEXT NOT NULL,
    stack_id      TEXT NOT NULL REFERENCES stacks (id) ON DELETE CASCADE,
    name          TEXT,
    action        TEXT NOT NULL,
    status        TEXT NOT NULL,
    status_reason TEXT,
    data          {{.BYTES}},
    credentials   {{.BYTES}},                 -- of whoever asked for its end
    due_at        BIGINT NOT NULL DEFAULT 0,  -- milliseconds since 1970: when its end is gone on with
    created_at    {{.TIME}} NOT NULL
);
CREATE INDEX snapshots_stack ON snapshots (stack_id, created_at, id);
CREATE INDEX snapshots_due ON snapshots (due_at) WHERE action = 'DELETE' AND status = 'IN_PROGRESS';
