"""Grades with Python test files, unmodified: unittest and plain pytest-style functions. The runtime's image holds it."""

from _assay.session import grade
