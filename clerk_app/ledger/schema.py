"""Bring a database to the schema that this program knows; alembic is loaded only when there is work for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import (
    Column,
    Connection,
    Dialect,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    inspect,
    select,
)
from sqlalchemy.schema import CreateIndex, CreateTable

from clerk_app.errors import ClerkError
from clerk_app.ledger import triggers
from clerk_app.ledger.store import LedgerStore
from clerk_app.ledger.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

#: The newest migration in ``migrations/versions``.
HEAD = "0001"

MIGRATIONS = Path(__file__).resolve().parent / "migrations"

#: As alembic makes it.
_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def bring_to_head(store: LedgerStore) -> None:
    """Create or migrate the schema; the usual case is one SELECT.

    Raises:
        ClerkError: ``ledger_newer``, a later program made it; ``ledger_foreign``, it is some other database.
    """
    with store.reading() as connection:
        if revision_of(connection) == HEAD:
            return
    with store.making() as connection:
        # Read again under the lock: another desk may have done it meanwhile.
        revision = revision_of(connection)
        if revision == HEAD:
            return
        if revision is None:
            if inspect(connection).get_table_names():
                raise ClerkError("ledger_foreign", file=store.place)
            create(connection)
        else:
            _migrate(connection, revision, store.place)


def is_known(revision: str) -> bool:
    """Whether this program can read a schema: it is the newest, or migrations lead from it there."""
    if revision == HEAD:
        return True
    from alembic.script import ScriptDirectory  # noqa: PLC0415 -- as below

    scripts = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return revision in {script.revision for script in scripts}


def migration_settings(connection: Connection) -> Config:
    """What alembic needs to run our migrations in the transaction of a connection."""
    from alembic.config import Config  # noqa: PLC0415 -- a third of a second that a usual start saves

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def revision_of(connection: Connection) -> str | None:
    """Of the ledger that a database holds, None for none."""
    if not inspect(connection).has_table(_version.name):
        return None
    return connection.execute(select(_version.c.version_num)).scalar()


def statements(dialect: Dialect) -> list[str]:
    """What makes the tables, indexes and triggers of a new ledger, in the words of one kind of database."""
    return [*_table_statements(dialect), *triggers.STATEMENTS[dialect.name]]


def _table_statements(dialect: Dialect) -> list[str]:
    made: list[CreateTable | CreateIndex] = []
    for table in metadata.sorted_tables:
        made.append(CreateTable(table))
        made += [CreateIndex(index) for index in sorted(table.indexes, key=lambda index: str(index.name))]
    return [str(each.compile(dialect=dialect)).strip() for each in made]


def create(connection: Connection, fill: Callable[[], None] = lambda: None) -> None:
    """Make a new ledger at once; a test holds it against what the migrations make.

    Args:
        fill: Writes rows that another ledger's triggers have let in, before these begin to watch.
    """
    for statement in _table_statements(connection.dialect):
        connection.exec_driver_sql(statement)
    fill()
    for statement in triggers.STATEMENTS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
    _version.create(connection)
    connection.execute(insert(_version).values(version_num=HEAD))


def drop(connection: Connection) -> None:
    """Take a ledger's tables away, with their triggers: of one that nobody has ever worked in."""
    metadata.drop_all(connection)
    _version.drop(connection)
    for name in triggers.FUNCTIONS if connection.dialect.name == "postgresql" else ():
        connection.exec_driver_sql(f"DROP FUNCTION {name}()")


def _migrate(connection: Connection, revision: str, place: str) -> None:
    from alembic import command  # noqa: PLC0415 -- as above
    from alembic.script import ScriptDirectory  # noqa: PLC0415 -- as above

    settings = migration_settings(connection)
    known = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    if revision not in known:
        raise ClerkError("ledger_newer", file=place, revision=revision)
    command.upgrade(settings, "head")
