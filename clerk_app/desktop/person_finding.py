"""Whom letters and digits may mean: looked up in the ledger beside the window, while somebody types."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from clerk_app.desktop.reading import KEYS_WAIT_MS, Reading
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import PersonRecord

if TYPE_CHECKING:
    from clerk_app.counter.claim_entry import ClaimEntry
    from clerk_app.desktop.claim_blocks import PersonBlock

#: Letters of a name, or digits of a certificate's number, of which the last may be an X.
_MEANS_PERSON = re.compile(r"[A-Za-z]{1,16}|\d{4,17}[Xx]?")
#: How long a letter waits for what it offers: longer than a look into a file takes, shorter than anybody feels.
_LETTER_MS = 30


class PersonFinding(QObject):
    """Offers persons below the fields of one form.

    What was found for a text that stands there no more is not shown: Enter would take somebody else.

    Args:
        entry: The claim in hand; None as long as there is no ledger.
    """

    #: One person is meant by what was handed over.
    found = Signal(object)
    #: Nobody is.
    unknown = Signal()
    #: It could not be looked up.
    failed = Signal(ClerkError)
    #: Whether somebody is being looked for who was handed over: nothing is typed in the claim until it is known.
    busy = Signal(bool)

    def __init__(self, person: PersonBlock, entry: Callable[[], ClaimEntry | None]) -> None:
        super().__init__(person)
        self._person = person
        self._entry = entry
        self._reading = Reading(self)
        person.looked_up.connect(self._look_up_name)
        person.scan.looked_up.connect(self._look_up_scanned)

    def take(self, text: str) -> None:
        """Somebody without a scanner has typed whom to look for: the one person who is meant, or a list of them."""
        if _MEANS_PERSON.fullmatch(text):
            self.busy.emit(True)
            self._ask(text, lambda: not self._person.scan.text(), lambda found: self._take(text, found), KEYS_WAIT_MS)
        else:
            self.unknown.emit()

    def _take(self, text: str, found: list[PersonRecord]) -> None:
        if len(found) == 1:
            self.found.emit(found[0])
        elif not found:
            self.unknown.emit()
        else:
            self._person.scan.setText(text)
            self._person.offer_scanned(found)

    def _look_up_scanned(self, text: str) -> None:
        scan = self._person.scan
        if _MEANS_PERSON.fullmatch(text):
            self._ask(text, lambda: scan.text() == text, self._person.offer_scanned)
        else:
            self._person.offer_scanned(())

    def _look_up_name(self, text: str) -> None:
        entry, name = self._entry(), self._person.name
        if entry is not None and entry.insured.record is None and text.strip():
            self._ask(text, lambda: name.text() == text and entry.insured.record is None, self._person.offer_persons)

    def _ask(
        self,
        text: str,
        is_wanted: Callable[[], bool],
        show: Callable[[list[PersonRecord]], object],
        wait_ms: int = _LETTER_MS,
    ) -> None:
        """Look a text up, and show what it finds as long as the same claim is in hand and that is wanted."""
        entry = self._entry()
        if entry is None:
            return

        def take(found: list[PersonRecord]) -> None:
            if self._entry() is entry and is_wanted():
                show(found)

        self._reading.ask(lambda: entry.find_persons(text), take, self.failed.emit, lambda: self.busy.emit(False))
        self._reading.wait_a_moment(wait_ms)

    def forget(self) -> None:
        """Whoever is being looked for is not wanted any more."""
        self._reading.forget()
        self.busy.emit(False)
