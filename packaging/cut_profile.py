"""Cut the colour profile of the papers down to what a reader of PDF needs, for every paper carries it.

    python packaging/cut_profile.py FULL.icc resources/fonts/sRGB.icc

The tags that ICC.1:1998-09 asks of a display's profile stay; what names the maker goes. The three curves are one, with
a point in sixteen: between points a reader goes straight, and the curve of sRGB is off by less than 1/2000 then.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path

_HEADER_BYTES = 128
_NEEDED = (b"desc", b"wtpt", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"cprt")
_STEP = 16


def tags_of(profile: bytes) -> dict[bytes, bytes]:
    """Signature → content, with every curve thinned."""
    (count,) = struct.unpack_from(">L", profile, _HEADER_BYTES)
    entries = struct.iter_unpack(">4sLL", profile[_HEADER_BYTES + 4 : _HEADER_BYTES + 4 + 12 * count])
    return {name: _thinned(profile[start : start + length]) for name, start, length in entries if name in _NEEDED}


def _thinned(tag: bytes) -> bytes:
    if not tag.startswith(b"curv"):
        return tag
    (count,) = struct.unpack_from(">L", tag, 8)
    points = struct.unpack_from(f">{count}H", tag, 12)
    last = count - 1
    steps = count // _STEP
    # At even distances from the first point to the last, whatever lies between.
    kept = [points[round(place * last / steps)] for place in range(steps + 1)]
    return b"curv" + bytes(4) + struct.pack(f">L{len(kept)}H", len(kept), *kept)


def cut(profile: bytes) -> bytes:
    """The smaller profile."""
    tags = tags_of(profile)
    body, places, start = b"", {}, _HEADER_BYTES + 4 + 12 * len(tags)
    for content in tags.values():
        if content not in places:
            places[content] = start + len(body)
            body += content + bytes(-len(content) % 4)
    table = b"".join(struct.pack(">4sLL", name, places[content], len(content)) for name, content in tags.items())
    size = start + len(body)
    return struct.pack(">L", size) + profile[4:_HEADER_BYTES] + struct.pack(">L", len(tags)) + table + body


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(cut(Path(sys.argv[1]).read_bytes()))
