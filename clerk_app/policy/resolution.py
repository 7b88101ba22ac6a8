"""From the slots of a file to versions that the engine reads: every cell has one rule, or the file is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from clerk_app.codes import Benefit, Insurance, Status, Tier
from clerk_app.policy.overrides import has_article
from clerk_app.policy.parameters import NO_VALUES, ParameterValues
from clerk_app.policy.slots import BenefitSlots, CitedFigures, Dated, PolicyFile
from clerk_app.policy.tables import STATUSES, Cell, ParameterRef, Table
from clerk_app.policy.version import (
    BenefitRules,
    ExceptionRule,
    FilingRule,
    OpenTerms,
    PolicyVersion,
    Source,
    Terms,
)

_Body = TypeVar("_Body")
Cells = dict[tuple[Benefit, Tier | None], Terms | OpenTerms]


def resolve(
    policy_file: PolicyFile, values: ParameterValues = NO_VALUES, values_text: bytes = b""
) -> tuple[PolicyVersion, ...]:
    """Fill a file's open slots with an area's values and cut it into versions.

    Args:
        values: Checked against the framework's bounds before.
        values_text: What the values were read from; it enters the content hash.

    Raises:
        FileProblems: A cell without a rule (``slot_hole``) or with two (``slot_conflict``).
    """
    content_hash = policy_file.content_hash
    if values_text:
        content_hash = hashlib.sha256(policy_file.content_hash.encode() + values_text).hexdigest()
    versions = tuple(
        _version(policy_file, values, content_hash, starts_on, ends_on)
        for starts_on, ends_on in boundaries(policy_file)
    )
    policy_file.item.findings.raise_if_any()
    return versions


def boundaries(policy_file: PolicyFile) -> list[tuple[date, date | None]]:
    """The spans of days on which no slot of the document changes, the earliest first."""
    spans = [value.span for value in policy_file.manual_claims]
    spans += [value.span for value in policy_file.filing]
    for slots in policy_file.benefits.values():
        spans += slots.spans()
    starts = {policy_file.effective_from}
    for starts_on, ends_on in spans:
        starts.add(max(starts_on, policy_file.effective_from))
        if ends_on is not None and ends_on < date.max:
            starts.add(ends_on + timedelta(days=1))
    last = policy_file.effective_until
    ordered = sorted(day for day in starts if last is None or day <= last)
    ends: list[date | None] = [day - timedelta(days=1) for day in ordered[1:]]
    return list(zip(ordered, [*ends, last], strict=True))


def _version(
    policy_file: PolicyFile, values: ParameterValues, content_hash: str, starts_on: date, ends_on: date | None
) -> PolicyVersion:
    line = policy_file.item.line
    resolver = _Resolver(policy_file, values, starts_on)
    manual_claims = resolver.pick("零星报销", policy_file.manual_claims, line)
    filing = resolver.pick("备案", policy_file.filing, line)
    cells = {
        (insurance, status): resolver.cells(insurance, status)
        for insurance in sorted(policy_file.insurances)
        for status in STATUSES[insurance]
    }
    policy_file.item.findings.raise_if_any()
    assert manual_claims is not None
    assert filing is not None
    grounds = policy_file.grounds
    return PolicyVersion(
        area_code=policy_file.area_code,
        area_name=policy_file.area_name,
        document=policy_file.document,
        effective_from=starts_on,
        effective_until=ends_on,
        verified_until=policy_file.verified_until,
        effect_source=policy_file.effect_source,
        content_hash=content_hash,
        insurances=policy_file.insurances,
        insurances_source=policy_file.insurances_source,
        cells=cells,
        benefits=resolver.benefit_rules(filing),
        manual_claims=manual_claims,
        filing=filing,
        version_date=policy_file.stated["版本日期"],
        receipt_order=policy_file.stated["扣减次序"],
        steps=policy_file.stated["计算步骤"],
        rounding=policy_file.stated["舍入"],
        retirement=policy_file.stated["退休待遇"],
        coverage_source=grounds["参保期外"],
        duplicate_source=grounds["重复票据"],
        stay_source=grounds["住院期间"],
        networked_source=grounds["已联网结算"],
        off_site_source=grounds["非异地"],
        designated_source=grounds["非定点"],
        pharmacy_source=grounds["药店购药"],
        networked_institution_source=policy_file.networked_institution_source,
        overlap_source=policy_file.overlap_source,
        exclusions=policy_file.exclusions,
        separate_policies=policy_file.separate_policies,
        account=policy_file.account,
        exceptions=resolver.exceptions(),
    )


class _Resolver:
    """Resolves one span of days; holes and conflicts go to the file's findings."""

    def __init__(self, policy_file: PolicyFile, values: ParameterValues, day: date) -> None:
        self._file = policy_file
        self._values = values
        self._day = day

    def pick(self, slot: str, dated: Sequence[Dated[_Body]], line: int) -> _Body | None:
        """The one value in force on the day."""
        holding = [value for value in dated if value.holds_on(self._day)]
        if len(holding) == 1:
            return holding[0].body
        code = "slot_conflict" if holding else "slot_hole"
        self._file.item.findings.add(holding[-1].line if holding else line, code, slot=slot, cell="", day=self._day)
        return None

    def cells(self, insurance: Insurance, status: Status) -> Cells:
        """Every benefit × tier for one insurance and status."""
        cells: Cells = {}
        for benefit, slots in self._file.benefits.items():
            for tier in Tier:
                terms = self._terms(benefit, slots, Cell(insurance, status, tier))
                if terms is not None:
                    cells[benefit, tier] = terms
            if len({cells.get((benefit, tier)) for tier in Tier if (benefit, tier) in cells}) == 1:
                cells[benefit, None] = cells[benefit, Tier.NONE]
        for benefit, as_other in self._file.settled_as.items():
            owned = [(tier, terms) for (owner, tier), terms in cells.items() if owner is as_other.benefit]
            cells.update({(benefit, tier): terms for tier, terms in owned})
        return cells

    def exceptions(self) -> tuple[ExceptionRule, ...]:
        """The exceptions that hold on the day; a parameter's only where the area has set it."""
        return tuple(
            rule
            for rule in self._file.exceptions
            if (rule.source.holds_from or date.min) <= self._day <= (rule.source.holds_until or date.max)
            and (not rule.slot.startswith("参数.") or rule.slot.removeprefix("参数.") in self._values)
        )

    def benefit_rules(self, filing: FilingRule) -> Mapping[Benefit, BenefitRules]:
        """What the document asks of each benefit beyond its figures."""
        rules = {benefit: self._rules(benefit, slots, filing) for benefit, slots in self._file.benefits.items()}
        for benefit, as_other in self._file.settled_as.items():
            own = rules[as_other.benefit]
            rules[benefit] = replace(
                own,
                needs_filing=own.needs_filing and as_other.filed_source is None,
                filed_source=as_other.filed_source or own.filed_source,
                settled_as=as_other.benefit,
                settled_as_source=as_other.source,
            )
        return rules

    def _rules(self, benefit: Benefit, slots: BenefitSlots, filing: FilingRule) -> BenefitRules:
        deductible = self.pick(f"{benefit.term}.起付标准", slots.deductible, slots.line)
        cap = self.pick(f"{benefit.term}.年度限额", slots.cap, slots.line)
        return BenefitRules(
            deductible_pool=deductible.pool if deductible else benefit.value,
            cap_pool=cap.pool if cap else benefit.value,
            expected_tier=slots.expected_tier[0] if slots.expected_tier else None,
            expected_tier_source=slots.expected_tier[1] if slots.expected_tier else None,
            condition_source=slots.condition_source,
            needs_filing=not slots.counts_as_filed,
            materials=slots.materials[0] if slots.materials else frozenset(),
            materials_source=slots.materials[1] if slots.materials else None,
            dual_channel_source=slots.dual_channel_source,
            filed_source=slots.filed_source,
            unfiled_source=_for_benefit(filing.unfiled_source, benefit),
        )

    def _terms(self, benefit: Benefit, slots: BenefitSlots, cell: Cell) -> Terms | OpenTerms | None:
        deductible = self.pick(f"{benefit.term}.起付标准", slots.deductible, slots.line)
        ratio = self.pick(f"{benefit.term}.支付比例", slots.ratio, slots.line)
        cap = self.pick(f"{benefit.term}.年度限额", slots.cap, slots.line)
        if deductible is None or ratio is None or cap is None:
            return None
        missing: list[str] = []

        def in_force(key: str, value: Table | ParameterRef, source: Source) -> tuple[int, Source]:
            exception = slots.exception_on(key, self._day, cell) or CitedFigures(value, source)
            return self._figure(f"{benefit.term}.{key}", exception, cell, missing, slots.line)

        deductible_fen, deductible_source = in_force("起付标准", deductible.value, deductible.source)
        if ratio.retired_bonus is not None and cell.status is Status.RETIRED:
            employed = Cell(cell.insurance, Status.EMPLOYED, cell.tier)
            general = CitedFigures(ratio.value, ratio.source)
            ratio_bp, _source = self._figure(f"{benefit.term}.支付比例", general, employed, missing, slots.line)
            bonus_bp, ratio_source = self._figure(
                f"{benefit.term}.退休加成", ratio.retired_bonus, cell, missing, slots.line
            )
            ratio_bp = min(10000, ratio_bp + bonus_bp)
        else:
            ratio_bp, ratio_source = in_force("支付比例", ratio.value, ratio.source)
        cap_fen, cap_source = in_force("年度限额", cap.value, cap.source)
        if missing:
            return OpenTerms(tuple(dict.fromkeys(missing)))
        caps = cap.by_disease
        by_disease = self._values.by_disease_fen.get(caps.parameter, {}) if caps else {}
        return Terms(
            deductible_fen=deductible_fen,
            deductible_basis=deductible.basis,
            deductible_pool=deductible.pool,
            deductible_source=deductible_source,
            ratio_bp=ratio_bp,
            ratio_source=ratio_source,
            cap_fen=cap_fen,
            cap_pool=cap.pool,
            cap_source=cap_source,
            cap_by_disease_fen=tuple(sorted(by_disease.items())),
            visit_window=deductible.window,
            disease_cap_source=caps.source if caps and by_disease else None,
        )

    def _figure(self, slot: str, stated: CitedFigures, cell: Cell, missing: list[str], line: int) -> tuple[int, Source]:
        """The figure of a case with its source: the slot's, or the area's where it replaces what the document gives."""
        value = stated.value
        if isinstance(value, ParameterRef):
            return self._parameter(value, stated.source, cell, missing)
        figure = value.find(cell)
        if figure is None:
            self._file.item.findings.add(line, "slot_hole", slot=slot, cell=str(cell), day=self._day)
            return 0, stated.source
        return figure.value, stated.source

    def _parameter(self, reference: ParameterRef, source: Source, cell: Cell, missing: list[str]) -> tuple[int, Source]:
        table = self._values.tables.get(reference.name)
        figure = table.find(cell) if table else None
        if figure is None:
            if reference.when_unset is None:
                missing.append(reference.name)
            return reference.when_unset or 0, source
        if reference.when_unset is None:
            return figure.value, source
        parameter = self._file.parameters[reference.name]
        number = self._file.document.number if has_article(parameter.article) else ""
        own = replace(source, document=number, article=parameter.article, replaces=parameter.replaces)
        return figure.value, own


def _for_benefit(source: Source, benefit: Benefit) -> Source:
    """A source that replaces slots of several benefits, for one of them."""
    others = tuple(other.term for other in Benefit if other is not benefit)
    return replace(source, replaces=tuple(each for each in source.replaces if each.slot.split(".")[0] not in others))
