from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlcipher3 import dbapi2 as sqlite3

from clerk_app.errors import ClerkError
from clerk_app.ledger.cipher import salt_of
from clerk_app.ledger.connection import Store
from clerk_app.ledger.keys import PRACTICE
from clerk_app.ledger.ledger import Ledger, open_ledger
from clerk_app.wording import sentence
from tests.ledger.office import EMPLOYED, QUICK, SECRET, Office, receipt, staffed

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
#: Everything is loaded while the rights still reach the interpreter's own files, then they are dropped.
OPEN = """
import os, sys
from pathlib import Path
from clerk_app.errors import ClerkError
from clerk_app.ledger.keys import PRACTICE
from clerk_app.ledger.ledger import open_ledger
from clerk_app.wording import sentence
open_ledger(Path(sys.argv[2])).close()
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    open_ledger(Path(sys.argv[1])).close()
except ClerkError as error:
    print(error.code, sentence(error))
else:
    print("opened")
"""


def opened_by_nobody(path: Path, elsewhere: Path) -> str:
    """What a user without rights gets on opening; root, whom rights do not bind, becomes such a user."""
    command = [sys.executable, "-c", OPEN, str(path), str(elsewhere / "other.db")]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def shelf_of_nobody() -> Iterator[Path]:
    """A folder that every user can reach, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="ledger-"))
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(folder)


def given_to_nobody(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)


def test_a_user_with_rights_gets_in_where_the_next_tests_take_them_away(shelf_of_nobody: Path, tmp_path: Path) -> None:
    assert opened_by_nobody(shelf_of_nobody / "ledger.db", tmp_path) == "opened"


def test_a_read_only_folder_is_named_in_a_sentence(shelf_of_nobody: Path, tmp_path: Path) -> None:
    shelf_of_nobody.chmod(0o555)
    answer = opened_by_nobody(shelf_of_nobody / "ledger.db", tmp_path)
    assert answer.startswith("ledger_read_only")
    assert str(shelf_of_nobody) in answer
    assert list(shelf_of_nobody.iterdir()) == []


def test_a_read_only_file_is_named_in_a_sentence(shelf_of_nobody: Path, tmp_path: Path) -> None:
    path = shelf_of_nobody / "ledger.db"
    open_ledger(path).close()
    path.chmod(0o444)
    assert opened_by_nobody(path, tmp_path).startswith("ledger_read_only")


def test_a_file_in_a_folder_that_has_become_read_only_is_named_in_a_sentence(
    shelf_of_nobody: Path, tmp_path: Path
) -> None:
    path = shelf_of_nobody / "ledger.db"
    open_ledger(path).close()
    given_to_nobody(path)
    shelf_of_nobody.chmod(0o555)
    assert opened_by_nobody(path, tmp_path).startswith("ledger_read_only")


def test_a_folder_that_is_none_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ClerkError, match="ledger_read_only") as raised:
        open_ledger(tmp_path / "file" / "ledger.db")
    assert "ledger.db" in sentence(raised.value)


def test_a_log_that_cannot_be_opened_is_named_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    open_ledger(path).close()
    (tmp_path / "ledger.db-wal").mkdir()
    with pytest.raises(ClerkError, match="ledger_read_only") as raised:
        open_ledger(path)
    assert "ledger.db" in sentence(raised.value)


def test_the_files_are_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.touch(mode=0o644)
    path.chmod(0o644)
    office = Office(path)
    office.person()
    files = list(tmp_path.iterdir())
    assert len(files) == 3, "the database, its log and its shared memory"
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    office.ledger.close()


def test_the_name_of_a_new_ledger_is_on_the_disk_before_anything_is_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[list[str]] = []
    sync = os.fsync

    def watched(handle: int) -> None:
        sync(handle)
        assert stat.S_ISDIR(os.fstat(handle).st_mode)
        synced.append([file.name for file in tmp_path.iterdir()])

    monkeypatch.setattr(os, "fsync", watched)
    for _time in range(2):
        Store(tmp_path / "ledger.db", wait_seconds=1).close()
    assert synced == [["ledger.db"]], "once, when it was made"


#: What a window does that would be the last to leave: it takes the bytes that every reader holds (SQLite's SHARED_FIRST
#: and SHARED_SIZE, os.h), and throws the log away when it gets them.
TAKE = """
import fcntl, sys
with open(sys.argv[1], "rb+") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
    except BlockingIOError:
        print("held")
    else:
        print("free")
"""


def lock_of(path: Path) -> str:
    return subprocess.run([sys.executable, "-c", TAKE, str(path)], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_second_look_at_the_file_leaves_the_first_ones_lock(office: Office) -> None:
    office.person()
    assert lock_of(office.path) == "held\n"
    open_ledger(office.path).close()
    salt_of_no_plain_file(office.path)
    with pytest.raises(ClerkError, match="ledger_not_encrypted"):
        open_ledger(office.path, keys=SECRET)
    assert lock_of(office.path) == "held\n"
    office.ledger.close()
    assert lock_of(office.path) == "free\n"


def salt_of_no_plain_file(path: Path) -> None:
    with pytest.raises(ClerkError, match="ledger_not_encrypted"):
        salt_of(path)


def test_a_wrong_passphrase_leaves_the_lock_of_the_ledger_that_is_open(tmp_path: Path) -> None:
    office = Office(tmp_path / "ledger.db", keys=SECRET)
    office.person()
    for keys in (PRACTICE, replace(SECRET, database=bytes(32))):
        with pytest.raises(ClerkError, match=r"ledger_encrypted|passphrase_wrong"):
            open_ledger(office.path, keys=keys)
    assert salt_of(office.path) == SECRET.salt
    assert lock_of(office.path) == "held\n"
    office.ledger.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("recursive_triggers", 1),
        ("temp_store", 2),
    ],
)
def test_every_connection_keeps_what_it_acknowledges(tmp_path: Path, pragma: str, value: object) -> None:
    store = Store(tmp_path / "ledger.db", wait_seconds=1)
    with store.engine.connect() as one, store.engine.connect() as other:
        for connection in (one, other):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    store.close()


def test_a_place_that_cannot_keep_what_it_acknowledges_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ClerkError, match="ledger_not_durable") as raised:
        open_ledger(Path(":memory:"))
    assert raised.value.details["setting"] == "journal_mode"


def test_a_ledger_held_by_another_window_says_so_and_saves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    office = Office(path)
    person = office.person()
    request = office.request(person, receipt("1"))
    office.ledger.close()
    with staffed(open_ledger(path, "360100", office.clock, hardness=QUICK, wait_seconds=0.05)) as ledger:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(ClerkError, match="ledger_locked"):
                ledger.settle(request)
            assert ledger.month_count(2023, 6) == 0, "looking is not held up"
        assert ledger.settle(request).voucher_number == "360100-2023-000001"


def test_a_file_that_is_no_ledger_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"PK\x03\x04 this is some office document" * 200)
    before = path.read_bytes()
    with pytest.raises(ClerkError, match="ledger_damaged") as raised:
        open_ledger(path)
    assert "ledger.db" in sentence(raised.value)
    assert path.read_bytes() == before


def test_a_damaged_page_is_noticed_where_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    office = Office(path)
    person = office.person()
    for index in range(30):
        office.settle(person, receipt(f"{index}"))
    office.ledger.close()
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    with pytest.raises(ClerkError, match="ledger_damaged"), open_ledger(path) as ledger:
        ledger.search("")


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    office = Office(path)
    person = office.person()
    settled = office.settle(person, receipt("1"))
    request = office.request(person, receipt("2", diagnosis="长" * 20_000))
    office.ledger.close()

    store = Store(path, wait_seconds=1)
    with staffed(Ledger(store, PRACTICE, "360100", office.clock, QUICK)) as ledger:
        with store.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        with pytest.raises(ClerkError, match="ledger_full"):
            ledger.settle(request)
        assert ledger.settlement(settled.voucher_number) == settled
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count=1000000")
        assert ledger.settle(request).voucher_number == "360100-2023-000002"


def test_no_name_or_number_of_a_patient_stands_in_an_exceptions_text(office: Office) -> None:
    person = office.person("张三丰")
    with pytest.raises(IntegrityError) as raised:
        office.settle(person, receipt("1"), key="")
    text = f"{raised.value!r} {raised.value} {raised.value.orig}"
    assert "clerk" in text, "which rule was broken is said"
    assert person.person.name not in text
    assert person.person.id_number not in text


def test_a_corrected_telephone_number_is_gone_from_the_file(tmp_path: Path) -> None:
    office = Office(tmp_path / "ledger.db")
    person = office.person()
    numbered = replace(person.person, phone="13812345678" * 40)
    office.ledger.save_person(numbered, EMPLOYED, "360000", person.person_id)
    office.ledger.save_person(replace(numbered, phone=""), EMPLOYED, "360000", person.person_id)
    office.ledger.close()
    assert [file.name for file in tmp_path.iterdir()] == ["ledger.db"]
    assert b"13812345678" not in (tmp_path / "ledger.db").read_bytes()
