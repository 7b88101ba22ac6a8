"""Which persons a typed text may mean: by the name, its first letters in pinyin, or the certificate's number.

Each way reads a bounded piece of an index, however many persons the office has: of a surname that thousands have it
gives the persons who were recorded last, and the clerk types on.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from clerk_app.ledger.pinyin import LONGEST
from clerk_app.ledger.statements import Statement
from clerk_app.ledger.tables import name_grams, name_initials, persons, settlements
from clerk_app.receipts.claim import normalised

#: Persons that one way of looking gives at most.
MOST_PERSONS = 100
#: Fewer digits end too many numbers.
FEWEST_LAST_DIGITS = 4

#: Above every character, so that a prefix is a range of an index.
LAST_CHARACTER = "\U0010ffff"

_LATIN = re.compile(r"[A-Z]+")


def begins(column: ColumnElement[Any], name: str = "begins") -> ColumnElement[bool]:
    """Whether a text begins so, as a range of its index, with the two parameters of ``beginning``."""
    # Not BETWEEN, in which PostgreSQL takes no COLLATE.
    return (column >= bindparam(name)) & (column <= bindparam(f"{name}_last"))


def holds(column: ColumnElement[str], part: str) -> ColumnElement[bool]:
    """Whether a text has a part; LIKE is blind to capital letters on one database and not on the other."""
    return func.replace(column, part, "") != column


def beginning(text: str, name: str = "begins") -> dict[str, str]:
    """The parameters of ``begins``."""
    return {name: text, f"{name}_last": text + LAST_CHARACTER}


class _Way:
    """One way of looking for persons, and for the records of those whom it finds."""

    def __init__(self, query: Select[tuple[int]]) -> None:
        some = query.limit(MOST_PERSONS)
        self.persons = Statement(some)
        of_them = settlements.c.person_id.in_(select(some.subquery().c.person_id))
        self.settlements = Statement(select(settlements.c.settlement_id).where(of_them))


_last_gram = name_grams.alias("last_gram")
_NAME = _Way(
    select(name_grams.c.person_id)
    .where(name_grams.c.gram == bindparam("first_gram"))
    .where(
        select(_last_gram.c.gram)
        .where(_last_gram.c.gram == bindparam("last_gram"), _last_gram.c.person_id == name_grams.c.person_id)
        .exists()
    )
    .order_by(name_grams.c.person_id.desc())
)
_LETTERS = _Way(
    select(name_initials.c.person_id)
    .where(name_initials.c.initials == bindparam("letters"))
    .order_by(name_initials.c.person_id.desc())
)
_MORE_LETTERS = _Way(
    select(name_initials.c.person_id)
    .where(name_initials.c.initials > bindparam("letters"), name_initials.c.initials <= bindparam("letters_last"))
    .order_by(name_initials.c.initials)
)
_NUMBER = _Way(select(persons.c.person_id).where(begins(persons.c.id_key)).order_by(persons.c.id_key))
_NUMBER_END = _Way(select(persons.c.person_id).where(begins(persons.c.id_reversed)).order_by(persons.c.id_reversed))

_Asked = list[tuple[_Way, dict[str, str]]]


def persons_meant(connection: Connection, text: str) -> dict[int, bool]:
    """The numbers of persons whom a text may mean, and whether only the name tells: then it is to be compared whole."""
    meant = dict.fromkeys(_persons(connection, _by_name(text)), True)
    return meant | dict.fromkeys(_persons(connection, [*_by_letters(text), *_by_number(text), *_by_end(text)]), False)


def records_of_named(connection: Connection, part: str) -> set[int]:
    """The records of persons who have, or once had, a part in their name; a superset, as above."""
    return _records(connection, _by_name(part))


def records_of_meant(connection: Connection, text: str) -> set[int]:
    """The records of persons whom the first letters of the name or the end of the certificate's number tell."""
    return _records(connection, [*_by_letters(text), *_by_end(text)])


def _persons(connection: Connection, asked: _Asked) -> list[int]:
    return [number for way, values in asked for number in way.persons.scalars(connection, **values)]


def _records(connection: Connection, asked: _Asked) -> set[int]:
    return {number for way, values in asked for number in way.settlements.scalars(connection, **values)}


def _by_name(part: str) -> _Asked:
    part = part.strip()
    # A name of three characters has two pieces of two; both narrow down more than one of them.
    return [(_NAME, {"first_gram": part[:2], "last_gram": part[-2:]})] if part else []


def _by_letters(text: str) -> _Asked:
    wanted = normalised(text)
    if not _LATIN.fullmatch(wanted):
        return []
    letters = wanted.lower()[:LONGEST]
    return [(_LETTERS, {"letters": letters}), (_MORE_LETTERS, beginning(letters, "letters"))]


def _by_number(text: str) -> _Asked:
    wanted = normalised(text)
    return [(_NUMBER, beginning(wanted))] if wanted else []


def _by_end(text: str) -> _Asked:
    wanted = normalised(text)
    return [(_NUMBER_END, beginning(wanted[::-1]))] if len(wanted) >= FEWEST_LAST_DIGITS else []
