"""Starting another program is refused with a sentence that says why."""

from _assay.pristine import names as __builtins__

import os
import subprocess

_WHY = "there are no other programs in the sandbox"


def _refuse(name):
    def refused(*args, **kwargs):
        raise OSError(f"{name} is not available here: {_WHY}")

    refused.__name__ = refused.__qualname__ = name.rpartition(".")[2]
    return refused


def install():
    """Refuses `subprocess.Popen` and everything built on it, and the process functions of `os`."""

    def __init__(self, *args, **kwargs):
        self._child_created = False
        self.args = args[0] if args else None
        raise OSError(f"subprocess is not available here: {_WHY}")

    subprocess.Popen.__init__ = __init__
    for name in ("system", "popen", "fork", "execv", "execve", "spawnv", "posix_spawn"):
        setattr(os, name, _refuse("os." + name))
