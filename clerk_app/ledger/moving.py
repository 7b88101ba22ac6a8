"""An office's file goes to a server: every row as it was written, and never two ledgers that both go on.

The file's last row of the audit trail says where the office has moved. The server gets it with all other rows, in one
transaction that ends only when the copy was held against the file and against the trail; then the row is saved in the
file, and last the server's own row says that the office has arrived. No act follows the row that says that the office
has moved, on either side, but the arrival alone. Whatever dies on the way leaves one of these:

- nothing on the server, or a copy that nobody can work in, and the file goes on: moving again copies anew;
- neither goes on: moving again finishes it;
- the server goes on and the file does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Table, func, inspect, select
from sqlalchemy.exc import DBAPIError

from clerk_app.codes import Action
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.ledger import audit, passphrase, raw, schema, verification
from clerk_app.ledger.act import Act, time_of_act
from clerk_app.ledger.anchors import Anchor
from clerk_app.ledger.keys import Keys
from clerk_app.ledger.records import Head, User
from clerk_app.ledger.seals import seal_of
from clerk_app.ledger.soundness import Depth
from clerk_app.ledger.store import LedgerStore
from clerk_app.ledger.tables import audit as trail
from clerk_app.ledger.tables import audit_keys, metadata, office

#: The server's row about the arrival, which the next act there follows.
ARRIVED = "arrived"

_ROWS_AT_ONCE = 2000
_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Moved:
    """An office that works on a server now.

    Attributes:
        place: The server and its database, without a password.
        left: The head of the file, for good.
        head: The head on the server.
    """

    place: str
    left: Head
    head: Head


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves an office, and with what.

    Attributes:
        user: Signed in, with the password typed again.
        at: The office's local time.
        trail_key: Of the audit trail.
        keys: Of the passphrase that the office has now.
    """

    user: User
    office_code: str
    at: datetime
    trail_key: bytes
    keys: Keys


def move(source: LedgerStore, target: LedgerStore, mover: Mover, progress: Progress) -> Moved:
    """Move the ledger of a file to a server; done again after it broke off, it finishes what is left to do.

    Raises:
        Cancelled: As asked; nothing has moved then, or only moving again finishes it.
        ClerkError: ``target_not_empty``, ``move_unsound``, ``ledger_moved``, or what the stores raise.
    """
    steps = _Steps(progress)
    with source.act() as here:
        try:
            before, last_at = audit.before_act(here)
        except ClerkError as error:
            left = audit.last(here)[0]
            if error.code != "ledger_moved" or not _has_come(target, left):
                raise
        else:
            act = Act(here, Action.MIGRATE, mover.user, time_of_act(mover.at, last_at), mover.office_code, before)
            act.tell(audit.MOVED, to=target.place, salt="" if mover.keys.salt is None else mover.keys.salt.hex())
            left = act.close(mover.trail_key)
            with target.making() as there:
                _copy(here, there, target.place, left, mover, steps)
            # Between these two commits the file goes on if we die here, and the copy lets nobody work.
            steps.done()
    steps.done()
    head = target.perform(lambda there: _arrive(there, left, mover))
    steps.done()
    return Moved(target.place, left, head)


class _Steps:
    """Two looks at every table, and what follows them."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done = 0
        self._total = 2 * len(metadata.tables) + 4

    def done(self) -> None:
        """One more."""
        self._done += 1
        self._progress.step(self._done, self._total)


def _copy(here: Connection, there: Connection, place: str, left: Head, mover: Mover, steps: _Steps) -> None:
    """Make the tables, fill them, and hold the copy against the file and the trail; nothing is committed here."""
    _make_room(there, audit.founding_code(here), place)
    written: dict[str, tuple[int, str]] = {}

    def fill() -> None:
        for table in metadata.sorted_tables:
            written[table.name] = _copy_table(here, there, table)
            steps.done()

    # The triggers watch acts: a payment fits what stood at its time, and not what stands after a correction. What they
    # let in is written before they begin; keys, references and CHECKs are there from the first row.
    schema.create(there, fill)
    for table in metadata.sorted_tables:
        _go_on_numbering(there, table)
    there.exec_driver_sql("ANALYZE")
    for name, copied in written.items():
        if _digest(_rows_there(there, metadata.tables[name])) != copied:
            raise ClerkError("move_unsound", to=place, finding=name)
        steps.done()
    _keep_key(there, mover)
    anchor = Anchor(left.sequence, left.code, place)
    keys = Keys(None, mover.trail_key, mover.keys.salt)
    checked = verification.verify(there, keys, Depth.FULL, (anchor,))
    if not checked.is_sound:
        raise ClerkError("move_unsound", to=place, finding=checked.findings[0].sentence)
    steps.done()


def _make_room(there: Connection, founding_code: str, place: str) -> None:
    """Take away tables that nobody has worked in: new ones, and those of a move of this office that broke off.

    Raises:
        ClerkError: ``target_not_empty``.
    """
    if not inspect(there).get_table_names():
        return
    if schema.revision_of(there) != schema.HEAD:
        raise ClerkError("target_not_empty", to=place)
    is_new = all(there.execute(select(func.count()).select_from(table)).scalar() == 0 for table in (trail, office))
    if not is_new and not _has_broken_off(there, founding_code):
        raise ClerkError("target_not_empty", to=place)
    schema.drop(there)


def _has_broken_off(there: Connection, founding_code: str) -> bool:
    """Whether a copy of this office's ledger waits for the office's arrival."""
    if audit.founding_code(there) != founding_code:
        return False
    try:
        audit.before_act(there)
    except ClerkError as error:
        return error.code == "move_unfinished"
    return False


def _copy_table(here: Connection, there: Connection, table: Table) -> tuple[int, str]:
    """Copy every row as the file stores it; PostgreSQL reads days, times and truths from the same words."""
    columns = raw.columns_of(table)
    rows = raw.rows(here, f"SELECT {columns} FROM {table.name} ORDER BY {raw.keys_of(table)}")  # noqa: S608 -- ours
    with _told(there), there.connection.cursor().copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:

        def written() -> Iterator[tuple[Any, ...]]:
            for row in rows:
                copy.write_row(row)
                yield row

        return _digest(written())


def _rows_there(there: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """The rows of a table on the server, some at a time."""
    ordered = f"SELECT {raw.columns_of(table)} FROM {table.name} ORDER BY {raw.keys_of(table)}"  # noqa: S608 -- ours
    there.exec_driver_sql(f"DECLARE copied NO SCROLL CURSOR FOR {ordered}")
    while rows := list(raw.rows(there, f"FETCH {_ROWS_AT_ONCE} FROM copied")):
        yield from rows
    there.exec_driver_sql("CLOSE copied")


def _digest(rows: Iterable[tuple[Any, ...]]) -> tuple[int, str]:
    """How many rows, and one digest over the seal of each."""
    count, digest = 0, blake2b(digest_size=_DIGEST_BYTES)
    for row in rows:
        count += 1
        digest.update(seal_of(row).encode("ascii"))
    return count, digest.hexdigest()


def _go_on_numbering(there: Connection, table: Table) -> None:
    """Let the server number the next row as the file would have."""
    column = table.autoincrement_column
    if column is None or column.foreign_keys:
        return
    sequence = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
    there.exec_driver_sql(f"SELECT setval({sequence}, max({column.name})) FROM {table.name}")  # noqa: S608 -- ours


def _keep_key(there: Connection, mover: Mover) -> None:
    """Let the server tell a right passphrase from a wrong one, as the pages of an encrypted file do."""
    is_kept = there.execute(select(audit_keys.c.number)).first() is not None
    if mover.keys.salt is not None and not is_kept:
        passphrase.seal_audit_key(there, mover.trail_key, [mover.keys])


def _has_come(target: LedgerStore, left: Head) -> bool:
    """Whether the file's last row stands on a server."""
    with target.reading() as there:
        if not inspect(there).has_table(trail.name):
            return False
        return there.execute(select(trail.c.code).where(trail.c.sequence == left.sequence)).scalar() == left.code


def _arrive(there: Connection, left: Head, mover: Mover) -> Head:
    """Let the office go on where the file's last row has come to; done twice, it is done once."""
    last, last_at = audit.last(there)
    if last != left:
        return last
    at = time_of_act(mover.at, last_at, may_stand_still=True)
    act = Act(there, Action.MIGRATE, mover.user, at, mover.office_code, left)
    act.tell(ARRIVED)
    return act.close(mover.trail_key)


@contextmanager
def _told(connection: Connection) -> Iterator[None]:
    """A failure of the driver's as SQLAlchemy tells it, which the store knows."""
    try:
        yield
    except connection.dialect.loaded_dbapi.Error as error:
        dialect = connection.dialect
        raise DBAPIError.instance(
            "COPY", None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
        ) from error
