"""Whether a receipt is payable at all: refusals and reviews, each with its article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from clerk_app.adjudication.adjudication import Finding
from clerk_app.codes import Benefit, Decision, Material, Reason, Tier
from clerk_app.policy.version import (
    OpenTerms,
    Policy,
    PolicyVersion,
    Source,
    Terms,
    TierExpectation,
    UnfiledRule,
)
from clerk_app.receipts.claim import Claim, Receipt
from clerk_app.receipts.institution_code import area_prefix
from clerk_app.receipts.insured import Entitlement, Filing

_NO_CELLS: Mapping[tuple[Benefit, Tier | None], Terms | OpenTerms] = {}
_ONE_DAY = timedelta(days=1)


class DayFacts:
    """What holds for the insured person on a visit date, and on the days around it on which nothing changes.

    Attributes:
        first_day: With ``last_day`` the span for which all of this holds.
        version: The version in force, None before any.
        ordinary: The figures of ordinary care by tier, 0 to 3; None where the document leaves a hole.
        is_clear: Nothing about person or day can be objected to for ordinary care.
        required_materials: What the document asks for with ordinary care.
        unfiled_rule: Set when the person is not filed on the day.
    """

    __slots__ = (
        "cells",
        "day",
        "first_day",
        "is_clear",
        "last_day",
        "ordinary",
        "required_materials",
        "status",
        "unfiled_reduction_bp",
        "unfiled_rule",
        "version",
    )

    def __init__(self, day: date, entitlement: Entitlement, policy: Policy) -> None:
        version = policy.in_force_on(day)
        self.day = day
        self.version = version
        self.status = entitlement.status_on(day)
        self.cells = version.cells.get((entitlement.insurance, self.status), _NO_CELLS) if version else _NO_CELLS
        self.ordinary = tuple(self.cells.get((Benefit.ORDINARY, tier)) for tier in Tier)
        self.unfiled_rule: UnfiledRule | None = None
        self.unfiled_reduction_bp = 0
        self.required_materials: frozenset[Material] = frozenset()
        self.first_day = self.last_day = day
        self.is_clear = False
        if version is None:
            return
        filing = None
        if entitlement.filings is not None:
            filing = entitlement.filing_on(day, version.filing.categories)
            if filing is None:
                self.unfiled_rule = version.filing.unfiled
                self.unfiled_reduction_bp = version.filing.reduction_bp
        ordinary = version.benefits.get(Benefit.ORDINARY)
        self.required_materials = ordinary.materials if ordinary else frozenset()
        self.is_clear = (
            self.unfiled_rule is not UnfiledRule.REVIEW
            and (ordinary is None or (ordinary.expected_tier is None and ordinary.condition_source is None))
            and entitlement.insurance in version.insurances
            and version.manual_claims.taken
            and version.networked_institution_source is None
            and entitlement.is_covered_on(day)
            and not any(stay.is_strictly_inside(day) or stay.is_on_the_edge(day) for stay in entitlement.stays)
        )
        if self.is_clear and self.unfiled_rule is None and not entitlement.stays:
            self._widen(entitlement, version, filing)

    def _widen(self, entitlement: Entitlement, version: PolicyVersion, filing: Filing | None) -> None:
        """Stretch the span to the days on which version, filing, cover and status stay what they are."""
        spans = [(version.effective_from, version.effective_until)]
        if filing is not None:
            spans.append((filing.period.starts_on, filing.period.ends_on))
        for period in entitlement.coverage or ():
            if period.covers(self.day):
                spans.append((period.starts_on, period.ends_on))
                break
        changes_on = entitlement.retired_from
        if changes_on is not None:
            is_before = self.day < changes_on
            spans.append((date.min, changes_on - _ONE_DAY) if is_before else (changes_on, None))
        self.first_day = max(starts_on for starts_on, _ends_on in spans)
        self.last_day = min(ends_on or date.max for _starts_on, ends_on in spans)

    def unfiled_reductions(self, receipt: Receipt, benefit: Benefit) -> tuple[int, int]:
        """What an unfiled visit loses: points off the ratio, and the share paid first; in ten-thousandths."""
        if receipt.settled_by_network or not self.needs_filing(benefit):
            return 0, 0
        if self.unfiled_rule is UnfiledRule.POINTS_OFF:
            return self.unfiled_reduction_bp, 0
        return 0, self.unfiled_reduction_bp if self.unfiled_rule is UnfiledRule.PAID_FIRST else 0

    def needs_filing(self, benefit: Benefit) -> bool:
        """Whether care of this kind presupposes a filing; emergency and rescue count as filed."""
        rules = self.version.benefits.get(benefit) if self.version else None
        return rules.needs_filing if rules else benefit is not Benefit.EMERGENCY


class Standing:
    """One insured person under one area's policy: looked up once, and good for every claim and every keystroke.

    Attributes:
        days: The facts of the visit dates that were asked for so far.
    """

    __slots__ = ("_spans", "area_prefix", "days", "entitlement", "policy")

    def __init__(self, entitlement: Entitlement, policy: Policy) -> None:
        self.entitlement = entitlement
        self.policy = policy
        self.area_prefix = area_prefix(policy.area_code)
        self.days: dict[date, DayFacts] = {}
        self._spans: list[DayFacts] = []

    def on(self, day: date) -> DayFacts:
        """The facts of a visit date."""
        for facts in self._spans:
            if facts.first_day <= day <= facts.last_day:
                break
        else:
            facts = DayFacts(day, self.entitlement, self.policy)
            self._spans.append(facts)
        self.days[day] = facts
        return facts


class ClaimFacts:
    """What is known about a claim beside the receipt that is being decided.

    Attributes:
        taken: Bill key → number of the voucher that holds the bill, empty when an earlier receipt of this claim does.
    """

    __slots__ = ("claim", "standing", "taken")

    def __init__(self, claim: Claim, standing: Standing, taken: Mapping[str, str]) -> None:
        self.claim = claim
        self.standing = standing
        self.taken = taken

    @property
    def entitlement(self) -> Entitlement:
        """The insured person's."""
        return self.standing.entitlement

    def is_local(self, receipt: Receipt) -> bool:
        """Whether the visit was inside the person's own area; an institution's code tells."""
        return receipt.visited_area != "" and receipt.visited_area.startswith(self.standing.area_prefix)

    def is_taken(self, receipt: Receipt) -> bool:
        """Whether a voucher, or an earlier receipt of this claim, holds the bill already."""
        return receipt.bill_key in self.taken

    def holder(self, receipt: Receipt) -> str:
        """The number of the voucher that holds the bill, empty when it is this claim."""
        return self.taken.get(receipt.bill_key, "")

    def benefit_of(self, receipt: Receipt, day: DayFacts) -> Benefit:
        """The kind of care to settle as: a registered chronic or special disease goes before ordinary care."""
        version = day.version
        if receipt.benefit is Benefit.ORDINARY and receipt.disease and version and version.overlap_source:
            for benefit in (Benefit.SPECIAL, Benefit.CHRONIC):
                if self.entitlement.condition_on(receipt.visited_on, benefit, receipt.disease):
                    return benefit
        return receipt.benefit

    def disease_of(self, receipt: Receipt, benefit: Benefit) -> str:
        """The receipt's disease, or the registered one that it relies on without naming it: that one's cap counts."""
        if receipt.disease or benefit not in (Benefit.CHRONIC, Benefit.SPECIAL):
            return receipt.disease
        condition = self.entitlement.condition_on(receipt.visited_on, benefit, "")
        return condition.disease if condition else ""

    def missing_materials(self, version: PolicyVersion, benefit: Benefit) -> tuple[Material, ...]:
        """What the document requires for the benefit and was not handed in."""
        rules = version.benefits.get(benefit)
        if self.claim.materials is None or rules is None or not rules.materials:
            return ()
        return tuple(
            material for material in Material if material in rules.materials and material not in self.claim.materials
        )


def examine(receipt: Receipt, benefit: Benefit, facts: ClaimFacts, day: DayFacts) -> tuple[Finding, ...]:
    """All refusals of a receipt, or else all that needs review; empty when nothing is to be said."""
    version = day.version
    if version is None:
        return (Finding(Reason.NO_POLICY_IN_FORCE, Decision.REFUSE, _before_any(facts.standing.policy)),)
    if facts.entitlement.insurance not in version.insurances:
        return (Finding(Reason.NOT_COVERED_INSURANCE, Decision.REFUSE, version.insurances_source),)
    refusals = tuple(_refusals(receipt, benefit, facts, version))
    return refusals or tuple(_reviews(receipt, benefit, facts, day, version))


def _refusals(receipt: Receipt, benefit: Benefit, facts: ClaimFacts, version: PolicyVersion) -> Iterator[Finding]:
    entitlement = facts.entitlement

    def refuse(reason: Reason, source: Source, subject: str = "") -> Finding:
        return Finding(reason, Decision.REFUSE, source, subject)

    if not entitlement.is_covered_on(receipt.visited_on):
        yield refuse(Reason.OUTSIDE_COVERAGE, version.coverage_source)
    if facts.is_taken(receipt):
        yield refuse(Reason.DUPLICATE_RECEIPT, version.duplicate_source, facts.holder(receipt))
    if receipt.exclusion:
        exclusion = version.exclusion(receipt.exclusion)
        yield refuse(Reason.EXCLUDED, exclusion.source, exclusion.words)
    if any(stay.is_strictly_inside(receipt.visited_on) for stay in entitlement.stays):
        yield refuse(Reason.DURING_INPATIENT_STAY, version.stay_source)
    rules = version.benefits.get(benefit)
    if rules and rules.condition_source and not entitlement.condition_on(receipt.visited_on, benefit, receipt.disease):
        yield refuse(Reason.CONDITION_NOT_REGISTERED, rules.condition_source, receipt.disease)
    if receipt.settled_by_network:
        return
    if receipt.printed_fund_fen:
        yield refuse(Reason.ALREADY_NETWORKED, version.networked_source)
    if facts.is_local(receipt):
        yield refuse(Reason.NOT_OFF_SITE, version.off_site_source)
    if not receipt.institution.designated and benefit is not Benefit.EMERGENCY:
        yield refuse(Reason.NOT_DESIGNATED, version.designated_source)
    if not version.manual_claims.taken:
        yield refuse(Reason.NOT_DIRECTLY_SETTLED, version.manual_claims.source)


def _reviews(
    receipt: Receipt, benefit: Benefit, facts: ClaimFacts, day: DayFacts, version: PolicyVersion
) -> Iterator[Finding]:
    def review(reason: Reason, source: Source, subject: str = "") -> Finding:
        return Finding(reason, Decision.REVIEW, source, subject)

    rules = version.benefits.get(benefit)
    if any(stay.is_on_the_edge(receipt.visited_on) for stay in facts.entitlement.stays):
        yield review(Reason.DURING_INPATIENT_STAY, version.stay_source)
    if rules and rules.expected_tier and rules.expected_tier_source and _tier_is_unusual(receipt, rules.expected_tier):
        yield review(Reason.TIER_UNUSUAL, rules.expected_tier_source, rules.expected_tier.value)
    if receipt.dual_channel and rules and rules.dual_channel_source:
        yield review(Reason.SEPARATE_POLICY, rules.dual_channel_source, "双通道药品")
    for separate in version.separate_policies:
        if separate.names(receipt.disease):
            yield review(Reason.SEPARATE_POLICY, separate.source, separate.document)
    if receipt.institution.is_pharmacy:
        yield review(Reason.PHARMACY, version.pharmacy_source)
    if receipt.settled_by_network:
        return
    if day.unfiled_rule is UnfiledRule.REVIEW and day.needs_filing(benefit):
        yield review(Reason.NOT_FILED, version.filing.unfiled_source)
    missing = facts.missing_materials(version, benefit)
    if missing and rules and rules.materials_source:
        yield review(Reason.MISSING_DOCUMENT, rules.materials_source, "、".join(material.term for material in missing))
    if version.networked_institution_source and not receipt.institution.networked:
        yield review(Reason.INSTITUTION_NOT_NETWORKED, version.networked_institution_source)


def _tier_is_unusual(receipt: Receipt, expected: TierExpectation) -> bool:
    tier = receipt.institution.tier
    if tier is None:
        return False
    if expected is TierExpectation.TWO_OR_LOWER:
        return tier > Tier.TWO
    return tier < Tier.TWO and not receipt.institution.is_specialised


def _before_any(policy: Policy) -> Source:
    return policy.versions[0].effect_source
