-- Graders: names over their versions, and which version is active.
CREATE TABLE graders (
    id              uuid PRIMARY KEY,
    tenant_id       uuid NOT NULL REFERENCES tenants (id),
    name            text NOT NULL,
    active_version  integer,
    created_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT graders_name_key UNIQUE (tenant_id, name)
);

-- One upload, and what its admission found. Without a grader it is only checked. What was rejected keeps no package.
CREATE TABLE grader_versions (
    id           uuid PRIMARY KEY,
    tenant_id    uuid NOT NULL REFERENCES tenants (id),
    grader_id    uuid REFERENCES graders (id),
    version      integer CHECK (version >= 1),
    package      bytea,                  -- domain::files::FileSet::pack
    digest       bytea NOT NULL CHECK (length(digest) = 32),    -- SHA-256 of package
    bytes        bigint NOT NULL,        -- of package
    built_in     boolean NOT NULL DEFAULT false,
    activate     boolean NOT NULL,       -- once it is admitted
    uploaded_by  uuid REFERENCES api_keys (id),
    status       text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'admitted', 'rejected')),
    admission    json,                   -- domain::grader::Admission
    created_at   timestamptz NOT NULL DEFAULT now(),
    finished_at  timestamptz,
    CONSTRAINT grader_versions_version_key UNIQUE (grader_id, version),
    CHECK ((grader_id IS NULL) = (version IS NULL)),
    CHECK ((status = 'queued') = (finished_at IS NULL)),
    CHECK ((status = 'queued') = (admission IS NULL)),
    CHECK (package IS NOT NULL OR status = 'rejected' OR grader_id IS NULL)
);

-- Who changed what. Rows are only ever added.
CREATE TABLE audit_entries (
    id          uuid PRIMARY KEY,
    tenant_id   uuid NOT NULL REFERENCES tenants (id),
    key_id      uuid REFERENCES api_keys (id),   -- null: the server itself
    action      text NOT NULL,                   -- as in 'grader.activated'
    subject     text NOT NULL,                   -- as in 'stdio@2'
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_entries_by_subject ON audit_entries (tenant_id, subject, id);

ALTER TABLE jobs
    DROP CONSTRAINT jobs_kind_check,
    ADD CONSTRAINT jobs_kind_check CHECK (kind IN ('grade', 'verify', 'run', 'admit'));
