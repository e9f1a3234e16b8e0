"""Clients of the server: they submit, wait for the report, and check it."""

import http.client
import itertools
import json
import threading
import time
from datetime import datetime
from pathlib import Path

import machine


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
        self.headers = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}

    def _call(self, method, path, body=None, **headers):
        began = time.perf_counter()
        self.connection.request(method, path, body, self.headers | headers)
        answer = self.connection.getresponse()
        text = answer.read()
        return answer.status, text, time.perf_counter() - began

    def _body(self):
        number = next(_numbers)
        source = f"{self.source}\n# submission {number}\n"
        return json.dumps({"exercise": self.exercise, "learner": f"u-{number}", "source": source})

    def submit(self):
        """Submits and waits: the finished submission and the seconds it took."""
        status, text, seconds = self._call("POST", "/v1/submissions", self._body(), Prefer="wait=30")
        return _graded(status, text), seconds

    def hand_in(self):
        """Submits without waiting: the submission, and the seconds until it was stored."""
        status, text, seconds = self._call("POST", "/v1/submissions", self._body())
        if status != 202:
            raise BenchError(f"a submission was not taken: {text.decode()[:500]}")
        return json.loads(text), seconds

    def read(self, submission, wait=0):
        """Reads a finished submission, or waits for its end: the seconds it took."""
        status, text, seconds = self._call("GET", f"/v1/submissions/{submission['id']}?wait={wait}")
        _graded(status, text)
        return seconds

    def ping(self):
        """The smallest request: the seconds it took."""
        return self._call("GET", "/healthz")[2]

    def close(self):
        """Closes the connection."""
        self.connection.close()


def _graded(status, text):
    submission = json.loads(text)
    passed = status == 200 and submission["verdict"] == "passed"
    if not passed or [test["status"] for test in submission["tests"]] != ["passed"] * 10:
        raise BenchError(f"a submission did not pass its ten tests: {text.decode()[:500]}")
    return submission


def together(works, seconds):
    """Lets each of `works` repeat itself on a thread of its own for a while: how often they did, in how many seconds."""
    done, failed = [], []
    began = time.perf_counter()

    def repeat(work):
        try:
            while time.perf_counter() - began < seconds and not failed:
                work()
                done.append(1)
        except (BenchError, OSError) as problem:
            failed.append(problem)

    threads = [threading.Thread(target=repeat, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return len(done), time.perf_counter() - began


def rate(server, folder, clients, seconds):
    """So many clients at once: graded a second, and what each cost the server (with its database) and the clients."""
    connected = [Client(server, folder) for _ in range(clients)]
    before = machine.tree_cpu(server.process.pid), time.process_time()
    done, took = together([client.submit for client in connected], seconds)
    after = machine.tree_cpu(server.process.pid), time.process_time()
    for client in connected:
        client.close()
    server_ms, client_ms = ((end - start) * 1e3 / done for start, end in zip(before, after))
    return {"per_second": done / took, "server_cpu_ms": server_ms, "client_cpu_ms": client_ms}


def parts(client, submission, times):
    """Milliseconds of requests that do less than all."""
    found = {"GET /healthz": [], "GET a finished submission": [], "POST without waiting": []}
    for _ in range(times):
        found["GET /healthz"].append(client.ping() * 1e3)
        found["GET a finished submission"].append(client.read(submission) * 1e3)
        # The slot is made ready for the next one behind the answer; without a pause that would be measured as well.
        time.sleep(0.005)
        stored, seconds = client.hand_in()
        found["POST without waiting"].append(seconds * 1e3)
        client.read(stored, wait=30)
    return found


_STAGES = (
    "request read, exercise found",
    "submission and job stored, worker woken, job claimed",
    "graded: sandbox",
    "graded: files, slot, report",
    "report about to be stored",
    "report stored, caller woken, answer written and read",
)


def _at(text):
    # Python 3.10 reads fractions of three or six digits alone.
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{whole}+00:00").timestamp() + float(f"0.{fraction or 0}")


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


def by_stage(measured):
    """The milliseconds of all submissions, by stage."""
    return {name: [row[index] for row in measured] for index, name in enumerate(_STAGES)}
