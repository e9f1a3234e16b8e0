#!/usr/bin/env python3
"""Builds the Python runtime: CPython with its standard library and the grader, as one WebAssembly component.

    python3 graders/python/build.py --out DIR/python.wasm --cache DIR
    python3 graders/python/build.py --digest

Needs Python 3.10 or newer with venv and pip, and nothing else. Two builds may run side by side: they take turns.
"""

import argparse
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import immortal

HERE = Path(__file__).resolve().parent
WIT = HERE.parent / "wit"
ENTRY = "assay_entry"
WORLD = "python"
PIP_HINT = "apt-get install python3-venv python3-pip"


class BuildError(Exception):
    """A problem the person at the keyboard can solve; its text is one line."""


def say(text):
    """One line of progress."""
    print(f"python runtime: {text}", flush=True)


def inputs():
    """Every file that decides what the component is, in a fixed order."""
    found = [HERE / "build.py", HERE / "immortal.py", HERE / "requirements.txt", HERE / "missing_modules.toml"]
    found += sorted((HERE / "runtime").rglob("*.py"))
    found += sorted(WIT.rglob("*.wit"))
    return found


def digest():
    """The SHA-256 over the names and contents of all inputs."""
    total = hashlib.sha256()
    for path in inputs():
        data = path.read_bytes()
        total.update(f"{path.relative_to(HERE.parent).as_posix()}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()


@contextlib.contextmanager
def locked(folder):
    """Holds the cache folder for one build at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as file:
        try:
            import fcntl
        except ImportError:  # Windows: builds are not serialised there
            yield
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("waiting for another build that uses the same cache")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def checked(command, what, hint=None, **options):
    """Runs a command; on failure raises with the end of its output."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if result.returncode != 0:
        tail = [line for line in result.stdout.strip().splitlines() if line.strip()][-15:]
        print("\n".join(tail), file=sys.stderr)
        raise BuildError(f"{what} failed" + (f"; {hint}" if hint else ""))
    return result.stdout


def tools(cache):
    """A virtual environment with the pinned tools; made once for each version of requirements.txt."""
    requirements = HERE / "requirements.txt"
    key = hashlib.sha256(requirements.read_bytes() + sys.version.encode() + str(cache).encode()).hexdigest()[:16]
    venv = cache / f"tools-{key}"
    if (venv / "ready").exists():
        return venv
    say("installing componentize-py (about 17 MB, once)")
    shutil.rmtree(venv, ignore_errors=True)
    checked([sys.executable, "-m", "venv", str(venv)], "creating a virtual environment", f"install it with: {PIP_HINT}")
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    checked(
        pip + ["--require-hashes", "--only-binary", ":all:", "-r", str(requirements)],
        "downloading the packages of graders/python/requirements.txt",
        "check the connection to the Python package index (pip's settings apply) and run the same command again",
    )
    (venv / "ready").write_text("")
    return venv


def stage(venv, folder):
    """Copies what the snapshot imports into one folder, so that nothing else of the machine gets in."""
    shutil.copytree(HERE / "runtime", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "missing_modules.toml", folder / "app" / "_assay" / "missing_modules.toml")
    found = list(venv.glob("lib/python3*/site-packages/tzdata"))
    if not found:
        raise BuildError(f"tzdata is not in {venv}; delete that folder and run the same command again")
    shutil.copytree(found[0], folder / "site" / "tzdata", ignore=shutil.ignore_patterns("__pycache__"))


def build(out, cache):
    """Builds the component at `out`; the file appears whole or not at all."""
    if sys.version_info < (3, 10):
        raise BuildError(f"Python 3.10 or newer is needed, this is {sys.version.split()[0]}")
    started = time.monotonic()
    with locked(cache):
        venv = tools(cache)
        out.parent.mkdir(parents=True, exist_ok=True)
        say("importing the standard library and taking the snapshot (about half a minute)")
        with tempfile.TemporaryDirectory(dir=cache) as name:
            folder = Path(name)
            stage(venv, folder)
            made = folder / "out.wasm"
            environment = {
                "PATH": os.defpath,
                "HOME": str(folder),
                "LC_ALL": "C.UTF-8",
                "PYTHONHASHSEED": "0",
                "SOURCE_DATE_EPOCH": "0",
            }
            command = [str(venv / "bin" / "componentize-py"), "-d", str(WIT), "-w", WORLD, "componentize", ENTRY]
            command += ["-p", ".", "-p", str(folder / "site"), "-o", str(made)]
            checked(command, "componentize-py", cwd=folder / "app", env=environment)
            component = bytearray(made.read_bytes())
            say(f"{immortal.immortalise(component)} objects made immortal")
            temporary = out.with_name(f".{out.name}.{os.getpid()}")
            temporary.write_bytes(component)
            os.replace(temporary, out)
    size = out.stat().st_size / 1e6
    say(f"built {out} ({size:.0f} MB) in {time.monotonic() - started:.0f} s")


def main():
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, help="the component to write")
    parser.add_argument("--cache", type=Path, help="a folder for tools that are downloaded once")
    parser.add_argument("--digest", action="store_true", help="print the digest of all inputs, build nothing")
    arguments = parser.parse_args()
    if arguments.digest:
        print(digest())
        return 0
    if arguments.out is None or arguments.cache is None:
        parser.error("--out and --cache are needed")
    try:
        build(arguments.out.resolve(), arguments.cache.resolve())
    except (BuildError, immortal.LayoutError, OSError) as problem:
        print(f"python runtime: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
