"""A policy as the engine reads it: resolved, dated, cited figures for every cell that the document covers."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from clerk_app.codes import Benefit, FilingCategory, Insurance, Material, Payer, Status, Tier
from clerk_app.errors import ClerkError, PolicyGap


@dataclass(frozen=True, slots=True)
class Replaced:
    """取代: the general rule whose place an exception takes.

    Attributes:
        slot: As the file names it, e.g. 普通门诊.支付比例.
        document: 文号 of the general rule; empty with ``article`` where the slot has none.
        article: The article of the general rule.
    """

    slot: str
    document: str = ""
    article: str = ""

    @property
    def citation(self) -> str:
        """Document and article, empty where the slot has none."""
        return f"{self.document} {self.article}".strip()

    def __str__(self) -> str:
        return f"{self.slot}（{self.citation}）" if self.citation else self.slot


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value is written: document number and article, and the days for which the value holds.

    Attributes:
        document: 文号, e.g. 宛政办〔2022〕42号; empty where the office's own practice is the basis.
        article: e.g. 第五条(二); or the basis in words where no document speaks.
        replaces: What the value takes the place of where it is an exception; empty for a general rule.
    """

    document: str
    article: str
    holds_from: date | None = None
    holds_until: date | None = None
    replaces: tuple[Replaced, ...] = ()

    def __str__(self) -> str:
        return f"{self.document} {self.article}".strip()


class DeductibleBasis(StrEnum):
    """起付标准的方式."""

    ANNUAL = "按年"
    PER_VISIT = "按次"


class VisitWindow(StrEnum):
    """Which receipts share one per-visit deductible."""

    SAME_LABEL = "同次就诊"
    SAME_HOSPITAL_24_HOURS = "同院24小时"


class TierExpectation(StrEnum):
    """机构等级: where the care is given in principle; elsewhere it needs review."""

    TWO_OR_LOWER = "二级及以下"
    TWO_OR_HIGHER_OR_SPECIALISED = "二级及以上或专科"


class ReceiptOrder(StrEnum):
    """扣减次序: the order in which receipts use up deductible and cap."""

    BY_SETTLEMENT = "结算先后"
    BY_VISIT = "就诊先后"


@dataclass(frozen=True, slots=True)
class Terms:
    """The figures for one insurance, status, benefit and tier, each with its source.

    Attributes:
        deductible_pool: Receipts with the same pool use up one deductible.
        ratio_bp: The fund's share in ten-thousandths.
        cap_fen: What the fund pays at most in a calendar year out of ``cap_pool``; None for no cap.
        cap_by_disease_fen: Lower caps for single diseases inside the pool, by disease.
        disease_cap_source: Where those are written; set with them.
    """

    deductible_fen: int
    deductible_basis: DeductibleBasis
    deductible_pool: str
    deductible_source: Source
    ratio_bp: int
    ratio_source: Source
    cap_fen: int
    cap_pool: str
    cap_source: Source
    cap_by_disease_fen: tuple[tuple[str, int], ...] = ()
    visit_window: VisitWindow = VisitWindow.SAME_LABEL
    disease_cap_source: Source | None = None

    def disease_cap_fen(self, disease: str) -> int | None:
        """A disease's own cap inside the pool, None where it has none."""
        return dict(self.cap_by_disease_fen).get(disease)


@dataclass(frozen=True, slots=True)
class OpenTerms:
    """A cell of a framework whose figures the pooling area has not set: nothing is computed from it."""

    missing_parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BenefitRules:
    """What a document asks of one benefit beyond its figures.

    Attributes:
        deductible_pool: Benefits with the same pool use up one annual deductible.
        cap_pool: Benefits with the same pool share one cap.
        condition_source: Set where a registered condition must cover the visit date.
        needs_filing: Emergency and rescue count as filed.
        filed_source: Why care of this kind counts as filed; None where it does not.
        unfiled_source: What an unfiled visit meets, with what that replaces for this benefit alone.
        settled_as: The benefit whose figures apply, where the document settles this one by another's.
    """

    deductible_pool: str
    cap_pool: str
    expected_tier: TierExpectation | None = None
    expected_tier_source: Source | None = None
    condition_source: Source | None = None
    needs_filing: bool = True
    materials: frozenset[Material] = frozenset()
    materials_source: Source | None = None
    dual_channel_source: Source | None = None
    filed_source: Source | None = None
    unfiled_source: Source | None = None
    settled_as: Benefit | None = None
    settled_as_source: Source | None = None


class UnfiledRule(StrEnum):
    """未备案的处理方式."""

    REVIEW = "待复核"
    POINTS_OFF = "降低比例"
    PAID_FIRST = "先行自付"


@dataclass(frozen=True, slots=True)
class FilingRule:
    """备案: which categories count, and what an unfiled visit means.

    Attributes:
        categories: None takes every category.
        reduction_bp: With ``POINTS_OFF`` the points taken off the ratio, with ``PAID_FIRST`` the share of the
            in-scope amount that the person pays before the deductible; in ten-thousandths.
    """

    categories: frozenset[FilingCategory] | None
    source: Source
    unfiled: UnfiledRule
    unfiled_source: Source
    reduction_bp: int = 0


@dataclass(frozen=True, slots=True)
class ManualClaimRule:
    """零星报销: whether the area pays receipts that the network did not settle."""

    taken: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Exclusion:
    """不予支付情形: one kind of expense that the fund never pays."""

    code: str
    words: str
    source: Source


@dataclass(frozen=True, slots=True)
class SeparatePolicy:
    """A disease that follows a document of its own."""

    diseases: frozenset[str]
    document: str
    source: Source

    def names(self, disease: str) -> bool:
        """Whether a disease, by code or name, is meant; a code's subdivisions count: E70.0 is E70.000 and E70.001."""
        given = unicodedata.normalize("NFKC", disease).strip().upper()
        return any(given.startswith(known) if "." in known else given == known for known in self.diseases)

    def meets(self, other: SeparatePolicy) -> bool:
        """Whether some disease follows both documents."""
        return any(other.names(disease) for disease in self.diseases) or any(
            self.names(disease) for disease in other.diseases
        )


@dataclass(frozen=True, slots=True)
class AccountCredit:
    """计入: a share of a base that is credited to the account every month.

    Attributes:
        who: 在职, 灵活就业 or 退休, as the document names them.
        share_bp: In ten-thousandths of the base.
        base: The base in words, e.g. 本人参保缴费基数.
    """

    who: str
    share_bp: int
    base: str
    source: Source


@dataclass(frozen=True, slots=True)
class AccountRule:
    """个人账户: whose account may pay what the person bears, and what is credited to it."""

    payers: frozenset[Payer]
    source: Source
    credits: tuple[AccountCredit, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """A choice that changes the money and is stated with its basis: which date, which order, which rounding."""

    value: str
    source: Source


@dataclass(frozen=True, slots=True)
class Document:
    """文件: what the values come from."""

    number: str
    title: str
    issuer: str


@dataclass(frozen=True, slots=True)
class ExceptionRule:
    """例外: an entry of the document that takes the place of a general one.

    Attributes:
        slot: Where it stands in the file, e.g. 普通门诊.退休加成.
        source: Its own article, and in ``replaces`` what it takes the place of.
    """

    slot: str
    source: Source


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """All that one document says between two days on which nothing changes.

    Attributes:
        effective_until: The last day, None while it is in force.
        verified_until: 已核实至, the day on which an officer last held the figures against the document.
        effect_source: Where the document says from when it holds.
        content_hash: SHA-256 of the files that it was read from, with the parameters filled in.
        cells: (insurance, status) → (benefit, tier) → the figures.
        exceptions: Every exception that holds in these days, in the order of the file.
    """

    area_code: str
    area_name: str
    document: Document
    effective_from: date
    effective_until: date | None
    verified_until: date
    effect_source: Source
    content_hash: str
    insurances: frozenset[Insurance]
    insurances_source: Source
    cells: Mapping[tuple[Insurance, Status], Mapping[tuple[Benefit, Tier | None], Terms | OpenTerms]]
    benefits: Mapping[Benefit, BenefitRules]
    manual_claims: ManualClaimRule
    filing: FilingRule
    version_date: Stated
    receipt_order: Stated
    steps: Stated
    rounding: Stated
    retirement: Stated
    designated_source: Source
    stay_source: Source
    off_site_source: Source
    networked_source: Source
    duplicate_source: Source
    coverage_source: Source
    pharmacy_source: Source
    networked_institution_source: Source | None = None
    overlap_source: Source | None = None
    exclusions: tuple[Exclusion, ...] = ()
    separate_policies: tuple[SeparatePolicy, ...] = ()
    account: AccountRule | None = None
    exceptions: tuple[ExceptionRule, ...] = ()

    def is_in_force_on(self, day: date) -> bool:
        """Whether the version decides about a visit on the day."""
        return self.effective_from <= day and (self.effective_until is None or day <= self.effective_until)

    def ending_before(self, following: date) -> PolicyVersion:
        """The same version, ended by the document that follows it."""
        last_day = following - timedelta(days=1)
        if self.effective_until is not None and self.effective_until <= last_day:
            return self
        return replace(self, effective_until=last_day)

    def exclusion(self, code: str) -> Exclusion:
        """The entry of the exclusion list.

        Raises:
            ClerkError: ``exclusion_unknown``, the area's list has no such code.
        """
        given = unicodedata.normalize("NFKC", code)
        for entry in self.exclusions:
            if given in (entry.code, unicodedata.normalize("NFKC", entry.words), entry.source.article):
                return entry
        raise ClerkError(
            "exclusion_unknown", given=code, area=self.area_name, known=tuple(entry.code for entry in self.exclusions)
        )

    def terms(self, insurance: Insurance, status: Status, benefit: Benefit, tier: Tier | None) -> Terms:
        """The figures of one cell.

        Raises:
            PolicyGap: ``policy_gap``, the document says nothing of it; ``parameter_not_set``, it leaves the figures
                to the pooling area and the area's file has not set them.
        """
        cell = self.cells.get((insurance, status), {}).get((benefit, tier))
        if isinstance(cell, Terms):
            return cell
        details = {
            "area": self.area_name,
            "document": self.document.number,
            "insurance": insurance.term,
            "status": status.term,
            "benefit": benefit.term,
            "tier": tier.term if tier is not None else "",
        }
        if isinstance(cell, OpenTerms):
            raise PolicyGap("parameter_not_set", parameters=cell.missing_parameters, **details)
        raise PolicyGap("policy_gap", **details)


@dataclass(frozen=True, slots=True)
class Policy:
    """All versions of one area, the earliest first; they do not overlap."""

    area_code: str
    area_name: str
    versions: tuple[PolicyVersion, ...]

    def versions_in(self, year: int) -> tuple[PolicyVersion, ...]:
        """The versions that were in force on some day of a calendar year, the latest first."""
        return tuple(
            version
            for version in reversed(self.versions)
            if version.effective_from.year <= year
            and (version.effective_until is None or version.effective_until.year >= year)
        )

    def in_force_on(self, day: date) -> PolicyVersion | None:
        """The version that decides about a visit on the day, None before the first document."""
        for version in self.versions:
            if version.is_in_force_on(day):
                return version
        return None
