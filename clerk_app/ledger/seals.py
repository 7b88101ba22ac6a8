"""A short digest of a row, the same from the values that are written and from those that are read back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from hashlib import blake2b
from typing import Any

from sqlalchemy import Table

_SIZE_BYTES = 16


def _stored(value: object) -> object:
    """A date as SQLite keeps it, which is what every database's values are brought to."""
    if isinstance(value, datetime):
        return value.isoformat(" ", "microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("microseconds")
    if isinstance(value, bytes):
        return [value.hex()]  # Never written, only read where somebody changed a row: no written value has its seal.
    raise TypeError(f"{type(value).__name__} is not a kind of value that the tables hold")


_encode = json.JSONEncoder(separators=(",", ":"), default=_stored, check_circular=False).encode


def seal_of(values: Iterable[object]) -> str:
    """32 hexadecimal digits over a row's values, in the order of its table's columns."""
    return seal_of_stored([value if value is not True and value is not False else int(value) for value in values])


def seal_of_stored(values: list[object]) -> str:
    """The seal of values that are already what SQLite stores: texts, whole numbers and nothing."""
    return blake2b(_encode(values).encode("ascii"), digest_size=_SIZE_BYTES).hexdigest()


def seal_of_row(table: Table, row: Mapping[str, Any]) -> str:
    """The seal of a row that is about to be written; a column that it leaves out is empty."""
    return seal_of([row.get(name) for name in _columns(table)])


def row_key(table: Table, row: Mapping[str, Any]) -> str:
    """The primary key as one text, by which the audit trail names a row."""
    return ".".join(str(row[name]) for name in _key_columns(table))


def _columns(table: Table) -> tuple[str, ...]:
    names: tuple[str, ...] | None = table.info.get("columns")
    if names is None:
        names = table.info["columns"] = tuple(column.name for column in table.columns)
    return names


def _key_columns(table: Table) -> tuple[str, ...]:
    names: tuple[str, ...] | None = table.info.get("key_columns")
    if names is None:
        names = table.info["key_columns"] = tuple(column.name for column in table.primary_key.columns)
    return names
