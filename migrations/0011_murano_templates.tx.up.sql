-- Murano: environment templates, what the API counts of its requests, and what the service
-- broker has made for its platforms.

CREATE TABLE environment_templates (
    id               TEXT PRIMARY KEY,
    tenant_id        TEXT NOT NULL,
    name             TEXT NOT NULL,
    description_text TEXT NOT NULL DEFAULT '',
    version          BIGINT NOT NULL DEFAULT 0,
    is_public        BOOLEAN NOT NULL,
    model            TEXT NOT NULL,              -- the request that made it, with the services
    created_at       {{.TIME}} NOT NULL,
    updated_at       {{.TIME}} NOT NULL
);
CREATE UNIQUE INDEX environment_templates_name ON environment_templates (tenant_id, name);
CREATE INDEX environment_templates_public ON environment_templates (created_at, id) WHERE is_public;

-- One row for each host that serves the API. Clients know it by a number.
CREATE TABLE request_statistics (
    id                    INTEGER PRIMARY KEY,
    host                  TEXT NOT NULL,
    request_count         BIGINT NOT NULL,
    error_count           BIGINT NOT NULL,
    average_response_time DOUBLE PRECISION NOT NULL, -- seconds
    requests_per_tenant   TEXT NOT NULL,             -- {"project": number}
    requests_per_second   DOUBLE PRECISION NOT NULL,
    errors_per_second     DOUBLE PRECISION NOT NULL,
    cpu_count             INTEGER NOT NULL,
    cpu_percent           DOUBLE PRECISION NOT NULL,
    created_at            {{.TIME}} NOT NULL,
    updated_at            {{.TIME}} NOT NULL
);
CREATE UNIQUE INDEX request_statistics_host ON request_statistics (host);

-- A platform's space is one environment in the broker's project.
CREATE TABLE broker_spaces (
    id             TEXT PRIMARY KEY,             -- the platform's
    environment_id TEXT NOT NULL                 -- which may be gone
);

-- A platform's service instance is one service of an environment.
CREATE TABLE broker_instances (
    id              TEXT PRIMARY KEY,            -- the platform's
    service_id      TEXT NOT NULL,
    environment_id  TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    organization_id TEXT NOT NULL,
    tenant_id       TEXT NOT NULL
);
CREATE INDEX broker_instances_environment ON broker_instances (environment_id);
