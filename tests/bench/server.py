"""The server under test: the built program on a free port, with a data folder and a PostgreSQL of its own."""

import http.client
import io
import os
import signal
import socket
import subprocess
import time
import urllib.parse
import zipfile
from pathlib import Path

from load import BenchError

KEY = "assay_admin_key-of-the-benchmark-key-of-the-benchmark"


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """Runs while the `with` block does."""

    def __init__(self, program, data):
        self.program, self.data = program, data
        self.host, self.port, self.key = "127.0.0.1", _free_port(), KEY
        self.process = None

    def __enter__(self):
        if not self.program.exists():
            raise BenchError(f"{self.program} is not built; run `make bench`")
        settings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        settings |= {
            "ASSAY_BIND": f"{self.host}:{self.port}",
            "ASSAY_DATA_DIR": str(self.data),
            "ASSAY_ADMIN_KEY": KEY,
            "ASSAY_LOG": "warn",
        }
        self.data.mkdir(parents=True)
        self.process = subprocess.Popen([self.program, "serve"], env=settings, stdout=subprocess.DEVNULL)
        for _ in range(600):
            if self.process.poll() is not None:
                raise BenchError("the server ended at its start; its words are above")
            try:
                if self.request("GET", "/readyz")[0] == 200:
                    return self
            except OSError:
                pass
            time.sleep(0.1)
        self.__exit__()
        raise BenchError("the server was not ready within a minute")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def request(self, method, path, body=None, kind="application/json"):
        """One request on a connection of its own: the status and the body."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=120)
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": kind}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    def push(self, folder):
        """Makes an exercise of a bundle's folder."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    archive.write(path, path.relative_to(folder).as_posix())
        name = urllib.parse.quote(Path(folder).name)
        status, body = self.request("PUT", f"/v1/exercises/{name}", packed.getvalue(), "application/zip")
        if status != 201:
            raise BenchError(f"{folder} was refused: {body.decode()}")

    def memory(self):
        """Resident bytes of the server process, without its database: all of it, and what is no file's."""
        fields = dict(
            line.split(":", 1) for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines() if ":" in line
        )
        size = lambda name: int(fields[name].split()[0]) * 1024  # noqa: E731
        return {"resident": size("VmRSS"), "anonymous": size("RssAnon")}
