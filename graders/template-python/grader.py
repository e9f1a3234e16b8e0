"""A grader to begin with: runs `greet.py` once for every line of tests/names.txt and looks at what it prints."""


def grade(job):
    names = job.test_file("names.txt").split()
    for test in job.plan([f"greets {name}" for name in names]):
        with test:
            name = test.name.removeprefix("greets ")
            done = job.run(["greet.py"], stdin=name + "\n")
            test.ended_well(done)
            if name not in done.stdout:
                test.fail(f"the greeting does not name {name}", f"a greeting for {name}", done.stdout)
            if not done.stdout.startswith("Hello"):
                test.share = 0.5
                test.fail("a greeting begins with Hello; half of the points", "Hello, …", done.stdout)
