#!/usr/bin/env python3
"""Runs a command beside a throwaway PostgreSQL with all migrations applied, named in its DATABASE_URL.

    scratch_database.py INSTALLATION MIGRATIONS COMMAND…

For building only: the server itself is started by src/embedded. Nothing is left behind.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> int:
    install, migrations, command = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    with tempfile.TemporaryDirectory(prefix="assay-scratch-", dir="/tmp") as folder:
        folder = Path(folder)
        env = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
        person = {}
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root, and another user may be unable to enter the folders of root.
            copy = folder / "postgresql"
            shutil.copytree(install, copy)
            install, nobody = copy, pwd.getpwnam("nobody")
            person = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        env["LD_LIBRARY_PATH"] = str(install / "lib")
        data, programs, log = folder / "data", install / "bin", folder / "log"
        run = {"env": env, "cwd": folder, "stdin": subprocess.DEVNULL}
        initdb = [programs / "initdb", "-D", data, "-U", "assay", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **run, **person)
        options = ["listen_addresses=", f"unix_socket_directories={folder}", "fsync=off"]
        server = [programs / "postgres", "-D", data, *(word for option in options for word in ("-c", option))]
        with open(log, "wb") as output:
            postgres = subprocess.Popen(server, stdout=output, stderr=output, start_new_session=True, **run, **person)
        try:
            psql = [programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", folder, "-U", "assay", "-d", "postgres"]
            for _ in range(600):
                if subprocess.run([*psql, "-c", "SELECT 1"], **run, capture_output=True).returncode == 0:
                    break
                if postgres.poll() is not None:
                    print(log.read_text(), file=sys.stderr)
                    return 1
                time.sleep(0.1)
            for file in sorted(migrations.glob("*.sql")):
                with open(file, "rb") as text:
                    subprocess.run([*psql, "-1", "-f", "-"], check=True, **{**run, "stdin": text})
            url = f"postgres://assay@{str(folder).replace('/', '%2F')}/postgres"
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode
        finally:
            postgres.terminate()
            postgres.wait(30)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        print(f"{error.cmd[0]} failed", file=sys.stderr)
        sys.exit(1)
