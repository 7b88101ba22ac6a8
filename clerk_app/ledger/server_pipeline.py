"""Fewer journeys to the server in an act: questions that are known beforehand go together, and so do writes.

While an act has the office's lock, everybody else waits for it, and most of its time is spent on journeys. Here the
statements are the same, in the same order and the same transaction; what is written travels with the next statement
that has an answer, or before the commit, and what is asked ahead is answered from the act's own snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg

#: Where a connection has it; only acts have one.
PIPELINE = "clerk_pipeline"

#: How every question for a row's number begins.
NUMBERING = "SELECT nextval("

_Bound = Mapping[str, Any] | Sequence[Any]


class Pipeline:
    """What one act has to send, and what it has been answered ahead.

    Args:
        driver: In the act's transaction.
    """

    def __init__(self, driver: psycopg.Connection[Any]) -> None:
        self._driver = driver
        self._waiting: list[tuple[str, list[_Bound]]] = []
        self._ahead: dict[tuple[str, tuple[Any, ...]], list[Any]] = {}
        #: A row's number is nobody else's, whatever is written meanwhile.
        self._numbers: dict[str, int] = {}

    def begin(self, words: Iterable[str], questions: Iterable[tuple[str, _Bound]]) -> None:
        """Begin the act and ask many things, in one journey and in this order.

        Each answer is used once, and none after anything is written.
        """
        cursors = []
        with self._driver.pipeline():
            for word in words:
                self._driver.cursor().execute(word, prepare=False)
            for sql, bound in questions:
                cursor = self._driver.cursor()
                cursor.execute(sql, bound)
                cursors.append((_key(sql, bound), cursor))
        answers = {key: cursor.fetchall() for key, cursor in cursors}
        self._numbers |= {sql: rows[0][0] for (sql, _bound), rows in answers.items() if sql.startswith(NUMBERING)}
        self._ahead = answers

    def number(self, sql: str) -> int:
        """A new row's number, asked ahead or now."""
        known = self._numbers.pop(sql, None)
        if known is not None:
            return known
        number: int = self.ask(sql, ())[0][0]
        return number

    def ask(self, sql: str, bound: _Bound) -> list[Any]:
        """The rows of an answer; what waits to be written is sent before the question, in the same journey."""
        known = self._ahead.pop(_key(sql, bound), None)
        if known is not None and not self._waiting:
            return known
        self._ahead.clear()
        if not self._waiting:
            return self._driver.cursor().execute(sql, bound).fetchall()
        cursor = self._driver.cursor()
        with self._driver.pipeline():
            self._hand_over()
            cursor.execute(sql, bound)
        return cursor.fetchall()

    def write(self, sql: str, rows: Iterable[_Bound]) -> None:
        """Write rows soon; a failure is told when they are sent."""
        self._ahead.clear()
        self._waiting.append((sql, list(rows)))

    def send(self) -> None:
        """Send what waits, and wait until it is done."""
        self._ahead.clear()
        if self._waiting:
            with self._driver.pipeline():
                self._hand_over()

    def commit(self) -> None:
        """Send what waits together with the commit, and wait until it is on the server's disk."""
        cursor = self._driver.cursor()
        with self._driver.pipeline():
            self._hand_over()
            cursor.execute("COMMIT", prepare=False)
        # A transaction that had failed before would be rolled back by the same word.
        assert cursor.statusmessage == "COMMIT", "what was acknowledged was committed"

    def _hand_over(self) -> None:
        waiting, self._waiting = self._waiting, []
        for sql, rows in waiting:
            # Rides this pipeline, and reads the words of a long statement once for all its rows.
            self._driver.cursor().executemany(sql, rows)


def _key(sql: str, bound: _Bound) -> tuple[str, tuple[Any, ...]]:
    return sql, tuple(bound.values() if isinstance(bound, Mapping) else bound)
