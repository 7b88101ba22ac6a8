from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from clerk_app.codes import Decision, Role
from clerk_app.counter import practice
from clerk_app.counter.claim_search import ClaimSearch
from clerk_app.counter.entrance import Entrance
from clerk_app.counter.month_export import MonthExport
from clerk_app.counter.offices import PRACTICE_OFFICE_CODE, is_founded, ledger_path
from clerk_app.counter.payment_desk import PaymentDesk
from clerk_app.counter.review_desk import ReviewDesk
from clerk_app.counter.voucher_desk import Sheet, VoucherDesk
from clerk_app.errors import ClerkError
from clerk_app.settings import PRACTICE_OFFICE, Settings, load_settings
from tests.documents.reading import run_on


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9).astimezone()


@pytest.mark.parametrize("today", [on(2024, 6, 18), on(2026, 1, 2), on(2027, 12, 31), on(2028, 2, 29)])
def test_the_practice_office_can_be_made_on_any_day(tmp_path: Path, today: datetime) -> None:
    desk = Entrance(tmp_path, lambda: today).open_practice(Settings())
    desk.ledger.sign_in(practice.CLERK.login, practice.PASSWORD)
    search = ClaimSearch(desk)
    search.use(search.found("").page)
    records = [desk.ledger.settlement(line.voucher_number) for line in search.lines]

    assert [line.voucher_number for line in reversed(search.lines)] == [
        f"{PRACTICE_OFFICE_CODE}-{today.year}-{number:06d}" for number in range(1, 8)
    ]
    reviewed = records[2]
    assert reviewed.review is not None
    assert reviewed.review.reviewer == practice.REVIEWER.name
    assert Decision.REFUSE in {settled.decision for settled in records[3].receipts}
    desk.close()


def test_every_role_of_the_practice_office_has_something_to_do(tmp_path: Path) -> None:
    desk = Entrance(tmp_path, lambda: on(2026, 11, 22)).open_practice(Settings())
    assert {user.role for user in practice.USERS} == {Role.CLERK, Role.REVIEWER, Role.FINANCE, Role.ADMINISTRATOR}
    for user in practice.USERS:
        desk.ledger.sign_in(user.login, practice.PASSWORD)
        desk.ledger.sign_out()
    desk.ledger.sign_in(practice.FINANCE.login, practice.PASSWORD)
    payments = PaymentDesk(desk)
    due = payments.due()
    assert [line.name for line in due if line.account is not None] == ["张三示例", "𠮷田䶮示例"]
    made = payments.make_list(payments.choice(due), practice.PASSWORD)
    assert [payment.voucher_number for payment in made.payments] == [line.voucher_number for line in due[:2]]
    desk.ledger.sign_in(practice.REVIEWER.login, practice.PASSWORD)
    assert ReviewDesk(desk).lines(), "the others wait for the second person"
    desk.close()


def test_every_paper_and_file_of_the_practice_office_says_what_it_is(tmp_path: Path) -> None:
    desk = Entrance(tmp_path, lambda: on(2026, 11, 22)).open_practice(Settings(office_name="真的机构示例"))
    desk.ledger.sign_in(practice.CLERK.login, practice.PASSWORD)
    number = f"{PRACTICE_OFFICE_CODE}-2026-000004"
    papers = VoucherDesk(desk, desk.ledger.settlement(number))

    for sheet in Sheet:
        words = run_on(papers.pdf(sheet))
        assert words.count("练习") > words.count("（练习）"), "across the page, and not in the office's name alone"
        assert "真的机构示例" not in words
    assert MonthExport(desk).file_name(MonthExport(desk).months()[0]).startswith("练习-")
    assert load_settings(tmp_path).office == PRACTICE_OFFICE
    desk.close()


def test_a_practice_office_that_was_not_finished_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entrance = Entrance(tmp_path, lambda: on(2026, 11, 22))
    monkeypatch.setattr(practice, "PASSWORD", "kurz")
    with pytest.raises(ClerkError, match="password_too_short"):
        entrance.open_practice(Settings())

    assert not is_founded(PRACTICE_OFFICE, tmp_path)
    assert list(ledger_path(PRACTICE_OFFICE, tmp_path).parent.iterdir()) == []
    monkeypatch.undo()
    entrance.open_practice(Settings()).close()
    assert is_founded(PRACTICE_OFFICE, tmp_path)


def test_figures_set_in_the_practice_office_stay_in_it(tmp_path: Path) -> None:
    desk = Entrance(tmp_path, lambda: on(2026, 11, 22)).open_practice(Settings())

    assert desk.folder == tmp_path / "practice"
    desk.close()
