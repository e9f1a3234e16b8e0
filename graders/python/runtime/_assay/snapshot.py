"""Prepares the image that every run starts from: loads, adapts and warms up everything, then puts the state back."""

from _assay.pristine import names as __builtins__

import gc
import sys

from _assay import pristine, stdlib


def prepare():
    """Loads the standard library and adapts it to the sandbox."""
    stdlib.import_everything()
    from _assay import compat

    compat.install()
    from _assay import builtin_fixtures, loading, pytest_api, requests  # noqa: F401  (pytest_api reads them)

    sys.modules["pytest"] = pytest_api.module()
    sys.meta_path.insert(0, loading.WorkFinder)
    sys.meta_path.append(stdlib.MissingFinder)
    pristine.open_streams()


def warm_up(run):
    """Runs samples of what a typical job does, so that first uses are paid here and not in every run."""
    from _assay import warmup

    warmup.run_samples(run)


def finish():
    """Removes every trace of the build from what learners can see."""
    import linecache
    import os
    import random
    import re

    random.seed(0xA55A)  # every run begins with the same numbers
    re.purge()
    linecache.clearcache()
    sys.path_importer_cache.clear()
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONUNBUFFERED"):
        os.environ.pop(name, None)
    sys.dont_write_bytecode = True
    from _assay.remote import standard

    standard.collect()
    sys.modules["__main__"] = type(sys)("__main__")
    gc.set_threshold(20_000, 10, 10)
