"""Clients of the server: they submit, wait for the report, and check it."""

import http.client
import itertools
import json
import statistics
import threading
import time
from datetime import datetime
from pathlib import Path


class BenchError(Exception):
    """What keeps the benchmark from going on, in words."""


_numbers = itertools.count()


class Client:
    """One connection that submits an exercise's solution again and again, each time with another comment."""

    def __init__(self, server, folder):
        self.exercise = Path(folder).name
        (solution,) = (Path(folder) / "solution").glob("*.py")
        self.source = solution.read_text()
        self.connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
        self.headers = {
            "Authorization": f"Bearer {server.key}",
            "Content-Type": "application/json",
            "Prefer": "wait=30",
        }

    def submit(self):
        """Submits and waits: the finished submission and the seconds it took."""
        number = next(_numbers)
        source = f"{self.source}\n# submission {number}\n"
        body = json.dumps({"exercise": self.exercise, "learner": f"u-{number}", "source": source})
        began = time.perf_counter()
        self.connection.request("POST", "/v1/submissions", body, self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        seconds = time.perf_counter() - began
        submission = json.loads(text)
        if answer.status != 200 or submission["verdict"] != "passed" or len(submission["tests"]) != 10:
            raise BenchError(f"a submission did not pass its ten tests: {text.decode()[:500]}")
        return submission, seconds

    def close(self):
        """Closes the connection."""
        self.connection.close()


def rate(server, folder, clients, seconds):
    """Graded submissions a second with so many clients at once."""
    done, failed = [], []
    end = time.perf_counter() + seconds

    def work():
        client = Client(server, folder)
        try:
            while time.perf_counter() < end:
                client.submit()
                done.append(1)
        except (BenchError, OSError) as problem:
            failed.append(problem)
        finally:
            client.close()

    threads = [threading.Thread(target=work) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return len(done) / (time.perf_counter() - began)


_STAGES = (
    "request read, exercise found",
    "submission and job stored, worker woken, job claimed",
    "graded: sandbox",
    "graded: files, slot, report",
    "report about to be stored",
    "report stored, caller woken, answer written and read",
)


def _at(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def stages(submission, began, seconds):
    """Milliseconds of each stage from the socket to the stored report and back; client and server share a clock."""
    created, started, finished = (_at(submission[name]) for name in ("created_at", "started_at", "finished_at"))
    grading, sandbox = submission["timings"]["grading_ms"], submission["usage"]["wall_ms"]
    return (
        (created - began) * 1e3,
        (started - created) * 1e3,
        sandbox,
        grading - sandbox,
        (finished - started) * 1e3 - grading,
        (began + seconds - finished) * 1e3,
    )


def summary(measured):
    """The median of each stage."""
    return {name: statistics.median(row[index] for row in measured) for index, name in enumerate(_STAGES)}
