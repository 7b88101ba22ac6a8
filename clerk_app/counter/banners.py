"""What stands beside the amounts: warnings that bar nothing, and how far the year's deductible and cap are used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from clerk_app.adjudication.adjudication import Adjudication, ClaimAdjudication
from clerk_app.adjudication.explanation import reason_words
from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.codes import Benefit, Decision, Reason, Tier
from clerk_app.policy.version import DeductibleBasis, Policy, Terms
from clerk_app.receipts.insured import Entitlement
from clerk_app.wording import _, listed


class Weight(StrEnum):
    """How loud a banner is."""

    NOTE = "note"
    WARNING = "warning"
    REFUSAL = "refusal"


class Banner(NamedTuple):
    """A sentence above the explanation."""

    weight: Weight
    words: str


class Gauge(NamedTuple):
    """A bar: what was used of a yearly amount before the claim, and what the claim uses, in fen."""

    title: str
    before_fen: int
    now_fen: int
    limit_fen: int

    @property
    def left_fen(self) -> int:
        """What stays open after the claim."""
        return max(0, self.limit_fen - self.before_fen - self.now_fen)


def banners_of(claim: ClaimAdjudication | None, policy: Policy, today: date, name_note: str) -> tuple[Banner, ...]:
    """Everything worth saying once about a claim, the weightiest first."""
    found = list(_banners(claim, policy, today, name_note))
    order = list(reversed(Weight))
    return tuple(sorted(dict.fromkeys(found), key=lambda banner: order.index(banner.weight)))


def _banners(claim: ClaimAdjudication | None, policy: Policy, today: date, name_note: str) -> Iterator[Banner]:
    if name_note:
        yield Banner(Weight.WARNING, name_note)
    version = policy.in_force_on(today)
    if version is not None and version.verified_until < today:
        yield Banner(
            Weight.WARNING,
            _("{document} 的数值只核实到 {day}，请确认其后没有新文件。").format(
                document=version.document.number, day=version.verified_until
            ),
        )
    if claim is None:
        return
    for adjudication in claim.receipts:
        for finding in adjudication.findings:
            # A missing paper is named once for the whole claim below.
            if finding.reason is Reason.MISSING_DOCUMENT:
                continue
            weight = Weight.REFUSAL if finding.decision is Decision.REFUSE else Weight.WARNING
            yield Banner(
                weight,
                _("票据 {number}：{words}").format(number=adjudication.receipt.number, words=reason_words(finding)),
            )
    if claim.missing_materials:
        names = listed(_(material.term) for material in claim.missing_materials)
        yield Banner(Weight.WARNING, _("缺少必需材料：{names}。请一次性告知，补齐后再结算。").format(names=names))
    if claim.advised_materials:
        names = listed(_(material.term) for material in claim.advised_materials)
        yield Banner(Weight.NOTE, _("通常还应提交：{names}（不影响结论）。").format(names=names))


def gauges_of(
    claim: ClaimAdjudication | None,
    policy: Policy,
    entitlement: Entitlement | None,
    used: YearToDate,
    today: date,
) -> tuple[Gauge, ...]:
    """The bars of every year and pool that the claim touches; before there are receipts, of this year."""
    computed = [
        (adjudication, adjudication.terms)
        for adjudication in (claim.receipts if claim else ())
        if adjudication.terms is not None
    ]
    if not computed:
        terms = _terms_today(policy, entitlement, today)
        return tuple(_bars([], terms, today.year, Benefit.ORDINARY, used)) if terms else ()
    gauges: dict[str, Gauge] = {}
    for adjudication, terms in computed:
        year = adjudication.receipt.visited_on.year
        touched = [other for other, _terms in computed if other.receipt.visited_on.year == year]
        for gauge in _bars(touched, terms, year, adjudication.benefit, used):
            gauges.setdefault(gauge.title, gauge)
    return tuple(gauges.values())


def _bars(touched: list[Adjudication], terms: Terms, year: int, benefit: Benefit, used: YearToDate) -> Iterator[Gauge]:
    names = {"year": year, "benefit": _(benefit.term)}
    if terms.deductible_basis is DeductibleBasis.ANNUAL and terms.deductible_fen:
        sharing = [
            each for each in touched if each.terms is not None and each.terms.deductible_pool == terms.deductible_pool
        ]
        # Where visits count, what later ones were charged is not in the way of the first receipt here.
        before_fen = min(
            (each.deductible_used_before_fen for each in sharing),
            default=used.used(year, terms.deductible_pool).deductible_fen,
        )
        now_fen = sum(each.deductible_fen for each in sharing)
        yield Gauge(_("{year} 年{benefit}起付线").format(**names), before_fen, now_fen, terms.deductible_fen)
    before_fen = used.used(year, terms.cap_pool).fund_fen
    now_fen = sum(each.fund_fen for each in touched if each.terms is not None and each.terms.cap_pool == terms.cap_pool)
    yield Gauge(_("{year} 年{benefit}限额").format(**names), before_fen, now_fen, terms.cap_fen)


def _terms_today(policy: Policy, entitlement: Entitlement | None, today: date) -> Terms | None:
    version = policy.in_force_on(today)
    if version is None or entitlement is None:
        return None
    cells = version.cells.get((entitlement.insurance, entitlement.status_on(today)), {})
    terms = cells.get((Benefit.ORDINARY, Tier.THREE))
    return terms if isinstance(terms, Terms) else None
