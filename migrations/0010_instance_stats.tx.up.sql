-- Murano: applications and servers whose time is counted. They go with their environment.
CREATE TABLE instance_stats (
    environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    instance_id    TEXT NOT NULL,      -- of the object
    tenant_id      TEXT NOT NULL,
    instance_type  INTEGER NOT NULL,   -- 100 an application, 200 a server
    type_name      TEXT NOT NULL,      -- of its class
    type_title     TEXT,
    unit_count     INTEGER,
    created        BIGINT NOT NULL,    -- seconds since 1970
    destroyed      BIGINT,             -- null: it is active
    PRIMARY KEY (environment_id, instance_id)
);

-- What the programs of an environment have chosen of what there is one of each, such as the
-- addresses of a network: no other environment's get it, and a program that is run again
-- gets the same.
CREATE TABLE claims (
    scope          TEXT NOT NULL,      -- what is chosen from
    value          TEXT NOT NULL,
    environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    owner          TEXT NOT NULL,      -- the object that it is for
    PRIMARY KEY (scope, value)
);
CREATE UNIQUE INDEX claims_owner ON claims (environment_id, scope, owner);
