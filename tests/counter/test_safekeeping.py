from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from clerk_app.counter.safekeeping import Safekeeping, backup_folder
from clerk_app.errors import ClerkError
from clerk_app.jobs import Cancelled, Progress
from clerk_app.ledger import anchors
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.records import PayeeAccount, PaymentResult
from clerk_app.settings import Settings
from tests.ledger.office import (
    ADMINISTRATOR,
    AUDITOR,
    FINANCE,
    PASSWORD,
    QUICK,
    REVIEWER,
    Office,
    receipt,
    staffed,
)
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


# --- What a ledger that does not hold may still be used for ---------------------------------------------------------


def unsound(tmp_path: Path) -> None:
    with unguarded(tmp_path / "ledger.db") as connection:
        connection.execute("UPDATE settlements SET fund_fen = fund_fen + 1 WHERE settlement_id = 1")


def test_nothing_is_settled_before_the_books_are_checked(keeping: Safekeeping, office: Office) -> None:
    person = office.person()
    keeping.begin()
    with pytest.raises(ClerkError, match="ledger_unchecked"):
        office.settle(person, receipt("1"))
    keeping.check_books()
    office.settle(person, receipt("1"))


def test_a_cancelled_check_leaves_the_ledger_unchecked(keeping: Safekeeping, office: Office) -> None:
    person = office.person()
    keeping.begin()
    with pytest.raises(Cancelled):
        keeping.check_books(Progress(cancelled=lambda: True))
    with pytest.raises(ClerkError, match="ledger_unchecked"):
        office.settle(person, receipt("1"))


def test_by_a_damaged_ledger_no_money_moves_and_everything_else_goes_on(
    keeping: Safekeeping, office: Office, tmp_path: Path
) -> None:
    person = office.person()
    settled = office.settle(person, receipt("1"))
    unsound(tmp_path)
    keeping.begin()
    keeping.check_books()

    number = settled.voucher_number
    refused: list[Callable[[], object]] = [
        lambda: office.settle(person, receipt("2")),
        lambda: office.ledger.reverse(number, "录错", "r1"),
        lambda: office.ledger.give_account(person.person_id, PayeeAccount("张三", "", "", "62")),
    ]
    for act in refused:
        with pytest.raises(ClerkError, match="ledger_unsound"):
            act()
    staffed(office.ledger, REVIEWER).confirm_password(PASSWORD)
    with pytest.raises(ClerkError, match="ledger_unsound"):
        office.ledger.review([number])
    with pytest.raises(ClerkError, match="ledger_unsound"):
        office.ledger.close_month(2023, 5)
    staffed(office.ledger, FINANCE).confirm_password(PASSWORD)
    with pytest.raises(ClerkError, match="ledger_unsound"):
        office.ledger.make_payment_list([number])
    with pytest.raises(ClerkError, match="ledger_unsound"):
        office.ledger.record_payment_results("B360100-2023-00001", {0: PaymentResult(is_paid=True)})

    staffed(office.ledger)
    office.ledger.save_claim("k1", "张三", "{}")
    assert office.ledger.search("")[0].voucher_number == number
    assert office.ledger.record_print(number) == 0


def test_a_head_that_was_mistyped_from_a_voucher_stops_nobody(keeping: Safekeeping, office: Office) -> None:
    person = office.person()
    settled = office.settle(person, receipt("1"))
    assert settled.head is not None
    staffed(office.ledger, AUDITOR)
    keeping.check_all(heads=(f"{settled.head.sequence}-0000-0000-0000-0000",))
    assert len(keeping.sentences()) == 1
    staffed(office.ledger)
    office.settle(person, receipt("2"))


def test_the_full_check_stops_the_money_too(keeping: Safekeeping, office: Office, tmp_path: Path) -> None:
    person = office.person()
    office.settle(person, receipt("1"))
    with unguarded(tmp_path / "ledger.db") as connection:
        connection.execute("UPDATE receipts SET number = 'X' WHERE settlement_id = 1")
    keeping.begin()
    assert keeping.check_books().is_sound, "a paper's number is no sum"
    staffed(office.ledger, AUDITOR)
    assert not keeping.check_all().is_sound
    staffed(office.ledger)
    with pytest.raises(ClerkError, match="ledger_unsound"):
        office.settle(person, receipt("2"))


def test_the_result_is_written_for_whoever_has_to_be_told(keeping: Safekeeping, office: Office, tmp_path: Path) -> None:
    assert "还没有核对过" in keeping.report()
    office.settle(office.person(), receipt("1"))
    unsound(tmp_path)
    keeping.check_books()
    keeping.save_report(tmp_path / "report.txt")
    text = (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert f"发现 {len(keeping.last.findings if keeping.last else ())} 个问题" in text
    assert "1. 单据 360100-2023-000001" in text
    assert "2023-06-01 09:30" in text


def test_what_a_restored_backup_would_lose_is_counted(keeping: Safekeeping, office: Office) -> None:
    person = office.person()
    written = keeping.back_up()
    for number in ("1", "2"):
        office.settle(person, receipt(number))
    staffed(office.ledger, ADMINISTRATOR)
    lost = keeping.lost_by(written.backup)
    # Making the backup was the first act after it, signing in the last.
    assert (lost.acts, lost.vouchers) == (4, 2)
    with pytest.raises(ClerkError, match="head_not_here"):
        keeping.lost_by(replace(written.backup, head=replace(written.backup.head, code="0" * 16)))


def test_the_oldest_backups_beyond_the_set_number_are_removed(keeping: Safekeeping, office: Office) -> None:
    keeping.settings = replace(SETTINGS, backups_kept=2)
    written = []
    for _time in range(3):
        office.clock.now += timedelta(hours=1)
        written.append(keeping.back_up())
    assert [kept.backup for kept in keeping.kept()] == [written[2].backup, written[1].backup]
    assert all(kept.size_bytes > 0 for kept in keeping.kept())
