"""What would change a decision: the same claim decided again under one supposition at a time, saving nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from clerk_app.adjudication.adjudication import ClaimAdjudication
from clerk_app.adjudication.engine import adjudicate_claim
from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.codes import Benefit, Decision, FilingCategory, Material, Reason, Tier
from clerk_app.errors import PolicyGap
from clerk_app.policy.version import Policy
from clerk_app.receipts.claim import Claim, Receipt
from clerk_app.receipts.insured import Condition, Entitlement, Filing, Period
from clerk_app.wording import N_, _, filled


class Supposition(StrEnum):
    """What is supposed, one thing at a time."""

    FILED = "filed"
    PAPERS_COMPLETE = "papers_complete"
    EMERGENCY = "emergency"
    REGISTERED = "registered"
    NETWORKED_INSTITUTION = "networked_institution"
    OTHER_TIER = "other_tier"


_WORDS = {
    Supposition.FILED: N_("若补办异地就医备案"),
    Supposition.PAPERS_COMPLETE: N_("若补齐所缺材料"),
    Supposition.EMERGENCY: N_("若认定为急诊抢救"),
    Supposition.REGISTERED: N_("若已登记门诊慢特病病种"),
    Supposition.NETWORKED_INSTITUTION: N_("若就诊机构已开通跨省联网结算"),
    Supposition.OTHER_TIER: N_("若医疗机构为{tier}"),
}


@dataclass(frozen=True, slots=True)
class Alternative:
    """One supposition and what it would give.

    Attributes:
        tier: With ``OTHER_TIER``, the tier supposed for every institution.
        decided: The claim as it would be decided.
        gain_fen: What the fund would pay more, negative for less.
    """

    supposition: Supposition
    decided: ClaimAdjudication
    gain_fen: int
    tier: Tier | None = None

    def words(self) -> str:
        """The supposition in words."""
        return filled(_(_WORDS[self.supposition]), {"tier": self.tier.term if self.tier is not None else ""})


def alternatives(
    decided: ClaimAdjudication,
    entitlement: Entitlement,
    policy: Policy,
    used: YearToDate,
    taken: Mapping[str, str],
) -> tuple[Alternative, ...]:
    """Every supposition that would change the conclusion or the amount of a claim.

    Args:
        decided: The claim as it stands, decided with the same four arguments that follow.
    """
    found: list[Alternative] = []
    for supposition, tier, claim, supposed in _suppositions(decided, entitlement):
        try:
            other = adjudicate_claim(claim, supposed, policy, used, taken)
        except PolicyGap:
            continue  # The document has no figures for what is supposed, so it would change nothing.
        gain_fen = other.fund_fen - decided.fund_fen
        if gain_fen or other.decision is not decided.decision or other.reasons != decided.reasons:
            found.append(Alternative(supposition, other, gain_fen, tier))
    return tuple(found)


def _suppositions(
    decided: ClaimAdjudication, entitlement: Entitlement
) -> Iterator[tuple[Supposition, Tier | None, Claim, Entitlement]]:
    claim = decided.claim
    if any(_lacks_filing(decided, entitlement)):
        yield Supposition.FILED, None, claim, _filed(claim, entitlement)
    if Reason.MISSING_DOCUMENT in decided.reasons:
        yield Supposition.PAPERS_COMPLETE, None, replace(claim, materials=frozenset(Material)), entitlement
    if any(receipt.benefit is Benefit.ORDINARY for receipt in claim.receipts):
        yield Supposition.EMERGENCY, None, _each(claim, _as_emergency), entitlement
    if Reason.CONDITION_NOT_REGISTERED in decided.reasons:
        yield Supposition.REGISTERED, None, claim, _registered(decided, entitlement)
    if Reason.INSTITUTION_NOT_NETWORKED in decided.reasons:
        yield Supposition.NETWORKED_INSTITUTION, None, _each(claim, _as_networked), entitlement
    if decided.decision is not Decision.REFUSE:
        for tier in (Tier.ONE, Tier.TWO, Tier.THREE):
            if any(_counts_as_other(receipt, tier) for receipt in claim.receipts):
                yield Supposition.OTHER_TIER, tier, _each(claim, _at_tier(tier)), entitlement


def _lacks_filing(decided: ClaimAdjudication, entitlement: Entitlement) -> Iterator[bool]:
    for adjudication in decided.receipts:
        version = adjudication.version
        if version is not None and entitlement.filings is not None:
            yield entitlement.filing_on(adjudication.receipt.visited_on, version.filing.categories) is None


def _filed(claim: Claim, entitlement: Entitlement) -> Entitlement:
    """Filed in every category on every visit date, whichever the area counts."""
    days = [receipt.visited_on for receipt in claim.receipts]
    period = Period(min(days), max(days))
    made_up = tuple(Filing(category, period) for category in FilingCategory)
    return replace(entitlement, filings=(*(entitlement.filings or ()), *made_up))


def _registered(decided: ClaimAdjudication, entitlement: Entitlement) -> Entitlement:
    """The condition registered that each refused receipt relies on, on its visit date."""
    conditions = tuple(
        Condition(adjudication.receipt.disease, adjudication.benefit, _one_day(adjudication.receipt))
        for adjudication in decided.receipts
        if Reason.CONDITION_NOT_REGISTERED in (finding.reason for finding in adjudication.findings)
    )
    return replace(entitlement, conditions=(*entitlement.conditions, *conditions))


def _one_day(receipt: Receipt) -> Period:
    return Period(receipt.visited_on, receipt.visited_on)


def _each(claim: Claim, change: Callable[[Receipt], Receipt]) -> Claim:
    return replace(claim, receipts=tuple(change(receipt) for receipt in claim.receipts))


def _as_emergency(receipt: Receipt) -> Receipt:
    return replace(receipt, benefit=Benefit.EMERGENCY) if receipt.benefit is Benefit.ORDINARY else receipt


def _as_networked(receipt: Receipt) -> Receipt:
    return replace(receipt, institution=replace(receipt.institution, networked=True))


def _at_tier(tier: Tier) -> Callable[[Receipt], Receipt]:
    return lambda receipt: replace(receipt, institution=replace(receipt.institution, tier=tier))


def _counts_as_other(receipt: Receipt, tier: Tier) -> bool:
    own = receipt.institution.tier
    return own is None or own.counts_as is not tier
