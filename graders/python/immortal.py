"""Makes the objects of a snapshot immortal: sets their reference counts in the component's data (PEP 683).

The snapshot lists their addresses (``runtime/_assay/immortal.py``); this finds the list and the data segments in the
component and writes the counts. WebAssembly core specification, section 5.5 (modules); component model, Binary.md.
"""

import struct
import zlib

MAGIC = b"assay: objects of the image\n"
# _Py_IMMORTAL_INITIAL_REFCNT of a 32-bit CPython 3.14 (Include/refcount.h).
IMMORTAL = (5 << 28).to_bytes(4, "little")
# Larger numbers are no counts: immortal already, or the address in a block that was freed meanwhile.
LARGEST = 500_000

CORE_MODULE, DATA = 1, 11
I32_CONST, END = 0x41, 0x0B


class LayoutError(Exception):
    """The component is not laid out as expected."""


def _number(data, at):
    """An unsigned LEB128 number and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _sections(data, start, end):
    """Every section between two offsets: its id, and where its content begins and ends."""
    at = start
    while at < end:
        kind = data[at]
        size, at = _number(data, at + 1)
        yield kind, at, at + size
        at += size


def _segments(data):
    """Every active data segment of every core module: its address in memory, its offset in the file, its size."""
    for kind, start, end in _sections(data, 8, len(data)):
        if kind != CORE_MODULE:
            continue
        for inner, at, _ in _sections(data, start + 8, end):
            if inner != DATA:
                continue
            count, at = _number(data, at)
            for _ in range(count):
                flags, at = _number(data, at)
                address = None
                if flags == 0:
                    if data[at] != I32_CONST:  # an address relative to a global: no segment of a snapshot
                        at = data.index(END, at) + 1
                    else:
                        address, at = _number(data, at + 1)
                        at += 1
                size, at = _number(data, at)
                if address is not None:
                    yield address, at, size
                at += size


def _memory(data, segments):
    """The memory that the segments fill."""
    memory = bytearray(max(address + size for address, _, size in segments))
    for address, offset, size in segments:
        memory[address : address + size] = data[offset : offset + size]
    return memory


def _listed(memory):
    """The listed objects: pairs of an object's address and its type's."""
    begin = memory.find(MAGIC)
    while begin >= 0:
        at = begin + len(MAGIC)
        count, check = struct.unpack_from("<II", memory, at)
        listed = bytes(memory[at + 8 : at + 8 + 8 * count])
        if count and zlib.crc32(listed) == check:
            return struct.iter_unpack("<II", listed)
        begin = memory.find(MAGIC, at)
    raise LayoutError("the snapshot does not list its objects")


def immortalise(data):
    """Sets the counts of the listed objects in a component (a bytearray); returns how many were set."""
    segments = sorted(_segments(data))
    memory = _memory(data, segments)
    index = done = 0
    for address, kind in sorted(_listed(memory)):
        count = int.from_bytes(memory[address : address + 4], "little")
        # An object that died after it was listed has left something else at its address.
        if not 0 < count < LARGEST or int.from_bytes(memory[address + 4 : address + 8], "little") != kind:
            continue
        while segments[index][0] + segments[index][2] < address + 4:
            index += 1
        start, offset, _ = segments[index]
        if start <= address:
            data[offset + address - start : offset + address - start + 4] = IMMORTAL
            done += 1
    return done
