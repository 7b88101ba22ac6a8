"""Persons, institutions and diseases are found by a few letters; the keyboard never leaves its field."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.desktop import person_finding
from clerk_app.desktop.finding import FindField
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.receipts_model import COLUMN_OF
from tests.desktop.hands import LI, ZHANG, Hands, change_user, commit, id_number, leave, rest
from tests.desktop.slow import slow
from tests.ledger.office import REVIEWER


def cell(window: MainWindow, row: int, key: str) -> str:
    return str(window.claim.table.receipts.index(row, COLUMN_OF[key]).data())


def column(window: MainWindow) -> int:
    return window.claim.table.currentIndex().column()


@pytest.fixture
def known(hands: Hands) -> Hands:
    """Hands in an office that knows Zhang and one hospital."""
    hands.person()
    hands.receipt("A1", "1000")
    hands.press(Qt.Key.Key_F9)
    return hands


def offers(hands: Hands) -> list[str]:
    field = hands.focused()
    assert isinstance(field, FindField)
    return field.offers()


def test_a_hospital_comes_by_its_letters_with_its_tier(window: MainWindow, known: Hands) -> None:
    known.press(Qt.Key.Key_F7)
    known.fields("B1", "520")
    known.type("bjmyy")
    assert offers(known) == ["北京某医院　三级"]
    known.enter()

    assert (cell(window, 0, "hospital"), cell(window, 0, "tier")) == ("北京某医院", "三级")
    assert column(window) == COLUMN_OF["total"]


def test_a_plus_takes_the_last_hospital_and_goes_on(window: MainWindow, known: Hands) -> None:
    known.press(Qt.Key.Key_F7)
    known.fields("B1", "520")
    known.type("+")

    assert (cell(window, 0, "hospital"), cell(window, 0, "tier")) == ("北京某医院", "三级")
    assert column(window) == COLUMN_OF["total"]


def test_one_key_repeats_the_last_hospital_from_anywhere_in_the_line(window: MainWindow, known: Hands) -> None:
    known.press(Qt.Key.Key_F7)
    known.fields("B1")
    known.press(Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)

    assert cell(window, 0, "hospital") == "北京某医院"
    assert column(window) == COLUMN_OF["visited_on"]


def test_words_that_stand_for_themselves_are_not_replaced(window: MainWindow, known: Hands) -> None:
    known.press(Qt.Key.Key_F7)
    known.fields("B1", "520")
    commit(known.focused(), "北京某")
    assert offers(known) == ["北京某医院　三级"]
    known.enter()
    assert (cell(window, 0, "hospital"), cell(window, 0, "tier")) == ("北京某", "")
    assert column(window) == COLUMN_OF["tier"]

    known.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    commit(known.focused(), "北京某")
    known.press(Qt.Key.Key_Down)
    known.enter()
    assert (cell(window, 0, "hospital"), cell(window, 0, "tier")) == ("北京某医院", "三级")


def test_escape_sends_the_list_away_and_the_letters_stay(window: MainWindow, known: Hands) -> None:
    known.press(Qt.Key.Key_F7)
    known.fields("B1", "520")
    known.type("bj")
    field = known.focused()
    known.press(Qt.Key.Key_Escape)
    assert known.focused() is field
    assert offers(known) == []
    known.enter()

    assert cell(window, 0, "hospital") == "bj"


def test_nothing_is_offered_to_a_field_that_is_left(window: MainWindow, known: Hands) -> None:
    known.press(Qt.Key.Key_F7)
    known.fields("B1", "520")
    known.type("bj")
    field = known.focused()
    assert isinstance(field, FindField)
    window.claim.person.phone.setFocus()

    assert field.offers() == []


def test_hospitals_of_other_days_are_known_when_the_window_opens(
    qtbot: QtBot, window: MainWindow, known: Hands
) -> None:
    desk = window.desk
    assert desk is not None
    leave(window)
    desk.ledger.sign_in("li", "示例口令-2023")
    window.use_desk(desk)
    qtbot.waitUntil(lambda: bool(window.claim.table.places.institutions))
    known.press(Qt.Key.Key_F7)
    known.fields("B1", "520")
    known.press(Qt.Key.Key_Down)

    assert offers(known) == ["北京某医院　三级"]


def test_a_registered_disease_is_offered_first(window: MainWindow, hands: Hands) -> None:
    claim = window.claim
    claim.add_condition.click()
    fields = {place.field: field for place, field in claim.conditions.fields()}
    hands.into(fields["disease"], "")
    commit(fields["disease"], "糖尿病")
    hands.press(Qt.Key.Key_F7)
    hands.fields("B1")
    claim.table.go_to(0, "disease")
    hands.type("tnb")
    assert offers(hands) == ["糖尿病"]
    hands.enter()

    assert cell(window, 0, "disease") == "糖尿病"
    assert claim.draft.receipts[0].disease == "糖尿病"


@pytest.mark.parametrize("text", ["zssl", ZHANG[-4:], ZHANG[:9]])
def test_who_has_no_scanner_types_letters_or_a_part_of_the_number(window: MainWindow, known: Hands, text: str) -> None:
    known.fields(text)

    assert window.claim.person.id_number.text() == ZHANG
    assert column(window) == COLUMN_OF["number"]


def test_of_several_persons_one_is_chosen_with_the_arrows(qtbot: QtBot, window: MainWindow, known: Hands) -> None:
    known.person(LI, "章四示例")
    known.receipt("C1", "100")
    known.press(Qt.Key.Key_F9)
    scan = window.claim.person.scan

    known.type("z")
    qtbot.waitUntil(lambda: len(scan.offers()) == 2)
    assert known.focused() is scan
    wanted = next(row for row, words in enumerate(scan.offers()) if words.startswith("张三"))
    for _step in range(wanted):
        known.press(Qt.Key.Key_Down)
    known.enter()

    assert window.claim.person.id_number.text() == ZHANG
    assert scan.text() == ""


def test_several_persons_are_listed_for_enter_too(window: MainWindow, known: Hands) -> None:
    known.person(LI, "章四示例")
    known.receipt("C1", "100")
    known.press(Qt.Key.Key_F9)
    known.fields("z")

    assert len(window.claim.person.scan.offers()) == 2
    assert window.claim.person.id_number.text() == ""


def test_a_bill_that_carries_day_and_amount_fills_them(window: MainWindow, hands: Hands) -> None:
    hands.fields("01,10,61060120,0000012345,abc123,20260520,120.50")

    assert (cell(window, 0, "visited_on"), cell(window, 0, "total")) == ("2026-05-20", "120.50")


@pytest.mark.parametrize("text", [LI, "lssl"])
def test_somebody_else_at_the_counter_gets_a_claim_of_ones_own(window: MainWindow, known: Hands, text: str) -> None:
    claim = window.claim
    known.person(LI, "李四示例")
    known.receipt("L1", "700")
    known.press(Qt.Key.Key_F9)
    known.person()
    known.receipt("B1", "500")
    known.press(Qt.Key.Key_F6)
    known.fields(text)

    assert claim.person.name.text() == "李四示例"
    assert claim.draft.last_filled() == -1, "no receipt goes over to another person"
    assert "已放下" in claim.aside_strip.text()
    known.press(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert claim.person.name.text() == "张三示例"
    assert [receipt.number for receipt in claim.draft.receipts if not receipt.is_blank] == ["B1"]


def test_a_number_that_is_mended_in_its_field_keeps_the_receipts(window: MainWindow, known: Hands) -> None:
    claim = window.claim
    known.person()
    known.receipt("B1", "500")
    known.into(claim.person.id_number, LI)
    known.enter()

    assert claim.draft.receipts[0].number == "B1"
    assert claim.aside_strip.text() == ""


WANG = id_number("36010219901212333")


@pytest.fixture
def three(known: Hands) -> Hands:
    """Two more persons are known, each with a voucher."""
    for number, name, bill in ((LI, "李四示例", "L1"), (WANG, "王五示例", "W1")):
        known.person(number, name)
        known.receipt(bill, "700")
        known.press(Qt.Key.Key_F9)
    return known


def test_whoever_was_looked_for_does_not_come_into_a_claim_that_is_left_for_another(
    window: MainWindow, three: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = window.claim
    three.person(WANG, "王五示例")
    three.receipt("W2", "300")
    assert three.keep()
    other = claim.draft.key
    three.new_claim()
    three.person()
    three.receipt("A2", "500")
    assert three.keep()
    key = claim.draft.key
    three.is_patient = False
    monkeypatch.setattr(person_finding, "KEYS_WAIT_MS", 20)
    with slow() as ledger:
        three.press(Qt.Key.Key_F6)
        three.type("lssl")
        three.enter()
        claim.take_up(other)
        ledger.answer()
        rest()
    assert claim.person.name.text() == "王五示例"
    three.take_up(key)
    rest()
    assert claim.person.name.text() == "张三示例"


def test_a_claim_that_could_not_be_saved_is_not_pushed_out_by_the_third_person(
    window: MainWindow, three: Hands, desk: Desk
) -> None:
    claim = window.claim
    change_user(window, desk, REVIEWER)  # Who reviews has no drafts in the ledger.
    three.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    for number, bill in ((ZHANG, "A9"), (LI, "L9")):
        three.press(Qt.Key.Key_F6)
        three.fields(number)
        three.receipt(bill, "100")
    three.press(Qt.Key.Key_F6)
    three.fields(WANG)
    claim = window.claim
    assert claim.person.name.text() == "李四示例"
    assert "先恢复" in claim.notice.text()
    three.press(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert claim.person.name.text() == "张三示例"


@pytest.mark.parametrize("text", [LI, "lssl"])
def test_what_was_typed_of_somebody_new_stays_with_that_person(window: MainWindow, three: Hands, text: str) -> None:
    claim = window.claim
    three.press(Qt.Key.Key_F6)
    three.fields(id_number("36010219930303333"), "赵六示例")
    three.press(Qt.Key.Key_F6)
    three.fields(text)
    assert claim.person.name.text() == "李四示例"
    three.press(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert claim.person.name.text() == "赵六示例"
