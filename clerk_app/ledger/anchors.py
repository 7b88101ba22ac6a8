"""Heads of the audit trail that are kept outside the ledger: they see a cut tail, and an older file put back.

The office's folder has them in a file of one line a head; every voucher has its own, and so have exports and the
names of backups.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clerk_app.errors import ClerkError
from clerk_app.jobs import whole_file
from clerk_app.ledger.records import Head

FILE_NAME = "anchor"
#: How many heads the file keeps, the newest; each covers all before it.
MOST_KEPT = 50

_PRINTED = re.compile(r"(\d{1,18})-?([0-9A-F]{4}-?[0-9A-F]{4}-?[0-9A-F]{4}-?[0-9A-F]{4})")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head as it was carried outside.

    Attributes:
        code: The code of the row, or its beginning as printed; lower-case hexadecimal digits.
        source: Where it was read: a file's name, or what was typed.
        founding_code: The code of the ledger's first row, empty where it is not known.
    """

    sequence: int
    code: str
    source: str
    founding_code: str = ""

    @property
    def printed(self) -> str:
        """As vouchers show it."""
        return Head(self.sequence, self.code).printed

    def fits(self, code: str) -> bool:
        """Whether the row has this code."""
        return bool(code) and code.startswith(self.code)


def typed(text: str) -> Anchor:
    """A head as it was read off a voucher.

    Raises:
        ClerkError: ``head_form``.
    """
    found = _PRINTED.fullmatch("".join(text.split()).upper())
    if found is None:
        raise ClerkError("head_form", text=text)
    return Anchor(int(found[1]), found[2].replace("-", "").lower(), text)


def read(folder: Path) -> tuple[Anchor, ...]:
    """The heads that the office's folder has, oldest first; none without the file.

    Raises:
        ClerkError: ``anchor_unreadable``.
    """
    path = folder / FILE_NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise ClerkError("anchor_unreadable", file=str(path)) from error
    try:
        return tuple(_anchor(json.loads(line)) for line in lines if line.strip())
    except (ValueError, KeyError, TypeError) as error:
        raise ClerkError("anchor_unreadable", file=str(path)) from error


def write(folder: Path, head: Head, founding_code: str, at: datetime, *, begins_anew: bool = False) -> None:
    """Keep a head, synced, with those before it.

    Args:
        founding_code: The code of the ledger's first row.
        at: The office's local time, for whoever reads the file.
        begins_anew: Forget the heads before: a backup has taken the ledger's place.

    Raises:
        ClerkError: ``file_not_written``, ``anchor_unreadable``.
    """
    known: Iterable[Anchor] = () if begins_anew else read(folder)
    kept = [each for each in known if each.sequence != head.sequence or not each.fits(head.code)]
    lines = [_line(each.sequence, each.code, each.founding_code, each.source) for each in kept[1 - MOST_KEPT :]]
    lines.append(_line(head.sequence, head.code, founding_code, f"{at:%Y-%m-%d %H:%M}"))
    with whole_file(folder / FILE_NAME) as draft:
        draft.write_text("".join(lines), encoding="utf-8")


def _line(sequence: int, code: str, founding_code: str, source: str) -> str:
    line = {"sequence": sequence, "code": code, "founding": founding_code, "at": source}
    return json.dumps(line, ensure_ascii=False) + "\n"


def _anchor(line: dict[str, object]) -> Anchor:
    sequence, code = line["sequence"], line["code"]
    if not isinstance(sequence, int) or not isinstance(code, str):
        raise TypeError("a head is a number and a code")
    return Anchor(sequence, code, str(line["at"]), str(line["founding"]))
