"""The parameters that a framework leaves to its pooling areas, and the bounds it sets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clerk_app.codes import Insurance, Status, Tier
from clerk_app.policy.overrides import Named, read_named
from clerk_app.policy.strict_yaml import Item, Section, nearest
from clerk_app.policy.tables import Cell, Table, read_table
from clerk_app.policy.version import Replaced

_KINDS = {"金额": "fen", "比例": "ratio", "百分点": "ratio", "病种金额": "fen_by_disease"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One open slot of a framework.

    Attributes:
        name: e.g. 普通门诊.起付标准.
        kind: ``fen``, ``ratio`` (ten-thousandths) or ``fen_by_disease``.
        minimum: The smallest value allowed, by status where ``minimum_by_status`` says so.
        above: The value has to be larger than this.
        choices: The only values allowed; empty for any.
        not_above: Another parameter whose value is a ceiling for this one.
        retired_not_below_employed: For every tier.
        article: Where the bound is written.
        line: Where the slot is declared in the framework's file.
        named: 取代, the figure of the document that an area's value replaces; empty where the document has none.
    """

    name: str
    kind: str
    article: str
    minimum: int | None = None
    minimum_by_status: Mapping[str, int] | None = None
    above: int | None = None
    maximum: int | None = None
    choices: tuple[int, ...] = ()
    not_above: str = ""
    retired_not_below_employed: bool = False
    line: int = 0
    named: tuple[Named, ...] = ()

    @property
    def replaces(self) -> tuple[Replaced, ...]:
        """What an area's value takes the place of."""
        return tuple(named.replaced for named in self.named)


@dataclass(frozen=True, slots=True)
class ParameterValues:
    """The values that an area has set, checked against the framework's bounds."""

    tables: Mapping[str, Table]
    by_disease_fen: Mapping[str, Mapping[str, int]]

    def __contains__(self, name: str) -> bool:
        return name in self.tables or name in self.by_disease_fen


NO_VALUES = ParameterValues({}, {})


def read_parameter(name: str, item: Item, document: str) -> Parameter:
    """Read what a framework says of one open slot.

    Args:
        document: The framework's 文号.
    """
    section = item.section()
    kind_item = section.need("类型")
    kind = kind_item.choice(_KINDS, "fen") if kind_item else "fen"
    by_status: dict[str, int] = {}
    minimum: int | None = None
    minimum_item = section.get("最低")
    if minimum_item and minimum_item.is_mapping:
        by_status = {status: _leaf(value, kind) for status, value in minimum_item.pairs()}
    elif minimum_item:
        minimum = _leaf(minimum_item, kind)
    parameter = Parameter(
        name,
        kind,
        section.needed_text("依据"),
        minimum,
        by_status or None,
        _optional(section, "高于", kind),
        _optional(section, "最高", kind),
        tuple(_leaf(choice, kind) for choice in section.items("可选")),
        section.text("不高于"),
        section.flag("退休不低于在职", False),
        item.line,
        read_named(section, document),
    )
    section.finish()
    return parameter


def read_values(item: Item, known: Mapping[str, Parameter]) -> ParameterValues:
    """Read an area's 参数 block and hold it against the framework's bounds; problems go to the item's findings."""
    tables: dict[str, Table] = {}
    by_disease: dict[str, dict[str, int]] = {}
    lines: dict[str, Item] = {}
    for group, block in item.pairs():
        names = [name.partition(".")[2] for name in known if name.partition(".")[0] == group]
        if not names:
            groups = tuple(dict.fromkeys(name.partition(".")[0] for name in known))
            block.problem("key_unknown", key=group, nearest=nearest(group, groups), known=groups)
            continue
        for key, value in block.pairs():
            if key not in names:
                value.problem("key_unknown", key=key, nearest=nearest(key, names), known=tuple(names))
                continue
            parameter = known[f"{group}.{key}"]
            lines[parameter.name] = value
            if parameter.kind == "fen_by_disease":
                by_disease[parameter.name] = {disease: amount.fen() for disease, amount in value.pairs()}
                _check_diseases(parameter, value, by_disease[parameter.name])
            else:
                tables[parameter.name] = read_table(value, Item.ratio_bp if parameter.kind == "ratio" else Item.fen)
                _check_bounds(parameter, value, tables[parameter.name])
    _check_ceilings(known, lines, tables, by_disease)
    return ParameterValues(tables, by_disease)


def _leaf(item: Item, kind: str) -> int:
    return item.ratio_bp() if kind == "ratio" else item.fen()


def _optional(section: Section, key: str, kind: str) -> int | None:
    item = section.get(key)
    return _leaf(item, kind) if item else None


def _check_bounds(parameter: Parameter, item: Item, table: Table) -> None:
    for path, figure in table.figures():
        _check_one(parameter, item, figure.line, path, figure.value)
    _check_complete(parameter, item, table)
    if parameter.retired_not_below_employed:
        for tier in (Tier.ONE, Tier.TWO, Tier.THREE):
            employed = table.find(Cell(Insurance.EMPLOYEE, Status.EMPLOYED, tier))
            retired = table.find(Cell(Insurance.EMPLOYEE, Status.RETIRED, tier))
            if employed and retired and retired.value < employed.value:
                item.findings.add(
                    retired.line, "parameter_retired_below_employed", name=parameter.name, article=parameter.article
                )


def _check_complete(parameter: Parameter, item: Item, table: Table) -> None:
    """A table that names statuses or tiers names all of them, or the gap would show at the counter."""
    for status in (Status.EMPLOYED, Status.RETIRED):
        for tier in (Tier.ONE, Tier.TWO, Tier.THREE):
            if table.find(Cell(Insurance.EMPLOYEE, status, tier)) is None:
                item.problem("parameter_incomplete", name=parameter.name, cell=f"{status.term}·{tier.term}")
                return


def _check_one(parameter: Parameter, item: Item, line: int, path: tuple[str, ...], value: int) -> None:
    minimum = parameter.minimum
    for status, floor in (parameter.minimum_by_status or {}).items():
        if status in path or not any(word in path for word in Status.terms()):
            minimum = floor
    shown = {"name": parameter.name, "given": _shown(value), "article": parameter.article}
    if minimum is not None and value < minimum:
        item.findings.add(line, "parameter_below", bound=_shown(minimum), **shown)
    if parameter.above is not None and value <= parameter.above:
        item.findings.add(line, "parameter_not_above", bound=_shown(parameter.above), **shown)
    if parameter.maximum is not None and value > parameter.maximum:
        item.findings.add(line, "parameter_above", bound=_shown(parameter.maximum), **shown)
    if parameter.choices and value not in parameter.choices:
        item.findings.add(
            line, "parameter_not_choice", choices=tuple(_shown(choice) for choice in parameter.choices), **shown
        )


def _check_diseases(parameter: Parameter, item: Item, amounts: Mapping[str, int]) -> None:
    for disease, amount_fen in amounts.items():
        _check_one(parameter, item, item.line, (disease,), amount_fen)


def _check_ceilings(
    known: Mapping[str, Parameter],
    lines: Mapping[str, Item],
    tables: Mapping[str, Table],
    by_disease: Mapping[str, Mapping[str, int]],
) -> None:
    for name, item in lines.items():
        ceiling_table = tables.get(known[name].not_above)
        if ceiling_table is None:
            continue
        ceiling = min(figure.value for _path, figure in ceiling_table.figures())
        values = [figure.value for _path, figure in tables[name].figures()] if name in tables else []
        for value in (*values, *by_disease.get(name, {}).values()):
            if value > ceiling:
                item.problem(
                    "parameter_above",
                    name=name,
                    given=_shown(value),
                    bound=_shown(ceiling),
                    article=known[name].article,
                )


def _shown(value: int) -> str:
    """Yuan and percent are both hundredths."""
    return f"{value // 100}.{value % 100:02d}".removesuffix(".00")
