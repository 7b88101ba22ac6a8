"""What a check of a ledger finds: values, and the sentence of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from clerk_app.ledger.records import Head
from clerk_app.wording import SENTENCES, _, filled

#: How many findings of one kind are kept; the others are counted.
MOST_OF_A_KIND = 100


class Depth(StrEnum):
    """How far a check goes."""

    #: The chain of the audit trail, numbers, sums and links: at every start.
    BOOKS = "books"
    #: Every sealed row and every page too: after the start, of every backup, and on request.
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written.

    Attributes:
        code: Which kind, a key of ``wording.SENTENCES``.
        details: What the sentence needs: a table and a key, a voucher's number, never a name or an ID number.
    """

    code: str
    details: Mapping[str, object]

    @property
    def sentence(self) -> str:
        """What is wrong, in the user's language."""
        return filled(_(SENTENCES[self.code]), self.details)


@dataclass(slots=True)
class Findings:
    """Collects findings, a bounded number of each kind: a wrong key makes one of every row."""

    kept: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, code: str, **details: object) -> None:
        """Keep a finding, or count it where there are many of its kind already."""
        count = self.counts.get(code, 0)
        self.counts[code] = count + 1
        if count < MOST_OF_A_KIND:
            self.kept.append(Finding(code, details))

    def left_out(self) -> Iterator[Finding]:
        """For each kind with more than are kept, how many more."""
        for code, count in self.counts.items():
            if count > MOST_OF_A_KIND:
                yield Finding("verify_more", {"count": count - MOST_OF_A_KIND, "kind": code})


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, and what was found.

    Attributes:
        head: The end of the audit trail as read.
        founding_code: The code of the trail's first row, by which a ledger is told from another office's.
        counted: How many rows of each kind were read.
        findings: Empty for a sound ledger.
    """

    depth: Depth
    head: Head
    founding_code: str
    counted: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings
