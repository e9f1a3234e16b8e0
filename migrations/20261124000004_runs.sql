-- Free runs on their way between the process that was asked and the one that has sandboxes. A row is gone once its caller is
-- answered, or has left; the table is not logged, so a crash of the database empties it.
CREATE UNLOGGED TABLE runs (
    id          uuid PRIMARY KEY,
    tenant_id   uuid NOT NULL,
    request     json NOT NULL,       -- domain::run::RunRequest
    answer      json,                -- domain::run::RunReport
    created_at  timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE jobs
    DROP CONSTRAINT jobs_kind_check,
    ADD CONSTRAINT jobs_kind_check CHECK (kind IN ('grade', 'verify', 'run'));
