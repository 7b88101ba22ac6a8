"""Statements that are compiled once and then given to the driver: what a clerk waits for at every settlement.

SQLAlchemy takes ten times as long to hand a short statement over and to wrap its answer as SQLite takes to carry it
out. Statements that are put together when somebody asks, lists and searches, go through SQLAlchemy as usual.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    CompoundSelect,
    Connection,
    Date,
    DateTime,
    Delete,
    Dialect,
    Insert,
    Select,
    Table,
    Time,
    Update,
    bindparam,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

_Clause = Select[Any] | CompoundSelect[Any] | Insert | Update | Delete
_Conversions = list[tuple[int, Callable[[Any], Any]]]


#: A statement in the words of a database, and its parameters.
Question = tuple[str, Any]
#: What an act will ask, where it is known beforehand.
Questions = Callable[[Connection], list[Question]]


class Statement:
    """A statement whose parameters are given by name; one that the clause itself has a value for may be left out."""

    __slots__ = ("_clause", "_words")

    def __init__(self, clause: _Clause) -> None:
        self._clause = clause
        self._words: dict[str, _Words] = {}

    def all(self, connection: Connection, **values: object) -> list[Any]:
        """The rows of the answer, their columns as attributes."""
        words = self._in_words_of(connection.dialect)
        return [words.row(row) for row in _asked(connection, words.sql, words.bound(values))]

    def scalars(self, connection: Connection, **values: object) -> list[Any]:
        """The first column of the answer, as the database stores it."""
        words = self._in_words_of(connection.dialect)
        return [row[0] for row in _asked(connection, words.sql, words.bound(values))]

    def first(self, connection: Connection, **values: object) -> Any | None:
        """The first row of the answer, None where there is none."""
        words = self._in_words_of(connection.dialect)
        rows = _asked(connection, words.sql, words.bound(values))
        return words.row(rows[0]) if rows else None

    def carry_out(self, connection: Connection, **values: object) -> None:
        """Carry a change out before the act ends, whose count nobody asks for."""
        words = self._in_words_of(connection.dialect)
        _written(connection, words.sql, [words.bound(values)])

    def question(self, connection: Connection, **values: object) -> Question:
        """What ``all`` or ``first`` will ask with these values, to be asked together with others."""
        words = self._in_words_of(connection.dialect)
        return words.sql, words.bound(values)

    def change(self, connection: Connection, rows: Iterable[Mapping[str, object]]) -> int:
        """Carry a change out once for each row of values; returns how many rows of the table it met."""
        words = self._in_words_of(connection.dialect)
        count: int = _given(connection, words.sql, [words.bound(values) for values in rows], is_many=True).rowcount
        return count

    def _in_words_of(self, dialect: Dialect) -> _Words:
        words = self._words.get(dialect.name)
        if words is None:
            words = self._words[dialect.name] = _Words(self._clause, dialect)
        return words


class ListStatement:
    """A statement that looks for any of a list of values, however many: so many at a time, the last ones repeated.

    Args:
        clause: The statement, given the condition's place-holders as ``column.in_(...)`` takes them.
        size: Values at a time.
    """

    __slots__ = ("_names", "_statement")

    def __init__(
        self, clause: Callable[[list[BindParameter[Any]]], Select[Any] | CompoundSelect[Any]], size: int
    ) -> None:
        self._names = [f"among_{place}" for place in range(size)]
        self._statement = Statement(clause([bindparam(name) for name in self._names]))

    def all(self, connection: Connection, values: Sequence[object]) -> list[Any]:
        """The rows of the answer, ordered within each piece of the list only."""
        size = len(self._names)
        found: list[Any] = []
        for start in range(0, len(values), size):
            piece = values[start : start + size]
            padded = [*piece, *[piece[-1]] * (size - len(piece))]
            found += self._statement.all(connection, **dict(zip(self._names, padded, strict=True)))
        return found


class _Words:
    """A statement in the words of one kind of database."""

    __slots__ = ("_defaults", "_is_positional", "_make", "_names", "_readings", "_writings", "sql")

    def __init__(self, clause: _Clause, dialect: Dialect) -> None:
        compiled = clause.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler), "queries and changes are compiled to SQL"
        self.sql = str(compiled)
        assert "POSTCOMPILE" not in self.sql, "a list that is as long as its values is not compiled once"
        self._defaults = compiled.params
        self._is_positional = compiled.positional
        #: In the order of the marks, a name that stands twice twice.
        self._names = list(compiled.positiontup or ()) if compiled.positional else list(compiled.params)
        binds = [compiled.binds[name].type.dialect_impl(dialect) for name in self._names]
        self._writings = _conversions(kind.bind_processor(dialect) for kind in binds)
        columns = list(clause.exported_columns)
        self._make = _row_of([column.name for column in columns])
        kinds = [column.type.dialect_impl(dialect) for column in columns]
        self._readings = _conversions(kind.result_processor(dialect, None) for kind in kinds)

    def bound(self, values: Mapping[str, object]) -> Any:
        """The parameters as the driver takes them."""
        known = {**self._defaults, **values}
        assert len(known) == len(self._defaults), "a statement is given what it asks for and no more"
        bound = _converted([known[name] for name in self._names], self._writings)
        return bound if self._is_positional else dict(zip(self._names, bound, strict=True))

    def row(self, found: Sequence[Any]) -> Any:
        """A row of Python's types from what the driver gives."""
        return self._make(_converted(list(found), self._readings) if self._readings else found)


class Insertion:
    """Writes whole rows of a table; a column that a row leaves out is empty.

    Args:
        numbered: The column that the database numbers by itself; empty where rows bring their keys.
    """

    __slots__ = ("_empty", "_key_places", "_numbered", "_stored_as", "_table", "_values", "_words", "names")

    def __init__(self, table: Table, numbered: str = "") -> None:
        self._table = table
        self.names = [column.name for column in table.columns]
        self._empty = dict.fromkeys(self.names)
        self._values = itemgetter(*self.names)
        self._key_places = [self.names.index(column.name) for column in table.primary_key.columns]
        self._numbered = self.names.index(numbered) if numbered else None
        self._stored_as = _conversions(_AS_STORED.get(type(column.type)) for column in table.columns)
        self._words: dict[tuple[str, bool], str] = {}

    def write(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
        """Write rows; returns them as SQLite stores them, which is what seals are made over."""
        given = [self._values({**self._empty, **row}) for row in rows]
        stored = [_converted(list(row), self._stored_as) for row in given]
        dialect = connection.dialect
        # Other databases take the types of Python, and store them in their own way.
        _written(connection, self._words_of(dialect), stored if dialect.name == "sqlite" else given)
        return stored

    def write_numbered(self, connection: Connection, row: Mapping[str, Any]) -> list[Any]:
        """Write a row that the database numbers; returns it as SQLite stores it, the number in its place."""
        assert self._numbered is not None, "the database numbers the rows"
        given = self._values({**self._empty, **row})
        stored = _converted(list(given), self._stored_as)
        dialect = connection.dialect
        pipeline = _pipeline(connection)
        if pipeline is not None:
            sql = self._numbering
            stored[self._numbered] = _told(connection, sql, lambda: pipeline.number(sql))
            whole = [*given[: self._numbered], stored[self._numbered], *given[self._numbered + 1 :]]
            _written(connection, self._sql(dialect, whole=True), [whole])
            return stored
        bound = list(stored if dialect.name == "sqlite" else given)
        del bound[self._numbered]
        stored[self._numbered] = _asked(connection, self._words_of(dialect), bound)[0][0]
        return stored

    def number_question(self) -> Question:
        """What a server numbers the next row with, to be asked together with others."""
        return self._numbering, ()

    @property
    def _numbering(self) -> str:
        assert self._numbered is not None, "the database numbers the rows"
        return f"SELECT nextval(pg_get_serial_sequence('{self._table.name}', '{self.names[self._numbered]}'))"

    def key(self, stored: Sequence[Any]) -> str:
        """The primary key of a row as one text."""
        return ".".join([str(stored[place]) for place in self._key_places])

    def _words_of(self, dialect: Dialect) -> str:
        return self._sql(dialect, whole=self._numbered is None)

    def _sql(self, dialect: Dialect, *, whole: bool) -> str:
        words = self._words.get((dialect.name, whole))
        if words is None:
            quoted = dialect.identifier_preparer.quote
            names = [quoted(name) for place, name in enumerate(self.names) if whole or place != self._numbered]
            marks = ", ".join(["?" if dialect.positional and dialect.paramstyle == "qmark" else "%s"] * len(names))
            words = f"INSERT INTO {quoted(self._table.name)} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 -- ours
            if not whole and self._numbered is not None:
                words += f" RETURNING {quoted(self.names[self._numbered])}"
            self._words[dialect.name, whole] = words
        return words


def _row_of(names: Sequence[str]) -> Callable[[Iterable[Any]], Any]:
    """Makes a row with these columns."""
    kind: Any = namedtuple("Row", names)  # type: ignore[misc]  # mypy wants to know the columns
    make: Callable[[Iterable[Any]], Any] = kind._make
    return make


def no_questions(_connection: Connection) -> list[Question]:
    """For an act that does not know beforehand what it will ask."""
    return []


def begin_with(connection: Connection, words: Iterable[str], questions: Questions) -> None:
    """Begin an act on a server, which answers together what will be asked first."""
    pipeline = _pipeline(connection)
    _told(connection, "BEGIN", lambda: pipeline.begin(words, questions(connection)))


def send_waiting(connection: Connection) -> None:
    """Send what an act has written and the server has not yet."""
    pipeline = _pipeline(connection)
    if pipeline is not None:
        _told(connection, "", pipeline.send)


def commit_waiting(connection: Connection) -> None:
    """The same with the commit of the act, in one journey."""
    pipeline = _pipeline(connection)
    if pipeline is not None:
        _told(connection, "COMMIT", pipeline.commit)


def write_soon(connection: Connection, sql: str, rows: Iterable[Any]) -> None:
    """Write rows, or carry a statement out for each, before the act ends."""
    _written(connection, sql, list(rows))


def _pipeline(connection: Connection) -> Any:
    """What an act on a server travels with; None elsewhere."""
    return connection.info.get("clerk_pipeline")


def _asked(connection: Connection, sql: str, bound: Any) -> list[Any]:
    pipeline = _pipeline(connection)
    if pipeline is None:
        rows: list[Any] = _given(connection, sql, bound).fetchall()
        return rows
    asked: list[Any] = _told(connection, sql, lambda: pipeline.ask(sql, bound))
    return asked


def _written(connection: Connection, sql: str, rows: Any) -> None:
    pipeline = _pipeline(connection)
    if pipeline is None:
        _given(connection, sql, rows, is_many=True)
    else:
        pipeline.write(sql, rows)


def _given(connection: Connection, sql: str, bound: Any, *, is_many: bool = False) -> Any:
    """Give a statement to the driver."""
    if not connection.in_transaction():
        connection.begin()
    send_waiting(connection)

    def give() -> Any:
        cursor = connection.connection.cursor()
        if is_many:
            cursor.executemany(sql, bound)
        else:
            cursor.execute(sql, bound)
        return cursor

    return _told(connection, sql, give, is_many=is_many)


def _told(connection: Connection, sql: str, act: Callable[[], Any], *, is_many: bool = False) -> Any:
    """Do something with the driver; a failure is told as SQLAlchemy tells it, without what was typed."""
    try:
        return act()
    except connection.dialect.loaded_dbapi.Error as error:
        dialect, driver = connection.dialect, connection.connection
        is_lost = dialect.is_disconnect(error, driver, None)
        if is_lost:
            connection.invalidate(error)
        base, told = dialect.loaded_dbapi.Error, {"hide_parameters": True, "connection_invalidated": is_lost}
        raise DBAPIError.instance(sql, None, error, base, dialect=dialect, ismulti=is_many, **told) from error


def _conversions(converts: Iterable[Callable[[Any], Any] | None]) -> _Conversions:
    """Which places are converted, and by what."""
    return [(place, convert) for place, convert in enumerate(converts) if convert is not None]


def _converted(values: list[Any], conversions: _Conversions) -> list[Any]:
    """The values, in place; an empty one stays empty."""
    for place, convert in conversions:
        if values[place] is not None:
            values[place] = convert(values[place])
    return values


def _stored_moment(moment: datetime | time) -> str:
    return moment.isoformat(" ", "microseconds") if isinstance(moment, datetime) else moment.isoformat("microseconds")


#: How SQLite stores the types that it has no type for.
_AS_STORED: dict[type, Callable[[Any], Any]] = {
    Boolean: int,
    Date: date.isoformat,
    DateTime: _stored_moment,
    Time: _stored_moment,
}
