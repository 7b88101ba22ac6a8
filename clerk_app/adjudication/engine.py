"""Work out what the pooled fund pays for a claim.

For every receipt: is it payable at all, then deductible, ratio, annual cap, in this order; only the ratio rounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from types import MappingProxyType

from clerk_app.adjudication.accounts import pay_from_account
from clerk_app.adjudication.adjudication import Adjudication, ClaimAdjudication, Finding
from clerk_app.adjudication.book import Book, charged_in_visit
from clerk_app.adjudication.findings import ClaimFacts, DayFacts, Standing, examine
from clerk_app.adjudication.visit_order import PlacedBook, years_by_visit
from clerk_app.adjudication.year_to_date import PoolUse, YearToDate, disease_pool, pools_of
from clerk_app.codes import Benefit, Decision, Reason, Tier
from clerk_app.errors import PolicyGap
from clerk_app.policy.version import DeductibleBasis, Policy, Terms
from clerk_app.receipts.claim import Claim, Receipt
from clerk_app.receipts.insured import Entitlement

_NO_BILLS: Mapping[str, str] = MappingProxyType({})
_ANNUAL = DeductibleBasis.ANNUAL
#: A named tuple's own constructor spends more time on its arguments than the engine on its arithmetic.
_new = tuple.__new__


class _Latest:
    """The person decided last: while a clerk types, every keystroke asks about the same one."""

    standing: Standing | None = None


def adjudicate_claim(
    claim: Claim,
    entitlement: Entitlement,
    policy: Policy,
    used: YearToDate,
    taken: Mapping[str, str] = _NO_BILLS,
) -> ClaimAdjudication:
    """Decide every receipt of a claim, by visit time and then by the order of entry.

    Where the area's order is 就诊先后, each at its place among the receipts settled before; see ``visit_order``.

    Args:
        policy: The insured person's area, all versions; the one in force on each visit date decides.
        used: Deductibles and payments before this claim, prior benefits included, reversals deducted.
        taken: Bill key → number of the voucher that already holds the bill.

    Returns:
        The decisions in the order of entry. Zero is a decision, not an error.

    Raises:
        PolicyGap: The document has no figures for a receipt that is not refused, or leaves them to the pooling area
            and they are not set.
        ClerkError: ``exclusion_unknown``.
    """
    standing = _Latest.standing
    if standing is None or standing.entitlement is not entitlement or standing.policy is not policy:
        standing = _Latest.standing = Standing(entitlement, policy)
    receipts = claim.receipts
    decided: tuple[Adjudication, ...]
    if used.placed and (years := years_by_visit(claim, policy, used)):
        decided = _decide_in_turn(claim, standing, taken, PlacedBook(used, years))
    elif len(receipts) == 1:
        decided = (_decide(receipts[0], claim, standing, taken, used),)
    else:
        decided = _decide_in_turn(claim, standing, taken, Book(used))
    account = pay_from_account(claim.account, decided) if claim.account else None
    return _new(ClaimAdjudication, (claim, decided, account))


def pools_used(adjudication: Adjudication) -> list[tuple[int, str, PoolUse]]:
    """What a decision uses up: (calendar year of the visit, pool, use), nothing for a refusal."""
    terms = adjudication.terms
    if terms is None or adjudication.decision is Decision.REFUSE:
        return []
    return _entries(terms, adjudication)


def prior_entries(
    policy: Policy, year: int, benefit: Benefit, deductible_fen: int, fund_fen: int, disease: str = ""
) -> list[tuple[int, str, PoolUse]]:
    """What the platform's direct settlements of a year use up, in the pools that the benefit had in that year."""
    rules = next(
        (version.benefits[benefit] for version in policy.versions_in(year) if benefit in version.benefits), None
    )
    deductible_pool = rules.deductible_pool if rules else benefit.value
    cap_pool = rules.cap_pool if rules else benefit.value
    entries = [(year, deductible_pool, PoolUse(deductible_fen, 0)), (year, cap_pool, PoolUse(0, fund_fen))]
    if disease:
        entries.append((year, disease_pool(cap_pool, disease), PoolUse(0, fund_fen)))
    return entries


def _decide_in_turn(claim: Claim, standing: Standing, taken: Mapping[str, str], book: Book) -> tuple[Adjudication, ...]:
    """Decide several receipts by visit: each holds its bill, and the next one finds used what this one used."""
    held = dict(taken)
    decided = []
    for index in claim.by_visit:
        receipt = claim.receipts[index]
        book.move_to(receipt.moment)
        decided.append(_decide(receipt, claim, standing, held, book))
        held.setdefault(receipt.bill_key, "")
    if claim.is_in_visit_order:
        return tuple(decided)
    by_entry = sorted(zip(claim.by_visit, decided, strict=True), key=itemgetter(0))
    return tuple(adjudication for _index, adjudication in by_entry)


def _decide(
    receipt: Receipt, claim: Claim, standing: Standing, taken: Mapping[str, str], used: YearToDate | Book
) -> Adjudication:
    """Decide one receipt; what it uses up stays in the book, where there is one for further receipts."""
    visited_on = receipt.visited_on
    day = standing.days.get(visited_on) or standing.on(visited_on)
    if (
        # Nothing on the paper, about the person or about the day can be objected to: the common case, kept short.
        receipt.is_routine
        and day.is_clear
        and receipt.bill_key not in taken
        and not receipt.visited_area.startswith(standing.area_prefix)
        and (claim.materials is None or day.required_materials <= claim.materials)
    ):
        terms = day.ordinary[receipt.institution.tier]  # type: ignore[index]  # a routine receipt has a tier
        if terms.__class__ is Terms:
            return _pay(receipt, Benefit.ORDINARY, "", (), terms, day, used)
    return _decide_unusual(receipt, ClaimFacts(claim, standing, taken), day, used)


def _decide_unusual(receipt: Receipt, facts: ClaimFacts, day: DayFacts, used: YearToDate | Book) -> Adjudication:
    benefit = facts.benefit_of(receipt, day)
    findings = examine(receipt, benefit, facts, day)
    if findings and findings[0].decision is Decision.REFUSE:
        return _refused(receipt, benefit, findings, facts, day, used)
    tier = _tier_of(receipt)
    if tier is None and (benefit, None) not in day.cells:
        tier = _least_favourable_tier(day, benefit)
        findings = (*findings, _tier_unknown(day))
    terms = _terms_or_gap(facts, day, benefit, tier)
    return _pay(receipt, benefit, facts.disease_of(receipt, benefit), findings, terms, day, used)


def _pay(
    receipt: Receipt,
    benefit: Benefit,
    disease: str,
    findings: tuple[Finding, ...],
    terms: Terms,
    day: DayFacts,
    used: YearToDate | Book,
) -> Adjudication:
    year = receipt.visited_on.year
    deductible_account, cap_account = used.accounts(year, terms)
    is_annual = terms.deductible_basis is _ANNUAL
    if is_annual:
        charged_before_fen = deductible_account.deductible_fen
    else:
        charged_before_fen = charged_in_visit(used.visits, receipt, terms)
    open_fen = terms.deductible_fen - charged_before_fen
    if open_fen < 0:
        open_fen = 0

    ratio_bp = terms.ratio_bp
    unfiled_share_bp = 0
    filing_waived = False
    if day.unfiled_rule is not None:
        points_off_bp, unfiled_share_bp = day.unfiled_reductions(receipt, benefit)
        ratio_bp = max(0, ratio_bp - points_off_bp)
        filing_waived = not receipt.settled_by_network and not day.needs_filing(benefit)

    paid_before_fen = cap_account.fund_fen
    cap_left_fen = terms.cap_fen - paid_before_fen
    disease_account = None
    if terms.cap_by_disease_fen:
        disease_cap_fen = terms.disease_cap_fen(disease)
        if disease_cap_fen is not None:
            disease_account = used.account(year, disease_pool(terms.cap_pool, disease))
            cap_left_fen = min(cap_left_fen, disease_cap_fen - disease_account.fund_fen)
    if cap_left_fen < 0:
        cap_left_fen = 0

    in_scope_fen = receipt.in_scope_fen
    unfiled_first_fen, deductible_fen, share_fen, fund_fen, over_cap_fen = _amounts(
        in_scope_fen, unfiled_share_bp, open_fen, ratio_bp, cap_left_fen
    )
    deductible_account.deductible_fen += deductible_fen
    cap_account.fund_fen += fund_fen
    if disease_account is not None:
        disease_account.fund_fen += fund_fen
    if not is_annual and isinstance(used, Book):
        used.charge_visit(receipt, terms, deductible_fen)
    return _new(
        Adjudication,
        (
            receipt,
            Decision.REVIEW if findings else Decision.PAY,
            findings,
            day.version,
            terms,
            benefit,
            disease,
            day.status,
            in_scope_fen,
            unfiled_first_fen,
            charged_before_fen,
            open_fen,
            deductible_fen,
            ratio_bp,
            share_fen,
            paid_before_fen,
            cap_left_fen,
            fund_fen,
            over_cap_fen,
            receipt.total_fen - fund_fen,
            None,
            filing_waived,
        ),
    )


def _amounts(
    in_scope_fen: int, unfiled_share_bp: int, open_fen: int, ratio_bp: int, cap_left_fen: int
) -> tuple[int, int, int, int, int]:
    """The arithmetic: what an unfiled person pays first, deductible, share, payment, and what stays above the cap."""
    unfiled_first_fen = (in_scope_fen * unfiled_share_bp + 5000) // 10000 if unfiled_share_bp else 0
    eligible_fen = in_scope_fen - unfiled_first_fen
    deductible_fen = open_fen if open_fen < eligible_fen else eligible_fen
    segment_fen = eligible_fen - deductible_fen
    if unfiled_share_bp:
        # Exact until the one rounding: the part paid first is rounded where it is shown, not where it is used.
        exact = in_scope_fen * (10000 - unfiled_share_bp) - deductible_fen * 10000
        share_fen = max(0, (exact * ratio_bp + 50_000_000) // 100_000_000)
    else:
        share_fen = (segment_fen * ratio_bp + 5000) // 10000
    if share_fen <= cap_left_fen:
        return unfiled_first_fen, deductible_fen, share_fen, share_fen, 0
    over_cap_fen = max(0, segment_fen - (cap_left_fen * 10000 + ratio_bp // 2) // ratio_bp)
    return unfiled_first_fen, deductible_fen, share_fen, cap_left_fen, over_cap_fen


def _refused(
    receipt: Receipt,
    benefit: Benefit,
    findings: tuple[Finding, ...],
    facts: ClaimFacts,
    day: DayFacts,
    used: YearToDate | Book,
) -> Adjudication:
    if_networked = None
    if [finding.reason for finding in findings] == [Reason.NOT_DIRECTLY_SETTLED]:
        if_networked = _as_if_networked(receipt, benefit, facts, day, used)
    return Adjudication(
        receipt,
        Decision.REFUSE,
        findings,
        day.version,
        None,
        benefit,
        receipt.disease,
        day.status,
        receipt.in_scope_fen,
        unfiled_first_fen=0,
        deductible_used_before_fen=0,
        deductible_open_fen=0,
        deductible_fen=0,
        ratio_bp=0,
        share_fen=0,
        fund_used_before_fen=0,
        cap_left_fen=0,
        fund_fen=0,
        over_cap_fen=0,
        person_fen=receipt.total_fen,
        if_networked=if_networked,
    )


def _as_if_networked(
    receipt: Receipt, benefit: Benefit, facts: ClaimFacts, day: DayFacts, used: YearToDate | Book
) -> Adjudication | None:
    """What a direct settlement would have paid, where the document has figures for it; it uses nothing up."""
    try:
        terms = _terms_or_gap(facts, day, benefit, _tier_of(receipt))
    except PolicyGap:
        return None
    supposed = used.supposed() if isinstance(used, Book) else used
    return _pay(receipt, benefit, facts.disease_of(receipt, benefit), (), terms, day, supposed)


def _tier_of(receipt: Receipt) -> Tier | None:
    """A pharmacy has no tier and counts as an institution with no grade."""
    institution = receipt.institution
    if institution.tier is None and institution.is_pharmacy:
        return Tier.NONE
    return institution.tier


def _least_favourable_tier(day: DayFacts, benefit: Benefit) -> Tier:
    """The tier that pays least stands in for one that nobody has looked up, so that a trial never promises more."""

    def favour(tier: Tier) -> tuple[int, int]:
        terms = day.cells.get((benefit, tier))
        return (terms.ratio_bp, -terms.deductible_fen) if isinstance(terms, Terms) else (10001, 0)

    return min((Tier.THREE, Tier.TWO, Tier.ONE), key=favour)


def _tier_unknown(day: DayFacts) -> Finding:
    """The article that makes the tier matter is the one that gives the ratio."""
    assert day.version is not None, "without a version every receipt is refused"
    terms = next((terms for terms in day.cells.values() if isinstance(terms, Terms)), None)
    source = terms.ratio_source if terms else day.version.effect_source
    return Finding(Reason.TIER_UNKNOWN, Decision.REVIEW, source)


def _terms_or_gap(facts: ClaimFacts, day: DayFacts, benefit: Benefit, tier: Tier | None) -> Terms:
    """The figures of a cell, or the refusal to compute that names the hole."""
    assert day.version is not None, "without a version every receipt is refused"
    return day.version.terms(facts.entitlement.insurance, day.status, benefit, tier)


def _entries(terms: Terms, adjudication: Adjudication) -> list[tuple[int, str, PoolUse]]:
    year = adjudication.receipt.visited_on.year
    entries = [(year, terms.deductible_pool, PoolUse(adjudication.deductible_fen, 0))]
    pools = pools_of(terms, adjudication.disease)
    return entries + [(year, pool, PoolUse(0, adjudication.fund_fen)) for pool in pools]
