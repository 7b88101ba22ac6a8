"""What the claim in hand needs of the ledger is looked up beside the window: no key waits for a disk or a server."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.counter.claim_lookup import (
    KnownBills,
    KnownPerson,
    known_bills,
    known_person,
    person_with_number,
    used_in,
)
from clerk_app.desktop.reading import KEYS_WAIT_MS, Reading
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import PersonRecord

if TYPE_CHECKING:
    from clerk_app.counter.claim_entry import ClaimEntry
    from clerk_app.counter.claim_news import ClaimNews

_Found = TypeVar("_Found")


class ClaimLooking(QObject):
    """Asks the ledger what the claim does not know yet, and hands over what was found.

    An answer for a claim that is in hand no more is nobody's.

    Args:
        entry: The claim in hand; None as long as there is no ledger.
    """

    #: The form has been filled with a person from the register, or cleared of one.
    identified = Signal()
    #: Behind that: it is somebody who was picked, and the receipts come next.
    chosen = Signal()
    #: The person of a draft that was typed before is known; the form may have more than was typed.
    recognised = Signal()
    #: The claim knows something that its result depends on.
    known = Signal()
    #: It could not be looked up.
    failed = Signal(ClerkError)
    #: Whether it is being looked up whose claim it is: nothing is typed in it until that is known.
    busy = Signal(bool)

    def __init__(self, entry: Callable[[], ClaimEntry | None], parent: QObject) -> None:
        super().__init__(parent)
        self._entry = entry
        self._persons, self._uses, self._bills, self._news = (Reading(self) for _each in range(4))
        #: Whose claim is being asked for, and by which number; the same question is not asked twice at a time.
        self._asked_whose: tuple[ClaimEntry, str] | None = None
        self._asked_use: tuple[ClaimEntry, tuple[PersonRecord, str]] | None = None
        self._ask_whose_again = self.identify

    def identify(self) -> None:
        """Fill the form when the register knows the number; the keys that come next find it filled."""
        entry = self._entry()
        if entry is None:
            return
        had_somebody = entry.insured.record is not None
        number = entry.insured.asks_whose()
        if had_somebody and entry.insured.record is None:
            self.identified.emit()

        def take(found: KnownPerson | None) -> None:
            if entry is self._entry() and number is not None:
                has_changed = entry.insured.take_identified(number, found)
                (self.identified if has_changed else self.known).emit()

        if not number:
            take(None)
            return
        if not (self._persons.is_awaited() and self._asked_whose == (entry, number)):
            self._ask_whose_again = self.identify
            self._ask_person(entry, number, lambda: person_with_number(entry.desk, number), take)
        self._persons.wait_a_moment(KEYS_WAIT_MS)

    def _ask_person(
        self,
        entry: ClaimEntry,
        number: str,
        read: Callable[[], _Found],
        take: Callable[[_Found], object],
    ) -> None:
        self._asked_whose = entry, number
        self.busy.emit(True)
        self._persons.ask(read, take, self.failed.emit, lambda: self.busy.emit(False))

    def wait(self) -> None:
        """Let the keys wait until it is known whose claim it is."""
        self._persons.wait_a_moment(KEYS_WAIT_MS)

    def recognise(self) -> None:
        """Know whose a draft is that was typed before; it stays as it was typed."""
        entry = self._entry()
        number = entry.insured.asks_whose() if entry is not None else None
        if entry is None or not number:
            return
        self._ask_whose_again = self.recognise
        area_code = entry.draft.person.area_code

        def take(found: KnownPerson | None) -> None:
            if entry is self._entry():
                entry.insured.take_recognised(number, found)
                self.recognised.emit()

        self._ask_person(entry, number, lambda: person_with_number(entry.desk, number, area_code), take)

    def choose(self, record: PersonRecord) -> None:
        """Fill the form with somebody from the register; the keys that come next find it filled."""
        entry = self._entry()
        if entry is None:
            return

        def take(known: KnownPerson) -> None:
            if entry is self._entry():
                entry.insured.choose(known)
                self.identified.emit()
                self.chosen.emit()

        self._ask_person(entry, "", lambda: known_person(entry.desk, record), take)
        self._persons.wait_a_moment(KEYS_WAIT_MS)

    def when_known(self, then: Callable[[], object]) -> None:
        """Go on when it is known whose claim it is; what could not be looked up before is asked for once more."""
        entry = self._entry()
        if entry is not None and entry.insured.is_asking and not self._persons.is_awaited():
            self._ask_whose_again()
        self._persons.after(then)

    def look_up(self) -> None:
        """Ask what became of bills that were finished since."""
        entry = self._entry()
        bills = entry.unknown_bills() if entry is not None else ()
        if entry is None or not bills:
            return

        def take(found: KnownBills) -> None:
            if entry is self._entry() and entry.take_bills(found):
                self.known.emit()

        self._bills.ask(lambda: known_bills(entry.desk, bills), take, self.failed.emit)

    def wait_for_bills(self) -> None:
        """Let the keys wait for what became of the bills: it decides where they go."""
        self._bills.wait_a_moment(KEYS_WAIT_MS)

    def ask_use(self) -> None:
        """Ask what the person has used, where the claim has come to be of another area."""
        entry = self._entry()
        asked = entry.unknown_use() if entry is not None else None
        if entry is None or asked is None or (self._asked_use == (entry, asked) and self._uses.is_awaited()):
            return
        self._asked_use = entry, asked

        def take(found: dict[str, YearToDate]) -> None:
            if entry is self._entry():
                entry.insured.take_use(asked, found)
                self.known.emit()

        self._uses.ask(lambda: used_in(entry.desk, *asked), take, self.failed.emit)

    def forget_use(self) -> None:
        """The policies have changed: what is being read of what was used was asked under the former ones."""
        self._uses.forget()
        self._asked_use = None

    def ask_news(self, show: Callable[[ClaimNews | None], object], failed: Callable[[ClerkError], object]) -> None:
        """Ask what settling would change for vouchers of the same person.

        Args:
            show: Is told, as long as that is what is in hand; None where nothing can change.
            failed: Is told why it cannot be worked out.
        """
        entry = self._entry()
        question = entry.news_question() if entry is not None else None
        if entry is None or question is None:
            self._news.forget()
            show(None)
            return
        news = entry.news_on(question)
        if news is not None:
            show(news)
            return
        from clerk_app.counter.claim_news import news_of

        def take(found: ClaimNews) -> None:
            if entry is self._entry() and entry.news_question() == question:
                entry.take_news(question, found)
                show(found)

        self._news.ask(lambda: news_of(entry.desk, question), take, failed)

    def forget(self) -> None:
        """What is being looked up is not wanted any more."""
        for reading in (self._persons, self._uses, self._bills, self._news):
            reading.forget()
        self.busy.emit(False)
