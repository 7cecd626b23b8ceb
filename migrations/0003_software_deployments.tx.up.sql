-- Software deployments: a configuration for a server, and what has become of it. A
-- deployment that a resource made has the id of the resource's row. Nothing is locked but
-- the new table.

CREATE TABLE software_deployments (
    id                    TEXT PRIMARY KEY,
    project_id            TEXT NOT NULL,
    stack_user_project_id TEXT,
    server_id             TEXT NOT NULL,
    config_id             TEXT NOT NULL REFERENCES software_configs (id),
    action                TEXT,
    status                TEXT,
    status_reason         TEXT NOT NULL,
    input_values          TEXT,
    output_values         TEXT,
    created_at            {{.TIME}} NOT NULL,
    updated_at            {{.TIME}}
);
CREATE INDEX software_deployments_project ON software_deployments (project_id, created_at, id);
CREATE INDEX software_deployments_server ON software_deployments (server_id);
CREATE INDEX software_deployments_config ON software_deployments (config_id);
