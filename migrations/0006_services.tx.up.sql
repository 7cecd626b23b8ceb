-- The processes that work as engines: each renews its row every report_interval seconds and
-- takes it away when it stops.
CREATE TABLE services (
    id              TEXT PRIMARY KEY,
    engine_id       TEXT NOT NULL,
    host            TEXT NOT NULL,
    hostname        TEXT NOT NULL,
    binary_name     TEXT NOT NULL,
    topic           TEXT NOT NULL,
    report_interval INTEGER NOT NULL,
    created_at      {{.TIME}} NOT NULL,
    updated_at      {{.TIME}} NOT NULL
);
