"""The Python side of Assay: prepares the snapshot at build time and runs one job in a fresh instance.

Every module here begins with ``from _assay.pristine import names as __builtins__``: its functions then look up
built-in names in a private copy, so that code under test which replaces ``builtins.len`` or ``print`` cannot
disturb the report.
"""
