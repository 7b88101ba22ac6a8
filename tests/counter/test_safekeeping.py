from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from clerk_app.counter.safekeeping import Safekeeping, backup_folder
from clerk_app.errors import ClerkError
from clerk_app.ledger import anchors
from clerk_app.ledger.ledger import open_ledger
from clerk_app.settings import Settings
from tests.ledger.office import PASSWORD, QUICK, Office, receipt
from tests.ledger.tampering import unguarded

SETTINGS = Settings(office_code="360100")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "ledger.db")
    yield office
    office.ledger.close()


@pytest.fixture
def keeping(office: Office, tmp_path: Path) -> Safekeeping:
    return Safekeeping(office.ledger, SETTINGS, tmp_path, office.clock)


def test_a_sound_start_keeps_the_head_outside_and_says_nothing(
    keeping: Safekeeping, office: Office, tmp_path: Path
) -> None:
    settled = office.settle(office.person(), receipt("1"))
    assert settled.head is not None
    assert keeping.check_books().is_sound
    assert keeping.sentences() == ()
    (kept,) = anchors.read(tmp_path)
    assert (kept.sequence, kept.code) == (settled.head.sequence, settled.head.code)


def test_an_old_file_put_back_is_said_at_the_next_start_and_at_every_later_one(
    keeping: Safekeeping, office: Office, tmp_path: Path
) -> None:
    person = office.person()
    office.ledger.close()
    shutil.copyfile(tmp_path / "ledger.db", tmp_path / "old.db")
    settled = office.settle(person, receipt("1"))
    keeping.check_books()
    office.ledger.close()
    shutil.copyfile(tmp_path / "old.db", tmp_path / "ledger.db")

    for words in ("换成了较早的文件", "账本被换成了另一份"):
        with open_ledger(tmp_path / "ledger.db", "360100", office.clock, hardness=QUICK) as ledger:
            later = Safekeeping(ledger, SETTINGS, tmp_path, office.clock)
            later.check_books()
            (said,) = later.sentences()
            assert settled.head is not None
            assert settled.head.printed in said
            assert words in said
            later.end_day()


def test_kept_heads_that_cannot_be_read_are_said_beside_what_else_is_found(
    keeping: Safekeeping, office: Office, tmp_path: Path
) -> None:
    office.settle(office.person(), receipt("1"))
    (tmp_path / anchors.FILE_NAME).write_text("{", encoding="utf-8")
    with unguarded(tmp_path / "ledger.db") as connection:
        connection.execute("DELETE FROM bills")
    keeping.check_books()
    first, second = keeping.sentences()
    assert "留存校验码的文件" in first
    assert "没有被占用" in second


def test_the_full_check_is_for_who_may_see_the_trail_and_takes_the_head_of_a_voucher(
    keeping: Safekeeping, office: Office
) -> None:
    settled = office.settle(office.person(), receipt("1"))
    assert settled.head is not None
    with pytest.raises(ClerkError, match="not_allowed"):
        keeping.check_all()
    office.ledger.sign_in("qian", PASSWORD)
    assert keeping.check_all(heads=(settled.head.printed,)).is_sound
    keeping.check_all(heads=(f"{settled.head.sequence}-0000-0000-0000-0000",))
    assert len(keeping.sentences()) == 1
    with pytest.raises(ClerkError, match="head_form"):
        keeping.check_all(heads=("12",))


def test_the_end_of_a_day_makes_a_backup_once_a_day(keeping: Safekeeping, office: Office, tmp_path: Path) -> None:
    office.settle(office.person(), receipt("1"))
    office.ledger.sign_out()
    first = keeping.end_day()
    assert first is not None
    assert first.backup.path.parent == tmp_path / "backups"
    assert keeping.end_day() is None
    office.clock.now += timedelta(days=2)
    assert keeping.end_day() is not None
    assert len(keeping.backups()) == 2
    assert anchors.read(tmp_path)[-1].sequence > first.verification.head.sequence


def test_the_folder_for_backups_is_a_setting(tmp_path: Path) -> None:
    assert backup_folder(SETTINGS, tmp_path) == tmp_path / "backups"
    assert backup_folder(Settings(backup_folder=str(tmp_path / "other")), tmp_path) == tmp_path / "other"


def test_a_backup_is_restored_with_the_password(keeping: Safekeeping, office: Office) -> None:
    person = office.person()
    written = keeping.back_up()
    office.settle(person, receipt("1"))
    office.ledger.sign_in("guan", PASSWORD)
    with pytest.raises(ClerkError, match="sign_in_refused"):
        keeping.restore(written.backup.path, "wrong password")
    assert keeping.restore(written.backup.path, PASSWORD).aside is not None
