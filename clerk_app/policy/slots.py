"""The slots of one policy file as they are read: dated, cited, and not yet resolved into versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from clerk_app.codes import Benefit, Insurance, Material
from clerk_app.policy.parameters import Parameter
from clerk_app.policy.strict_yaml import Item
from clerk_app.policy.tables import Cell, ParameterRef, Table
from clerk_app.policy.version import (
    AccountRule,
    DeductibleBasis,
    Document,
    ExceptionRule,
    Exclusion,
    FilingRule,
    ManualClaimRule,
    SeparatePolicy,
    Source,
    Stated,
    TierExpectation,
    VisitWindow,
)

_Body = TypeVar("_Body")


@dataclass(frozen=True, slots=True)
class Dated(Generic[_Body]):
    """A slot's value with the days for which it holds."""

    body: _Body
    starts_on: date
    ends_on: date | None
    line: int

    @property
    def span(self) -> tuple[date, date | None]:
        """First and last day."""
        return self.starts_on, self.ends_on

    def holds_on(self, day: date) -> bool:
        """Whether the value holds on the day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class DeductibleSlot:
    """起付标准."""

    value: Table | ParameterRef
    basis: DeductibleBasis
    pool: str
    window: VisitWindow
    source: Source


@dataclass(frozen=True, slots=True)
class CitedFigures:
    """Figures with their source: the general ones of a slot, or an exception's for the cases that its table names.

    What is no figure, e.g. the pool, stays that of the general value when an exception decides.
    """

    value: Table | ParameterRef
    source: Source

    def covers(self, cell: Cell) -> bool:
        """Whether there is a figure for the case."""
        return isinstance(self.value, ParameterRef) or self.value.find(cell) is not None


@dataclass(frozen=True, slots=True)
class RatioSlot:
    """支付比例; ``retired_bonus`` adds points to the employed figure."""

    value: Table | ParameterRef
    retired_bonus: CitedFigures | None
    source: Source


@dataclass(frozen=True, slots=True)
class DiseaseCaps:
    """病种限额: the parameter that lists the caps of single diseases."""

    parameter: str
    source: Source
    line: int


@dataclass(frozen=True, slots=True)
class CapSlot:
    """年度限额."""

    value: Table | ParameterRef
    pool: str
    by_disease: DiseaseCaps | None
    source: Source


@dataclass(frozen=True, slots=True)
class BenefitSlots:
    """待遇: everything that the document says of one kind of care.

    Attributes:
        filed_source: Why care of this kind counts as filed; None where it does not.
        exceptions: Those to the general values, by key: 起付标准, 支付比例, 年度限额.
    """

    line: int
    deductible: tuple[Dated[DeductibleSlot], ...]
    ratio: tuple[Dated[RatioSlot], ...]
    cap: tuple[Dated[CapSlot], ...]
    expected_tier: tuple[TierExpectation, Source] | None
    condition_source: Source | None
    materials: tuple[frozenset[Material], Source] | None
    dual_channel_source: Source | None
    filed_source: Source | None
    exceptions: Mapping[str, tuple[Dated[CitedFigures], ...]]

    @property
    def counts_as_filed(self) -> bool:
        """Whether care of this kind needs no filing."""
        return self.filed_source is not None

    @property
    def general(self) -> Mapping[str, tuple[Dated[DeductibleSlot] | Dated[RatioSlot] | Dated[CapSlot], ...]]:
        """The general values by their key in the file."""
        return {"起付标准": self.deductible, "支付比例": self.ratio, "年度限额": self.cap}

    @property
    def retired_bonuses(self) -> tuple[CitedFigures, ...]:
        """The points that are added for the retired."""
        return tuple(dated.body.retired_bonus for dated in self.ratio if dated.body.retired_bonus)

    def exception_on(self, key: str, day: date, cell: Cell) -> CitedFigures | None:
        """The exception that decides a case on a day, None where the general value does; two are refused before."""
        for dated in self.exceptions[key]:
            if dated.holds_on(day) and dated.body.covers(cell):
                return dated.body
        return None

    def spans(self) -> Iterator[tuple[date, date | None]]:
        """First and last day of every value."""
        for values in (*self.general.values(), *self.exceptions.values()):
            for dated in values:
                yield dated.span

    def parameter_refs(self) -> list[tuple[str, ParameterRef]]:
        """The parameters that its figures refer to, with the slot."""
        figures = [(key, dated.body.value) for key, general in self.general.items() for dated in general]
        figures += [("退休加成", bonus.value) for bonus in self.retired_bonuses]
        figures += [(key, dated.body.value) for key, each in self.exceptions.items() for dated in each]
        return [(key, figure) for key, figure in figures if isinstance(figure, ParameterRef)]


@dataclass(frozen=True, slots=True)
class SettledAs:
    """按: a benefit that the document settles by the figures of another.

    Attributes:
        filed_source: Why it counts as filed; None where it does not.
    """

    benefit: Benefit
    source: Source
    filed_source: Source | None
    line: int


@dataclass(slots=True)
class PolicyFile:
    """The slots of one file, not yet resolved.

    Attributes:
        parameters: What a framework leaves open; empty for a complete document.
        settled_as: Benefits that the document settles by the figures of another.
        exceptions: Every exception of the file, in its order.
    """

    item: Item
    content_hash: str
    area_code: str
    area_name: str
    document: Document
    effective_from: date
    effective_until: date | None
    effect_source: Source
    verified_until: date
    insurances: frozenset[Insurance]
    insurances_source: Source
    stated: Mapping[str, Stated]
    grounds: Mapping[str, Source]
    manual_claims: tuple[Dated[ManualClaimRule], ...]
    networked_institution_source: Source | None
    overlap_source: Source | None
    exclusions: tuple[Exclusion, ...]
    separate_policies: tuple[SeparatePolicy, ...]
    account: AccountRule | None
    benefits: dict[Benefit, BenefitSlots] = field(default_factory=dict)
    settled_as: dict[Benefit, SettledAs] = field(default_factory=dict)
    filing: tuple[Dated[FilingRule], ...] = ()
    parameters: dict[str, Parameter] = field(default_factory=dict)
    exceptions: tuple[ExceptionRule, ...] = ()
