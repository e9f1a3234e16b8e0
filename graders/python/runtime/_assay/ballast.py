"""Memory put aside at build time and given back when a program has used all it may, so that the report still fits."""

from _assay.pristine import names as __builtins__

_held = [bytearray(2 << 20)]


def drop():
    """Gives the memory back."""
    _held.clear()
