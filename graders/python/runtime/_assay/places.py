"""Where files live in the sandbox, which of them are the learner's, and how a place is shown."""

from _assay.pristine import names as __builtins__

WORK = "/work"
TESTS = "/work/tests"
GRADER = "/grader"  # the files of the grader's package
CODE = "/code"  # files of the exercise and the grader, compiled: /code/work/tests/x.py, /code/grader/grader.py

submission = set()  # absolute paths of the learner's files
sources = {}  # absolute path -> bytes, of every file loaded from /work


def relative(path):
    """A path as the learner knows it."""
    if path.startswith("/work/tests/") and path not in submission:
        return path[12:]
    return path[6:] if path.startswith("/work/") else path


def is_learner_file(path):
    """Whether a code object's file belongs to the learner: handed in, or written by the program while it ran."""
    return path in submission or (path.startswith(WORK + "/") and path not in sources)


def is_test_file(path):
    """Whether a code object's file came with the exercise."""
    return path.startswith(WORK + "/") and path not in submission and path in sources


def source_lines(path):
    """The lines of a file that was loaded, or of any file that can be read."""
    data = sources.get(path)
    if data is None:
        try:
            with open(path, "rb") as file:
                data = file.read()
        except Exception:
            return []
    return data.decode("utf-8", "replace").split("\n")


def source_line(path, number):
    """One line of a file, or an empty text."""
    lines = source_lines(path)
    return lines[number - 1].rstrip() if number and 0 < number <= len(lines) else ""
