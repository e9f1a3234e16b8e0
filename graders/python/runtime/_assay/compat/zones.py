"""Time zones from the `tzdata` package, held in memory: there is no zone database to read at run time."""

from _assay.pristine import names as __builtins__

import io
import os
import zoneinfo
import zoneinfo._common
import zoneinfo._tzpath

_zones = {}


def _load(key):
    data = _zones.get(key)
    if data is None:
        raise zoneinfo.ZoneInfoNotFoundError(f"No time zone found with key {key}")
    return io.BytesIO(data)


def available_timezones():
    """Returns a set containing all available time zones."""
    return set(_zones)


def install():
    """Reads every zone of `tzdata` (at build time) and makes `zoneinfo` use them."""
    import tzdata

    root = os.path.join(os.path.dirname(tzdata.__file__), "zoneinfo")
    with open(os.path.join(os.path.dirname(root), "zones"), encoding="utf-8") as file:
        keys = file.read().split()
    for key in keys:
        with open(os.path.join(root, *key.split("/")), "rb") as file:
            _zones[key] = file.read()
    zoneinfo._common.load_tzdata = _load
    zoneinfo._tzpath.available_timezones = zoneinfo.available_timezones = available_timezones
    zoneinfo.TZPATH = zoneinfo._tzpath.TZPATH = ()
