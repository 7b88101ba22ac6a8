"""Bring a database file to the schema that this program knows; alembic is loaded only when there is work for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, insert, inspect, select

from clerk_app.errors import ClerkError
from clerk_app.ledger import triggers
from clerk_app.ledger.connection import Store
from clerk_app.ledger.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

#: The newest migration in ``migrations/versions``.
HEAD = "0003"

MIGRATIONS = Path(__file__).resolve().parent / "migrations"

#: As alembic makes it.
_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def bring_to_head(store: Store, path: Path) -> None:
    """Create or migrate the schema; the usual case is one SELECT.

    Raises:
        ClerkError: ``ledger_newer``, a later program made the file; ``ledger_foreign``, it is some other database.
    """
    with store.reading() as connection:
        if _revision(connection) == HEAD:
            return
    with store.act() as connection:
        # Read again under the lock: another desk may have done it meanwhile.
        revision = _revision(connection)
        if revision == HEAD:
            return
        if revision is None:
            if inspect(connection).get_table_names():
                raise ClerkError("ledger_foreign", file=str(path))
            _create(connection)
        else:
            _migrate(connection, revision, path)


def migration_settings(connection: Connection) -> Config:
    """What alembic needs to run our migrations in the transaction of a connection."""
    from alembic.config import Config  # noqa: PLC0415 -- a third of a second that a usual start saves

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_version.name):
        return None
    return connection.execute(select(_version.c.version_num)).scalar()


def _create(connection: Connection) -> None:
    """Make a new ledger at once; a test holds it against what the migrations make."""
    metadata.create_all(connection)
    for statements in triggers.STATEMENTS.values():
        for statement in statements:
            connection.exec_driver_sql(statement)
    _version.create(connection)
    connection.execute(insert(_version).values(version_num=HEAD))


def _migrate(connection: Connection, revision: str, path: Path) -> None:
    from alembic import command  # noqa: PLC0415 -- as above
    from alembic.script import ScriptDirectory  # noqa: PLC0415 -- as above

    settings = migration_settings(connection)
    known = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    if revision not in known:
        raise ClerkError("ledger_newer", file=str(path), revision=revision)
    command.upgrade(settings, "head")
