"""Figures that may differ by insurance, status and tier, and the parameters that a framework leaves open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from clerk_app.codes import Insurance, Status, Tier
from clerk_app.policy.strict_yaml import Item, nearest


@dataclass(frozen=True, slots=True)
class Cell:
    """Which case a figure is asked for."""

    insurance: Insurance
    status: Status
    tier: Tier

    def __str__(self) -> str:
        return f"{self.insurance.term}·{self.status.term}·{self.tier.term}"


#: Who an insurance has, for whom a document has to give figures.
STATUSES = {
    Insurance.EMPLOYEE: (Status.EMPLOYED, Status.RETIRED),
    Insurance.RESIDENT: (Status.RESIDENT,),
}


def cells_of(insurances: Iterable[Insurance]) -> tuple[Cell, ...]:
    """Every case for which a document that covers the insurances has to give figures."""
    return tuple(
        Cell(insurance, status, tier) for insurance in insurances for status in STATUSES[insurance] for tier in Tier
    )


_KEYS: dict[str, tuple[str, Callable[[Cell], bool]]] = {
    "职工": ("险种", lambda cell: cell.insurance is Insurance.EMPLOYEE),
    "居民": ("险种", lambda cell: cell.insurance is Insurance.RESIDENT),
    "在职": ("人员类别", lambda cell: cell.status is Status.EMPLOYED),
    "退休": ("人员类别", lambda cell: cell.status is Status.RETIRED),
    "一级": ("等级", lambda cell: cell.tier.counts_as is Tier.ONE),
    "二级": ("等级", lambda cell: cell.tier is Tier.TWO),
    "三级": ("等级", lambda cell: cell.tier is Tier.THREE),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with the line it stands on."""

    value: int
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A number for all cases, or numbers by insurance, status or tier, nested as the file nests them."""

    branches: Mapping[str, Table | Figure]

    def find(self, cell: Cell) -> Figure | None:
        """The figure of a case, None where the table has none."""
        for key, branch in self.branches.items():
            if not key or _KEYS[key][1](cell):
                return branch if isinstance(branch, Figure) else branch.find(cell)
        return None

    def names(self, key: str) -> bool:
        """Whether the table tells a case apart by the key, e.g. 退休."""
        return any(
            branch_key == key or (isinstance(branch, Table) and branch.names(key))
            for branch_key, branch in self.branches.items()
        )

    def figures(self, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Figure]]:
        """Every figure with the keys that lead to it."""
        found: list[tuple[tuple[str, ...], Figure]] = []
        for key, branch in self.branches.items():
            here = (*path, key) if key else path
            found += [(here, branch)] if isinstance(branch, Figure) else branch.figures(here)
        return found


@dataclass(frozen=True, slots=True)
class ParameterRef:
    """A slot that a framework leaves to the pooling area.

    Attributes:
        when_unset: The figure that the document itself gives for an area that sets nothing; None for none.
    """

    name: str
    line: int
    when_unset: int | None = None


def read_table(item: Item, leaf: Callable[[Item], int]) -> Table:
    """Read a number or a block of numbers; keys of one block must be of one kind.

    Args:
        leaf: Reads one number, e.g. ``Item.fen``.
    """
    if not item.is_mapping:
        return Table({"": Figure(leaf(item), item.line)})
    branches: dict[str, Table | Figure] = {}
    kinds: set[str] = set()
    for key, value in item.pairs():
        if key not in _KEYS:
            value.problem("key_unknown", key=key, nearest=nearest(key, _KEYS), known=tuple(_KEYS))
            continue
        kinds.add(_KEYS[key][0])
        branches[key] = read_table(value, leaf)
    if len(kinds) > 1:
        item.problem("table_mixed", kinds=tuple(sorted(kinds)))
    return Table(branches)


def read_slot_value(item: Item, leaf: Callable[[Item], int]) -> Table | ParameterRef:
    """Read figures, or ``{参数: 名称}`` where the framework leaves them open."""
    if item.is_mapping and any(key == "参数" for key, _value in item.pairs()):
        section = item.section()
        name = section.needed_text("参数")
        unset = section.get("未设")
        section.finish()
        return ParameterRef(name, item.line, leaf(unset) if unset else None)
    return read_table(item, leaf)
