"""Late news at an office, and an oracle that decides a person's claims afresh, claim by claim, without the ledger."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from clerk_app.adjudication.engine import adjudicate_claim, pools_used, prior_entries
from clerk_app.adjudication.year_to_date import PoolUse, YearToDate, charged_visit, disease_pool
from clerk_app.codes import Benefit, Decision
from clerk_app.errors import ClerkError
from clerk_app.ledger.effects import Effect
from clerk_app.ledger.records import PersonRecord, PriorBenefit, Review, Settlement
from clerk_app.policy.version import DeductibleBasis, Policy, Stated, Terms
from clerk_app.receipts.claim import Claim
from tests.ledger.office import Office

_keys = itertools.count(1)


def prior(deductible_yuan: int, fund_yuan: int, year: int = 2023) -> PriorBenefit:
    return PriorBenefit(year, Benefit.ORDINARY, deductible_yuan * 100, fund_yuan * 100, date(year, 5, 31))


def policy_of(office: Office) -> Any:
    return lambda _area_code: office.policy


def open_effects(office: Office, person: PersonRecord) -> tuple[Effect, ...]:
    return office.ledger.effects(person.person_id, policy_of(office))


def correct(office: Office, effect: Effect, **more: Any) -> Settlement:
    more.setdefault("reason", "补录联网结算")
    more.setdefault("key", f"correction-{next(_keys)}")
    more.setdefault("review", Review("赵复核", "平台查询属实"))
    more.setdefault("policy_of", policy_of(office))
    office.approved(more["review"])
    return office.ledger.correct(more.pop("voucher_number", effect.voucher_number), effect, **more)


def correct_all(office: Office, person: PersonRecord) -> list[Settlement]:
    """Every difference."""
    done = []
    while found := open_effects(office, person):
        done.append(correct_one(office, found))
    return done


def correct_one(office: Office, found: Iterable[Effect]) -> Settlement:
    """The first that can be corrected, those that give back first.

    A voucher may give back to one cap and take of another, so that what it comes to does not tell.
    """
    refusals = []
    for effect in sorted(found, key=lambda effect: effect.difference_fen):
        try:
            return correct(office, effect)
        except ClerkError as error:
            if error.code != "decreases_first":
                raise
            refusals.append((effect.voucher_number, error.details))
    raise AssertionError(f"none can be the first: {refusals}")


def by_visit(policy: Policy) -> Policy:
    """The area's policy with 就诊先后 for its order."""
    return replace(
        policy,
        versions=tuple(
            replace(version, receipt_order=Stated("就诊先后", version.receipt_order.source))
            for version in policy.versions
        ),
    )


def rewritten(policy: Policy, content_hash: str = "f" * 64) -> Policy:
    """The area's policy read from files that say the same in other words."""
    return replace(policy, versions=tuple(replace(each, content_hash=content_hash) for each in policy.versions))


def with_ratio(policy: Policy, ratio_bp: int) -> Policy:
    """The area's policy from files in which somebody has changed every ratio."""
    return replace(
        rewritten(policy),
        versions=tuple(
            replace(
                version,
                cells={
                    who: {cell: replace(terms, ratio_bp=ratio_bp) for cell, terms in cells.items()}  # type: ignore[type-var]
                    for who, cells in version.cells.items()
                },
            )
            for version in rewritten(policy).versions
        ),
    )


@dataclass
class Standing:
    """The claims of one person that stand, in the order of settlement, and what the platform shows."""

    policy: Policy
    person: PersonRecord
    claims: dict[str, Claim] = field(default_factory=dict)
    prior: PriorBenefit | None = None

    def decided_afresh(self) -> tuple[dict[str, int], YearToDate]:
        """What the fund pays for each voucher, and what is used in the end: the engine's word alone."""
        in_order = list(self.claims.items())
        if self.policy.versions[0].receipt_order.value == "就诊先后":
            one_by_one = [
                (number, replace(claim, receipts=(receipt,)))
                for number, claim in in_order
                for receipt in claim.receipts
            ]
            in_order = sorted(one_by_one, key=lambda each: each[1].receipts[0].moment)
        used = YearToDate()
        if self.prior:
            figures = (self.prior.year, self.prior.benefit, self.prior.deductible_fen, self.prior.fund_fen)
            used = used.with_entries(prior_entries(self.policy, *figures))
        paid = dict.fromkeys(self.claims, 0)
        for number, claim in in_order:
            decided = adjudicate_claim(claim, self.person.entitlement, self.policy, used)
            paid[number] += decided.fund_fen
            entries = [entry for each in decided.receipts for entry in pools_used(each)]
            visits = [
                charged_visit(each.receipt, each.terms.deductible_pool, each.deductible_fen)
                for each in decided.receipts
                if each.terms
                and each.decision is not Decision.REFUSE
                and each.terms.deductible_basis is DeductibleBasis.PER_VISIT
            ]
            used = used.with_entries(entries, visits)
        return paid, used


def caps(policy: Policy) -> dict[str, int]:
    """The highest cap of every pool, whoever the person is."""
    found: dict[str, int] = {}
    for version in policy.versions:
        for cells in version.cells.values():
            for terms in cells.values():
                assert isinstance(terms, Terms)
                named = [(terms.cap_pool, terms.cap_fen)]
                named += [(disease_pool(terms.cap_pool, disease), fen) for disease, fen in terms.cap_by_disease_fen]
                for pool, fen in named:
                    found[pool] = max(fen, found.get(pool, 0))
    return found


def used_pools(used: YearToDate) -> dict[tuple[int, str], PoolUse]:
    """The pools of which anything is used."""
    return {key: use for key, use in used.pools.items() if use != PoolUse()}
