from __future__ import annotations

import random
import threading
from datetime import datetime, timedelta

import pytest

from clerk_app.codes import RecoveryWay, Stage
from clerk_app.errors import ClerkError
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.records import Recoverable, Settlement
from clerk_app.ledger.soundness import Depth
from tests.ledger.news import correct_all, prior
from tests.ledger.office import AUDITOR, CLERK, PASSWORD, QUICK, TODAY, Office, staffed
from tests.ledger.paying_desk import FAILED, FINANCE, PAID, Desk, money_back


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


@pytest.fixture
def reversed_later(desk: Desk) -> Settlement:
    """Paid, and reversed three days afterwards."""
    settled = desk.paid()
    desk.office.clock.now += timedelta(days=3)
    desk.reversed(settled)
    desk.office.clock.now += timedelta(days=1)
    return settled


def test_who_owes_what_since_when_and_why_is_listed(desk: Desk, reversed_later: Settlement) -> None:
    (mirror,) = [each for each in desk.office.ledger.search("") if each.voucher_number != reversed_later.voucher_number]
    assert desk.office.ledger.recoverables() == [
        Recoverable(
            voucher_number=reversed_later.voucher_number,
            person_id=reversed_later.person_id,
            name="张三",
            paid_fen=20_000,
            comes_to_fen=0,
            recovered_fen=0,
            since=TODAY + timedelta(days=3),
            because=mirror.voucher_number,
            reason="录错",
        )
    ]


def test_money_comes_back_in_parts_until_nothing_is_open(desk: Desk, reversed_later: Settlement) -> None:
    cash = desk.came_back(reversed_later, 5_000, "k1", received_on=TODAY.date())
    assert (cash.number, cash.recorded_by, cash.way) == ("R360100-2023-00001", "孙财务", RecoveryWay.CASH)
    assert desk.open_fen() == {reversed_later.voucher_number: 15_000}
    slip = desk.came_back(reversed_later, 15_000, "k2", way=RecoveryWay.TRANSFER, document_number=" 回单 77 ")
    assert slip.document_number == "回单 77"
    assert desk.open_fen() == {}
    assert desk.stage(reversed_later) is Stage.CLOSED
    assert desk.due() == {reversed_later.voucher_number: 0}
    assert desk.office.ledger.recoveries(reversed_later.voucher_number) == (cash, slip)
    with pytest.raises(ClerkError, match="nothing_to_recover"):
        desk.came_back(reversed_later, 1, "k3")


def test_no_more_comes_back_than_is_open(desk: Desk, reversed_later: Settlement) -> None:
    for amount_fen, code in ((20_001, "recovery_exceeds"), (0, "recovery_amount"), (-1, "recovery_amount")):
        with pytest.raises(ClerkError, match=code):
            desk.came_back(reversed_later, amount_fen, "k1")
    desk.came_back(reversed_later, 19_999, "k1")
    with pytest.raises(ClerkError, match="recovery_exceeds"):
        desk.came_back(reversed_later, 2, "k2")
    desk.came_back(reversed_later, 1, "k2")


def test_what_was_never_paid_or_still_stands_is_not_recovered(desk: Desk) -> None:
    settled = desk.settled()
    with pytest.raises(ClerkError, match="nothing_to_recover"):
        desk.came_back(settled, 1, "k")
    desk.reviewed(settled)
    listed = desk.listed(settled)
    desk.reversed(settled)
    with pytest.raises(ClerkError, match="nothing_to_recover"):
        desk.came_back(settled, 1, "k")
    desk.office.clock.now += timedelta(days=2)
    desk.answered(listed, [PAID])
    (owed,) = desk.office.ledger.recoverables()
    assert owed.since == TODAY + timedelta(days=2), "since the bank paid what had been reversed before"
    other = desk.paid("2")
    for each in (other.voucher_number, "360100-2023-000002"):
        desk.office.ledger.confirm_password(PASSWORD)
        with pytest.raises(ClerkError, match="nothing_to_recover"):
            desk.office.ledger.record_recovery(each, money_back(1), "k")


def test_a_transfer_that_failed_owes_nothing(desk: Desk) -> None:
    settled = desk.settled()
    desk.reviewed(settled)
    desk.answered(desk.listed(settled), [FAILED])
    desk.reversed(settled)
    assert desk.stage(settled) is Stage.CLOSED
    with pytest.raises(ClerkError, match="nothing_to_recover"):
        desk.came_back(settled, 1, "k")


def test_pressed_again_with_the_same_key_it_is_written_once(desk: Desk, reversed_later: Settlement) -> None:
    first = desk.came_back(reversed_later, 10_000, "k1")
    acts = desk.office.ledger.head().sequence
    assert desk.came_back(reversed_later, 10_000, "k1") == first
    assert desk.office.ledger.head().sequence == acts + 1, "the sign-in alone"
    assert desk.open_fen() == {reversed_later.voucher_number: 10_000}
    with pytest.raises(ClerkError, match="recovery_key_used"):
        desk.came_back(reversed_later, 10_001, "k1")
    with pytest.raises(ClerkError, match="recovery_key_used"):
        desk.taken_back(first, "重复", "k1")
    back = desk.taken_back(first, "重复", "k2")
    assert desk.taken_back(first, "重复", "k2") == back
    with pytest.raises(ClerkError, match="recovery_key_used"):
        desk.came_back(reversed_later, 10_000, "k2")


def test_every_entry_wants_the_password_a_day_and_a_paper(desk: Desk, reversed_later: Settlement) -> None:
    ledger = staffed(desk.office.ledger, FINANCE)
    with pytest.raises(ClerkError, match="password_needed"):
        ledger.record_recovery(reversed_later.voucher_number, money_back(1), "k")
    tomorrow, before = desk.office.clock.now.date() + timedelta(days=1), TODAY.date() - timedelta(days=1)
    for day in (tomorrow, before):
        with pytest.raises(ClerkError, match="recovery_day"):
            desk.came_back(reversed_later, 1, "k", received_on=day)
    for way in (RecoveryWay.CASH, RecoveryWay.TRANSFER):
        with pytest.raises(ClerkError, match="document_missing"):
            desk.came_back(reversed_later, 1, "k", way=way, document_number=" ")
    desk.came_back(reversed_later, 1, "k")
    with pytest.raises(ClerkError, match="password_needed"):
        ledger.take_recovery_back("R360100-2023-00001", "录错", "k2")


def test_money_does_not_come_back_into_books_that_do_not_hold(desk: Desk, reversed_later: Settlement) -> None:
    desk.office.ledger.mistrust(ClerkError("ledger_unsound", count=1))
    with pytest.raises(ClerkError, match="ledger_unsound"):
        desk.came_back(reversed_later, 1, "k")
    desk.office.ledger.mistrust(None)
    desk.came_back(reversed_later, 1, "k")


def test_the_trail_tells_who_took_what_and_how(desk: Desk, reversed_later: Settlement) -> None:
    entry = desk.came_back(reversed_later, 15_000, "k1", note="本人送来")
    desk.taken_back(entry, "金额录错", "k2")
    ledger = staffed(desk.office.ledger, AUDITOR)
    later, first = [each for each in ledger.audit_trail() if each.action == "recover"]
    assert (first.login, first.subject, first.reason) == ("sun", reversed_later.voucher_number, "本人送来")
    assert first.facts == {"number": "R360100-2023-00001", "recovered_fen": 15_000, "way": "cash"}
    assert (later.reason, later.facts["recovered_fen"]) == ("金额录错", -15_000)
    assert later.facts["takes_back"] == "R360100-2023-00001"


def test_a_wrong_entry_is_taken_back_once_and_its_money_is_open_again(desk: Desk, reversed_later: Settlement) -> None:
    entry = desk.came_back(reversed_later, 20_000, "k1")
    with pytest.raises(ClerkError, match="reason_missing"):
        desk.taken_back(entry, " ", "k2")
    with pytest.raises(ClerkError, match="recovery_unknown"):
        desk.office.ledger.take_recovery_back("R360100-2023-00099", "录错", "k2")
    back = desk.taken_back(entry, "录错", "k2")
    assert (back.amount_fen, back.cancels) == (-20_000, entry.number)
    assert desk.open_fen() == {reversed_later.voucher_number: 20_000}
    (owed,) = desk.office.ledger.recoverables()
    assert owed.since == desk.office.clock.now, "while the entry stood nothing was open"
    assert [each.cancelled_by for each in desk.office.ledger.recoveries(reversed_later.voucher_number)] == [
        *(back.number, "")
    ]
    for each in (entry, back):
        with pytest.raises(ClerkError, match="recovery_taken_back"):
            desk.taken_back(each, "录错", "k3")


def test_what_a_correction_took_comes_back_and_what_the_next_one_gives_is_paid(desk: Desk) -> None:
    settled = desk.paid()
    person = desk.office.ledger.person(settled.person_id)
    staffed(desk.office.ledger, CLERK).record_prior_benefit(person.person_id, prior(0, 1_790))
    (less,) = correct_all(desk.office, person)
    assert less.fund_fen == -19_000
    (owed,) = desk.office.ledger.recoverables()
    assert (owed.open_fen, owed.because, owed.comes_to_fen) == (19_000, less.voucher_number, 1_000)
    desk.came_back(settled, 19_000, "k1")
    assert desk.stage(settled) is Stage.PAID
    staffed(desk.office.ledger, CLERK).record_prior_benefit(person.person_id, prior(0, 1_700))
    (more,) = correct_all(desk.office, person)
    assert desk.listed(settled).total_fen == more.fund_fen == 9_000
    assert desk.office.ledger.payment_lists()[0].payments[0].amount_fen == 9_000
    staffed(desk.office.ledger, AUDITOR)
    assert desk.office.ledger.verify(Depth.FULL).findings == ()


# --- 抵扣 -------------------------------------------------------------------------------------------------------


def deducted(desk: Desk, owing: Settlement, other: Settlement, amount_fen: int, key: str = "d1") -> object:
    return desk.came_back(owing, amount_fen, key, way=RecoveryWay.DEDUCTION, deducted_from=other.voucher_number)


@pytest.fixture
def due(desk: Desk, reversed_later: Settlement) -> Settlement:
    """Another settlement of the same person that waits for its money."""
    settled = desk.settled("2", desk.office.ledger.person(reversed_later.person_id))
    desk.reviewed(settled)
    return settled


def test_what_is_deducted_is_not_paid_to_the_bank(desk: Desk, reversed_later: Settlement, due: Settlement) -> None:
    deducted(desk, reversed_later, due, 5_000)
    assert desk.open_fen() == {reversed_later.voucher_number: 15_000}
    assert desk.due()[due.voucher_number] == 15_000
    listed = desk.listed(due)
    assert listed.total_fen == 15_000
    desk.answered(listed, [PAID])
    assert desk.stage(due) is Stage.PAID
    staffed(desk.office.ledger, AUDITOR)
    assert desk.office.ledger.verify(Depth.FULL).findings == ()


def test_a_settlement_that_is_deducted_whole_is_paid_without_the_bank(
    desk: Desk, reversed_later: Settlement, due: Settlement
) -> None:
    deducted(desk, reversed_later, due, 20_000)
    assert (desk.stage(reversed_later), desk.stage(due)) == (Stage.CLOSED, Stage.PAID)
    with pytest.raises(ClerkError, match="not_payable"):
        desk.listed(due)
    desk.reversed(due)
    assert desk.open_fen() == {due.voucher_number: 20_000}, "it had as good as been paid"


def test_only_what_the_same_person_waits_for_is_lessened(
    desk: Desk, reversed_later: Settlement, due: Settlement
) -> None:
    stranger = desk.settled("3", desk.office.person("李四"))
    desk.reviewed(stranger)
    unreviewed = desk.settled("4", desk.office.ledger.person(reversed_later.person_id))
    smaller = desk.settled("5", desk.office.ledger.person(reversed_later.person_id), 10_000)
    desk.reviewed(smaller)
    for other, code in (
        (stranger, "deduction_of_other"),
        (unreviewed, "deduction_not_payable"),
        (reversed_later, "deduction_from_itself"),
        (smaller, "deduction_exceeds"),
    ):
        with pytest.raises(ClerkError, match=code):
            deducted(desk, reversed_later, other, 10_000)
    desk.listed(due)
    with pytest.raises(ClerkError, match="deduction_not_payable"):
        deducted(desk, reversed_later, due, 10_000)
    assert desk.open_fen() == {reversed_later.voucher_number: 20_000}


def test_a_deduction_that_is_taken_back_is_paid_after_all(
    desk: Desk, reversed_later: Settlement, due: Settlement
) -> None:
    entry = desk.came_back(reversed_later, 20_000, "d1", way=RecoveryWay.DEDUCTION, deducted_from=due.voucher_number)
    desk.taken_back(entry, "本人改交现金", "d2")
    assert desk.open_fen() == {reversed_later.voucher_number: 20_000}
    assert desk.listed(due).total_fen == 20_000


def test_a_deduction_that_has_come_back_itself_stays(desk: Desk, reversed_later: Settlement, due: Settlement) -> None:
    entry = desk.came_back(reversed_later, 20_000, "d1", way=RecoveryWay.DEDUCTION, deducted_from=due.voucher_number)
    desk.reversed(due)
    cash = desk.came_back(due, 20_000, "d2")
    with pytest.raises(ClerkError, match="deduction_spent"):
        desk.taken_back(entry, "录错", "d3")
    desk.taken_back(cash, "录错", "d4")
    desk.taken_back(entry, "录错", "d3")
    assert desk.open_fen() == {reversed_later.voucher_number: 20_000}


# --- Several desks, and whatever happens ------------------------------------------------------------------------


def test_two_desks_at_once_take_the_same_money_back_once(desk: Desk, reversed_later: Settlement) -> None:
    number = reversed_later.voucher_number
    for turn in range(5):
        outcomes = pressed_together(desk.office, number, [f"{turn}-a", f"{turn}-b"])
        assert sorted(outcomes) == ["R", "nothing_to_recover"]
        (*_before, last) = desk.office.ledger.recoveries(number)
        desk.taken_back(last, "录错", f"back-{turn}")


def pressed_together(office: Office, voucher_number: str, keys: list[str]) -> list[str]:
    """What becomes of entries of everything that is open, each from a desk of its own: a number's R, or a code."""
    outcomes: list[str] = []
    together = threading.Barrier(len(keys))

    def take(key: str) -> None:
        with open_ledger(office.place, "360100", office.clock, hardness=QUICK) as ledger:
            ledger.sign_in(FINANCE.login, PASSWORD)
            ledger.confirm_password(PASSWORD)
            together.wait()
            try:
                outcomes.append(ledger.record_recovery(voucher_number, money_back(20_000), key).number[0])
            except ClerkError as error:
                outcomes.append(error.code)

    desks = [threading.Thread(target=take, args=(key,)) for key in keys]
    for each in desks:
        each.start()
    for each in desks:
        each.join()
    return outcomes


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_fund_has_paid_what_stands_and_what_is_still_open(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- a walk that can be walked again
    person = desk.office.person()
    settled: dict[str, Settlement] = {}
    standing: set[str] = set()
    in_cash_fen = 0
    for step in range(60):
        payable = [each for each in settled.values() if desk.stage(each) is Stage.PAYABLE]
        owing = [each for each in settled.values() if desk.stage(each) is Stage.RECOVER]
        match chance.randrange(6):
            case 0 | 1:
                new = desk.settled(f"s{step}", person, chance.choice((30_000, 100_000)))
                desk.reviewed(new)
                settled[new.voucher_number] = new
                standing.add(new.voucher_number)
            case 2 if payable:
                desk.answered(desk.listed(*payable), [chance.choice((PAID, PAID, FAILED)) for _each in payable])
            case 3 if standing:
                number = chance.choice(sorted(standing))
                standing.remove(number)
                desk.reversed(settled[number])
            case 4 if owing:
                one = chance.choice(owing)
                amount_fen = chance.randint(1, desk.open_fen()[one.voucher_number])
                in_cash_fen += desk.came_back(one, amount_fen, f"c{step}").amount_fen
            case 5 if owing and payable:
                one, other = chance.choice(owing), chance.choice(payable)
                most = min(desk.open_fen()[one.voucher_number], desk.due()[other.voucher_number])
                deducted(desk, one, other, chance.randint(1, most), f"d{step}")
        out_fen = paid_by_bank_fen(desk) - in_cash_fen
        due_fen = sum(due for number, due in desk.due().items())
        stands_fen = sum(settled[number].fund_fen for number in standing)
        assert out_fen + due_fen == stands_fen, f"seed {seed} step {step}"
        assert all(fen > 0 for fen in desk.open_fen().values())
    staffed(desk.office.ledger, AUDITOR)
    assert desk.office.ledger.verify(Depth.FULL).findings == ()


def paid_by_bank_fen(desk: Desk) -> int:
    return sum(
        payment.amount_fen
        for listed in desk.office.ledger.payment_lists()
        for payment in listed.payments
        if payment.result is not None and payment.result.is_paid
    )


def test_the_clock_of_an_entry_is_the_office_s(desk: Desk, reversed_later: Settlement) -> None:
    entry = desk.came_back(reversed_later, 1, "k")
    assert entry.recorded_at == datetime(2023, 6, 5, 9, 30)  # noqa: DTZ001 -- the office's local time
