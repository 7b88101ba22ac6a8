"""What holds in an area: documents in force, in words that a clerk can hold against the paper."""

from __future__ import annotations

from collections.abc import Iterator

from clerk_app.adjudication.explanation import percent
from clerk_app.codes import Insurance, Tier
from clerk_app.counter.desk import Desk
from clerk_app.money import format_yuan
from clerk_app.policy.version import DeductibleBasis, PolicyVersion, Terms
from clerk_app.wording import _, clauses, filled, listed


def area_facts(desk: Desk, area_code: str) -> tuple[str, ...]:
    """Every version of an area's policy with its figures, a line each.

    Raises:
        ClerkError: The area's parameters break the framework's bounds.
    """
    lines: list[str] = []
    for version in desk.policy(area_code).versions:
        lines += _version_lines(version)
    return tuple(lines)


def _version_lines(version: PolicyVersion) -> Iterator[str]:
    document = version.document
    until = version.effective_until.isoformat() if version.effective_until else _("现行")
    yield f"{document.number}《{document.title}》"
    yield _("施行 {start} 至 {until}；核实至 {verified}；险种 {insurances}").format(
        start=version.effective_from,
        until=until,
        verified=version.verified_until,
        insurances=listed(_(each.term) for each in Insurance if each in version.insurances),
    )
    taken = _("受理") if version.manual_claims.taken else _("不受理（不予支付）")
    yield _("零星报销：{taken}〔{source}〕").format(taken=taken, source=version.manual_claims.source)
    for (_insurance, status), cells in version.cells.items():
        by_benefit: dict[str, list[str]] = {}
        for (benefit, tier), terms in cells.items():
            if tier is None or tier is Tier.NONE or not isinstance(terms, Terms):
                continue
            by_benefit.setdefault(_(benefit.term), []).append(_terms_words(tier, terms))
        for benefit_words, parts in by_benefit.items():
            details = {"benefit": benefit_words, "status": _(status.term), "terms": clauses(parts)}
            yield filled(_("{benefit}·{status}：{terms}"), details)


def _terms_words(tier: Tier, terms: Terms) -> str:
    basis = _("年起付") if terms.deductible_basis is DeductibleBasis.ANNUAL else _("次起付")
    return _("{tier} {basis} {deductible}、{ratio}%、年限额 {cap}").format(
        tier=_(tier.term),
        basis=basis,
        deductible=format_yuan(terms.deductible_fen, separators=True),
        ratio=percent(terms.ratio_bp),
        cap=format_yuan(terms.cap_fen, separators=True),
    )
