-- Trusts that are to be deleted: a row is written with the change that makes the trust
-- needless, and goes when the identity service has deleted it.
CREATE TABLE revocations (
    id          TEXT PRIMARY KEY,
    stack_id    TEXT NOT NULL,    -- the root that it was given for
    credentials {{.BYTES}} NOT NULL, -- sealed for that stack
    attempts    INTEGER NOT NULL,
    due_at      BIGINT NOT NULL   -- milliseconds
);
CREATE INDEX revocations_due ON revocations (due_at);
