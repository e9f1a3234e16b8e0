-- Everything belongs to exactly one tenant. Ids are UUIDv7, made by the server.
CREATE TABLE tenants (
    id          uuid PRIMARY KEY,
    name        text NOT NULL UNIQUE CHECK (name <> ''),
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- The tenant of a server that serves one platform.
INSERT INTO tenants (id, name) VALUES ('00000000-0000-7000-8000-000000000001', 'default');

-- Keys are shown once; only their SHA-256 is kept (they are 256 random bits, so no slow hash is needed).
CREATE TABLE api_keys (
    id           uuid PRIMARY KEY,
    tenant_id    uuid NOT NULL REFERENCES tenants (id),
    role         text NOT NULL CHECK (role IN ('admin', 'platform', 'author')),
    name         text NOT NULL,
    hash         bytea NOT NULL CONSTRAINT api_keys_hash_key UNIQUE CHECK (length(hash) = 32),
    created_at   timestamptz NOT NULL DEFAULT now(),
    revoked_at   timestamptz
);
CREATE INDEX api_keys_by_tenant ON api_keys (tenant_id, id);

CREATE TABLE exercises (
    id            uuid PRIMARY KEY,
    tenant_id     uuid NOT NULL REFERENCES tenants (id),
    slug          text NOT NULL,
    live_version  integer,
    retired_at    timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT exercises_slug_key UNIQUE (tenant_id, slug)
);

-- A version never changes. Only bundles that verified become versions.
CREATE TABLE exercise_versions (
    id             uuid PRIMARY KEY,
    exercise_id    uuid NOT NULL REFERENCES exercises (id),
    version        integer NOT NULL CHECK (version >= 1),
    title          text NOT NULL,
    spec           jsonb NOT NULL,       -- domain::exercise::ExerciseSpec
    bundle         bytea NOT NULL,       -- domain::files::FileSet::pack
    bundle_digest  bytea NOT NULL CHECK (length(bundle_digest) = 32),   -- SHA-256 of bundle
    verification   json NOT NULL,        -- domain::verification::Verification
    created_at     timestamptz NOT NULL DEFAULT now(),
    published_at   timestamptz,
    CONSTRAINT exercise_versions_version_key UNIQUE (exercise_id, version)
);

-- A check of a bundle, with or without making a version of it. The bundle goes when the check has ended.
CREATE TABLE verifications (
    id           uuid PRIMARY KEY,
    tenant_id    uuid NOT NULL REFERENCES tenants (id),
    slug         text,                   -- the exercise to make a version of; null: only check
    publish      boolean NOT NULL,
    status       text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'finished')),
    bundle       bytea,
    version      integer,                -- the version that it made
    outcome      json,                   -- domain::verification::Verification
    created_at   timestamptz NOT NULL DEFAULT now(),
    finished_at  timestamptz,
    CHECK ((status = 'finished') = (finished_at IS NOT NULL)),
    CHECK ((status = 'finished') = (outcome IS NOT NULL)),
    CHECK ((status = 'queued') = (bundle IS NOT NULL))
);

CREATE TABLE submissions (
    id                   uuid PRIMARY KEY,
    tenant_id            uuid NOT NULL REFERENCES tenants (id),
    exercise_version_id  uuid NOT NULL REFERENCES exercise_versions (id),
    exercise             text NOT NULL,
    exercise_version     integer NOT NULL,
    learner              text,
    attempt              integer NOT NULL CHECK (attempt >= 1),
    files                bytea NOT NULL,      -- domain::files::FileSet::pack
    metadata             json,
    callback_url         text,
    priority             smallint NOT NULL,
    status               text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'finished')),
    verdict              text CHECK (verdict IN ('passed', 'failed', 'error', 'timeout', 'memory_limit', 'output_limit', 'cancelled', 'grader_error')),
    created_at           timestamptz NOT NULL DEFAULT now(),
    started_at           timestamptz,
    finished_at          timestamptz,
    CHECK ((status = 'finished') = (verdict IS NOT NULL)),
    CHECK ((status = 'finished') = (finished_at IS NOT NULL)),
    CHECK (status <> 'running' OR started_at IS NOT NULL)
);
CREATE INDEX submissions_newest ON submissions (tenant_id, id DESC);
CREATE INDEX submissions_by_exercise ON submissions (tenant_id, exercise, id DESC);
CREATE INDEX submissions_by_learner ON submissions (tenant_id, learner, exercise, id DESC) WHERE learner IS NOT NULL;

-- One per finished submission that was graded (a cancelled one has none).
CREATE TABLE reports (
    submission_id  uuid PRIMARY KEY REFERENCES submissions (id),
    report         json NOT NULL,        -- domain::report::Report; it may hold \u0000, so no operator of json works on it
    score          double precision NOT NULL,
    max_score      double precision NOT NULL,
    grading_ms     double precision NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE idempotency_keys (
    tenant_id      uuid NOT NULL REFERENCES tenants (id),
    key            text NOT NULL,
    body_digest    bytea NOT NULL CHECK (length(body_digest) = 32),
    submission_id  uuid NOT NULL REFERENCES submissions (id),
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, key)
);

-- The queue: src/queue/mod.rs has the diagram. A finished job's row is deleted.
CREATE TABLE jobs (
    id            uuid PRIMARY KEY,
    tenant_id     uuid NOT NULL REFERENCES tenants (id),
    kind          text NOT NULL CHECK (kind IN ('grade', 'verify')),
    subject       uuid NOT NULL,         -- the submission or verification
    priority      smallint NOT NULL,     -- smaller goes first
    run_at        timestamptz NOT NULL DEFAULT now(),
    attempts      integer NOT NULL DEFAULT 0,
    lease_token   uuid,
    leased_until  timestamptz,
    leased_by     uuid,                  -- the worker process (one id per start)
    last_error    text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT jobs_subject_key UNIQUE (kind, subject),
    CHECK ((lease_token IS NULL) = (leased_until IS NULL)),
    CHECK ((lease_token IS NULL) = (leased_by IS NULL))
);
CREATE INDEX jobs_ready ON jobs (priority, run_at, id) WHERE lease_token IS NULL;
CREATE INDEX jobs_leased ON jobs (leased_until) WHERE lease_token IS NOT NULL;
