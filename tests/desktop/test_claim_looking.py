"""What the ledger could not be asked is neither guessed nor settled, and is asked once more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import PriorDraft
from clerk_app.counter.offices import LEDGER_NAME
from clerk_app.desktop import claim_looking, person_finding
from clerk_app.desktop.claim_looking import ClaimLooking
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.sign_in_page import SignInPage
from clerk_app.ledger.records import PersonRecord
from tests.counter.people import filled, receipt
from tests.desktop.hands import LI, ZHANG, Hands, rest, until
from tests.desktop.slow import slow

AWAY = "away.db"


@pytest.fixture
def settled(window: MainWindow, hands: Hands) -> str:
    """The number of a voucher of somebody whom the register knows now."""
    hands.person()
    hands.receipt("A1", "1000")
    hands.press(Qt.Key.Key_F9)
    settlement = window.claim.paper_wanted()
    assert settlement is not None
    return settlement.voucher_number


@pytest.fixture
def take_away(tmp_path: Path) -> Callable[[], None]:
    """The ledger cannot be read until it is put back."""

    def away() -> None:
        (tmp_path / LEDGER_NAME).rename(tmp_path / AWAY)

    return away


def test_whose_claim_it_is_is_asked_again_before_it_is_settled(
    window: MainWindow, hands: Hands, desk: Desk, settled: str, take_away: Callable[[], None], tmp_path: Path
) -> None:
    claim = window.claim
    hands.receipt("B1", "500")
    take_away()
    hands.press(Qt.Key.Key_F6)
    hands.fields(ZHANG)

    assert "账本" in claim.notice.text()
    assert claim.panel.fund.text() == "0.00"
    hands.press(Qt.Key.Key_F9)
    assert claim.person.name.text() == ""
    (tmp_path / AWAY).rename(tmp_path / LEDGER_NAME)
    assert [line.voucher_number for line in desk.ledger.search("", 10)] == [settled]
    hands.press(Qt.Key.Key_F9)
    assert claim.person.name.text() == "张三示例"
    assert "核对" in claim.notice.text(), "nobody has seen yet what is to be settled"
    assert len(desk.ledger.search("", 10)) == 1
    hands.press(Qt.Key.Key_F9)
    rest()
    assert len(desk.ledger.search("", 10)) == 2


def test_a_bill_that_is_held_is_seen_before_its_refusal_is_recorded(
    window: MainWindow, hands: Hands, desk: Desk, settled: str
) -> None:
    """A table is pasted and F9 follows at once: nobody has asked yet what became of its bills."""
    claim = window.claim
    hands.person(LI, "李四示例")
    hands.press(Qt.Key.Key_F7)
    hands.is_patient = False
    QGuiApplication.clipboard().setText("A1\t520\t北京某医院\t3\t\t1000\n")
    hands.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    hands.press(Qt.Key.Key_F9)
    rest()

    assert "再按一次 F9" in claim.notice.text()
    assert settled in "".join(label.text() for label in claim.explanation.findChildren(QLabel))
    assert len(desk.ledger.search("", 10)) == 1
    until(lambda: not claim.is_being_read())
    hands.press(Qt.Key.Key_F9)
    rest()
    assert len(desk.ledger.search("", 10)) == 2


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, hands: Hands, window: MainWindow) -> Hands:
    """Hands that go on while the ledger does not answer, longer than keys wait for it; a whole claim is typed."""
    hands.person(LI, "李四示例")
    hands.receipt("L1", "1000")
    assert window.claim.draft.receipts[0].total == "1,000.00"
    monkeypatch.setattr(claim_looking, "KEYS_WAIT_MS", 20)
    monkeypatch.setattr(person_finding, "KEYS_WAIT_MS", 20)
    hands.is_patient = False
    return hands


def test_what_is_typed_while_f9_waits_changes_nothing(window: MainWindow, impatient: Hands, desk: Desk) -> None:
    claim = window.claim
    with slow() as ledger:
        claim.person.id_number.setFocus()
        claim.person.number_finished.emit()
        impatient.press(Qt.Key.Key_F9)
        assert claim.is_settling()
        impatient.qtbot.keyClicks(claim.person.name, "x")
        impatient.qtbot.keyClicks(claim.table, "17")
        ledger.answer()
        rest()
    assert [line.total_fen for line in desk.ledger.search("", 10)] == [100_000]


def test_f9_is_for_the_claim_it_was_pressed_on(window: MainWindow, impatient: Hands, desk: Desk) -> None:
    claim = window.claim
    with slow() as ledger:
        claim.person.number_finished.emit()
        impatient.press(Qt.Key.Key_F9)
        impatient.press(Qt.Key.Key_F3)
        assert not claim.is_settling()
        assert claim.person.name.text() == ""
        ledger.answer()
        rest()
    assert desk.ledger.search("", 10) == []
    assert claim.strips.last_settlement is None


def test_whoever_is_looked_for_does_not_come_into_a_claim_that_is_settled(
    window: MainWindow, impatient: Hands, desk: Desk
) -> None:
    claim = window.claim
    with slow() as ledger:
        impatient.press(Qt.Key.Key_F6)
        impatient.type("zssl")
        impatient.enter()
        impatient.press(Qt.Key.Key_F9)
        assert not claim.is_settling(), "it is not known yet who is meant"
        ledger.answer()
        rest()
    assert desk.ledger.search("", 10) == []


def test_a_late_answer_takes_the_keyboard_from_no_other_page(
    window: MainWindow, settled: str, impatient: Hands
) -> None:
    assert settled
    claim = window.claim
    page = SignInPage("示例")
    with slow() as ledger:
        impatient.press(Qt.Key.Key_F6)
        impatient.type(ZHANG)
        impatient.enter()
        window.cover(page)
        page.login.setFocus()
        ledger.answer()
        rest()
    assert claim.person.name.text() == "张三示例"
    assert QApplication.focusWidget() is page.login


def test_whoever_leaves_while_a_key_waits_leaves_no_field_in_the_midst_of_its_event(
    window: MainWindow, hands: Hands
) -> None:
    claim = window.claim
    with slow() as ledger:
        hands.is_patient = False
        QTimer.singleShot(50, window.leaving.leave_desk)
        QTimer.singleShot(300, ledger.answer)
        claim.person.id_number.setFocus()
        hands.type(LI)
        hands.enter()
        until(lambda: window.desk is None)
    rest()
    assert window.claim is not claim


@pytest.fixture
def claims(desk: Desk, settled: str) -> list[ClaimEntry]:
    """The claims that came to lie on a desk of its own, the one in hand last; the register knows whose the first is."""
    assert settled
    # Its bill is held by the voucher: that is something to know.
    return [filled(ClaimEntry(desk), receipt("A1"))]


@pytest.fixture
def looking(claims: list[ClaimEntry], window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> ClaimLooking:
    """Looks up what the claim in hand does not know; keys do not wait for it."""
    monkeypatch.setattr(claim_looking, "KEYS_WAIT_MS", 20)
    return ClaimLooking(lambda: claims[-1], window)


def to_another_area(entry: ClaimEntry) -> None:
    """The claim is decided elsewhere now."""
    entry.insured.identify()
    entry.draft.person.area_code = "411300"


def with_late_news(entry: ClaimEntry) -> None:
    """What the platform shows was recorded otherwise."""
    entry.insured.identify()
    entry.draft.priors[0] = PriorDraft("2026", deductible="100", fund="30", as_of="1120")


def whoever(_entry: ClaimEntry) -> None:
    """It is not known whose claim it is."""


QUESTIONS: dict[str, tuple[Callable[[ClaimEntry], object], Callable[[ClaimLooking, PersonRecord], object]]] = {
    "whose number it is": (whoever, lambda looking, _person: looking.identify()),
    "whose draft it is": (whoever, lambda looking, _person: looking.recognise()),
    "what belongs to somebody who was picked": (whoever, ClaimLooking.choose),
    "what became of its bills": (lambda entry: entry.insured.identify(), lambda looking, _person: looking.look_up()),
    "what was used elsewhere": (to_another_area, lambda looking, _person: looking.ask_use()),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("is_in_hand", [True, False], ids=["in hand", "in hand no more"])
def test_an_answer_is_for_the_claim_that_asked_and_for_no_other(
    claims: list[ClaimEntry], looking: ClaimLooking, desk: Desk, question: str, is_in_hand: bool
) -> None:
    told: list[str] = []
    looking.identified.connect(lambda: told.append("identified"))
    looking.recognised.connect(lambda: told.append("recognised"))
    looking.known.connect(lambda: told.append("known"))
    prepare, ask = QUESTIONS[question]
    person = desk.ledger.find_persons("张三")[0]
    prepare(claims[0])
    with slow() as ledger:
        ask(looking, person)
        until(lambda: ledger.asked_beside > 0)
        if not is_in_hand:
            claims.append(ClaimEntry(desk))
        ledger.answer()
        rest()
    assert bool(told) is is_in_hand


def test_what_settling_would_change_is_told_of_the_claim_in_hand_as_it_is_typed_now(
    claims: list[ClaimEntry], looking: ClaimLooking, desk: Desk
) -> None:
    told: list[object] = []

    def ask() -> None:
        looking.ask_news(told.append, told.append)

    entry = claims[0]
    with_late_news(entry)
    with slow() as ledger:
        ask()
        until(lambda: ledger.asked_beside > 0)
        entry.draft.priors[0].fund = "31"
        ledger.answer()
        rest()
    assert told == [], "it was asked about another amount"
    with slow() as ledger:
        ask()
        until(lambda: ledger.asked_beside > 0)
        claims.append(ClaimEntry(desk))
        ledger.answer()
        rest()
    assert told == [], "the claim is in hand no more"
    claims.pop()
    ask()
    rest()
    assert told == [entry.late_news()]


def test_behind_the_last_receipt_the_keyboard_goes_where_the_answer_about_its_bill_sends_it(
    window: MainWindow, hands: Hands, settled: str
) -> None:
    assert settled
    claim = window.claim
    hands.person()
    hands.is_patient = False
    with slow() as ledger:
        hands.receipt("B1", "1000", answer="")
        QTimer.singleShot(300, ledger.answer)
        hands.enter()
        assert hands.focused() is claim.look_alike.answer


def test_a_held_f9_gives_no_answer_to_what_it_has_asked(
    window: MainWindow, hands: Hands, desk: Desk, settled: str
) -> None:
    """A key that is held down comes as many presses; on some systems nothing tells them from presses of their own."""
    assert settled
    claim = window.claim
    hands.person(LI, "李四示例")
    hands.receipt("B1", "500")
    hands.press(Qt.Key.Key_F4)
    hands.is_patient = False
    for _press in range(5):
        hands.press(Qt.Key.Key_F9)
        rest()
    assert "再按 F9" in claim.notice.text()
    assert len(desk.ledger.search("", 10)) == 1
    until(lambda: not claim.is_being_read())
    hands.press(Qt.Key.Key_F9)
    rest()
    assert len(desk.ledger.search("", 10)) == 2
    done = claim.done_strip.text()
    hands.press(Qt.Key.Key_F9)
    rest()
    assert claim.done_strip.text() == done, "the blank claim behind it takes nothing away"
    assert "没有可结算" in claim.notice.text()
