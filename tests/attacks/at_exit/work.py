"""Something runs when all is over."""

import atexit, os
atexit.register(lambda: os._exit(0))
atexit._run_exitfuncs()
