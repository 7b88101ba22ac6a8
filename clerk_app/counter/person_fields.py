"""The fields of a draft that belong to a person: filled from the register, completed from it, and cleared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from clerk_app.codes import Benefit, Insurance, Status
from clerk_app.counter.draft import ClaimDraft, ConditionDraft, FilingDraft, PersonDraft, PriorDraft, StayDraft
from clerk_app.counter.typed import half_width
from clerk_app.ledger.records import PersonRecord, PriorBenefit
from clerk_app.money import format_yuan


def fill(draft: ClaimDraft, record: PersonRecord, priors: Iterable[PriorBenefit], today: date) -> None:
    """Put in what the register has of a person.

    Args:
        priors: The platform's figures that the form shows.
    """
    entitlement, person = record.entitlement, record.person
    draft.person = PersonDraft(
        id_number=person.id_number,
        name=person.name,
        certificate_type=person.certificate_type,
        phone=person.phone,
        area_code=record.area_code,
        insurance=entitlement.insurance,
        status=entitlement.status,
        retirement=_day_text(entitlement.retirement_registered_on),
    )
    if entitlement.retirement_registered_on is not None:
        draft.person.status = Status.RETIRED
    draft.filings = [
        FilingDraft(filing.category, _day_text(filing.period.starts_on), _day_text(filing.period.ends_on))
        for filing in entitlement.filings or ()
    ] or [FilingDraft()]
    draft.conditions = [
        ConditionDraft(entry.disease, entry.benefit, _day_text(entry.period.starts_on), _day_text(entry.period.ends_on))
        for entry in entitlement.conditions
    ]
    draft.stays = [StayDraft(_day_text(stay.admitted_on), _day_text(stay.discharged_on)) for stay in entitlement.stays]
    draft.priors = _typed(priors) or [blank_prior(today)]


def complete(draft: ClaimDraft, priors: Iterable[PriorBenefit]) -> None:
    """Add what the register has of the platform's figures and a draft that was typed before has not.

    Left out, it would be taken for struck out, and be recorded as nothing.

    Args:
        priors: The platform's figures that the form shows.
    """
    known = {_year_and_benefit(prior) for prior in draft.priors if not prior.is_blank}
    added = [prior for prior in _typed(priors) if _year_and_benefit(prior) not in known]
    instead = {_year_and_benefit(prior) for prior in added}
    draft.priors = [prior for prior in draft.priors if _year_and_benefit(prior) not in instead] + added


def clear(draft: ClaimDraft, today: date) -> None:
    """Another number was typed: nothing of the person known before may stay behind."""
    draft.person = PersonDraft(
        id_number=draft.person.id_number,
        certificate_type=draft.person.certificate_type,
        area_code=draft.person.area_code,
        insurance=Insurance.EMPLOYEE,
    )
    draft.filings = [FilingDraft()]
    draft.conditions = []
    draft.stays = []
    draft.priors = [blank_prior(today)]


def blank_prior(today: date) -> PriorDraft:
    """A line for the platform's figures of this year."""
    return PriorDraft(year=str(today.year), benefit=Benefit.ORDINARY, as_of=today.isoformat())


def _typed(priors: Iterable[PriorBenefit]) -> list[PriorDraft]:
    return [
        PriorDraft(
            str(prior.year),
            prior.benefit,
            format_yuan(prior.deductible_fen, separators=True),
            format_yuan(prior.fund_fen, separators=True),
            _day_text(prior.as_of),
        )
        for prior in priors
    ]


def _year_and_benefit(prior: PriorDraft) -> tuple[str, Benefit]:
    """Whose line of the platform's figures it is."""
    return half_width(prior.year), prior.benefit


def _day_text(day: date | None) -> str:
    return day.isoformat() if day else ""
