from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlcipher3 import dbapi2 as sqlite3

from clerk_app.errors import ClerkError
from clerk_app.ledger.connection import Store
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.schema import HEAD, migration_settings
from clerk_app.ledger.tables import metadata
from clerk_app.wording import sentence

ROOT = Path(__file__).resolve().parents[2]


def migrated(path: Path) -> Path:
    """A ledger made by the migrations alone, step by step, as an old one would come up to date."""
    store = Store(path, wait_seconds=1)
    with store.act() as connection:
        command.upgrade(migration_settings(connection), "head")
    store.close()
    return path


def described(path: Path) -> dict[str, list[str]]:
    """Every table, index and trigger with its parts, in no order."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: sorted(re.split(r",\s*\n", re.sub(r"[ \t]+", " ", sql))) for name, sql in rows}


def test_a_migrated_ledger_is_the_same_as_a_new_one(tmp_path: Path) -> None:
    open_ledger(tmp_path / "new.db").close()
    new, old = described(tmp_path / "new.db"), described(migrated(tmp_path / "old.db"))

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


def test_alembic_finds_no_difference_between_a_ledger_and_the_tables(tmp_path: Path) -> None:
    store = Store(migrated(tmp_path / "old.db"), wait_seconds=1)
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    store.close()


def test_the_revision_that_the_program_expects_is_the_newest_migration(tmp_path: Path) -> None:
    store = Store(tmp_path / "ledger.db", wait_seconds=1)
    with store.act() as connection:
        assert ScriptDirectory.from_config(migration_settings(connection)).get_current_head() == HEAD
    store.close()


def test_a_ledger_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    open_ledger(path).close()
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ClerkError, match="ledger_newer") as raised:
        open_ledger(path)
    assert "9999" in sentence(raised.value)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    with pytest.raises(ClerkError, match="ledger_foreign"):
        open_ledger(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("songs",)]


def test_neither_a_new_nor_a_current_ledger_waits_for_alembic(tmp_path: Path) -> None:
    opened = (
        "import sys; from pathlib import Path; from clerk_app.ledger.ledger import open_ledger;"
        "[open_ledger(Path(sys.argv[1])).close() for _time in range(2)];"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'alembic', 'mako'}))"
    )
    command_line = [sys.executable, "-c", opened, str(tmp_path / "ledger.db")]
    answer = subprocess.run(command_line, cwd=ROOT, check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "[]"
