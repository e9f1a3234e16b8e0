"""Adapts the standard library to a sandbox without threads, processes and sockets. Installed at build time."""


def install():
    """Installs every adaptation."""
    from _assay.compat import hashing, processes, recursion, threads, timers, zones

    threads.install()
    timers.install()
    hashing.install()
    processes.install()
    recursion.install()
    zones.install()
