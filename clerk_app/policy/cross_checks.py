"""What one slot of a file says of another has to hold: what exceptions replace, what references name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from clerk_app.codes import Status
from clerk_app.policy.overrides import Override, SlotValues, check_overrides, has_article, overlap
from clerk_app.policy.slots import BenefitSlots, CitedFigures, PolicyFile
from clerk_app.policy.strict_yaml import nearest
from clerk_app.policy.tables import Cell, Table, cells_of
from clerk_app.policy.version import ExceptionRule, Source


def cross_check(policy_file: PolicyFile, read: Sequence[Override]) -> None:
    """Hold the slots against one another; problems go to the file's findings.

    Args:
        read: The exceptions as they were read; with those of the parameters they become the file's.
    """
    overrides = sorted([*read, *_overrides_of_parameters(policy_file)], key=lambda override: override.line)
    check_overrides(policy_file.item.findings, overrides, _slot_values(policy_file))
    _check_rivals(policy_file)
    _check_references(policy_file)
    policy_file.exceptions = tuple(ExceptionRule(override.slot, override.by) for override in overrides)


def slots_of_the_unfiled(policy_file: PolicyFile) -> tuple[str, ...]:
    """What points off the ratio replace: the ratios of all care that presupposes a filing."""
    slots: list[str] = []
    for benefit, of_benefit in policy_file.benefits.items():
        if not of_benefit.counts_as_filed:
            slots.append(f"{benefit.term}.支付比例")
            if of_benefit.retired_bonuses:
                slots.append(f"{benefit.term}.退休加成")
    return tuple(slots)


def _slot_values(policy_file: PolicyFile) -> dict[str, SlotValues]:
    """Every slot that an exception may name."""
    slots = {f"口径.{name}": SlotValues((stated.source,)) for name, stated in policy_file.stated.items()}
    slots["备案"] = SlotValues(tuple(dated.body.source for dated in policy_file.filing))
    slots["零星报销"] = SlotValues(tuple(dated.body.source for dated in policy_file.manual_claims))
    slots["待遇"] = SlotValues(is_block=True)
    for benefit, of_benefit in policy_file.benefits.items():
        slots[benefit.term] = SlotValues(is_block=True)
        for key, general in of_benefit.general.items():
            exceptions = tuple(dated.body.source for dated in of_benefit.exceptions[key])
            slots[f"{benefit.term}.{key}"] = SlotValues(tuple(dated.body.source for dated in general), exceptions)
        if of_benefit.retired_bonuses:
            bonuses = tuple(bonus.source for bonus in of_benefit.retired_bonuses)
            slots[f"{benefit.term}.退休加成"] = SlotValues(exceptions=bonuses)
    return slots


def _overrides_of_parameters(policy_file: PolicyFile) -> Iterator[Override]:
    """A parameter of which the document gives the figure itself, 未设, replaces that figure; an open one nothing."""
    given: dict[str, list[str]] = {}
    for benefit, slots in policy_file.benefits.items():
        for key, reference in slots.parameter_refs():
            if reference.when_unset is not None:
                given.setdefault(reference.name, []).append(f"{benefit.term}.{key}")
    for parameter in policy_file.parameters.values():
        replaces = tuple(dict.fromkeys(given.get(parameter.name, ())))
        own = policy_file.document.number if has_article(parameter.article) else ""
        source = Source(own, parameter.article, policy_file.effective_from, policy_file.effective_until)
        if replaces:
            by = replace(source, replaces=parameter.replaces)
            yield Override(
                f"参数.{parameter.name}", by, parameter.line, replaces, parameter.named, takes_exceptions=True
            )
        elif parameter.named:
            policy_file.item.findings.add(parameter.line, "override_of_nothing", name=parameter.name)


def _check_rivals(policy_file: PolicyFile) -> None:
    """No two exceptions replace the same for the same case on the same day."""
    findings = policy_file.item.findings
    cells = cells_of(policy_file.insurances)
    for benefit, slots in policy_file.benefits.items():
        for key, exceptions in slots.exceptions.items():
            for number, later in enumerate(exceptions):
                rivals = [each.body.source for each in exceptions[:number] if _meet(each.body, later.body, cells)]
                if key == "支付比例":
                    rivals += _bonuses_met(slots, later.body, cells)
                for rival in rivals:
                    findings.add(
                        later.line,
                        "override_conflict",
                        slot=f"{benefit.term}.{key}",
                        one=str(rival),
                        other=str(later.body.source),
                    )
        for ratio in slots.ratio:
            bonus, value = ratio.body.retired_bonus, ratio.body.value
            if bonus and isinstance(value, Table) and value.names("退休"):
                findings.add(
                    ratio.line,
                    "override_conflict",
                    slot=f"{benefit.term}.支付比例",
                    one=str(ratio.body.source),
                    other=str(bonus.source),
                )


def _meet(one: CitedFigures, other: CitedFigures, cells: tuple[Cell, ...]) -> bool:
    return overlap(one.source, other.source) and any(one.covers(cell) and other.covers(cell) for cell in cells)


def _bonuses_met(slots: BenefitSlots, exception: CitedFigures, cells: tuple[Cell, ...]) -> list[Source]:
    """The points for the retired that would be added in days for which an exception gives the retired a ratio."""
    if not any(exception.covers(cell) for cell in cells if cell.status is Status.RETIRED):
        return []
    return [bonus.source for bonus in slots.retired_bonuses if overlap(bonus.source, exception.source)]


def _check_references(policy_file: PolicyFile) -> None:
    """What a slot refers to is in the file: the benefit of 按, a parameter of the right kind."""
    findings = policy_file.item.findings
    stated = tuple(benefit.term for benefit in policy_file.benefits)
    for settled_as in policy_file.settled_as.values():
        given = settled_as.benefit
        if given not in policy_file.benefits:
            close = nearest(given.term, stated)
            findings.add(settled_as.line, "value_unknown", given=given.term, nearest=close, known=stated)
    kinds = {name: parameter.kind for name, parameter in policy_file.parameters.items()}
    by_disease = tuple(name for name, kind in kinds.items() if kind == "fen_by_disease")
    for slots in policy_file.benefits.values():
        for _key, reference in slots.parameter_refs():
            if reference.name not in kinds:
                findings.add(reference.line, "parameter_undeclared", name=reference.name)
        for cap in slots.cap:
            caps = cap.body.by_disease
            if caps and caps.parameter and caps.parameter not in by_disease:
                close = nearest(caps.parameter, by_disease)
                findings.add(caps.line, "value_unknown", given=caps.parameter, nearest=close, known=by_disease)
