"""What a grader written in Python uses: plan tests, run the submission, tell what came of it.

A package's ``grader.py`` defines ``grade(job)``::

    def grade(job):
        for test in job.plan(["greets by name"]):
            with test:
                done = job.run(["greet.py"], stdin="Ada\\n")
                test.equal(done.stdout, "Hello, Ada!\\n")

Inside ``with test:`` a failed check, an ``AssertionError`` and whatever the learner's code raises end the test and are
reported. Any other exception is the grader's own and ends as ``grader_error``, which never costs the learner anything.
The submission runs in a sandbox of its own and sees nothing of the grader.
"""

from _assay.grading import GraderError, Job, Planned, Program, Test

__all__ = ["GraderError", "Job", "Planned", "Program", "Test"]
