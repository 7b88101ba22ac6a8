"""Persons for a batch: as claims, as columns, and settled one by one by the engine alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from clerk_app.adjudication.batch import BatchResult, adjudicate_batch
from clerk_app.adjudication.batch_claims import PersonClaims
from clerk_app.adjudication.batch_columns import STATUSES, BatchColumns, PriorColumns
from clerk_app.adjudication.engine import adjudicate_claim, pools_used
from clerk_app.adjudication.year_to_date import charged_visit
from clerk_app.codes import Benefit, Insurance, Status
from clerk_app.errors import ClerkError
from clerk_app.policy.version import DeductibleBasis, Policy, UnfiledRule
from clerk_app.receipts.claim import Claim, Receipt
from clerk_app.receipts.insured import Condition, Entitlement, Period

LONG = Period(date(2020, 1, 1))
CONDITIONS = (Condition("M01600", Benefit.CHRONIC, LONG), Condition("M00500", Benefit.CHRONIC, LONG))


def one_person(*papers: Receipt, **others) -> PersonClaims:
    return PersonClaims(Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, filings=None), (Claim(papers),), **others)


def columns_of(people: list[PersonClaims], policy: Policy, *, shuffled: bool = False) -> BatchColumns:
    """The same persons as columns; a visit is a hospital, a day and a label."""
    rows, priors, visits = [], [], {}
    for number, own in enumerate(people):
        for claim in own.claims:
            for index in claim.by_visit:
                receipt = claim.receipts[index]
                status = STATUSES.index(own.entitlement.status_on(receipt.visited_on))
                key = (number, receipt.institution.key, receipt.visited_on, receipt.visit_label)
                visit = visits.setdefault(key, len(visits)) if receipt.visit_label else -1
                tier = receipt.institution.tier
                rows.append((number, receipt.visited_on, receipt.in_scope_fen, tier, status, visit))
        for (year, _pool), use in own.used.pools.items():
            priors.append((number, year, use.deductible_fen, use.fund_fen))
    if shuffled:  # Rows of different persons change places, rows of one person do not overtake each other.
        order = sorted(range(len(rows)), key=lambda row: sum(rows[other][0] == rows[row][0] for other in range(row)))
        rows = [rows[row] for row in order]
    person, visited_on, in_scope_fen, tier, status, visit = zip(*rows, strict=True)
    return BatchColumns(
        len(people),
        np.array(person),
        np.array(visited_on, "datetime64[D]"),
        np.array(in_scope_fen),
        np.array(tier),
        np.array(status),
        PriorColumns(*np.array(priors, np.int64).reshape(-1, 4).T),
        np.array(visit),
        by_network=policy.area_code == "411300",
    )


def for_the_unfiled(policy: Policy, rule: UnfiledRule) -> Policy:
    """The policy with this rule for who is not filed, 12.34 points or percent."""
    versions = tuple(
        replace(version, filing=replace(version.filing, unfiled=rule, reduction_bp=1_234))
        for version in policy.versions
    )
    return replace(policy, versions=versions)


def settled_one_by_one(own: PersonClaims, policy: Policy) -> list[tuple[int, int]]:
    """(fund, deductible) of every receipt, each claim starting from what the ones before it have used."""
    used, taken, amounts = own.used, dict(own.taken), []
    for claim in own.claims:
        decided = adjudicate_claim(claim, own.entitlement, policy, used, taken)
        for index in claim.by_visit:
            adjudication = decided.receipts[index]
            terms = adjudication.terms
            visits = []
            if pools_used(adjudication) and terms.deductible_basis is DeductibleBasis.PER_VISIT:
                visits = [charged_visit(adjudication.receipt, terms.deductible_pool, adjudication.deductible_fen)]
            used = used.with_entries(pools_used(adjudication), visits)
        taken |= {receipt.bill_key: "V" for receipt in claim.receipts}
        amounts += [(adjudication.fund_fen, adjudication.deductible_fen) for adjudication in decided.receipts]
    return amounts


def assert_same_fen(persons: list[PersonClaims], policy: Policy) -> BatchResult:
    """The batch gives every receipt of everybody what ``settled_one_by_one`` does."""
    result = adjudicate_batch(persons, policy)
    place = 0
    for number, own in enumerate(persons):
        size = sum(len(claim.receipts) for claim in own.claims)
        places = slice(place, place + size)
        got = list(zip(result.fund_fen[places].tolist(), result.deductible_fen[places].tolist(), strict=True))
        place += size
        try:
            expected = settled_one_by_one(own, policy)
        except ClerkError as refused:
            error = refused
        else:
            error = None
        if error is not None:
            assert result.undecided[number].code == error.code
            assert set(got) <= {(-1, -1)}
            assert result.person_fund_fen[number] == -1
            continue
        assert number not in result.undecided
        assert got == expected, own
        assert result.person_fund_fen[number] == sum(fund for fund, _deductible in expected)
    return result
