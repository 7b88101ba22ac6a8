"""Backups that count: taken while others work, whole on the disk, opened again and checked before they get a name.

Copying the file is no backup: what was saved last may still stand in the log beside it. SQLite's own backup sees one
moment of the ledger; the file gets its name only after every row in it was held against the audit trail.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress, whole_file
from clerk_app.ledger import anchors, files, raw, verification
from clerk_app.ledger.anchors import Anchor
from clerk_app.ledger.keys import Keys
from clerk_app.ledger.records import Head
from clerk_app.ledger.soundness import Depth, Verification

#: How many backups of an office stay in their folder.
MOST_KEPT = 30
#: After how long closing the program makes another.
MAKE_EVERY = timedelta(days=1)

_NAME = re.compile(
    r"clerk-backup-(?P<office>.+)-(?P<at>\d{8}-\d{6})-(?P<head>\d+-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4})\.db"
)
_PAGES_AT_ONCE = 2000
_STALE_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup by its name, which only a file that was checked gets.

    Attributes:
        made_at: The office's local time.
        head: The end of the audit trail in it.
    """

    path: Path
    office_code: str
    made_at: datetime
    head: Anchor


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that was just made.

    Attributes:
        digest: SHA-256 of the file, 64 hexadecimal digits.
    """

    backup: Backup
    digest: str
    verification: Verification


def of_name(path: Path) -> Backup | None:
    """What a backup's name says; None for any other file."""
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    made_at = datetime.strptime(found["at"], "%Y%m%d-%H%M%S")  # noqa: DTZ007 -- the office's local time
    head = anchors.typed(found["head"])
    return Backup(path, found["office"], made_at, Anchor(head.sequence, head.code, path.name))


def listed(folder: Path, office_code: str) -> list[Backup]:
    """The backups of an office in a folder, the newest first; none where there is no folder."""
    try:
        found = [of_name(path) for path in folder.iterdir()]
    except OSError:
        return []
    own = [backup for backup in found if backup is not None and backup.office_code == office_code]
    return sorted(own, key=lambda backup: (backup.made_at, backup.head.sequence), reverse=True)


def is_due(folder: Path, office_code: str, now: datetime) -> bool:
    """Whether the last backup is older than a day, or there is none."""
    known = listed(folder, office_code)
    return not known or now - known[0].made_at > MAKE_EVERY


def write(source: Connection, keys: Keys, folder: Path, office_code: str, at: datetime, progress: Progress) -> Written:
    """Back a ledger up while others work on it.

    Args:
        source: A reading connection, with nothing read yet; the backup is the ledger as it stands at that moment.
        at: The office's local time.

    Raises:
        Cancelled: As asked; nothing is left.
        ClerkError: ``folder_not_made``, ``file_not_written``, or ``backup_unsound``: the ledger itself does not hold;
            the copy is kept under a name that says so and counts as none.
    """
    if source.dialect.name != "sqlite":
        raise ClerkError("server_backs_up")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ClerkError("folder_not_made", folder=str(folder), reason=error.strerror or str(error)) from error
    _sweep(folder)
    # From here the connection sees one moment, and other desks' acts do not make the copying begin anew.
    sequence, code = next(raw.rows(source, _LAST), (0, Head().code))
    head = Head(sequence, code)
    target = folder / f"clerk-backup-{office_code}-{at:%Y%m%d-%H%M%S}-{head.printed}.db"
    if target.exists():
        raise ClerkError("file_there", file=str(target))
    with whole_file(target) as draft:
        _copy(source.connection.dbapi_connection, draft, target, keys, progress)
        _sync(draft)
        checked = check(draft, keys, Anchor(head.sequence, head.code, target.name), progress)
        if not checked.is_sound:
            unsound = target.with_name(f"{target.stem}-unsound.db")
            draft.replace(unsound)
            raise ClerkError("backup_unsound", file=str(unsound), finding=checked.findings[0].sentence)
    backup = of_name(target)
    assert backup is not None, "we gave it its name"
    return Written(backup, digest_of(target), checked)


def check(path: Path, keys: Keys, head: Anchor | None, progress: Progress) -> Verification:
    """Open a file again, by itself, and check everything in it.

    Raises:
        Cancelled: As asked.
        ClerkError: ``ledger_missing``, ``ledger_foreign``, ``ledger_newer``, ``ledger_damaged``.
    """
    with files.looking_at(path, keys) as connection:
        return verification.verify(connection, keys, Depth.FULL, (head,) if head else (), progress)


def prune(folder: Path, office_code: str, keep: int = MOST_KEPT) -> list[Path]:
    """Remove the oldest backups of an office beyond a number; the newest always stays."""
    removed = []
    for backup in listed(folder, office_code)[max(1, keep) :]:
        with contextlib.suppress(OSError):  # One that somebody has open is removed another day.
            backup.path.unlink()
            removed.append(backup.path)
    return removed


def digest_of(path: Path) -> str:
    """SHA-256 of a file that no ledger of this process has open."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_LAST = "SELECT sequence, code FROM audit ORDER BY sequence DESC LIMIT 1"


def _copy(source: Any, draft: Path, target: Path, keys: Keys, progress: Progress) -> None:
    """Copy every page; the copy is one file, without a log beside it."""

    def copied(_status: int, remaining: int, total: int) -> None:
        progress.step(total - remaining, total)

    with _said(target), contextlib.closing(files.connect(draft, keys, mode="rw")) as copy:
        # Nothing of the draft has to outlive a power cut before it is synced as a whole.
        copy.execute("PRAGMA journal_mode=OFF")
        copy.execute("PRAGMA synchronous=OFF")
        source.backup(copy, pages=_PAGES_AT_ONCE, progress=copied)
        copy.execute("PRAGMA journal_mode=DELETE")


def _sync(path: Path) -> None:
    with path.open("rb+") as written:
        os.fsync(written.fileno())


def _sweep(folder: Path) -> None:
    """Remove what a killed backup left more than a day ago."""
    for left in folder.glob(".clerk-backup-*.part*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()


@contextlib.contextmanager
def _said(target: Path) -> Iterator[None]:
    """A failure of the disk as a sentence."""
    try:
        yield
    except files.DRIVER_ERROR as error:
        raise ClerkError("file_not_written", file=str(target), reason=str(error)) from error
