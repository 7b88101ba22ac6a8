"""Papers about no voucher: what was handed in and is missing, a person's year, a month. Imported after the first paint.

Each is shown first, then counted and printed; its number of prints stands on it, as on a voucher.
"""

from __future__ import annotations

import abc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from clerk_app.codes import Action, Material
from clerk_app.counter.calendar_month import Month
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft_text import draft_of
from clerk_app.counter.paper_folder import keep_papers
from clerk_app.counter.paper_office import paper_office
from clerk_app.documents.claim_notices import (
    Acceptance,
    MissingMaterial,
    acceptance_receipt_bytes,
    one_time_notice_bytes,
)
from clerk_app.documents.claim_notices import Material as HandedIn
from clerk_app.documents.lists import month_ledger_bytes, payment_list_bytes
from clerk_app.documents.year_card_paper import year_card_bytes
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress, whole_file
from clerk_app.ledger.records import ClaimLine, Head, PaymentList, Settlement
from clerk_app.ledger.year_card import YearCard
from clerk_app.policy.working_days import time_limits, working_days
from clerk_app.wording import N_, _


class CountedPaper(abc.ABC):
    """One paper that can be seen, saved and printed.

    Attributes:
        kind: How the audit trail names it.
        term: How a window does.
        number: What it is about.
    """

    kind: str
    term: str

    def __init__(self, desk: Desk, number: str) -> None:
        self.desk = desk
        self.number = number

    @abc.abstractmethod
    def pdf(self, reprint: int = 0) -> bytes:
        """The paper, as often printed before as is said."""

    def drawn(self, progress: Progress) -> bytes:
        """The paper for the screen; one that takes long says how far it is.

        Raises:
            Cancelled: As asked.
        """
        progress.step(0, 1)
        return self.pdf()

    @property
    def words(self) -> str:
        """What it is called."""
        return _(self.term)

    @property
    def file_name(self) -> str:
        """A name that holds no name of a person."""
        return self._file_name(0)

    def _file_name(self, reprint: int) -> str:
        again = f"-补打{reprint}" if reprint else ""
        return f"{self.words}-{self.number}{again}.pdf"

    def counted_for_print(self) -> tuple[bytes, int]:
        """The paper for the printer, and which print it is; what cannot be made is not counted.

        Raises:
            ClerkError: ``not_allowed``, and as ``pdf``.
        """
        self.pdf()
        reprint = self.desk.ledger.record_paper(self.kind, self.number)
        return self.pdf(reprint), reprint

    def keep(self, pdf: bytes, reprint: int) -> Path | None:
        """Put what was printed into the office's folder for papers, by the month of the print; None without one.

        Raises:
            ClerkError: ``folder_not_made``, ``file_not_written``.
        """
        return keep_papers(self.desk, self.desk.today(), {self._file_name(reprint): pdf})

    def save(self, target: Path) -> None:
        """Write it to a file, whole or not at all; a file is no print and is not counted.

        Raises:
            ClerkError: ``not_allowed``, ``file_not_written``.
        """
        self.desk.require(Action.PRINT)
        content = self.pdf()
        with whole_file(target) as draft:
            draft.write_bytes(content)


class AcceptancePaper(CountedPaper):
    """受理回执 of a claim that waits."""

    kind, term = "acceptance", N_("受理回执")

    def __init__(self, desk: Desk, line: ClaimLine, due_on: date | None = None) -> None:
        """Read what was handed in.

        Args:
            due_on: By when the office has to be done, where somebody knows better than its time limits.

        Raises:
            ClerkError: ``claim_unknown``, ``claim_leased``, ``claim_ended``, ``draft_unreadable``.
            FileProblems: What is wrong in the office's working days and time limits.
        """
        super().__init__(desk, line.acceptance_number)
        acceptance, self._missing = _handed_in(desk, line, due_on)
        self._acceptance = acceptance if due_on else _with_time_limit(desk, acceptance)

    def pdf(self, reprint: int = 0) -> bytes:
        """The receipt."""
        return acceptance_receipt_bytes(self._acceptance, office=paper_office(self.desk), reprint=reprint)


class OneTimePaper(CountedPaper):
    """一次性告知书 of a claim from which something is missing."""

    kind, term = "one-time", N_("一次性告知书")

    def __init__(self, desk: Desk, line: ClaimLine, until: date | None = None) -> None:
        """Read what is missing.

        Args:
            until: By when it has to be brought, where somebody knows better than the office's time limits.

        Raises:
            ClerkError: ``nothing_missing``, and as for a receipt.
        """
        super().__init__(desk, line.acceptance_number)
        self._acceptance, self._missing = _handed_in(desk, line, None)
        self._until, self._working_days = (until, None) if until else _until(desk, self._acceptance)
        if not self._missing:
            raise ClerkError("nothing_missing", acceptance=line.acceptance_number)

    def pdf(self, reprint: int = 0) -> bytes:
        """The notice."""
        return one_time_notice_bytes(
            self._acceptance,
            self._missing,
            until=self._until,
            working_days=self._working_days,
            office=paper_office(self.desk),
            reprint=reprint,
        )


class YearCardPaper(CountedPaper):
    """年度卡 of a person."""

    kind, term = "year-card", N_("年度卡")

    def __init__(self, desk: Desk, card: YearCard) -> None:
        super().__init__(desk, f"{card.year}-{card.record.person_id}")
        self._card = card

    def pdf(self, reprint: int = 0) -> bytes:
        """The card."""
        return year_card_bytes(
            self._card,
            office=paper_office(self.desk),
            made_at=self.desk.now().replace(microsecond=0, tzinfo=None),
            made_by=self.desk.user.name,
            head=_head(self.desk),
            reprint=reprint,
        )


class PaymentListPaper(CountedPaper):
    """支付清单 of a list for the bank, with what it answered so far."""

    kind, term = "payment-list", N_("支付清单")

    def __init__(self, desk: Desk, listed: PaymentList) -> None:
        super().__init__(desk, listed.list_number)
        self._listed = listed

    def pdf(self, reprint: int = 0) -> bytes:
        """The list with whole account numbers, for finance and the file."""
        return payment_list_bytes(self._listed, office=paper_office(self.desk), head=_head(self.desk), reprint=reprint)


class MonthPaper(CountedPaper):
    """月台账 of a month."""

    kind, term = "month", N_("月台账")

    def __init__(self, desk: Desk, month: Month) -> None:
        super().__init__(desk, str(month))
        self._month = month

    def pdf(self, reprint: int = 0) -> bytes:
        """The list as it is by now."""
        return self._made(reprint, Progress())

    def drawn(self, progress: Progress) -> bytes:
        """The list, record by record."""
        return self._made(0, progress)

    def _made(self, reprint: int, progress: Progress) -> bytes:
        month = self._month
        total = self.desk.ledger.month_count(month.year, month.number)
        records = _stepping(self.desk.ledger.settlements_of_month(month.year, month.number), total, progress)
        return month_ledger_bytes(
            records,
            self._month.first_day,
            office=paper_office(self.desk),
            made_by=self.desk.user.name,
            head=_head(self.desk),
            reprint=reprint,
        )


def _stepping(records: Iterable[Settlement], total: int, progress: Progress) -> Iterator[Settlement]:
    for done, record in enumerate(records):
        progress.step(done, total)
        yield record


def _head(desk: Desk) -> Head:
    return desk.ledger.head()


def _with_time_limit(desk: Desk, acceptance: Acceptance) -> Acceptance:
    """By when the office is done by its own time limits, as far as the calendar is known."""
    limits = time_limits(desk.folder)
    if limits is None:
        return acceptance
    days = limits.of(sum(material.total_fen or 0 for material in acceptance.materials))
    due_on = working_days(desk.folder).after(acceptance.accepted_at.date(), days)
    return replace(acceptance, due_on=due_on, working_days=days)


def _until(desk: Desk, acceptance: Acceptance) -> tuple[date | None, int | None]:
    """By when missing papers are to be brought, counted from the acceptance so that a reprint says the same."""
    limits = time_limits(desk.folder)
    if limits is None or limits.completing_days is None:
        return None, None
    days = limits.completing_days
    return working_days(desk.folder).after(acceptance.accepted_at.date(), days), days


def _handed_in(desk: Desk, line: ClaimLine, due_on: date | None) -> tuple[Acceptance, Sequence[MissingMaterial]]:
    # Whoever handed it in may have its receipt printed while somebody checks it, so it is looked at, not taken up.
    content = desk.ledger.open_claim(line.act_key).content
    # What is open in this clerk's own form stays in hand.
    if line.lease_login != desk.user.login:
        desk.ledger.let_claim_go(line.act_key)
    draft = draft_of(content)
    preview = ClaimEntry(desk, draft).preview()
    receipts = [receipt for receipt in preview.reading.receipts if receipt is not None]
    person = draft.person
    area_name = dict(desk.areas()).get(person.area_code, person.area_code)
    materials = []
    for material in Material:
        if material in draft.materials:
            is_receipt = material is Material.RECEIPT
            count = len(receipts) if is_receipt else None
            total_fen = sum(receipt.total_fen for receipt in receipts) if is_receipt else None
            materials.append(HandedIn(material.term, count, total_fen=total_fen))
    claim = preview.claim
    required = claim.missing_materials if claim else ()
    advised = claim.advised_materials if claim else ()
    missing = [MissingMaterial(each.term, "统筹区文件要求提供") for each in required]
    missing += [MissingMaterial(each.term, "通常需要提供；确实没有的，请说明原因") for each in advised]
    acceptance = Acceptance(
        line.acceptance_number,
        line.entered_at,
        person.name.strip(),
        person.id_number.strip(),
        area_name,
        line.entered_name,
        tuple(materials),
        due_on,
    )
    return acceptance, missing
