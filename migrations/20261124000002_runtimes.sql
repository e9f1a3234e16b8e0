-- The runtimes that workers have: each tells of its own when it starts. Processes that face the net only read here.
CREATE TABLE runtimes (
    name      text NOT NULL,
    version   text NOT NULL,
    language  text NOT NULL,
    digest    text NOT NULL,             -- SHA-256 of the component, in hexadecimal
    seen_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (name, version)
);
