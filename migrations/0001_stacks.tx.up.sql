-- The engine: templates, stacks, resources, events, and the nodes of the walks over them.
-- Rows are identified by UUIDs that the application makes (version 7 where order matters).
-- JSON is kept as text: a template must come back in its author's order.

CREATE TABLE template_files (
    id    TEXT PRIMARY KEY,             -- SHA-256 of the files: equal sets are kept once
    files TEXT NOT NULL
);

CREATE TABLE raw_templates (
    id          TEXT PRIMARY KEY,
    template    TEXT NOT NULL,
    environment TEXT NOT NULL,
    files_id    TEXT REFERENCES template_files (id),
    created_at  {{.TIME}} NOT NULL
);

CREATE TABLE stacks (
    id               TEXT PRIMARY KEY,
    project_id       TEXT NOT NULL,
    name             TEXT NOT NULL,
    owner_id         TEXT,
    root_id          TEXT NOT NULL,
    parent_resource  TEXT,
    nested_depth     INTEGER NOT NULL DEFAULT 0,
    action           TEXT NOT NULL,
    status           TEXT NOT NULL,
    status_reason    TEXT NOT NULL,
    traversal        TEXT NOT NULL,
    nodes_left       INTEGER NOT NULL DEFAULT 0,
    failing          TEXT,
    template_id      TEXT NOT NULL,
    prev_template_id TEXT,
    user_id          TEXT NOT NULL,
    username         TEXT NOT NULL,
    credentials      {{.BYTES}},
    timeout_mins     INTEGER,
    deadline         {{.TIME}},
    disable_rollback BOOLEAN NOT NULL,
    tags             TEXT NOT NULL DEFAULT '[]',
    description      TEXT NOT NULL DEFAULT '',
    parameters       TEXT,
    outputs          TEXT,
    stack_user_project_id TEXT,
    created_at       {{.TIME}} NOT NULL,
    updated_at       {{.TIME}},
    deleted_at       {{.TIME}}
);

-- A name is taken while a stack of the project bears it and is not deleted; two requests
-- at once cannot both take it. A nested stack's name is free: it is found by its parent.
CREATE UNIQUE INDEX stacks_name ON stacks (project_id, name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX stacks_parent ON stacks (parent_resource) WHERE parent_resource IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX stacks_list ON stacks (project_id, created_at, id);
CREATE INDEX stacks_owner ON stacks (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX stacks_root ON stacks (root_id);
CREATE INDEX stacks_deadline ON stacks (deadline) WHERE deadline IS NOT NULL;

CREATE TABLE resources (
    id              TEXT PRIMARY KEY,
    stack_id        TEXT NOT NULL REFERENCES stacks (id) ON DELETE CASCADE,
    root_id         TEXT NOT NULL,
    name            TEXT NOT NULL,
    type            TEXT NOT NULL,
    class           TEXT,
    idx             INTEGER NOT NULL,
    physical_id     TEXT,
    action          TEXT NOT NULL,
    status          TEXT NOT NULL,
    status_reason   TEXT NOT NULL,
    digest          TEXT,
    properties      TEXT,
    attributes      TEXT,
    metadata        TEXT,
    data            {{.BYTES}},
    requires        TEXT NOT NULL DEFAULT '[]',
    replaces        TEXT,
    replaced_by     TEXT,
    deletion_policy TEXT,
    external        BOOLEAN NOT NULL DEFAULT FALSE,
    created_at      {{.TIME}} NOT NULL,
    updated_at      {{.TIME}} NOT NULL
);
CREATE INDEX resources_stack ON resources (stack_id, idx);
CREATE INDEX resources_root ON resources (root_id);

CREATE TABLE events (
    id            TEXT PRIMARY KEY,
    stack_id      TEXT NOT NULL REFERENCES stacks (id) ON DELETE CASCADE,
    root_id       TEXT NOT NULL,
    resource_name TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    physical_id   TEXT,
    action        TEXT NOT NULL,
    status        TEXT NOT NULL,
    status_reason TEXT NOT NULL,
    properties    TEXT,
    created_at    {{.TIME}} NOT NULL
);
CREATE INDEX events_stack ON events (stack_id, id);

-- A node is one resource in one walk (traversal). state: 0 blocked by pending others,
-- 1 ready at due_at, 2 running under a lease, 3 done. owner, attempt and the stack's
-- traversal fence every write of a worker: one that has lost its lease changes nothing.
CREATE TABLE nodes (
    stack_id    TEXT NOT NULL REFERENCES stacks (id) ON DELETE CASCADE,
    traversal   TEXT NOT NULL,
    id          INTEGER NOT NULL,
    resource_id TEXT NOT NULL,
    kind        INTEGER NOT NULL,          -- 0 make it as the template says, 1 clean it up, 2 visit it
    phase       INTEGER NOT NULL,          -- 0 to be begun, 1 waiting for its end
    state       INTEGER NOT NULL,
    pending     INTEGER NOT NULL,
    due_at      BIGINT NOT NULL DEFAULT 0, -- milliseconds since 1970, as lease_until
    owner       TEXT,
    attempt     INTEGER NOT NULL DEFAULT 0,
    lease_until BIGINT NOT NULL DEFAULT 0,
    waits       INTEGER NOT NULL DEFAULT 0, -- how often it was asked for its end
    PRIMARY KEY (stack_id, traversal, id)
);
CREATE INDEX nodes_due ON nodes (due_at) WHERE state = 1;
CREATE INDEX nodes_lease ON nodes (lease_until) WHERE state = 2;
CREATE INDEX nodes_resource ON nodes (resource_id);

CREATE TABLE edges (
    stack_id  TEXT NOT NULL REFERENCES stacks (id) ON DELETE CASCADE,
    traversal TEXT NOT NULL,
    src       INTEGER NOT NULL,            -- is done before
    dst       INTEGER NOT NULL,
    PRIMARY KEY (stack_id, traversal, src, dst)
);

CREATE TABLE software_configs (
    id         TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    name       TEXT NOT NULL,
    group_name TEXT NOT NULL,
    config     TEXT NOT NULL,
    created_at {{.TIME}} NOT NULL
);
CREATE INDEX software_configs_project ON software_configs (project_id, created_at, id);

-- What the installation knows of itself: the key check, the identity of the services.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
