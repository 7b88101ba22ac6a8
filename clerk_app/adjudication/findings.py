"""Whether a receipt is payable at all: refusals and reviews, each with its article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

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
from clerk_app.receipts.institution_code import is_inside
from clerk_app.receipts.insured import Entitlement

_NO_CELLS: Mapping[tuple[Benefit, Tier | None], Terms | OpenTerms] = {}

#: What is usually handed in where the area's document names nothing; a missing one is a warning only.
_USUAL = (Material.CREDENTIAL, Material.RECEIPT, Material.FEE_LIST)


class DayFacts:
    """What holds for the insured person on one visit date, looked up once a claim.

    Attributes:
        version: The version in force, None before any.
        is_clear: Nothing about person, day or claim can be objected to for ordinary care.
        unfiled_rule: Set when the person is not filed on the day.
    """

    __slots__ = ("cells", "day", "is_clear", "status", "unfiled_reduction_bp", "unfiled_rule", "version", "year")

    def __init__(self, day: date, facts: ClaimFacts) -> None:
        entitlement, version = facts.entitlement, facts.policy.in_force_on(day)
        self.day = day
        self.year = day.year
        self.version = version
        self.status = entitlement.status_on(day)
        self.cells = version.cells.get((entitlement.insurance, self.status), _NO_CELLS) if version else _NO_CELLS
        self.unfiled_rule: UnfiledRule | None = None
        self.unfiled_reduction_bp = 0
        if version is None:
            self.is_clear = False
            return
        filing = version.filing
        if entitlement.filings is not None and entitlement.filing_on(day, filing.categories) is None:
            self.unfiled_rule = filing.unfiled
            self.unfiled_reduction_bp = filing.reduction_bp
        self.is_clear = (
            self.unfiled_rule is not UnfiledRule.REVIEW
            and entitlement.insurance in version.insurances
            and version.manual_claims.taken
            and version.networked_institution_source is None
            and not facts.missing_materials(version, Benefit.ORDINARY)
            and entitlement.is_covered_on(day)
            and not any(stay.is_strictly_inside(day) or stay.is_on_the_edge(day) for stay in entitlement.stays)
        )

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


class ClaimFacts:
    """What is looked up once for a claim and shared by its receipts."""

    def __init__(self, claim: Claim, entitlement: Entitlement, policy: Policy, taken: Mapping[str, str]) -> None:
        self.claim = claim
        self.entitlement = entitlement
        self.policy = policy
        self._taken = taken
        self._taken_here: set[str] = set()
        self._days: dict[date, DayFacts] = {}

    def on(self, day: date) -> DayFacts:
        """The facts of a visit date."""
        facts = self._days.get(day)
        if facts is None:
            facts = self._days[day] = DayFacts(day, self)
        return facts

    def is_local(self, receipt: Receipt) -> bool:
        """Whether the visit was inside the person's own area; an institution's code tells."""
        return bool(receipt.visited_area) and is_inside(receipt.visited_area, self.policy.area_code)

    def is_taken(self, receipt: Receipt) -> bool:
        """Whether a voucher, or an earlier receipt of this claim, holds the bill already."""
        return receipt.bill_key in self._taken_here or receipt.bill_key in self._taken

    def holder(self, receipt: Receipt) -> str:
        """The number of the voucher that holds the bill, empty when it is this claim."""
        return self._taken.get(receipt.bill_key, "")

    def take(self, receipt: Receipt) -> None:
        """Hold the bill for the rest of the claim; a refused receipt keeps its number too."""
        self._taken_here.add(receipt.bill_key)

    def benefit_of(self, receipt: Receipt, day: DayFacts) -> Benefit:
        """The kind of care to settle as: a registered chronic or special disease goes before ordinary care."""
        version = day.version
        if receipt.benefit is Benefit.ORDINARY and receipt.disease and version and version.overlap_source:
            for benefit in (Benefit.SPECIAL, Benefit.CHRONIC):
                if self.entitlement.condition_on(day.day, benefit, receipt.disease):
                    return benefit
        return receipt.benefit

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
        return (Finding(Reason.NO_POLICY_IN_FORCE, Decision.REFUSE, _before_any(facts.policy)),)
    if facts.entitlement.insurance not in version.insurances:
        return (Finding(Reason.NOT_COVERED_INSURANCE, Decision.REFUSE, version.insurances_source),)
    refusals = tuple(_refusals(receipt, benefit, facts, day, version))
    return refusals or tuple(_reviews(receipt, benefit, facts, day, version))


def materials_missing(facts: ClaimFacts) -> tuple[tuple[Material, ...], tuple[Material, ...]]:
    """The papers that are missing for the whole claim, once and completely: those required, and those advised."""
    if facts.claim.materials is None:
        return (), ()
    required: set[Material] = set()
    usual: set[Material] = set(_USUAL)
    for receipt in facts.claim.receipts:
        day = facts.on(receipt.visited_on)
        benefit = facts.benefit_of(receipt, day)
        if day.version is not None:
            required.update(facts.missing_materials(day.version, benefit))
        usual.update(_usual_for(receipt, benefit, facts.claim.materials))
    advised = usual - required - facts.claim.materials
    return (
        tuple(material for material in Material if material in required),
        tuple(material for material in Material if material in advised),
    )


def _usual_for(receipt: Receipt, benefit: Benefit, handed_in: frozenset[Material]) -> Iterator[Material]:
    if receipt.institution.is_pharmacy:
        yield Material.PRESCRIPTION
    elif benefit is Benefit.EMERGENCY:
        yield Material.EMERGENCY_DIAGNOSIS
    elif Material.PRESCRIPTION not in handed_in:
        # A prescription or the record of the visit: one of the two is enough.
        yield Material.MEDICAL_RECORD


def _refusals(
    receipt: Receipt, benefit: Benefit, facts: ClaimFacts, day: DayFacts, version: PolicyVersion
) -> Iterator[Finding]:
    entitlement = facts.entitlement

    def refuse(reason: Reason, source: Source, subject: str = "") -> Finding:
        return Finding(reason, Decision.REFUSE, source, subject)

    if not entitlement.is_covered_on(day.day):
        yield refuse(Reason.OUTSIDE_COVERAGE, version.coverage_source)
    if facts.is_taken(receipt):
        yield refuse(Reason.DUPLICATE_RECEIPT, version.duplicate_source, facts.holder(receipt))
    if receipt.exclusion:
        exclusion = version.exclusion(receipt.exclusion)
        yield refuse(Reason.EXCLUDED, exclusion.source, exclusion.words)
    if any(stay.is_strictly_inside(day.day) for stay in entitlement.stays):
        yield refuse(Reason.DURING_INPATIENT_STAY, version.stay_source)
    rules = version.benefits.get(benefit)
    if rules and rules.condition_source and not entitlement.condition_on(day.day, benefit, receipt.disease):
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
    if any(stay.is_on_the_edge(day.day) for stay in facts.entitlement.stays):
        yield review(Reason.DURING_INPATIENT_STAY, version.stay_source)
    if rules and rules.expected_tier and rules.expected_tier_source and _tier_is_unusual(receipt, rules.expected_tier):
        yield review(Reason.TIER_UNUSUAL, rules.expected_tier_source, rules.expected_tier.value)
    if receipt.dual_channel and rules and rules.dual_channel_source:
        yield review(Reason.SEPARATE_POLICY, rules.dual_channel_source)
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
