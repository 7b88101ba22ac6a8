"""Institutions and diseases that the office has met, found by their first letters, a part of the name or the code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import ReceiptDraft
from clerk_app.ledger.pinyin import letters_of
from clerk_app.receipts.claim import Institution, normalised

#: What a list under a field shows.
MOST_OFFERED = 8


class KnownPlaces:
    """What is offered under the fields for institution and disease; newest first.

    It is read from the ledger once and kept: thousands of names are nothing to hold, and a key waits for no database.
    """

    def __init__(self) -> None:
        self.institutions: list[Institution] = []
        self.diseases: list[str] = []

    def read(self, desk: Desk) -> None:
        """Read what the office has met; it takes tens of milliseconds where there are thousands.

        Raises:
            ClerkError: What the ledger objects to; what was known stays.
        """
        self.use(desk.ledger.institutions_met(), desk.ledger.diseases_met())

    def use(self, institutions: Sequence[Institution], diseases: Sequence[str]) -> None:
        """Know these; what was met since this was asked for stays in front."""
        met_since = [place for place in self.institutions if place not in institutions]
        self.institutions = [*met_since, *institutions]
        self.diseases = list(dict.fromkeys((*self.diseases, *diseases)))

    def met(self, institutions: Iterable[Institution]) -> None:
        """Put institutions in front: a claim has just been settled with them."""
        for institution in institutions:
            if institution.name.strip():
                others = [known for known in self.institutions if known.name != institution.name]
                self.institutions = [institution, *others]

    def find_institutions(self, text: str, most: int = MOST_OFFERED) -> list[Institution]:
        """Institutions that a text may mean; for none the latest ones."""
        if not text.strip():
            return self.institutions[:most]
        found = (place for place in self.institutions if means(text, place.name, place.code))
        return list(islice(found, most))

    def find_diseases(self, text: str, first: Sequence[str] = (), most: int = MOST_OFFERED) -> list[str]:
        """Diseases that a text may mean, those of the person in front."""
        every = dict.fromkeys((*first, *self.diseases))
        found = (disease for disease in every if not text.strip() or means(text, disease, disease))
        return list(islice(found, most))


def means(text: str, name: str, code: str = "") -> bool:
    """Whether a text may mean a name: its first letters in pinyin from any character on, a part of it, or its code.

    A code is found by its beginning, with or without the letter that it begins with.
    """
    wanted = normalised(text)
    if not wanted:
        return False
    if wanted in normalised(name):
        return True
    if code and (code.startswith(wanted) or code[1:].startswith(wanted)):
        return True
    return wanted.isascii() and wanted.isalpha() and _has_letters(name, wanted.lower())


def _has_letters(name: str, wanted: str) -> bool:
    letters = letters_of(name)
    return any(
        all(letter in letters[start + place] for place, letter in enumerate(wanted))
        for start in range(len(letters) - len(wanted) + 1)
    )


def fill_in(receipt: ReceiptDraft, institution: Institution) -> None:
    """Write an institution into a line as it was last, all of which the clerk may change; Enter passes over it."""
    texts: dict[str, str | bool] = {
        "hospital": institution.name,
        "hospital_code": institution.code,
        "tier": institution.tier.term if institution.tier is not None else "",
        "kind": institution.kind.term,
        "networked": institution.networked,
        "designated": institution.designated,
    }
    for name, value in texts.items():
        setattr(receipt, name, value)
        # What is not known is still to be typed.
        if value != "":
            receipt.copied.add(name)
        else:
            receipt.copied.discard(name)
