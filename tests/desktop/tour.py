"""A walk through every screen of the program, as somebody of each role sees it on a busy day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QThreadPool
from PySide6.QtWidgets import QApplication, QWidget

from clerk_app.codes import FilingCategory, Material, Role
from clerk_app.counter.calendar_month import Month
from clerk_app.counter.claim_papers import MonthPaper
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import ClaimDraft, FilingDraft, PayeeDraft, PersonDraft, ReceiptDraft
from clerk_app.counter.offices import PRACTICE_OFFICE_NAME, ledger_path
from clerk_app.counter.opening import open_desk
from clerk_app.counter.payee_entry import as_typed
from clerk_app.counter.practice import (
    ADMINISTRATOR,
    CLERK,
    FINANCE,
    PASSWORD,
    REVIEWER,
    USERS,
    _settle,
    found_practice_office,
)
from clerk_app.counter.practice_claims import sample_claims
from clerk_app.desktop import navigation
from clerk_app.desktop.end_of_day import EndOfDayDialog
from clerk_app.desktop.first_start_page import ChoicePage, NewOfficePage, StaffPage
from clerk_app.desktop.front import FrontPage
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.paper_window import PaperWindow
from clerk_app.desktop.reading import wait_for_looks
from clerk_app.desktop.server_page import ServerPage
from clerk_app.desktop.sign_in_page import LockPage, SignInPage, UnlockPage
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import PayeeAccount, PaymentResult, User
from clerk_app.policy.shelf import load_shelf
from clerk_app.receipts.claim import Institution
from clerk_app.settings import PRACTICE_OFFICE, Settings
from tests.counter.desks import noon_desk
from tests.desktop.hands import id_number, leave

SETTINGS = Settings(office=PRACTICE_OFFICE, area_code="360000")
AUDITOR = User("feng", "冯稽核示例", Role.AUDITOR)
#: Longer than on most cards, with characters beyond the main font.
LONG_NAME = "𠮷䶮㛃·阿卜杜热西提·买买提示例"
LONG_HOSPITAL = "示例省示例自治州示例县人民医院（示例医科大学附属𠮷䶮㛃医院）"
LONG_ID = id_number("99010119660606001")
LONG_ACCOUNT = PayeeAccount(LONG_NAME, "本人", "示例银行股份有限公司示例自治州示例县人民路支行", "6200000000000000018")


def busy_office(folder: Path) -> Desk:
    """The practice office with somebody of every role, somebody with a long name, and money on its way."""
    path = ledger_path(PRACTICE_OFFICE, folder)
    path.parent.mkdir(parents=True)
    found_practice_office(path, noon_desk)
    desk = open_desk(SETTINGS, folder, noon_desk)
    ledger = desk.ledger
    ledger.sign_in(ADMINISTRATOR.login, PASSWORD)
    ledger.add_user(AUDITOR, PASSWORD)
    ledger.sign_in(CLERK.login, PASSWORD)
    paid = [_settle_long(desk, number) for number in ("0000000901", "0000000902", "0000000903", "0000000904")]
    person = ledger.person_by_id_number(LONG_ID)
    assert person is not None
    ledger.give_account(person.person_id, LONG_ACCOUNT)
    ledger.save_claim("kept-1", LONG_NAME, "{}", person.person_id)
    ledger.sign_in(REVIEWER.login, PASSWORD)
    ledger.confirm_password(PASSWORD)
    ledger.review(paid[:3])
    ledger.confirm_password(PASSWORD)
    ledger.review(paid[3:], "票据与费用清单不一致，请参保人补交加盖医院公章的费用清单后重新办理", has_passed=False)
    ledger.sign_in(FINANCE.login, PASSWORD)
    ledger.confirm_password(PASSWORD)
    ledger.make_payment_list(paid[:1])
    ledger.confirm_password(PASSWORD)
    answered = ledger.make_payment_list(paid[1:2])
    ledger.confirm_password(PASSWORD)
    ledger.record_payment_results(answered.list_number, {0: PaymentResult(True)})
    ledger.sign_in(CLERK.login, PASSWORD)
    ledger.reverse(paid[1], "票据金额录错，参保人已到窗口说明", "taken-back")
    ledger.sign_out()
    return desk


def _settle_long(desk: Desk, number: str) -> str:
    sample = next(iter(sample_claims(2026)))
    person = replace(sample.person, name=LONG_NAME, id_number=LONG_ID, employer=LONG_HOSPITAL)
    receipt = sample.claim.receipts[0]
    hospital = Institution(LONG_HOSPITAL, "H99010300099", receipt.institution.tier)
    claim = replace(sample.claim, receipts=(replace(receipt, number=number, institution=hospital),))
    long = replace(sample, key=number, person=person, claim=claim, prior=None)
    return _settle(desk.ledger, load_shelf(), long).voucher_number


def long_claim() -> ClaimDraft:
    """A claim in hand: receipts that are paid, that cannot be, and that look like one of the year."""
    first = ReceiptDraft(
        number="0000000911",
        visited_on="2026-05-20",
        hospital=LONG_HOSPITAL,
        tier="3",
        total="98765.43",
        self_funded="12345.67",
    )
    return ClaimDraft(
        key="long",
        handed_in_on="2026-11-22",
        person=PersonDraft(LONG_ID, LONG_NAME, area_code="360000"),
        filings=[FilingDraft(FilingCategory.STATIONED_WORKER, "2023-01-01")],
        materials={Material.CREDENTIAL, Material.RECEIPT},
        receipts=[
            first,
            replace(first, number="0000000912", total="-5.00", self_funded="", copied=set(), fees=[]),
            replace(first, number="0000000913", visited_on="20269999", total="12.345", copied=set(), fees=[]),
            ReceiptDraft(),
        ],
    )


def settle_down() -> None:
    """Let everything finish that runs beside the window, and everything be laid out and drawn."""
    for _time in range(3):
        QThreadPool.globalInstance().waitForDone(20_000)
        wait_for_looks(20_000)
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()


class Tour:
    """One window, led from screen to screen.

    Args:
        desk: Of ``busy_office``.
        width: Of the window, in pixels.
    """

    def __init__(self, desk: Desk, width: int, height: int, font_scale: int = 100) -> None:
        self.desk = desk
        self.window = MainWindow(replace(SETTINGS, font_scale=font_scale))
        self.window.resize(width, height)
        self.window.show()
        self.window.activateWindow()
        self.window.furnish()
        settle_down()

    def close(self) -> None:
        """Leave nothing behind."""
        leave(self.window)
        self.window.close()
        self.window.deleteLater()
        settle_down()

    def screens(self) -> Iterator[tuple[str, QWidget]]:
        """Every screen under its name; it is on the screen, and nothing moves in it."""
        for name, screen in self._all():
            settle_down()
            yield name, screen

    def _all(self) -> Iterator[tuple[str, QWidget]]:
        yield from self._way_in()
        for user, tour in (
            (CLERK, self._as_clerk),
            (REVIEWER, self._as_reviewer),
            (FINANCE, self._as_finance),
            (ADMINISTRATOR, self._as_administrator),
            (AUDITOR, self._as_auditor),
        ):
            self.desk.ledger.sign_in(user.login, PASSWORD)
            self.window.use_desk(self.desk)
            settle_down()
            yield from tour()
            leave(self.window)

    def _way_in(self) -> Iterator[tuple[str, QWidget]]:
        new_office, server = NewOfficePage(SETTINGS), ServerPage(SETTINGS)
        lock = LockPage()
        lock.cover(replace(CLERK, name=LONG_NAME))
        failed = UnlockPage(LONG_HOSPITAL, "db.example:5432/clerk")
        failed.show_failure(ClerkError("passphrase_wrong", file="/srv/clerk/clerk.db"))
        pages: tuple[tuple[str, FrontPage], ...] = (
            ("choice", ChoicePage(has_practice=True, has_real=False)),
            ("new office", new_office),
            ("staff", StaffPage()),
            ("server", server),
            ("sign in", SignInPage(PRACTICE_OFFICE_NAME, [(user, PASSWORD) for user in USERS])),
            ("unlock", failed),
            ("lock", lock),
        )
        for name, page in pages:
            self.window.cover(page)
            if page is new_office:
                yield "new office, blank", self.window
                new_office.place.place.choose("server")
                new_office.show_problems(new_office.typed().problems())
            if page is server:
                server.show_problems(server.typed().problems())
            yield name, self.window
            self.window.front.removeWidget(page)
            page.deleteLater()

    def _pages(self, name: str, *without: int) -> Iterator[tuple[str, QWidget]]:
        for number in sorted(self.window.navigation.offered()):
            if number not in without:
                self.window.go_to(number)
                yield f"{name}: {navigation.PAGES[number].keys}", self.window

    def _as_clerk(self) -> Iterator[tuple[str, QWidget]]:
        window = self.window
        yield "clerk: blank claim", window
        window.claim.use_draft(long_claim())
        window.claim.keep()
        yield "clerk: claim", window
        window.claim.extras.toggle()
        yield "clerk: claim with more columns", window
        window.claim.extras.toggle()
        window.claim.conditions.add_line()
        window.claim.stays.add_line()
        window.claim.toggle_fees()
        yield "clerk: claim with fees", window
        window.claim.toggle_fees()
        yield from self._payee()
        window.claim.settle()
        yield "clerk: claim not settled", window
        yield from self._pages("clerk", navigation.CLAIM)
        yield from self._cards_of_search()
        yield from self._windows()
        window.go_to(navigation.CLAIM)
        window.claim.start_blank()

    def _payee(self) -> Iterator[tuple[str, QWidget]]:
        claim = self.window.claim
        claim.person.number_finished.emit()
        claim.toggle_payee()
        yield "clerk: payee", self.window
        wrong = replace(LONG_ACCOUNT, relation="其他", account="6200000000000000019")
        claim.draft.payee = as_typed(wrong)
        claim.payee.show_draft()
        claim.refresh()
        yield "clerk: payee with a wrong number", self.window
        claim.draft.payee = as_typed(replace(wrong, account="6200000000000000034"))
        claim.payee.show_draft()
        claim.refresh()
        yield "clerk: payee that a second person confirms", self.window
        claim.draft.payee = PayeeDraft()
        claim.payee.show_draft()
        claim.toggle_payee()

    def _cards_of_search(self) -> Iterator[tuple[str, QWidget]]:
        self.window.find_voucher(LONG_NAME)
        search = self.window.pages.search
        assert search is not None
        yield "clerk: found", self.window
        # What was settled before something else of the same person was: taking it back changes that.
        row = next(row for row, line in enumerate(search.search.lines) if line.voucher_number.endswith("8"))
        search.table.selectRow(row)
        settle_down()
        search.open_reversal()
        settle_down()
        assert search.reversal.isVisible()
        yield "clerk: reversal", self.window
        search.open_corrections()
        yield "clerk: corrections", self.window

    def _windows(self) -> Iterator[tuple[str, QWidget]]:
        window, search = self.window, self.window.pages.search
        assert search is not None
        settlement = search.chosen()
        assert settlement is not None
        for name, opened in (
            ("settings", window.beside.change_settings),
            ("help", window.beside.show_help),
            ("password", window.beside.change_password),
            ("year card", window.beside.show_year_card),
            ("voucher", lambda: window.beside.show_voucher(settlement)),
            ("month on paper", lambda: PaperWindow(MonthPaper(self.desk, Month(2026, 11)), window).show()),
            ("end of day", self._failed_end_of_day),
        ):
            opened()
            settle_down()
            beside = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each is not window]
            assert len(beside) == 1, name
            yield name, beside[0]
            window.beside.close_all()

    def _failed_end_of_day(self) -> None:
        failure = ClerkError("file_not_written", file="E:/备份/clerk.db", reason="EIO")
        EndOfDayDialog(self.window).show_failure(failure)

    def _as_reviewer(self) -> Iterator[tuple[str, QWidget]]:
        yield from self._pages("reviewer")
        self.window.go_to(navigation.REVIEW)
        review = self.window.pages.review
        assert review is not None
        for row in range(len(review.table.lines())):
            review.table.selectRow(row)
            yield f"reviewer: line {row}", self.window

    def _as_finance(self) -> Iterator[tuple[str, QWidget]]:
        yield from self._pages("finance", navigation.PAYMENT)
        self.window.go_to(navigation.PAYMENT)
        payment = self.window.pages.payment
        assert payment is not None
        for place in range(payment.tabs.count()):
            payment.tabs.setCurrentIndex(place)
            yield f"finance: tab {place}", self.window

    def _as_administrator(self) -> Iterator[tuple[str, QWidget]]:
        yield from self._pages("administrator")
        self.window.go_to(navigation.SAFEKEEPING)
        page = self.window.pages.currentWidget()
        page.back_up()  # type: ignore[attr-defined] -- it is the page of safekeeping
        settle_down()
        page.ask_restore()  # type: ignore[attr-defined]
        yield "administrator: restore", self.window

    def _as_auditor(self) -> Iterator[tuple[str, QWidget]]:
        yield from self._pages("auditor", navigation.AREAS, navigation.POLICIES)
