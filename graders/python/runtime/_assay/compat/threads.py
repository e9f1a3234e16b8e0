"""Threads without threads: ``Thread.start`` runs the thread's work at once, in order.

A program whose threads only take turns (locks, joins, pools, results) behaves as usual. A program that waits for
something only another, later thread could do would wait forever: it gets `WouldWaitForever` instead.
"""

from _assay.pristine import names as __builtins__

import concurrent.futures as futures
import concurrent.futures.process
import concurrent.futures.thread
import queue
import threading
import time


class WouldWaitForever(RuntimeError):
    """A wait that nothing can end, because a thread here runs to its end when it is started."""


_EXPLAIN = (
    "this would wait forever: here a thread runs from start to finish inside start(), "
    "so nothing else can run while the program waits"
)


class Lock:
    """``threading.Lock`` for one thread: taking a taken lock is an error instead of a standstill."""

    __slots__ = ("_taken", "__weakref__")

    def __init__(self):
        self._taken = False

    def acquire(self, blocking=True, timeout=-1):
        """Takes the lock, or answers False where it may not wait."""
        if not self._taken:
            self._taken = True
            return True
        if not blocking:
            if timeout != -1:
                raise ValueError("can't specify a timeout for a non-blocking call")
            return False
        if timeout is None or timeout < 0:
            raise WouldWaitForever(_EXPLAIN)
        time.sleep(timeout)
        return False

    def release(self):
        """Gives the lock back."""
        if not self._taken:
            raise RuntimeError("release unlocked lock")
        self._taken = False

    def locked(self):
        """Whether the lock is taken."""
        return self._taken

    acquire_lock, release_lock, locked_lock = acquire, release, locked

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.release()

    def _at_fork_reinit(self):
        self._taken = False

    def __repr__(self):
        return f"<{'locked' if self._taken else 'unlocked'} _thread.lock object>"


def _start(self):
    if not self._initialized:
        raise RuntimeError("thread.__init__() not called")
    if self._started.is_set():
        raise RuntimeError("threads can only be started once")
    ident = threading.get_ident()
    outer = threading._active.get(ident)
    self._ident = ident
    self._started.set()
    threading._active[ident] = self
    try:
        self.run()
    except WouldWaitForever:
        raise
    except SystemExit:
        pass
    except Exception:
        self._invoke_excepthook(self)
    finally:
        self._assay_finished = True
        if outer is None:
            threading._active.pop(ident, None)
        else:
            threading._active[ident] = outer


def _is_alive(self):
    return False if getattr(self, "_assay_finished", False) else _own_is_alive(self)


_own_is_alive = threading.Thread.is_alive


def _join(self, timeout=None):
    if not self._initialized:
        raise RuntimeError("Thread.__init__() not called")
    if not self._started.is_set():
        raise RuntimeError("cannot join thread before it is started")
    if self is threading.current_thread():
        raise RuntimeError("cannot join current thread")


def _submit(self, fn, /, *args, **kwargs):
    if getattr(self, "_shutdown", False) or getattr(self, "_shutdown_thread", False):
        raise RuntimeError("cannot schedule new futures after shutdown")
    future = futures.Future()
    future.set_running_or_notify_cancel()
    try:
        future.set_result(fn(*args, **kwargs))
    except WouldWaitForever:
        raise
    except BaseException as problem:
        if isinstance(problem, (KeyboardInterrupt, MemoryError)):
            raise
        future.set_exception(problem)
    return future


class InlineProcessPool(futures.Executor):
    """``ProcessPoolExecutor`` that runs each call in this process, at once."""

    def __init__(self, max_workers=None, mp_context=None, initializer=None, initargs=(), **_):
        if max_workers is not None and max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        self._shutdown = False
        if initializer is not None:
            initializer(*initargs)

    submit = _submit

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        """Applies `fn` to each item, in order."""
        return super().map(fn, *iterables, timeout=timeout)

    def shutdown(self, wait=True, *, cancel_futures=False):
        """Refuses further calls."""
        self._shutdown = True


def _make_pool(original):
    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=(), **kwargs):
        original(self, max_workers, thread_name_prefix, initializer, initargs, **kwargs)
        if initializer is not None:
            initializer(*initargs)

    return __init__


def install():
    """Replaces the parts of `threading`, `queue` and `concurrent.futures` that would start a thread."""
    import _thread

    threading.Lock = threading._allocate_lock = Lock
    _thread.allocate_lock = _thread.allocate = Lock
    threading.Thread.start, threading.Thread.join = _start, _join
    threading.Thread.is_alive = _is_alive
    queue.SimpleQueue = queue._PySimpleQueue
    pool = futures.thread.ThreadPoolExecutor
    pool.submit, pool.__init__ = _submit, _make_pool(pool.__init__)
    futures.ProcessPoolExecutor = futures.process.ProcessPoolExecutor = InlineProcessPool
