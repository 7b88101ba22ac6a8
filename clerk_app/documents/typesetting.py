"""Lines of text that fit: wrapping Chinese and Latin text to a width, or shrinking a number into its column."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from clerk_app.documents.fonts import ems

#: A number or Latin word stays in one piece; everything else may be parted between any two characters.
_PIECES = re.compile(r"[A-Za-z0-9.,:/+\-%¥_#*]+|\s+|.", re.DOTALL)
_NEVER_FIRST = frozenset("，。；：、！？）」』】》〉〕”’·…—～,.;:!?)]}%％元分")
_NEVER_LAST = frozenset("（「『【《〈〔“‘([{¥￥")


class Fitted(NamedTuple):
    """Lines at the size at which they fit."""

    lines: tuple[str, ...]
    size: float


@functools.lru_cache(maxsize=4096)
def wrapped(text: str, size: float, width: float) -> tuple[str, ...]:
    """The text in lines of at most this width, in points; a line never begins with a full stop or closing bracket.

    Line breaks in the text are kept. A word longer than a line is parted.
    """
    lines: list[str] = []
    for paragraph in text.replace("\t", " ").splitlines() or [""]:
        if ems(paragraph) * size <= width:
            lines.append(paragraph)
        else:
            lines.extend(_filled(paragraph, width / size))
    return tuple(lines)


@functools.lru_cache(maxsize=4096)
def fitted(text: str, size: float, width: float, *, is_number: bool) -> Fitted:
    """The text in its column: words wrap; a number shrinks, for half an amount on a line is another amount."""
    if not is_number:
        return Fitted(wrapped(text, size, width), size)
    needed = ems(text) * size
    return Fitted((text,), size if needed <= width else size * width / needed)


def _filled(paragraph: str, width_ems: float) -> list[str]:
    lines: list[str] = []
    line, used = "", 0.0
    for piece in _unbreakable(paragraph, width_ems):
        wide = ems(piece)
        if line and used + ems(piece.rstrip()) > width_ems:
            lines.append(line.rstrip())
            line, used = "", 0.0
            if piece.isspace():
                continue
        line += piece
        used += wide
    return [*lines, line.rstrip()]


def _unbreakable(paragraph: str, width_ems: float) -> list[str]:
    """Pieces that stay together: words with the punctuation that may not begin or end a line."""
    glued: list[str] = []
    for piece in _PIECES.findall(paragraph):
        sticks = glued and (piece in _NEVER_FIRST or glued[-1][-1] in _NEVER_LAST)
        if sticks and ems(glued[-1] + piece) <= width_ems:
            glued[-1] += piece
        elif ems(piece) <= width_ems:
            glued.append(piece)
        else:
            glued.extend(piece)
    return glued
