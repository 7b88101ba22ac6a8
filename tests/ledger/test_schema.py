from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlcipher3 import dbapi2 as sqlite3

from clerk_app.errors import ClerkError
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.schema import HEAD, migration_settings
from clerk_app.ledger.store import open_store
from clerk_app.ledger.tables import metadata
from clerk_app.wording import sentence
from tests.ledger.server import Server

ROOT = Path(__file__).resolve().parents[2]


def migrated(place: Path | str) -> Path | str:
    """A ledger made by the migrations alone, step by step, as an old one would come up to date."""
    store = open_store(place, wait_seconds=1)
    with store.making() as connection:
        command.upgrade(migration_settings(connection), "head")
    store.close()
    return place


def described(path: Path) -> dict[str, list[str]]:
    """Every table, index and trigger of a file with its parts, in no order."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: sorted(re.split(r",\s*\n", re.sub(r"[ \t]+", " ", sql))) for name, sql in rows}


#: What a database on a server consists of: kind, name, definition.
CATALOGUES = """
SELECT 'column ' || table_name, column_name, concat_ws(' ', ordinal_position, data_type, collation_name, is_nullable,
       column_default) FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'constraint ' || conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'trigger ' || tgrelid::regclass, tgname, pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger
       WHERE NOT tgisinternal
UNION ALL SELECT 'function', proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
ORDER BY 1, 2
"""


def catalogued(server: Server, database: str) -> list[tuple[object, ...]]:
    with server.connect(database) as connection:
        return connection.execute(CATALOGUES).fetchall()


def test_a_migrated_file_is_the_same_as_a_new_one(tmp_path: Path) -> None:
    open_ledger(tmp_path / "new.db").close()
    migrated(tmp_path / "old.db")
    new, old = described(tmp_path / "new.db"), described(tmp_path / "old.db")

    def parts(sql: list[str]) -> list[str]:
        return sorted(part.strip(" \n)(") for part in sql)

    assert new.keys() == old.keys()
    assert len([name for name in new if name.startswith("trigger")]) >= 20
    for name, sql in new.items():
        if not name.startswith("table "):
            assert sql == old[name]
            continue
        head = re.compile(r"^\s*CREATE TABLE \"?\w+\"? \(\s*", re.MULTILINE)
        assert parts([head.sub("", part) for part in sql]) == parts([head.sub("", part) for part in old[name]])


def test_a_migrated_database_is_the_same_as_a_new_one(server: Server, database: str) -> None:
    old = server.new_database()
    migrated(server.url(old))
    new = catalogued(server, database)
    assert catalogued(server, old) == new
    kinds = Counter(str(kind).split()[0] for kind, _name, _definition in new)
    assert kinds["trigger"] >= 40
    assert min(kinds.values()) >= 8, f"something is compared of each kind: {kinds}"
    server.drop(old)


def test_on_a_server_text_is_compared_by_code_point_whatever_language_the_database_has(
    server: Server, database: str
) -> None:
    with server.connect(database) as connection:
        assert connection.execute("SELECT '李' < '阿', '李' < '阿' COLLATE \"C\"").fetchone() == (False, True)
        columns = connection.execute(
            "SELECT table_name, column_name, data_type, collation_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name <> 'alembic_version' AND data_type LIKE '%char%'"
            " OR table_schema = 'public' AND data_type = 'text'"
        ).fetchall()
    assert len(columns) > 50
    assert {(kind, collation) for _table, _column, kind, collation in columns} == {("text", "C")}


def test_alembic_finds_no_difference_between_a_ledger_and_the_tables(empty_place: Path | str) -> None:
    store = open_store(migrated(empty_place), wait_seconds=1)
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    store.close()


def test_the_revision_that_the_program_expects_is_the_newest_migration(tmp_path: Path) -> None:
    store = open_store(tmp_path / "ledger.db", wait_seconds=1)
    with store.act() as connection:
        assert ScriptDirectory.from_config(migration_settings(connection)).get_current_head() == HEAD
    store.close()


def sql(place: Path | str, statement: str) -> list[tuple[object, ...]]:
    """One statement through a plain connection."""
    if isinstance(place, Path):
        with contextlib.closing(sqlite3.connect(place)) as file, file:
            return file.execute(statement).fetchall()
    with psycopg.connect(place) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_a_ledger_of_a_newer_program_is_left_alone(fresh_place: Path | str) -> None:
    open_ledger(fresh_place).close()
    sql(fresh_place, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ClerkError, match="ledger_newer") as raised:
        open_ledger(fresh_place)
    assert "9999" in sentence(raised.value)
    assert sql(fresh_place, "SELECT version_num FROM alembic_version") == [("9999",)]


def test_a_database_of_another_program_is_left_alone(empty_place: Path | str) -> None:
    sql(empty_place, "CREATE TABLE songs (title TEXT)")
    with pytest.raises(ClerkError, match="ledger_foreign"):
        open_ledger(empty_place)
    assert sql(empty_place, "SELECT * FROM songs") == []
    with pytest.raises((sqlite3.OperationalError, psycopg.errors.UndefinedTable)):
        sql(empty_place, "SELECT * FROM settlements")


def test_neither_a_new_nor_a_current_ledger_waits_for_alembic(tmp_path: Path) -> None:
    opened = (
        "import sys; from pathlib import Path; from clerk_app.ledger.ledger import open_ledger;"
        "[open_ledger(Path(sys.argv[1])).close() for _time in range(2)];"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'alembic', 'mako'}))"
    )
    command_line = [sys.executable, "-c", opened, str(tmp_path / "ledger.db")]
    answer = subprocess.run(command_line, cwd=ROOT, check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "[]"
