-- What a report was made from (grading::input_digest): an identical submission is answered with it, without running.
-- Absent where the report is not a pure function of its inputs.
ALTER TABLE reports
    ADD COLUMN input_digest bytea CHECK (length(input_digest) = 32),
    ADD COLUMN cached boolean NOT NULL DEFAULT false;
CREATE INDEX reports_by_input ON reports (input_digest) WHERE input_digest IS NOT NULL AND NOT cached;
