-- Murano: the agents in servers and the execution plans that are offered to them. A queue is
-- one server's; its row goes when the server is to be let in no more, and with it go its plans.
CREATE TABLE agent_queues (
    id             TEXT PRIMARY KEY,   -- in the server's address; its token is made of it
    environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    name           TEXT NOT NULL,
    script         TEXT NOT NULL,      -- sealed: what the server boots with, kept as it was given
    log            TEXT,               -- sealed: the end of the server's log
    created_at     {{.TIME}} NOT NULL
);
CREATE UNIQUE INDEX agent_queues_name ON agent_queues (environment_id, name);

-- plan and steps are null once there is an answer.
CREATE TABLE agent_plans (
    id         TEXT PRIMARY KEY,
    queue_id   TEXT NOT NULL REFERENCES agent_queues (id) ON DELETE CASCADE,
    plan_id    TEXT NOT NULL,          -- the program's
    plan       TEXT,                   -- sealed
    steps      TEXT,                   -- sealed: what the scripts that have been run came to
    answer     TEXT,                   -- sealed
    answered   BOOLEAN NOT NULL,
    created_at {{.TIME}} NOT NULL,
    changed_at BIGINT NOT NULL         -- milliseconds since 1970
);
CREATE UNIQUE INDEX agent_plans_plan ON agent_plans (queue_id, plan_id);
CREATE INDEX agent_plans_waiting ON agent_plans (queue_id, created_at, id) WHERE NOT answered;
CREATE INDEX agent_plans_changed ON agent_plans (changed_at);
