"""Put a backup in the place of a ledger: checked first, swapped at once, told of in the trail; the former file stays.

What was recorded after the backup was made is lost to the books, so the act says from which head to which; a head on
a voucher between the two is known for what it is.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clerk_app.codes import Action
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress, sync_folder, whole_file
from clerk_app.ledger import anchors, audit, backups, files, rights, users, verification
from clerk_app.ledger.act import Act, time_of_act
from clerk_app.ledger.connection import Store
from clerk_app.ledger.keys import Keys
from clerk_app.ledger.passwords import OFFICE_HARDNESS, Hardness
from clerk_app.ledger.records import Head, User
from clerk_app.ledger.schema import bring_to_head
from clerk_app.ledger.soundness import Depth

_SIDE_FILES = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that took a ledger's place.

    Attributes:
        aside: Where the former file is, None where there was none.
        before: The head of the former ledger, as far as it is known.
        after: The head of the backup.
        head: The head now, the act of restoring included.
    """

    aside: Path | None
    before: Head
    after: Head
    head: Head


@dataclass(frozen=True, slots=True)
class _Former:
    """What is known of the ledger that is to be replaced."""

    head: Head
    founding_code: str
    is_there: bool


def who_may(backup: Path, keys: Keys, login: str, password: str, hardness: Hardness = OFFICE_HARDNESS) -> User:
    """The user of a backup who may restore it, where the ledger itself cannot be opened to sign in.

    Raises:
        ClerkError: ``sign_in_refused``, ``not_allowed``, or as ``backups.check``.
    """
    with files.looking_at(backup, keys) as connection:
        user = users.who_has(connection, login.strip().lower(), password, hardness)
    if user is None:
        raise ClerkError("sign_in_refused")
    rights.require(user.role, Action.RESTORE)
    return user


def restore(
    backup: Path, ledger: Path, keys: Keys, user: User, office_code: str, at: datetime, progress: Progress
) -> Restored:
    """Put a backup in the place of a ledger that nobody has open.

    Args:
        keys: With the trail's own audit key. A backup opens with the passphrase that held when it was made.
        user: Who does it; signed in, with the password typed again.
        at: The office's local time.

    Raises:
        Cancelled: As asked.
        ClerkError: ``backup_unsound``, ``backup_of_other_office``, ``ledger_newer``, ``ledger_foreign``,
            ``ledger_damaged``, ``ledger_in_use``, ``file_not_written``; the ledger is as it was then.
    """
    checked = backups.check(backup, keys, getattr(backups.of_name(backup), "head", None), progress)
    if not checked.is_sound:
        raise ClerkError("backup_unsound", file=str(backup), finding=checked.findings[0].sentence)
    former = _former(ledger, keys)
    if former.founding_code not in ("", checked.founding_code):
        raise ClerkError("backup_of_other_office", file=str(backup))
    # Left in this order: the ledger's name goes to the draft, and only then may another desk open what has the name.
    with contextlib.ExitStack() as last, whole_file(ledger) as draft:
        _copy(backup, draft)
        head = _tell(draft, keys, user, office_code, at, former.head, checked.head, backup.name)
        with files.looking_at(draft, keys) as connection:
            again = verification.verify(connection, keys, Depth.BOOKS)
        if not again.is_sound or again.head != head:
            raise ClerkError("backup_unsound", file=str(backup), finding="".join(f.sentence for f in again.findings))
        aside = last.enter_context(_set_aside(ledger, keys, at)) if former.is_there else None
    anchors.write(ledger.parent, head, checked.founding_code, at, begins_anew=True)
    return Restored(aside, former.head, checked.head, head)


def _former(ledger: Path, keys: Keys) -> _Former:
    """What the ledger itself says, or where it cannot be read, what was kept beside it."""
    if not ledger.exists():
        return _Former(Head(), "", is_there=False)
    try:
        with files.looking_at(ledger, keys) as connection:
            return _Former(audit.last(connection)[0], audit.founding_code(connection), is_there=True)
    except ClerkError as error:
        try:
            kept = anchors.read(ledger.parent)
        except ClerkError:
            kept = ()
        # What is no damage may be another office's ledger, unless its heads say whose it is.
        if not kept and error.code != "ledger_damaged":
            raise
    if not kept:
        return _Former(Head(), "", is_there=True)
    return _Former(Head(kept[-1].sequence, kept[-1].code), kept[-1].founding_code, is_there=True)


def _copy(backup: Path, draft: Path) -> None:
    """The file as it is: a backup has no log beside it."""
    try:
        shutil.copyfile(backup, draft)
    except OSError as error:
        raise ClerkError("file_not_written", file=str(draft), reason=error.strerror or str(error)) from error


def _tell(
    draft: Path, keys: Keys, user: User, office_code: str, at: datetime, before: Head, after: Head, name: str
) -> Head:
    """Bring an older backup to this program's schema, and write the act of restoring; returns the new head."""
    store = Store(draft, 0.0, keys)
    try:
        bring_to_head(store)
        with store.act() as connection:
            last, last_at = audit.before_act(connection)
            act = Act(connection, Action.RESTORE, user, time_of_act(at, last_at), office_code, last)
            act.tell(
                after.printed,
                file=name,
                from_sequence=max(before.sequence, after.sequence),
                from_code=before.code,
                to_sequence=after.sequence,
                to_code=after.code,
            )
            head = act.close(keys.audit)
    finally:
        store.close()
    with contextlib.closing(files.connect(draft, keys, mode="rw")) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    return head


@contextlib.contextmanager
def _set_aside(ledger: Path, keys: Keys, at: datetime) -> Iterator[Path]:
    """Keep the former file under a name with the time, while nobody else can open it.

    The former name stays on it until the draft takes it over: at no moment is there no ledger.
    """
    aside = _free_name(ledger, at)
    with contextlib.ExitStack() as held:
        is_readable = held.enter_context(_alone(ledger, keys))
        if os.name == "nt" or not is_readable:
            held.close()  # Windows renames no open file; what cannot be read is nobody's.
        try:
            for side in _SIDE_FILES:
                with contextlib.suppress(FileNotFoundError):
                    ledger.with_name(ledger.name + side).rename(aside.with_name(aside.name + side))
            _second_name(ledger, aside)
            sync_folder(ledger.parent)
        except OSError as error:
            raise ClerkError("file_not_written", file=str(aside), reason=error.strerror or str(error)) from error
        yield aside


@contextlib.contextmanager
def _alone(ledger: Path, keys: Keys) -> Iterator[bool]:
    """Hold a ledger so that no desk can begin with it; False where it cannot be read.

    Raises:
        ClerkError: ``ledger_in_use``.
    """
    with contextlib.closing(files.connect(ledger, keys, mode="rw", wait_seconds=1.0)) as connection:
        try:
            # Only who is alone may leave the log; it is empty and gone then.
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
            connection.execute("BEGIN EXCLUSIVE")
        except files.DRIVER_ERROR as error:
            if files.is_busy(error):
                raise ClerkError("ledger_in_use", file=str(ledger)) from error
            is_readable = False
        else:
            is_readable = True
        yield is_readable


def _second_name(path: Path, other: Path) -> None:
    try:
        os.link(path, other)
    except OSError:  # A file system without second names.
        shutil.copyfile(path, other)


def _free_name(ledger: Path, at: datetime) -> Path:
    name = f"{ledger.stem}-replaced-{at:%Y%m%d-%H%M%S}"
    names = (ledger.with_name(f"{name}{f'-{count}' if count else ''}{ledger.suffix}") for count in range(1000))
    return next(path for path in names if not path.exists())
