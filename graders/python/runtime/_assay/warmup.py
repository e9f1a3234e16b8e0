"""Samples run at build time."""

from _assay.pristine import names as __builtins__


def run_samples(run):
    """Nothing yet."""
