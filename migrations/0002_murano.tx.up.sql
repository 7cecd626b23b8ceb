-- Murano: environments, sessions, tasks (deployments) and their reports, the catalogue.
-- Ids are 32 hexadecimal digits, as Murano's clients expect. Object models are kept as text:
-- they are echoed in the order in which they were sent.

CREATE TABLE environments (
    id               TEXT PRIMARY KEY,
    tenant_id        TEXT NOT NULL,
    name             TEXT NOT NULL,
    description_text TEXT NOT NULL DEFAULT '',
    version          BIGINT NOT NULL DEFAULT 0,  -- grows with every finished task
    model            TEXT NOT NULL,              -- Objects, ObjectsCopy, Attributes, …
    created_at       {{.TIME}} NOT NULL,
    updated_at       {{.TIME}} NOT NULL
);
CREATE UNIQUE INDEX environments_name ON environments (tenant_id, name);

CREATE TABLE sessions (
    id             TEXT PRIMARY KEY,
    environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    user_id        TEXT NOT NULL,
    state          TEXT NOT NULL,
    version        BIGINT NOT NULL,              -- the environment's when the session was opened
    model          TEXT NOT NULL,
    created_at     {{.TIME}} NOT NULL,
    updated_at     {{.TIME}} NOT NULL
);
CREATE INDEX sessions_environment ON sessions (environment_id, version, updated_at);
-- The first deploy wins: no environment ever has two sessions at work, whoever asks at once.
CREATE UNIQUE INDEX sessions_at_work ON sessions (environment_id) WHERE state IN ('deploying', 'deleting');

-- A task is one deployment, deletion or action. While finished_at is null it is to be run by
-- the process that holds its lease; owner and attempt fence every write of that process.
-- model is the progress: what a process that takes over goes on from.
CREATE TABLE tasks (
    id             TEXT PRIMARY KEY,
    environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    session_id     TEXT NOT NULL,
    action         TEXT,                         -- {"object_id", "method", "args"}, null to delete
    description    TEXT,                         -- the objects as they were sent, secrets masked
    model          TEXT,                         -- null once the task is finished
    credentials    {{.BYTES}},                   -- sealed; null once the task is finished
    result         TEXT,
    owner          TEXT NOT NULL DEFAULT '',
    attempt        INTEGER NOT NULL DEFAULT 0,
    lease_until    BIGINT NOT NULL DEFAULT 0,    -- milliseconds since 1970
    created_at     {{.TIME}} NOT NULL,
    started_at     {{.TIME}} NOT NULL,
    updated_at     {{.TIME}} NOT NULL,
    finished_at    {{.TIME}}
);
CREATE INDEX tasks_environment ON tasks (environment_id, created_at);
CREATE INDEX tasks_lease ON tasks (lease_until) WHERE finished_at IS NULL;

-- step names what a report is about within its task, so that a task that is run again after a
-- crash says nothing twice.
CREATE TABLE reports (
    id         TEXT PRIMARY KEY,
    task_id    TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    step       TEXT NOT NULL,
    entity_id  TEXT,
    entity     TEXT,
    level      TEXT NOT NULL,                    -- info, warning, error
    text       TEXT NOT NULL,
    details    TEXT,
    created_at {{.TIME}} NOT NULL,
    updated_at {{.TIME}} NOT NULL
);
CREATE UNIQUE INDEX reports_step ON reports (task_id, step);
CREATE INDEX reports_task ON reports (task_id, created_at, id);
CREATE INDEX reports_entity ON reports (entity_id, created_at) WHERE entity_id IS NOT NULL;

CREATE TABLE packages (
    id                   TEXT PRIMARY KEY,
    fully_qualified_name TEXT NOT NULL,
    owner_id             TEXT NOT NULL,
    name                 TEXT NOT NULL,
    type                 TEXT NOT NULL,
    author               TEXT,
    supplier             TEXT NOT NULL DEFAULT '{}',
    description          TEXT NOT NULL,
    is_public            BOOLEAN NOT NULL,
    enabled              BOOLEAN NOT NULL,
    created_at           {{.TIME}} NOT NULL,
    updated_at           {{.TIME}} NOT NULL
);
CREATE UNIQUE INDEX packages_name_owner ON packages (fully_qualified_name, owner_id);
CREATE INDEX packages_sort ON packages (name, id);

-- What a list never reads.
CREATE TABLE package_files (
    package_id    TEXT PRIMARY KEY REFERENCES packages (id) ON DELETE CASCADE,
    archive       {{.BYTES}} NOT NULL,           -- as it was uploaded
    ui            {{.BYTES}},
    logo          {{.BYTES}},
    supplier_logo {{.BYTES}}
);

CREATE TABLE package_classes (
    package_id TEXT NOT NULL REFERENCES packages (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    PRIMARY KEY (package_id, name)
);
CREATE INDEX package_classes_name ON package_classes (name);

CREATE TABLE package_tags (
    package_id TEXT NOT NULL REFERENCES packages (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    PRIMARY KEY (package_id, name)
);
CREATE INDEX package_tags_name ON package_tags (name);

CREATE TABLE categories (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at {{.TIME}} NOT NULL,
    updated_at {{.TIME}} NOT NULL
);
CREATE UNIQUE INDEX categories_name ON categories (name);

-- A category that a package is in cannot go.
CREATE TABLE package_categories (
    package_id  TEXT NOT NULL REFERENCES packages (id) ON DELETE CASCADE,
    category_id TEXT NOT NULL REFERENCES categories (id),
    PRIMARY KEY (package_id, category_id)
);
CREATE INDEX package_categories_category ON package_categories (category_id);
