from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from clerk_app.codes import Action
from clerk_app.errors import ClerkError
from clerk_app.jobs import Cancelled, Progress
from clerk_app.ledger import backups
from clerk_app.ledger.files import looking_at, with_trail_key
from clerk_app.ledger.keys import PRACTICE, office_keys
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.passphrase import change_passphrase
from clerk_app.ledger.soundness import Depth
from clerk_app.wording import sentence
from tests.ledger.office import CHEAP, PASSPHRASE, PASSWORD, QUICK, SECRET, Clock, Office, receipt, staffed
from tests.ledger.server import Server
from tests.ledger.tampering import unguarded


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """On a file: a server is backed up by itself."""
    office = Office(tmp_path / "ledger.db")
    yield office
    office.ledger.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "backups"


def vouchers(path: Path) -> set[str]:
    with looking_at(path, PRACTICE) as connection:
        return set(connection.exec_driver_sql("SELECT voucher_number FROM settlements").scalars())


def test_a_backup_is_one_checked_file_named_by_office_time_and_head(office: Office, folder: Path) -> None:
    settled = office.settle(office.person(), receipt("1"))
    assert settled.head is not None
    written = office.ledger.back_up(folder)

    assert [path.name for path in folder.iterdir()] == [
        f"clerk-backup-360100-20230601-093000-{settled.head.printed}.db"
    ]
    assert written.verification.is_sound
    assert (written.verification.depth, written.verification.head) == (Depth.FULL, settled.head)
    assert written.digest == backups.digest_of(written.backup.path)
    assert vouchers(written.backup.path) == {settled.voucher_number}
    assert written.backup.path.stat().st_mode & 0o077 == 0, "nobody else reads it"


def test_making_a_backup_is_an_act_that_tells_its_name_digest_and_head(office: Office, folder: Path) -> None:
    settled = office.settle(office.person(), receipt("1"))
    assert settled.head is not None
    written = office.ledger.back_up(folder)
    office.ledger.back_up(folder / "other", by_program=True)
    office.ledger.sign_in("qian", PASSWORD)
    _sign_in, second, first = office.ledger.audit_trail(limit=3)
    assert (first.action, first.login, first.subject) == (Action.BACK_UP, "li", settled.head.printed)
    assert first.facts == {"file": written.backup.path.name, "sha256": written.digest}
    assert (second.action, second.login) == (Action.BACK_UP, "")


def test_who_may_not_back_up_does_not_and_the_program_itself_may(office: Office, folder: Path) -> None:
    office.ledger.sign_in("qian", PASSWORD)
    with pytest.raises(ClerkError, match="not_allowed"):
        office.ledger.back_up(folder)
    office.ledger.sign_out()
    with pytest.raises(ClerkError, match="not_signed_in"):
        office.ledger.back_up(folder)
    assert not folder.exists()
    assert office.ledger.back_up(folder, by_program=True).verification.is_sound


def test_a_ledger_that_does_not_hold_gives_a_copy_that_counts_as_no_backup(
    office: Office, folder: Path, tmp_path: Path
) -> None:
    office.settle(office.person(), receipt("1"))
    with unguarded(tmp_path / "ledger.db") as connection:
        connection.execute("UPDATE settlements SET clerk = '王录入'")
    with pytest.raises(ClerkError, match="backup_unsound") as raised:
        office.ledger.back_up(folder)
    assert "settlements 中记录 1" in sentence(raised.value)
    (left,) = folder.iterdir()
    assert left.name.endswith("-unsound.db")
    assert backups.listed(folder, "360100") == []
    assert backups.is_due(folder, "360100", office.clock.now)


def test_a_backup_is_due_a_day_after_the_last_and_only_the_offices_own_count(office: Office, folder: Path) -> None:
    assert backups.is_due(folder, "360100", office.clock.now)
    office.ledger.back_up(folder)
    assert not backups.is_due(folder, "360100", office.clock.now + timedelta(days=1))
    assert backups.is_due(folder, "360100", office.clock.now + timedelta(days=1, seconds=1))
    assert backups.is_due(folder, "360200", office.clock.now)


def test_the_newest_thirty_stay_and_other_files_are_left_alone(office: Office, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("不要删除", encoding="utf-8")
    foreign = folder / "clerk-backup-360200-20200101-000000-5-ABCD-ABCD-ABCD-ABCD.db"
    foreign.touch()
    made = []
    for _day in range(backups.MOST_KEPT + 3):
        office.clock.now += timedelta(days=1)
        made.append(office.ledger.back_up(folder).backup.path)
    assert [backup.path for backup in backups.listed(folder, "360100")] == made[:2:-1]
    assert {path for path in folder.iterdir() if path not in made} == {folder / "notes.txt", foreign}
    assert backups.prune(folder, "360100", keep=0) == made[-2:2:-1]
    assert backups.listed(folder, "360100")[0].path == made[-1], "the newest always stays"


# --- Nothing missing ------------------------------------------------------------------------------------------------


def keep_saving(path: Path, name: str, began: object, stop: object) -> None:
    """Another desk: saves until it is told to stop, and writes down what was acknowledged."""
    office = Office(path)
    office.ledger.sign_in("li", PASSWORD)
    person = office.ledger.find_persons("张三")[0]
    with (path.parent / f"{name}.txt").open("a", encoding="utf-8") as told:
        for number in range(100_000):
            settled = office.settle(person, receipt(f"{name}-{number}", 500), key=f"{name}-{number}")
            told.write(f"{settled.voucher_number}\n")
            told.flush()
            began.set()  # type: ignore[attr-defined]
            if stop.is_set():  # type: ignore[attr-defined]
                return


def backed_up_while_saving(office: Office, path: Path, folder: Path, times: int) -> None:
    """Each backup, put elsewhere, has all that was acknowledged before it began, and every number up to its last."""
    processes = multiprocessing.get_context("spawn")
    began, stop = processes.Event(), processes.Event()
    desk = processes.Process(target=keep_saving, args=(path, "desk", began, stop))
    desk.start()
    try:
        assert began.wait(60)
        for number in range(times):
            acknowledged = set((path.parent / "desk.txt").read_text(encoding="utf-8").split("\n")[:-1])
            office.clock.now += timedelta(seconds=1)
            written = office.ledger.back_up(folder)
            elsewhere = folder.parent / f"elsewhere-{number}"
            elsewhere.mkdir()
            moved = shutil.move(written.backup.path, elsewhere / written.backup.path.name)
            assert backups.check(Path(moved), PRACTICE, written.backup.head, Progress()).is_sound
            there = vouchers(Path(moved))
            assert acknowledged <= there
            assert there == {f"360100-2023-{each:06d}" for each in range(1, len(there) + 1)}
            with open_ledger(Path(moved), "360100", office.clock, hardness=QUICK) as ledger:
                staffed(ledger)
                assert {line.voucher_number for line in ledger.search("", limit=10**6)} == there
            shutil.rmtree(elsewhere)
    finally:
        stop.set()
        desk.join(60)
    assert desk.exitcode == 0


@pytest.mark.parametrize("_office", ["one", *(pytest.param(each, marks=pytest.mark.full) for each in range(1, 51))])
def test_twenty_backups_while_another_desk_saves_have_everything_that_was_acknowledged(
    office: Office, tmp_path: Path, folder: Path, _office: object
) -> None:
    office.person()
    backed_up_while_saving(office, tmp_path / "ledger.db", folder, 20)


# --- Whatever goes wrong leaves nothing that looks like a backup -----------------------------------------------------


def test_a_cancelled_backup_leaves_nothing(office: Office, folder: Path) -> None:
    with pytest.raises(Cancelled):
        office.ledger.back_up(folder, Progress(cancelled=lambda: True))
    assert list(folder.iterdir()) == []


def test_a_full_disk_is_said_and_leaves_nothing(office: Office, tmp_path: Path, folder: Path) -> None:
    """The limit on a file's length stands in for the disk's end; the backup runs in a process of its own."""
    person = office.person()
    for number in range(30):
        office.settle(person, receipt(f"F{number}", 500))
    whole = office.ledger.back_up(folder).backup.path
    size = whole.stat().st_size
    whole.unlink()
    choose = random.Random(5)  # noqa: S311 -- nothing is kept secret with it
    for limit in [4096, 8192, *(choose.randrange(4096, size) for _time in range(6))]:
        code = (
            "import resource, signal, sys; from pathlib import Path\n"
            "from clerk_app.errors import ClerkError; from clerk_app.jobs import Progress\n"
            "from clerk_app.ledger import backups; from clerk_app.ledger.files import looking_at\n"
            "from clerk_app.ledger.keys import PRACTICE; from datetime import datetime\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
            "try:\n"
            "    with looking_at(Path(sys.argv[1]), PRACTICE) as source:\n"
            "        backups.write(source, PRACTICE, Path(sys.argv[2]), '1', datetime(2023, 6, 1), Progress())\n"
            "except ClerkError as error: print(error.code)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "ledger.db"), str(folder)],
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert done.stdout.strip() == "file_not_written"
        assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said(office: Office, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ClerkError, match="folder_not_made"):
        office.ledger.back_up(tmp_path / "file" / "backups")
    (tmp_path / "name").symlink_to(tmp_path / "nowhere" / "else")
    with pytest.raises(ClerkError, match="folder_not_made"):
        office.ledger.back_up(tmp_path / "name")


def test_a_backup_that_is_killed_leaves_no_file_that_looks_like_one(
    office: Office, tmp_path: Path, folder: Path
) -> None:
    person = office.person()
    for number in range(20):
        office.settle(person, receipt(f"K{number}", 500))
    processes = multiprocessing.get_context("spawn")
    seed = random.SystemRandom().randrange(10**9)
    print("seed", seed)  # noqa: T201 -- to find a failure again
    choose = random.Random(seed)  # noqa: S311 -- nothing is kept secret with it
    for _kill in range(5):
        # Not an Event: who is killed while it sets one leaves it locked for ever.
        began, begins = processes.Pipe(duplex=False)
        desk = processes.Process(target=keep_backing_up, args=(tmp_path / "ledger.db", folder, begins))
        desk.start()
        assert began.poll(60)
        time.sleep(choose.random() * 0.3)  # A random instant is what is tested.
        assert desk.pid is not None
        os.kill(desk.pid, signal.SIGKILL)
        desk.join()
        for path in folder.iterdir():
            if not path.name.startswith("."):
                backup = backups.of_name(path)
                assert backup is not None
                assert backups.check(path, PRACTICE, backup.head, Progress()).is_sound
    left = [path for path in folder.iterdir() if path.name.startswith(".")]
    for path in left:
        os.utime(path, (0, 0))
    office.clock.now += timedelta(days=1)
    office.ledger.back_up(folder)
    assert [path for path in folder.iterdir() if path.name.startswith(".")] == [], "what was left is swept away"


def keep_backing_up(path: Path, folder: Path, begins: Connection) -> None:
    office = Office(path)
    begins.send_bytes(b"begun")
    while True:
        office.clock.now += timedelta(seconds=1)
        office.ledger.back_up(folder)


def test_a_ledger_on_a_server_says_that_the_server_is_backed_up(server: Server, database: str, folder: Path) -> None:
    ledger = staffed(open_ledger(server.url(database), "360100", Clock(), hardness=QUICK))
    with pytest.raises(ClerkError, match="server_backs_up"):
        ledger.back_up(folder)
    ledger.sign_in("guan", PASSWORD)
    ledger.confirm_password(PASSWORD)
    with pytest.raises(ClerkError, match="server_backs_up") as raised:
        ledger.restore(folder / "backup.db")
    assert "pg_dump" in sentence(raised.value)
    assert not folder.exists()
    ledger.close()


# --- Of an encrypted ledger -------------------------------------------------------------------------------------------


def test_a_backup_of_an_encrypted_ledger_opens_with_its_keys_alone_and_holds_nothing_in_clear(
    tmp_path: Path, folder: Path
) -> None:
    office = Office(tmp_path / "ledger.db", keys=SECRET)
    person = office.person("欧阳示例")
    settled = office.settle(person, receipt("1", diagnosis="高血压" * 500))
    written = office.ledger.back_up(folder)
    office.ledger.close()

    path = written.backup.path
    assert written.verification.is_sound
    assert backups.check(path, SECRET, written.backup.head, Progress()).counted["settlements"] == 1
    content = path.read_bytes()
    for text in ("欧阳示例", person.person.id_number, "高血压", settled.voucher_number):
        assert text.encode() not in content
    with pytest.raises(ClerkError, match="ledger_encrypted"):
        backups.check(path, PRACTICE, None, Progress())
    with pytest.raises(ClerkError, match="passphrase_wrong"):
        backups.check(path, office_keys("another passphrase", b"salt of 16 bytes", CHEAP), None, Progress())


def test_a_backup_of_a_changed_passphrase_is_checked_with_the_key_that_its_trail_began_with(
    tmp_path: Path, folder: Path
) -> None:
    path = tmp_path / "ledger.db"
    office = Office(path, keys=SECRET)
    office.settle(office.person(), receipt("1"))
    office.ledger.close()
    change_passphrase(path, PASSPHRASE, "another passphrase", cost=CHEAP)
    changed = office_keys("another passphrase", b"salt of 16 bytes", CHEAP)
    with staffed(open_ledger(path, "360100", office.clock, keys=changed, hardness=QUICK)) as ledger:
        written = ledger.back_up(folder)
    assert written.verification.is_sound
    keys = with_trail_key(written.backup.path, changed)
    assert backups.check(written.backup.path, keys, written.backup.head, Progress()).is_sound
    assert not backups.check(written.backup.path, changed, written.backup.head, Progress()).is_sound
