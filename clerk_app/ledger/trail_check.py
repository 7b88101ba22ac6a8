"""Recompute the audit trail's chain, and hold the heads that were carried outside against it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from clerk_app.codes import Action
from clerk_app.jobs import Progress
from clerk_app.ledger import raw
from clerk_app.ledger.anchors import Anchor
from clerk_app.ledger.audit import ALGORITHM, Chain, stored
from clerk_app.ledger.records import Head
from clerk_app.ledger.rows import further
from clerk_app.ledger.soundness import Findings
from clerk_app.ledger.tables import audit

#: A row of the trail in the order of its columns.
AuditRow = tuple[Any, ...]

_CHUNK = 1000
_SEQUENCE, _AT, _CONTENT, _ALGORITHM, _CODE = 0, 1, 6, 7, 8


class Trail:
    """One walk along the chain.

    Attributes:
        head: How far the walk has come.
        founding_code: The code of the first row.
    """

    def __init__(self, connection: Connection, key: bytes, found: Findings) -> None:
        self._connection = connection
        self._chain = Chain(key)
        self._found = found
        self.head = Head()
        self.founding_code = ""

    def walk(self, anchors: Iterable[Anchor], progress: Progress) -> Iterator[list[AuditRow]]:
        """The rows in pieces, each row's code checked; then what the anchors say.

        Raises:
            Cancelled: As asked.
        """
        total = int(raw.one(self._connection, "SELECT coalesce(max(sequence), 0) FROM audit") or 0)
        anchored = {anchor.sequence for anchor in anchors}
        codes: dict[int, str] = {}
        query = f"SELECT {raw.columns_of(audit)} FROM audit WHERE sequence > {{}} ORDER BY sequence LIMIT {_CHUNK}"  # noqa: S608 -- ours
        while True:
            piece = list(raw.rows(self._connection, query.format(self.head.sequence)))
            if not piece:
                break
            further(self.head.sequence, piece[-1][_SEQUENCE])
            self._check(piece)
            codes.update((row[_SEQUENCE], str(row[_CODE])) for row in piece if row[_SEQUENCE] in anchored)
            progress.step(self.head.sequence, max(total, self.head.sequence))
            yield piece
        self._hold_against(anchors, codes)

    def _check(self, piece: Sequence[AuditRow]) -> None:
        before, code = self.head.sequence, self.head.code
        for row in piece:
            sequence = row[_SEQUENCE]
            values = row[:_CODE]
            if row[_AT].__class__ is not str:
                values = (sequence, stored(row[_AT]), *row[2:_CODE])
            if sequence != before + 1:
                # What follows a gap cannot be recomputed, for the code before it is gone; the gap says enough.
                self._found.add("verify_audit_missing", first=before + 1, last=sequence - 1, after=sequence)
            elif row[_CODE] != self._code(code, values) or row[_ALGORITHM] != ALGORITHM:
                self._found.add("verify_audit_changed", sequence=sequence)
            before, code = sequence, str(row[_CODE])
            if not self.founding_code:
                self.founding_code = code
        self.head = Head(before, code)

    def _code(self, code_before: str, values: AuditRow) -> str:
        try:
            return self._chain.code(code_before, values)
        except TypeError:
            return ""  # A kind of value that no act writes.

    def _hold_against(self, anchors: Iterable[Anchor], codes: dict[int, str]) -> None:
        for anchor in anchors:
            if anchor.sequence == 0:
                continue
            code = codes.get(anchor.sequence, "")
            if anchor.fits(code):
                continue
            details = {"head": anchor.printed, "source": anchor.source, "last": self.head.sequence}
            replaced = self._replaced(anchor)
            if replaced is not None:
                self._found.add("verify_anchor_replaced", at=replaced, **details)
            elif code:
                self._found.add("verify_anchor_differs", **details)
            else:
                self._found.add("verify_anchor_missing", **details)

    def _replaced(self, anchor: Anchor) -> object:
        """When a restored backup took the place of the part that an anchor stands in, None when none did."""
        query = f"SELECT at, content FROM audit WHERE action = '{Action.RESTORE.value}' ORDER BY sequence"  # noqa: S608 -- ours
        for at, content in raw.rows(self._connection, query):
            try:
                facts = json.loads(content)
                if facts["to_sequence"] < anchor.sequence <= facts["from_sequence"]:
                    return str(stored(at))[:16]
            except (ValueError, TypeError, KeyError):
                continue  # A changed row is a finding of its own.
        return None
