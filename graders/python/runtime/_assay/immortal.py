"""Lists the objects of the image, so that the build can make them immortal (PEP 683).

A run then reads them without writing their reference counts, and so without copying the pages that they lie on. Only
the build can do it: it sets the counts in the snapshot's data (``graders/python/immortal.py``).
"""

import gc
import struct
import zlib
from array import array
from types import CodeType, CoroutineType, FrameType, GeneratorType

MAGIC = b"assay: objects of the image\n"
table = None
_MORTAL = (FrameType, GeneratorType, CoroutineType)


def list_objects():
    """Keeps the addresses of all objects that can be reached, and of their types, where the build finds them."""
    global table
    seen = bytearray(1 << 20)  # a bit for every 16 bytes of memory; objects begin at multiples of 16
    pairs = array("I")
    todo = gc.get_objects()
    own = id(todo)
    while todo:
        thing = todo.pop()
        at = id(thing)
        bit = 1 << (at >> 4 & 7)
        if seen[at >> 7] & bit or at == own or isinstance(thing, _MORTAL):
            continue
        seen[at >> 7] |= bit
        pairs.append(at)
        pairs.append(id(type(thing)))
        if type(thing) is CodeType:
            todo += (thing.co_consts, thing.co_names, thing.co_name, thing.co_qualname, thing.co_filename)
            todo += (thing.co_linetable, thing.co_exceptiontable)
        else:
            todo += gc.get_referents(thing)
    listed = pairs.tobytes()
    table = b"".join((MAGIC, struct.pack("<II", len(pairs) // 2, zlib.crc32(listed)), listed))
