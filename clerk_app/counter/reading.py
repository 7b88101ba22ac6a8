"""Read a draft: the values that its texts mean, what is wrong with it, and what it still lacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time
from typing import NamedTuple, TypeVar

from clerk_app.codes import Benefit, Insurance, Status
from clerk_app.counter.draft import ClaimDraft, ConditionDraft, FilingDraft, PriorDraft, ReceiptDraft, StayDraft
from clerk_app.counter.fee_lines import disagreements, lines_of, sums_of
from clerk_app.counter.typed import (
    parse_amount,
    parse_benefit,
    parse_day,
    parse_kind,
    parse_moment,
    parse_tier,
)
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Payee, PriorBenefit
from clerk_app.receipts.claim import Institution, Receipt, normalised
from clerk_app.receipts.id_card import IdCard, parse_id_card
from clerk_app.receipts.institution_code import parse_institution_code
from clerk_app.receipts.insured import Condition, Entitlement, Filing, Period, Person, Stay
from clerk_app.wording import N_, _, listed, sentence

_Value = TypeVar("_Value")


class Place(NamedTuple):
    """A field of the form.

    Attributes:
        section: ``claim``, ``person``, ``payee``, ``filing``, ``prior``, ``condition``, ``stay``, ``receipt`` or
            ``review``.
        row: Counted from 0; 0 where the section has one line.
        field: The draft's own name of the field.
    """

    section: str
    row: int
    field: str


#: The field of a receipt that says why it is not the bill that it looks like; no column of the grid.
NOT_DUPLICATE = "not_duplicate"


class Problem(NamedTuple):
    """What is wrong at a place, in words that say what to do."""

    place: Place
    sentence: str


@dataclass(slots=True)
class Reading:
    """What a draft means.

    Attributes:
        problems: What was typed and cannot stand.
        missing: What is still empty and bars the settlement.
        receipts: For each line its receipt; None while it is blank, incomplete or wrong.
        payee: The account that was typed; None while none is, or it is not whole.
        waiting: Line → why it is not computed yet; blank lines are not named.
    """

    handed_in_on: date | None = None
    id_card: IdCard | None = None
    person: Person | None = None
    entitlement: Entitlement | None = None
    priors: list[PriorBenefit] = field(default_factory=list)
    receipts: list[Receipt | None] = field(default_factory=list)
    payee: Payee | None = None
    waiting: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    missing: list[Problem] = field(default_factory=list)

    def attempt(self, place: Place, read: Callable[[], _Value]) -> _Value | None:
        """The value, or None and a problem at the place."""
        try:
            return read()
        except ClerkError as error:
            self.problems.append(Problem(place, sentence(error)))
            return None

    def lacks(self, place: Place, words: str) -> None:
        """Something is still empty."""
        self.missing.append(Problem(place, words))


#: What a line has to show before it is computed, with its name on the form.
_NEEDED = {"number": N_("票据号码"), "visited_on": N_("就诊日期"), "total": N_("总额")}


def read_draft(draft: ClaimDraft, today: date, coverage: tuple[Period, ...] | None = None) -> Reading:
    """Read everything that is typed.

    Args:
        coverage: The known person's spans of cover, which this form does not show.
    """
    reading = Reading()
    _read_claim(reading, draft, today)
    _read_person(reading, draft, today)
    _read_entitlement(reading, draft, today, coverage)
    for row, prior in enumerate(draft.priors):
        _read_prior(reading, row, prior, today)
    last_day = min(today, reading.handed_in_on or today)
    for row, receipt in enumerate(draft.receipts):
        reading.receipts.append(None if receipt.is_blank else _read_receipt(reading, row, receipt, last_day))
    if all(receipt.is_blank for receipt in draft.receipts):
        reading.lacks(Place("receipt", 0, "number"), _("至少要有一张票据才能结算。"))
    return reading


def _read_claim(reading: Reading, draft: ClaimDraft, today: date) -> None:
    place = Place("claim", 0, "handed_in_on")
    if not draft.handed_in_on.strip():
        reading.lacks(place, _("请填写受理日期。"))
        return
    day = reading.attempt(place, lambda: parse_day(draft.handed_in_on, today))
    if day is not None and day > today:
        reading.problems.append(Problem(place, _("受理日期晚于今天，请核对。")))
    elif day is not None:
        reading.handed_in_on = day


def _read_person(reading: Reading, draft: ClaimDraft, today: date) -> None:
    person = draft.person
    number = ""
    place = Place("person", 0, "id_number")
    if not person.id_number.strip():
        reading.lacks(place, _("请填写证件号码。"))
    elif person.certificate_type == "01":
        reading.id_card = reading.attempt(place, lambda: parse_id_card(person.id_number, today))
        number = reading.id_card.number if reading.id_card else ""
    else:
        number = normalised(person.id_number)
    if not person.name.strip():
        reading.lacks(Place("person", 0, "name"), _("请填写姓名。"))
    if not person.area_code:
        reading.lacks(Place("person", 0, "area_code"), _("请选择参保统筹区。"))
    if number and person.name.strip():
        card = reading.id_card
        reading.person = Person(
            name=person.name.strip(),
            id_number=number,
            certificate_type=person.certificate_type,
            sex=card.sex.value if card else "",
            born_on=card.born_on if card else None,
            phone=person.phone.strip(),
        )


def _read_entitlement(reading: Reading, draft: ClaimDraft, today: date, coverage: tuple[Period, ...] | None) -> None:
    person = draft.person
    is_resident = person.insurance is Insurance.RESIDENT
    retired_on: date | None = None
    if person.status is Status.RETIRED and person.retirement.strip():
        place = Place("person", 0, "retirement")
        retired_on = reading.attempt(place, lambda: parse_day(person.retirement, today))
    filings = [_read_filing(reading, row, filing, today) for row, filing in enumerate(draft.filings)]
    conditions = [_read_condition(reading, row, entry, today) for row, entry in enumerate(draft.conditions)]
    stays = [_read_stay(reading, row, entry, today) for row, entry in enumerate(draft.stays)]
    reading.entitlement = Entitlement(
        insurance=person.insurance,
        status=Status.RESIDENT if is_resident else _employee_status(person.status),
        retirement_registered_on=None if is_resident else retired_on,
        coverage=coverage,
        filings=tuple(filing for filing in filings if filing),
        stays=tuple(stay for stay in stays if stay),
        conditions=tuple(condition for condition in conditions if condition),
    )


def _employee_status(status: Status) -> Status:
    return Status.EMPLOYED if status is Status.RESIDENT else status


def _read_filing(reading: Reading, row: int, filing: FilingDraft, today: date) -> Filing | None:
    category = filing.category
    if category is None:
        return None
    period = _read_period(reading, "filing", row, filing.starts_on, filing.ends_on, today)
    return Filing(category, period) if period else None


def _read_condition(reading: Reading, row: int, entry: ConditionDraft, today: date) -> Condition | None:
    if not entry.disease.strip():
        return None
    period = _read_period(reading, "condition", row, entry.starts_on, entry.ends_on, today)
    return Condition(entry.disease.strip(), entry.benefit, period) if period else None


def _read_period(
    reading: Reading, section: str, row: int, starts_text: str, ends_text: str, today: date
) -> Period | None:
    start_place, end_place = Place(section, row, "starts_on"), Place(section, row, "ends_on")
    if not starts_text.strip():
        reading.lacks(start_place, _("请填写开始日期。"))
        return None
    starts_on = reading.attempt(start_place, lambda: parse_day(starts_text, today))
    ends_on = reading.attempt(end_place, lambda: parse_day(ends_text, today)) if ends_text.strip() else None
    if starts_on is None or (ends_text.strip() and ends_on is None):
        return None
    return reading.attempt(end_place, lambda: Period(starts_on, ends_on))


def _read_stay(reading: Reading, row: int, entry: StayDraft, today: date) -> Stay | None:
    if not entry.admitted_on.strip():
        return None
    discharge_place = Place("stay", row, "discharged_on")
    admitted_on = reading.attempt(Place("stay", row, "admitted_on"), lambda: parse_day(entry.admitted_on, today))
    discharged_on: date | None = None
    if entry.discharged_on.strip():
        discharged_on = reading.attempt(discharge_place, lambda: parse_day(entry.discharged_on, today))
    if admitted_on is None:
        return None
    return reading.attempt(discharge_place, lambda: Stay(admitted_on, discharged_on))


def _read_prior(reading: Reading, row: int, prior: PriorDraft, today: date) -> None:
    if prior.is_blank:
        return
    year_text = prior.year.strip()
    year_place = Place("prior", row, "year")
    if not (year_text.isascii() and year_text.isdigit() and len(year_text) == 4):
        reading.problems.append(Problem(year_place, _("年度请填四位数字，例如 2023。")))
        return
    deductible_fen = _read_part(reading, Place("prior", row, "deductible"), prior.deductible)
    fund_fen = _read_part(reading, Place("prior", row, "fund"), prior.fund)
    if not prior.as_of.strip():
        reading.lacks(Place("prior", row, "as_of"), _("请填写平台查询日期。"))
        return
    as_of = reading.attempt(Place("prior", row, "as_of"), lambda: parse_day(prior.as_of, today))
    if deductible_fen is not None and fund_fen is not None and as_of is not None:
        reading.priors.append(PriorBenefit(int(year_text), prior.benefit, deductible_fen, fund_fen, as_of))


def _read_part(reading: Reading, place: Place, text: str) -> int | None:
    """An amount that may be left out and is never negative."""
    if not text.strip():
        return 0
    fen = reading.attempt(place, lambda: parse_amount(text))
    if fen is not None and fen < 0:
        reading.problems.append(Problem(place, _("金额不能为负数，请核对。")))
        return None
    return fen


def _read_receipt(reading: Reading, row: int, draft: ReceiptDraft, last_day: date) -> Receipt | None:
    known_before = len(reading.problems)
    institution = _read_institution(reading, row, draft)
    benefit = reading.attempt(Place("receipt", row, "benefit"), lambda: parse_benefit(draft.benefit))
    parts = {
        name: _read_part(reading, Place("receipt", row, name), getattr(draft, name))
        for name in ("total", "self_funded", "over_limit", "paid_first", "printed_fund")
    }
    for name, words in disagreements(draft):
        reading.problems.append(Problem(Place("receipt", row, name), words))
    moment = _read_visit(reading, row, draft, last_day)
    lacking = [_(name) for key, name in _NEEDED.items() if not getattr(draft, key).strip()]
    for key, name in _NEEDED.items():
        if not getattr(draft, key).strip():
            reading.lacks(Place("receipt", row, key), _("第 {row} 行缺少{name}。").format(row=row + 1, name=_(name)))
    receipt: Receipt | None = None
    if not lacking and len(reading.problems) == known_before and moment and institution and benefit:
        receipt = reading.attempt(
            Place("receipt", row, "total"), lambda: _receipt(draft, moment, institution, benefit, parts)
        )
    if receipt is None:
        wrong = [problem.sentence for problem in reading.problems[known_before:]]
        reading.waiting[row] = wrong[0] if wrong else _("待填：{names}").format(names=listed(lacking))
    return receipt


def _receipt(
    draft: ReceiptDraft,
    moment: tuple[date, time | None],
    institution: Institution,
    benefit: Benefit,
    parts: dict[str, int | None],
) -> Receipt:
    return Receipt(
        number=draft.number.strip(),
        visited_on=moment[0],
        visited_at=moment[1],
        institution=institution,
        total_fen=parts["total"] or 0,
        bill_code=draft.bill_code.strip(),
        benefit=benefit,
        disease=draft.disease.strip(),
        self_funded_fen=parts["self_funded"] or 0,
        over_limit_fen=parts["over_limit"] or 0,
        paid_first_fen=parts["paid_first"] or 0,
        visit_label=draft.visit_label.strip(),
        printed_fund_fen=parts["printed_fund"] or 0,
        exclusion=draft.exclusion.strip(),
        fees=sums_of(draft.fees).by_category if lines_of(draft) else (),
    )


def _read_visit(reading: Reading, row: int, draft: ReceiptDraft, last_day: date) -> tuple[date, time | None] | None:
    if not draft.visited_on.strip():
        return None
    place = Place("receipt", row, "visited_on")
    moment = reading.attempt(place, lambda: parse_moment(draft.visited_on, last_day, is_past=True))
    if moment is not None and moment[0] > last_day:
        error = ClerkError(
            "visit_in_future", number=draft.number.strip() or row + 1, visited_on=moment[0], last_day=last_day
        )
        reading.problems.append(Problem(place, sentence(error)))
        return None
    return moment


def _read_institution(reading: Reading, row: int, draft: ReceiptDraft) -> Institution | None:
    before = len(reading.problems)
    code = reading.attempt(Place("receipt", row, "hospital_code"), lambda: parse_institution_code(draft.hospital_code))
    tier = reading.attempt(Place("receipt", row, "tier"), lambda: parse_tier(draft.tier))
    kind = reading.attempt(Place("receipt", row, "kind"), lambda: parse_kind(draft.kind))
    if len(reading.problems) > before or code is None or kind is None:
        return None
    return Institution(
        name=draft.hospital.strip(),
        code=code,
        tier=tier,
        kind=kind,
        networked=draft.networked,
        designated=draft.designated,
    )
