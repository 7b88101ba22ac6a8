"""Find out whether a ledger is what was written: quickly at every start, wholly in the background and of a backup."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from clerk_app.jobs import Progress
from clerk_app.ledger import raw
from clerk_app.ledger.anchors import Anchor
from clerk_app.ledger.books_check import BooksCheck
from clerk_app.ledger.grams_check import check_grams, check_initials
from clerk_app.ledger.keys import Keys
from clerk_app.ledger.rows import OutOfOrderError
from clerk_app.ledger.schema_check import check_schema
from clerk_app.ledger.seals_check import SealsCheck
from clerk_app.ledger.soundness import Depth, Finding, Findings, Verification
from clerk_app.ledger.trail_check import Trail
from clerk_app.ledger.waiting import check_waiting

__all__ = ["Depth", "Finding", "Verification", "verify"]

#: Most lines of SQLite's own check that are said.
_MOST_LINES = 50


def verify(
    connection: Connection,
    keys: Keys,
    depth: Depth,
    anchors: Iterable[Anchor] = (),
    progress: Progress | None = None,
) -> Verification:
    """Check a ledger, in one transaction that sees it as it stood when the check began.

    Args:
        connection: A reading one, with nothing read yet.
        keys: With the trail's own audit key.
        anchors: Heads that were carried outside.

    Raises:
        Cancelled: As asked.
    """
    progress = progress or Progress()
    found = Findings()
    check = _Check(connection, keys, found, progress)
    check.structure()
    check.trail(tuple(anchors), depth)
    check.books()
    if depth is Depth.FULL:
        check.pages()
        check.derived()
    return Verification(
        depth, check.walked.head, check.walked.founding_code, check.counted, (*found.kept, *found.left_out())
    )


class _Check:
    """The parts of one check. A page that cannot be read ends a part, and the next part goes on."""

    def __init__(self, connection: Connection, keys: Keys, found: Findings, progress: Progress) -> None:
        self._connection = connection
        self._keys = keys
        self._found = found
        self._progress = progress
        self.walked = Trail(connection, keys.audit, found)
        self.counted: dict[str, int] = {}

    def structure(self) -> None:
        """Every table and trigger that the program relies on is there as the program makes it."""
        with self._readable("schema"):
            check_schema(self._connection, self._found)

    def trail(self, anchors: tuple[Anchor, ...], depth: Depth) -> None:
        """The chain, and in a full check the rows that it seals."""
        with self._readable("audit"):
            walk = self.walked.walk(anchors, self._progress)
            if depth is Depth.BOOKS:
                for _piece in walk:
                    pass
                return
            with contextlib.closing(SealsCheck(self._connection, self._found)) as seals:
                for piece in walk:
                    seals.take(piece)
                seals.finish(self._progress)
                self.counted["sealed"] = seals.counted

    def books(self) -> None:
        """Numbers, sums and links."""
        books = BooksCheck(self._connection, self._found)
        with self._readable("settlements"):
            books.check(self._progress)
        self.counted |= {"audit": self.walked.head.sequence, **books.counted}

    def pages(self) -> None:
        """What SQLite itself can tell of its pages, indexes and references; a server keeps its own watch."""
        if not self._is_sqlite:
            return
        with self._readable("sqlite"):
            for (line,) in raw.rows(self._connection, f"PRAGMA integrity_check({_MOST_LINES})"):
                if line != "ok":
                    self._found.add("verify_page_damage", text=line)
        with self._readable("sqlite"):
            for table, row, parent, _number in raw.rows(self._connection, "PRAGMA foreign_key_check"):
                self._found.add("verify_reference_broken", table=table, row=row, parent=parent)
        if self._keys.database is not None:
            with self._readable("cipher"):
                for (line,) in raw.rows(self._connection, "PRAGMA cipher_integrity_check"):
                    self._found.add("verify_page_damage", text=line)

    def derived(self) -> None:
        """What searching needs, and what waits."""
        with self._readable("name_grams"):
            check_grams(self._connection, self._found)
        with self._readable("name_initials"):
            check_initials(self._connection, self._found)
        with self._readable("open_settlements"):
            check_waiting(self._connection, self._found)

    @property
    def _is_sqlite(self) -> bool:
        return self._connection.dialect.name == "sqlite"

    @contextlib.contextmanager
    def _readable(self, part: str) -> Iterator[None]:
        """Name a part that cannot be read, or holds what no program of ours wrote, instead of stopping."""
        driver = self._connection.dialect.dbapi
        assert driver is not None, "a connection has a driver"
        try:
            yield
        except (driver.Error, DBAPIError) as error:
            self._found.add("verify_unreadable", part=part, reason=str(getattr(error, "orig", error)))
        except OutOfOrderError:
            self._found.add("verify_unreadable", part=part, reason="rows out of order")
        except (ValueError, TypeError, OverflowError) as error:
            # A value of a kind that no program of ours writes; what it is may be a name, so it is not said.
            self._found.add("verify_unreadable", part=part, reason=type(error).__name__)
