"""The connections of an engine, none of which outlives the ledger."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy import Engine


class Connections:
    """Closes an engine's connections: those that nobody uses at once, the others as soon as they are given back.

    SQLAlchemy forgets the latter. A file would stay open under a backup that takes its place, and a server would keep
    what it holds for a desk that has gone.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_closed = False

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """Around a transaction, from before it takes a connection until it has given it back."""
        try:
            yield
        finally:
            if self._is_closed:
                self._engine.pool.dispose()

    def close(self) -> None:
        """Let what is read in another thread be read to its end, and close everything else."""
        self._is_closed = True
        self._engine.pool.dispose()
