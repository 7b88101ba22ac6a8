"""Rows from values and values from rows; no database row leaves the package."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import Row

from clerk_app.codes import Benefit, Decision, FilingCategory, InstitutionKind, Insurance, Reason, Status, Term, Tier
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import SettledReceipt
from clerk_app.receipts.claim import Fee, Institution, Receipt, normalised
from clerk_app.receipts.insured import Condition, Entitlement, Filing, Period, Person, Stay

#: Columns of ``receipts`` that a reversal carries with the other sign; they have the fields' names.
_PAPER_AMOUNTS = ("total_fen", "self_funded_fen", "over_limit_fen", "paid_first_fen")
_DECIDED_AMOUNTS = ("in_scope_fen", "deductible_fen", "share_fen", "fund_fen", "over_cap_fen", "person_fen")
#: Columns of ``receipts`` that are fields of a ``SettledReceipt`` as they are.
_DECIDED_FACTS = (
    *("deductible_standard_fen", "deductible_used_before_fen", "ratio_bp", "cap_fen", "fund_used_before_fen"),
    *("deductible_pool", "summary", "policy_document", "policy_from", "policy_hash", "if_networked_fen"),
)
#: Columns of ``receipts`` that are fields of a ``Receipt`` as they are.
_PAPER_FACTS = (
    *("number", "bill_code", "bill_key", "visited_on", "visited_at", "disease", "diagnosis", "visit_label"),
    *("printed_fund_fen", "settled_by_network", "exclusion", "dual_channel"),
)
_DECIDED = (*_DECIDED_AMOUNTS, *_DECIDED_FACTS)
_paper_facts, _paper_amounts, _decided = attrgetter(*_PAPER_FACTS), attrgetter(*_PAPER_AMOUNTS), attrgetter(*_DECIDED)
_PERSON_FACTS = ("name", "id_number", "certificate_type", "sex", "born_on", "phone", "employer")


_Member = TypeVar("_Member", bound=Term)

#: Values that a statement takes at once.
_AT_ONCE = 500


def in_pieces(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """Numbers of rows, no more of them together than a statement takes."""
    for start in range(0, len(numbers), _AT_ONCE):
        yield numbers[start : start + _AT_ONCE]


class OutOfOrderError(ClerkError):
    """Rows came in another order than that of their numbers, as from a page that lies where another one belongs."""

    def __init__(self) -> None:
        super().__init__("rows_out_of_order")


def further(before: int, reached: int) -> int:
    """How far a walk by numbers has come. One that came back to where it was would go on for ever.

    Args:
        before: How far it had come.

    Raises:
        OutOfOrderError: It is no further.
    """
    if reached <= before:
        raise OutOfOrderError
    return reached


def member(kind: type[_Member], value: str) -> _Member:
    """The member with a stored value."""
    return kind(value)  # type: ignore[call-arg]  # mypy takes the making of members for their look-up


#: Made once: making an encoder takes longer than what it encodes here.
_encode = json.JSONEncoder(ensure_ascii=False).encode


def words(texts: Iterable[str]) -> str:
    """A list of texts as one column."""
    return f"[{', '.join([encode_basestring(text) for text in texts])}]"


def words_from(column: str) -> tuple[str, ...]:
    """The texts that ``words`` wrote."""
    return tuple(json.loads(column))


def person_row(person: Person) -> dict[str, object]:
    """The person's columns, of ``persons`` and of a settlement's copy alike."""
    row: dict[str, object] = {name: getattr(person, name) for name in _PERSON_FACTS}
    row["id_key"] = normalised(person.id_number)
    return row


def person_from(row: Row[Any]) -> Person:
    """The person that ``person_row`` wrote."""
    return Person(**{name: getattr(row, name) for name in _PERSON_FACTS})


def receipt_row(settled: SettledReceipt, sign: int) -> dict[str, object]:
    """The columns of one receipt.

    Args:
        sign: What the paper's amounts count in the record. The decided ones carry their signs already.
    """
    receipt = settled.receipt
    institution = receipt.institution
    number_key = normalised(receipt.number)
    return {
        **dict(zip(_PAPER_FACTS, _paper_facts(receipt), strict=True)),
        **{name: sign * fen for name, fen in zip(_PAPER_AMOUNTS, _paper_amounts(receipt), strict=True)},
        **dict(zip(_DECIDED, _decided(settled), strict=True)),
        "number_key": number_key,
        "number_reversed": number_key[::-1],
        "institution_name": institution.name,
        "institution_code": institution.code,
        "institution_tier": None if institution.tier is None else int(institution.tier),
        "institution_kind": institution.kind.value,
        "institution_area_code": institution.area_code,
        "networked": institution.networked,
        "designated": institution.designated,
        "benefit": receipt.benefit.value,
        "fees": _encode(receipt.fees) if receipt.fees else "[]",
        "decision": settled.decision.value,
        "reasons": words(reason.value for reason in settled.reasons),
        "status": Status.from_term(settled.status_term).value,
        "cap_pools": words(settled.cap_pools),
        "explanation": words(settled.explanation),
        "citations": words(settled.citations),
    }


def receipt_from(row: Row[Any], sign: int) -> Receipt:
    """The paper as it was handed in: its amounts are positive in a reversal too."""
    facts = {name: getattr(row, name) for name in _PAPER_FACTS if name != "bill_key"}
    facts |= {name: sign * getattr(row, name) for name in _PAPER_AMOUNTS}
    return Receipt(
        institution=Institution(
            row.institution_name,
            row.institution_code,
            None if row.institution_tier is None else Tier(row.institution_tier),
            member(InstitutionKind, row.institution_kind),
            row.networked,
            row.designated,
            row.institution_area_code,
        ),
        benefit=member(Benefit, row.benefit),
        fees=tuple(Fee(*each) for each in json.loads(row.fees)),
        **facts,
    )


def settled_receipt_from(row: Row[Any], paper: Receipt) -> SettledReceipt:
    """The decision that ``receipt_row`` wrote, on its paper."""
    return SettledReceipt(
        receipt=paper,
        decision=member(Decision, row.decision),
        reasons=tuple(Reason(reason) for reason in words_from(row.reasons)),
        status_term=member(Status, row.status).term,
        cap_pools=words_from(row.cap_pools),
        explanation=words_from(row.explanation),
        citations=words_from(row.citations),
        **{name: getattr(row, name) for name in _DECIDED},
    )


def entitlement_text(entitlement: Entitlement) -> str:
    """What entitled to benefits on the day of a settlement, as one column."""
    registered_on = entitlement.retirement_registered_on
    return _encode(
        {
            "insurance": entitlement.insurance.value,
            "status": entitlement.status.value,
            "retirement_registered_on": _iso(registered_on),
            "coverage": None if entitlement.coverage is None else [_span(period) for period in entitlement.coverage],
            "filings": None
            if entitlement.filings is None
            else [[filing.category.value, *_span(filing.period)] for filing in entitlement.filings],
            "stays": [[_iso(stay.admitted_on), _iso(stay.discharged_on)] for stay in entitlement.stays],
            "conditions": [
                [condition.disease, condition.benefit.value, *_span(condition.period)]
                for condition in entitlement.conditions
            ],
        }
    )


def entitlement_from(column: str) -> Entitlement:
    """The entitlement that ``entitlement_text`` wrote."""
    facts: dict[str, Any] = json.loads(column)
    coverage, filings = facts["coverage"], facts["filings"]
    return Entitlement(
        insurance=member(Insurance, facts["insurance"]),
        status=member(Status, facts["status"]),
        retirement_registered_on=_day(facts["retirement_registered_on"]),
        coverage=None if coverage is None else tuple(_period(*span) for span in coverage),
        filings=None
        if filings is None
        else tuple(Filing(member(FilingCategory, category), _period(*span)) for category, *span in filings),
        stays=tuple(Stay(date.fromisoformat(first), _day(last)) for first, last in facts["stays"]),
        conditions=tuple(
            Condition(disease, member(Benefit, benefit), _period(*span))
            for disease, benefit, *span in facts["conditions"]
        ),
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _span(period: Period) -> list[str | None]:
    return [_iso(period.starts_on), _iso(period.ends_on)]


def _period(starts_on: str, ends_on: str | None) -> Period:
    return Period(date.fromisoformat(starts_on), _day(ends_on))
