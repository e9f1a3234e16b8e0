"""An asyncio event loop that knows only timers: there are no sockets, and no other thread can wake it."""

from _assay.pristine import names as __builtins__

import asyncio
import asyncio.runners
import asyncio.unix_events
import time
from asyncio import events


class _NoSockets:
    """A selector with nothing to select; waiting for a timer moves the virtual clock."""

    def select(self, timeout=None):
        if timeout is None:
            raise RuntimeError("this would wait forever: no task can go on and no timer is set")
        if timeout > 0:
            time.sleep(timeout)
        return []

    def close(self):
        pass

    def get_map(self):
        return {}


class TimerLoop(asyncio.SelectorEventLoop):
    """The event loop of the sandbox."""

    def __init__(self, selector=None):
        super().__init__(_NoSockets())

    def _make_self_pipe(self):
        pass

    def _close_self_pipe(self):
        pass

    def _write_to_self(self):
        pass

    def add_signal_handler(self, sig, callback, *args):
        """There are no signals."""
        raise NotImplementedError("signals are not available here")

    def run_in_executor(self, executor, func, *args):
        """Runs the function at once: there are no other threads."""
        future = self.create_future()
        running = events._get_running_loop()
        events._set_running_loop(None)
        try:
            future.set_result(func(*args))
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException as problem:
            future.set_exception(problem)
        finally:
            events._set_running_loop(running)
        return future

    async def shutdown_default_executor(self, timeout=None):
        """There is none."""


def _new_event_loop():
    return TimerLoop()


def install():
    """Makes `TimerLoop` the loop that asyncio creates."""
    asyncio.SelectorEventLoop = asyncio.unix_events.SelectorEventLoop = TimerLoop
    asyncio.EventLoop = asyncio.unix_events.EventLoop = TimerLoop
    events.new_event_loop = asyncio.new_event_loop = _new_event_loop
