-- How many submissions a learner has made for an exercise. Counting in a row of its own settles the number of an
-- attempt in the statement that stores it, without a lock that lasts until the end of the transaction.
CREATE TABLE attempts (
    tenant_id  uuid NOT NULL REFERENCES tenants (id),
    exercise   text NOT NULL,
    learner    text NOT NULL,
    made       integer NOT NULL CHECK (made >= 1),
    PRIMARY KEY (tenant_id, exercise, learner)
);

INSERT INTO attempts (tenant_id, exercise, learner, made)
SELECT tenant_id, exercise, learner, max(attempt) FROM submissions WHERE learner IS NOT NULL GROUP BY 1, 2, 3;
