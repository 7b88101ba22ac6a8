from __future__ import annotations

import contextlib
import random
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy.exc import IntegrityError
from sqlcipher3 import dbapi2

from clerk_app import logs
from clerk_app.errors import ClerkError
from clerk_app.ledger import cipher
from clerk_app.ledger.cipher import check_library, salt_of, unlock
from clerk_app.ledger.connection import Store
from clerk_app.ledger.keys import PRACTICE, Keys, new_salt, office_keys
from clerk_app.ledger.ledger import open_ledger
from clerk_app.wording import sentence
from tests.ledger.office import CHEAP, PASSPHRASE, SECRET, Clock, Office, receipt, staffed
from tests.ledger.test_two_desks import Desk

SEED = 20230604
NAMES = ("赵钱孙", "欧阳上官", "Alim Eziz")
WRONG = office_keys("another passphrase", b"salt of 16 bytes", CHEAP)


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "ledger.db", keys=SECRET)
    yield office
    office.ledger.close()


def filled(office: Office, settlements: int = 6) -> None:
    """Persons and settlements of theirs, on more pages than one of each kind."""
    for index in range(settlements):
        office.settle(office.person(NAMES[index % 3]), receipt(f"{index}", diagnosis="高血压" * 500))


def raw(path: Path, keys: Keys = SECRET) -> contextlib.closing[dbapi2.Connection]:
    """The file itself, below the program."""
    connection = dbapi2.connect(path, isolation_level=None)
    unlock(connection, keys)
    return contextlib.closing(connection)


def spellings(office: Office) -> list[bytes]:
    """Every name and ID number of an office as a file could hold it."""
    persons = [person for name in NAMES for person in office.ledger.find_persons(name)]
    assert len(persons) == 6
    texts = {
        text for each in persons for text in (each.person.name, each.person.id_number, each.person.id_number[6:14])
    }
    return [text.encode(code) for text in texts | {"高血压"} for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")]


def planted_and_found(office: Office, folder: Path) -> int:
    """How many spellings stand in the clear in some file of a folder, the ledger's side files among them."""
    content = b"\n".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert len(content) > 100_000
    return sum(spelling in content for spelling in spellings(office))


@pytest.mark.parametrize(("keys", "is_in_clear"), [(SECRET, False), (PRACTICE, True)])
def test_no_name_and_no_number_stands_in_an_encrypted_ledgers_files(
    tmp_path: Path, keys: Keys, is_in_clear: bool
) -> None:
    office = Office(tmp_path / "ledger.db", keys=keys)
    filled(office)
    assert {file.name for file in tmp_path.iterdir()} == {"ledger.db", "ledger.db-wal", "ledger.db-shm"}
    assert (planted_and_found(office, tmp_path) > 0) == is_in_clear, "in the log that is being written"
    lines = spellings(office)
    office.ledger.close()
    content = (tmp_path / "ledger.db").read_bytes()
    assert any(line in content for line in lines) == is_in_clear, "in the file that is left"


@pytest.mark.parametrize(("keys", "is_in_clear"), [(SECRET, False), (PRACTICE, True)])
def test_a_desk_that_is_killed_leaves_nothing_in_the_clear_and_loses_nothing(
    tmp_path: Path, keys: Keys, is_in_clear: bool
) -> None:
    path = tmp_path / "ledger.db"
    office = Office(path, keys=keys)
    filled(office)
    desk = Desk(path, *(["encrypted"] if keys is SECRET else []))
    assert desk.hear() == ["ready"]
    person = office.person()
    for save in range(20):
        desk.tell("settle", f"key-{save}", person.person_id, f"K{save}", 10_000)
    said = [desk.hear() for _save in range(7)] + desk.kill()
    assert (tmp_path / "ledger.db-wal").stat().st_size > 0
    assert (planted_and_found(office, tmp_path) > 0) == is_in_clear
    for _done, key, voucher_number, _fen in (line for line in said if len(line) == 4):
        assert office.ledger.settlement(voucher_number).receipts[0].receipt.number == f"K{key.removeprefix('key-')}"
    office.ledger.close()
    with contextlib.closing(Store(path, 1, keys)) as store:
        store.check_pages()


def open_temporary_files(connection: dbapi2.Connection, statement: str) -> int:
    """The most files without a name that this process had open while a statement ran."""
    most = 0

    def count() -> int:
        nonlocal most
        links = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.exists() or link.is_symlink()]
        most = max(most, sum("etilqs" in link.name for link in links))
        return 0

    connection.set_progress_handler(count, 2_000)
    connection.execute(statement).fetchall()
    count()
    connection.set_progress_handler(None, 2_000)
    return most


def test_what_does_not_fit_into_memory_is_not_written_to_temporary_files(encrypted: Office) -> None:
    filled(encrypted)
    large = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        " SELECT i, printf('%0200d', i) AS t FROM n ORDER BY t DESC"
    )
    encrypted.ledger.close()
    store = Store(encrypted.path, 1, SECRET)
    with contextlib.closing(store), store.engine.connect() as connection:
        driver: dbapi2.Connection = connection.connection.driver_connection
        for statement in ("PRAGMA cache_size=10", f"CREATE TEMP TABLE large AS {large}"):
            assert open_temporary_files(driver, statement) == 0
        assert open_temporary_files(driver, f"{large}, i") == 0
        driver.execute("DROP TABLE large")
        driver.execute("PRAGMA temp_store=1")
        assert open_temporary_files(driver, f"CREATE TEMP TABLE large AS {large}") > 0, "so they would be seen"


def test_no_error_and_no_log_names_a_person_or_a_key(encrypted: Office, tmp_path: Path) -> None:
    filled(encrypted)
    person = encrypted.ledger.find_persons(NAMES[0])[0]
    log = logs.start_log(tmp_path)
    raised: list[BaseException] = []
    try:
        for failing in (
            lambda: encrypted.settle(person, receipt("x"), key=""),
            lambda: encrypted.ledger.save_person(person.person, person.entitlement, "3" * 600),
            lambda: encrypted.ledger.save_person(person.person, person.entitlement, "360000"),
            lambda: open_ledger(encrypted.path, keys=WRONG),
            lambda: open_ledger(encrypted.path),
        ):
            with pytest.raises((ClerkError, IntegrityError)) as caught:
                failing()
            raised.append(caught.value)
            logs.report(caught.value)
    finally:
        logs.stop_log()
    texts = log.read_text(encoding="utf-8")
    assert texts.count("report ") == len(raised)
    while raised:
        error = raised.pop()
        texts += f"{error!r} {error} {getattr(error, 'statement', '')}"
        raised += [each for each in (error.__cause__, error.__context__) if each is not None]
    secrets = [*NAMES, person.person.id_number]
    secrets += [key.hex() for keys in (SECRET, WRONG) for key in (keys.database, keys.audit) if key]
    assert [secret for secret in secrets if secret in texts] == []


@pytest.mark.parametrize(
    ("keys", "code"), [(WRONG, "passphrase_wrong"), (PRACTICE, "ledger_encrypted")], ids=["wrong", "none"]
)
@pytest.mark.parametrize("is_open_elsewhere", [False, True])
def test_without_the_passphrase_nothing_is_opened_and_nothing_is_changed(
    encrypted: Office, keys: Keys, code: str, is_open_elsewhere: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    filled(encrypted)
    if not is_open_elsewhere:
        encrypted.ledger.close()
    before = encrypted.path.read_bytes()
    with pytest.raises(ClerkError, match=code) as raised:
        open_ledger(encrypted.path, keys=keys)
    assert "ledger.db" in sentence(raised.value)
    assert encrypted.path.read_bytes() == before
    if not is_open_elsewhere:
        encrypted.ledger = staffed(open_ledger(encrypted.path, "360100", encrypted.clock, keys=SECRET))
    assert encrypted.ledger.month_count(2023, 6) == 6
    assert capfd.readouterr().err == "", "SQLCipher is silent"


def test_a_wrong_passphrase_after_a_crash_leaves_the_log_as_it_is(encrypted: Office, tmp_path: Path) -> None:
    filled(encrypted)
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for name in ("ledger.db", "ledger.db-wal"):
        (crashed / name).write_bytes((tmp_path / name).read_bytes())
    for keys in (WRONG, PRACTICE):
        with pytest.raises(ClerkError, match=r"passphrase_wrong|ledger_encrypted"):
            open_ledger(crashed / "ledger.db", keys=keys)
    with staffed(open_ledger(crashed / "ledger.db", "360100", Clock(), keys=SECRET)) as ledger:
        assert ledger.month_count(2023, 6) == 6


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_plain_file_is_not_taken_for_an_offices(office: Office) -> None:
    filled(office)
    office.ledger.close()
    for attempt in (lambda: open_ledger(office.path, keys=SECRET), lambda: salt_of(office.path)):
        with pytest.raises(ClerkError, match="ledger_not_encrypted"):
            attempt()


def test_a_file_that_is_no_database_is_damaged_under_a_passphrase_too(tmp_path: Path) -> None:
    for content in (b"PK\x03\x04 some office document" * 200, b"four" * 4096):
        (tmp_path / "ledger.db").write_bytes(content)
        with pytest.raises(ClerkError, match="ledger_damaged"):
            open_ledger(tmp_path / "ledger.db", keys=SECRET)
    (tmp_path / "ledger.db").write_bytes(b"short")
    with pytest.raises(ClerkError, match="ledger_damaged"):
        salt_of(tmp_path / "ledger.db")


def test_file_and_passphrase_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    assert salt_of(path) is None
    founded = office_keys("a passphrase of an office", new_salt(), CHEAP)
    office = Office(path, keys=founded)
    filled(office)
    salt = salt_of(path)
    assert salt == founded.salt, "while the ledger is open"
    office.ledger.close()
    assert salt_of(path) == path.read_bytes()[:16] == salt
    keys = office_keys("a passphrase of an office", salt, CHEAP)
    with staffed(open_ledger(path, "360100", Clock(), keys=keys)) as ledger:
        assert ledger.month_count(2023, 6) == 6


def test_windows_that_found_one_encrypted_ledger_at_once_leave_it_to_one(tmp_path: Path) -> None:
    for attempt in range(10):
        path = tmp_path / f"{attempt}.db"
        every_keys = [office_keys("one passphrase for all", new_salt(), CHEAP) for _window in range(3)]
        barrier = Barrier(3)

        def found(keys: Keys, path: Path = path, barrier: Barrier = barrier) -> str:
            barrier.wait()
            try:
                open_ledger(path, keys=keys).close()
            except ClerkError as error:
                return error.code
            return "done"

        with ThreadPoolExecutor(3) as windows:
            answers = list(windows.map(found, every_keys))
        assert sorted(answers) == ["done", "passphrase_wrong", "passphrase_wrong"], answers
        assert salt_of(path) == every_keys[answers.index("done")].salt


def read_everything(path: Path) -> None:
    """Every row by its table and every index, as one who opens the ledger and looks."""
    with contextlib.closing(Store(path, 1, SECRET)) as store, store.reading() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        assert len(tables) > 15
        for table in tables:
            connection.exec_driver_sql(f"SELECT * FROM {table} NOT INDEXED").all()  # noqa: S608 -- our own tables
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        if found != ["ok"]:
            raise ClerkError("ledger_damaged", file=path.name, reason=found[0])


def test_a_flipped_bit_in_any_page_is_seen_by_reading(encrypted: Office) -> None:
    filled(encrypted)
    encrypted.ledger.close()
    read_everything(encrypted.path)
    content = encrypted.path.read_bytes()
    chance = random.Random(SEED)  # noqa: S311 -- places of damage, no secret
    print(f"seed {SEED}")  # noqa: T201 -- what a failure is repeated with
    pages = len(content) // 4096
    assert pages > 60
    for page in range(pages):
        place = page * 4096 + chance.randrange(16 if page == 0 else 0, 4096)
        damaged = bytearray(content)
        damaged[place] ^= 1 << chance.randrange(8)
        encrypted.path.write_bytes(damaged)
        with pytest.raises(ClerkError, match="ledger_damaged"):
            read_everything(encrypted.path)


def test_a_flipped_bit_in_the_salt_opens_to_no_passphrase(encrypted: Office) -> None:
    filled(encrypted)
    encrypted.ledger.close()
    content = bytearray(encrypted.path.read_bytes())
    content[3] ^= 4
    encrypted.path.write_bytes(content)
    salt = salt_of(encrypted.path)
    assert salt is not None
    with pytest.raises(ClerkError, match="passphrase_wrong") as raised:
        open_ledger(encrypted.path, keys=office_keys(PASSPHRASE, salt, CHEAP))
    assert "备份" in sentence(raised.value)


@pytest.mark.parametrize("times", [100, pytest.param(10_000, marks=pytest.mark.full)])
def test_no_damage_is_silent(encrypted: Office, times: int) -> None:
    filled(encrypted)
    encrypted.ledger.close()
    content = encrypted.path.read_bytes()
    chance = random.Random(SEED)  # noqa: S311 -- as above
    print(f"seed {SEED}")  # noqa: T201 -- as above
    pages = len(content) // 4096
    for _time in range(times):
        damaged = bytearray(content)
        page, other = chance.sample(range(1, pages), 2)
        match chance.choice(["bit", "zeros", "another page", "cut"]):
            case "bit":
                damaged[chance.randrange(16, len(content))] ^= 1 << chance.randrange(8)
            case "zeros":
                damaged[page * 4096 : (page + 1) * 4096] = bytes(4096)
            case "another page":
                damaged[page * 4096 : (page + 1) * 4096] = content[other * 4096 : (other + 1) * 4096]
            case "cut":
                del damaged[chance.randrange(4096, len(content)) :]
        encrypted.path.write_bytes(damaged)
        with pytest.raises(ClerkError, match="ledger_damaged"):
            checked(encrypted.path)


def checked(path: Path) -> None:
    """What a start does before it trusts a file."""
    with contextlib.closing(Store(path, 1, SECRET)) as store:
        store.check_pages()


def test_an_undamaged_file_passes_the_check(encrypted: Office) -> None:
    filled(encrypted)
    checked(encrypted.path)
    encrypted.ledger.close()
    checked(encrypted.path)


def test_a_sqlite_that_cannot_encrypt_is_refused() -> None:
    with (
        contextlib.closing(sqlite3.connect(":memory:")) as pythons_own,
        pytest.raises(ClerkError, match="sqlite_without_cipher"),
    ):
        check_library(pythons_own)


def test_an_old_sqlite_is_refused_when_a_ledger_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cipher.OLDEST_SQLITE >= (3, 51, 3)
    monkeypatch.setattr(cipher, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(ClerkError, match="sqlite_too_old") as raised:
        open_ledger(tmp_path / "ledger.db")
    assert "99.0.0" in sentence(raised.value)
