"""Tables, indexes and triggers as the program makes them: a check that was weakened lets in what no check finds."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from sqlalchemy import Connection, StaticPool, create_engine
from sqlcipher3 import dbapi2

from clerk_app.ledger import raw, schema
from clerk_app.ledger.soundness import Findings
from clerk_app.ledger.tables import metadata

#: Kind, table and words of each object, by name. Indexes that SQLite makes for a table's own keys have no words.
Objects = Mapping[str, tuple[str, str, str]]

#: All but what another program's ANALYZE leaves, which changes no answer.
_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'"


def check_schema(connection: Connection, found: Findings) -> None:
    """Name what is missing, weakened or added; on SQLite, whose file anybody can open."""
    revisions = [row[0] for row in raw.rows(connection, "SELECT version_num FROM alembic_version")]
    if revisions != [schema.HEAD]:
        found.add("verify_schema_revision", revision=tuple(revisions))
    if connection.dialect.name != "sqlite":
        return
    needed, there = _as_made(), _objects(connection)
    for name, made in needed.items():
        if there.get(name) != made:
            found.add("verify_trigger_differs" if made[0] == "trigger" else "verify_table_differs", name=name)
    for name in there.keys() - needed.keys():
        found.add("verify_table_added", name=name)
    _check_row_numbers(connection, found)


def _check_row_numbers(connection: Connection, found: Findings) -> None:
    """SQLite's own note of the last row number of each table whose rows are never deleted."""
    noted = {str(name): last for name, last in raw.rows(connection, "SELECT name, seq FROM sqlite_sequence")}
    for table in metadata.tables.values():
        if table.dialect_options["sqlite"]["autoincrement"]:
            key = next(iter(table.primary_key.columns)).name
            last = raw.one(connection, f"SELECT max({key}) FROM {table.name}")  # noqa: S608 -- ours
            if noted.pop(table.name, None) != last:
                found.add("verify_counter_differs", row=f"sqlite_sequence.{table.name}", last=last)
    for name, last in noted.items():
        found.add("verify_counter_differs", row=f"sqlite_sequence.{name}", last=last)


@functools.cache
def _as_made() -> Objects:
    """What a new ledger is made of."""
    engine = create_engine("sqlite+pysqlite://", module=dbapi2, poolclass=StaticPool)
    with engine.connect() as connection:
        schema.create(connection)
        made = _objects(connection)
    engine.dispose()
    return made


def _objects(connection: Connection) -> Objects:
    return {name: (kind, table, str(text)) for kind, name, table, text in raw.rows(connection, _OBJECTS)}
