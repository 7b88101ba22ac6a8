"""The insured person: who it is, and what entitles to benefits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clerk_app.codes import Benefit, FilingCategory, Insurance, Status
from clerk_app.errors import ClerkError


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both ends included; without an end it goes on."""

    starts_on: date
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ClerkError("period_backwards", starts_on=self.starts_on, ends_on=self.ends_on)

    def covers(self, day: date) -> bool:
        """Whether the day lies in the span."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Filing:
    """备案: registered care outside the area."""

    category: FilingCategory
    period: Period


@dataclass(frozen=True, slots=True)
class Stay:
    """住院: a known inpatient stay; without a discharge the person is still there."""

    admitted_on: date
    discharged_on: date | None = None

    def __post_init__(self) -> None:
        if self.discharged_on is not None and self.discharged_on < self.admitted_on:
            raise ClerkError("period_backwards", starts_on=self.admitted_on, ends_on=self.discharged_on)

    def is_strictly_inside(self, day: date) -> bool:
        """Whether the day lies between admission and discharge, both excluded."""
        return self.admitted_on < day and (self.discharged_on is None or day < self.discharged_on)

    def is_on_the_edge(self, day: date) -> bool:
        """Whether it is the day of admission or discharge."""
        return day in (self.admitted_on, self.discharged_on)


@dataclass(frozen=True, slots=True)
class Condition:
    """慢特病: a registered chronic or special disease."""

    disease: str
    benefit: Benefit
    period: Period


@dataclass(frozen=True, slots=True)
class Entitlement:
    """参保信息: everything about the insured person that decides an amount, and nothing that names the person.

    Attributes:
        status: As registered today. With ``retirement_registered_on`` that date decides instead.
        coverage: Spans of cover; None means always covered.
        filings: None means that filing is not in question, as in a worked example that leaves it out.
    """

    insurance: Insurance
    status: Status
    retirement_registered_on: date | None = None
    coverage: tuple[Period, ...] | None = None
    filings: tuple[Filing, ...] | None = ()
    stays: tuple[Stay, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        is_resident = self.insurance is Insurance.RESIDENT
        if is_resident != (self.status is Status.RESIDENT):
            raise ClerkError("status_not_of_insurance", insurance=self.insurance.term, status=self.status.term)
        if is_resident and self.retirement_registered_on is not None:
            raise ClerkError("status_not_of_insurance", insurance=self.insurance.term, status=Status.RETIRED.term)

    @property
    def retired_from(self) -> date | None:
        """The 1st of the month after the registration (Nanyang art. 6, applied in all); None without a registration."""
        registered_on = self.retirement_registered_on
        if registered_on is None:
            return None
        months = registered_on.year * 12 + registered_on.month
        if months == date.max.year * 12 + date.max.month:  # "never", as some registers write it
            return date.max
        return date(months // 12, months % 12 + 1, 1)

    def status_on(self, day: date) -> Status:
        """人员类别 for benefits on a day."""
        retired_from = self.retired_from
        if retired_from is None:
            return self.status
        return Status.RETIRED if day >= retired_from else Status.EMPLOYED

    def is_covered_on(self, day: date) -> bool:
        """Whether the person was insured on the day."""
        return self.coverage is None or any(period.covers(day) for period in self.coverage)

    def filing_on(self, day: date, categories: frozenset[FilingCategory] | None) -> Filing | None:
        """The filing in force on the day; ``categories`` narrows which ones count, None takes all."""
        for filing in self.filings or ():
            if filing.period.covers(day) and (categories is None or filing.category in categories):
                return filing
        return None

    def condition_on(self, day: date, benefit: Benefit, disease: str) -> Condition | None:
        """The registered condition that a receipt of this benefit relies on; an unnamed disease takes any."""
        for condition in self.conditions:
            if condition.benefit is benefit and condition.period.covers(day) and disease in ("", condition.disease):
                return condition
        return None


@dataclass(frozen=True, slots=True)
class Person:
    """Who the insured is: what papers and lists carry.

    Attributes:
        id_number: The certificate's number; the ID card of GB 11643 unless ``certificate_type`` says otherwise.
        certificate_type: National code psn_cert_type, ``01`` for the ID card.
    """

    name: str
    id_number: str
    certificate_type: str = "01"
    sex: str = ""
    born_on: date | None = None
    phone: str = ""
    employer: str = ""
