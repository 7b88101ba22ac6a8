"""Somebody who has never seen the program settles the README's sample claim, with nothing but the keys it names."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.counter.sample_papers import ENTER, Step, sample_case, steps
from clerk_app.desktop.application import Session
from clerk_app.desktop.first_start_page import ChoicePage
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.sign_in_page import SignInPage
from clerk_app.desktop.voucher_window import VoucherWindow
from clerk_app.money import format_yuan, parse_yuan
from tests.desktop.hands import rest

README = Path(__file__).resolve().parents[2] / "README.md"
HEADING = "## 第一单：只用键盘"
#: What a row of the table types before there is a form.
WAY_IN = 2


def rows_of_readme() -> list[list[str]]:
    """The keys of each row of the README's table."""
    section = README.read_text(encoding="utf-8").split(HEADING)[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [re.findall(r"`([^`]+)`", row) for row in rows]


def press(window: MainWindow, key: str) -> None:
    """One key by its name, or a text letter by letter, wherever the window has the keyboard."""
    target = QApplication.focusWidget() or window
    if not re.fullmatch(r"Enter|F\d+|(Ctrl|Shift|Alt)\+.+", key):
        QTest.keyClicks(target, key)
        return
    chord = QKeySequence("Return" if key == ENTER else key)[0]
    QTest.keyClick(target, chord.key(), chord.keyboardModifiers())


def test_the_readme_names_the_keys_that_the_papers_ask_for() -> None:
    case = sample_case()
    asked = [key for step in steps(case) for key in step.keys]
    assert [key for row in rows_of_readme()[WAY_IN:] for key in row] == asked
    section = README.read_text(encoding="utf-8").split(HEADING)[1]
    assert f"统筹支付 {case.fund} 元" in section


def test_the_papers_of_the_sample_are_whole() -> None:

    for paper in sample_case().papers:
        assert sum(parse_yuan(amount) for _name, amount in paper.fees) == parse_yuan(paper.total)
        assert "示例" in paper.hospital
        assert paper.in_scope_fen > 0


def test_the_keys_of_the_readme_settle_the_sample_claim(session: Session, frame: MainWindow, qtbot: QtBot) -> None:
    frame.painted.emit()
    way_in, typed = rows_of_readme()[:WAY_IN], rows_of_readme()[WAY_IN:]

    def in_front() -> object:
        return session.pages.page if session.pages else None

    qtbot.waitUntil(lambda: isinstance(in_front(), ChoicePage), timeout=20_000)
    for key in way_in[0]:
        press(frame, key)
    qtbot.waitUntil(lambda: isinstance(in_front(), SignInPage), timeout=60_000)
    for key in way_in[1]:
        press(frame, key)
    qtbot.waitUntil(lambda: frame.desk is not None and len(frame.claim.table.places.institutions) > 0, timeout=60_000)
    case = sample_case()
    for row in typed:
        for key in row:
            if key == "F9":
                assert frame.claim.panel.fund.text() == case.fund
            press(frame, key)
            rest()
    assert frame.desk is not None
    settled = frame.claim.paper_wanted()
    assert settled is not None, frame.claim.notice.text()
    assert format_yuan(settled.fund_fen) == case.fund
    assert [paper.receipt.number for paper in settled.receipts] == [paper.number for paper in case.papers]
    assert settled.person.name == case.name
    assert f"统筹支付 {case.fund} 元" in frame.claim.done_strip.text()
    papers = frame.findChild(VoucherWindow)
    assert papers is not None
    QTest.keyClick(papers, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not papers.isVisible())


def test_every_step_says_what_it_is_for() -> None:
    asked: tuple[Step, ...] = steps(sample_case())
    assert all(step.words for step in asked)
    assert all("{text}" in step.words for step in asked if step.text)
