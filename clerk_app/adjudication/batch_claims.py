"""From the engine's own values to the rows of a batch; a person whom rows cannot express goes through the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from clerk_app.adjudication.batch_figures import LARGEST_ACCOUNT_FEN, LARGEST_IN_SCOPE_FEN, NOTHING, Figures, cell_table
from clerk_app.adjudication.batch_rounds import HandedIn, Rows, Work
from clerk_app.adjudication.findings import ClaimFacts, DayFacts, Standing, examine
from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.codes import Decision, Tier
from clerk_app.errors import ClerkError
from clerk_app.policy.version import DeductibleBasis, Policy, Terms, VisitWindow
from clerk_app.receipts.claim import Claim, Receipt
from clerk_app.receipts.insured import Entitlement

#: Cell, amount and accounts of a receipt that is refused, or decided elsewhere.
_USES_NOTHING = (NOTHING, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class PersonClaims:
    """One insured person's claims of one or more years.

    Attributes:
        claims: In the order of settlement; within one, receipts go by visit time and then by entry.
        used: What was used before the first of them, prior benefits included.
        taken: Bill key → voucher, for bills that other claims hold.
    """

    entitlement: Entitlement
    claims: tuple[Claim, ...]
    used: YearToDate = field(default_factory=YearToDate)
    taken: Mapping[str, str] = field(default_factory=dict)


def work_of_claims(claims: Sequence[PersonClaims], policy: Policy) -> Work:
    """Rows, figures and accounts of everybody; who does not suit the rounds is marked for the engine."""
    gatherer = _Gatherer(policy)
    by_engine = np.zeros(len(claims), np.bool_)
    starts = [0]
    for number, own in enumerate(claims):
        end = starts[-1] + sum(len(claim.receipts) for claim in own.claims)
        try:
            gatherer.gather(number, own, starts[-1])
        except _UnsuitableError:
            by_engine[number] = True
            gatherer.leave_out(number, range(starts[-1], end))
        starts.append(end)
    rows = np.array(gatherer.rows, np.int64).reshape(-1, len(Rows._fields)).T
    return Work(
        np.array(gatherer.places, np.int64),
        Rows(*rows),
        cell_table(gatherer.figures),
        np.array(gatherer.deductible_used_fen, np.int64),
        np.array(gatherer.fund_used_fen, np.int64),
        by_engine,
        _EngineClaims(claims, starts),
        {},
    )


class _EngineClaims:
    def __init__(self, claims: Sequence[PersonClaims], starts: Sequence[int]) -> None:
        self._claims = claims
        self._starts = starts

    def of(self, person: int) -> HandedIn:
        own = self._claims[person]
        places = slice(self._starts[person], self._starts[person + 1])
        return HandedIn(places, own.used, own.taken, [(own.entitlement, claim) for claim in own.claims])


class _UnsuitableError(Exception):
    """The person has to go through the engine."""


class _Gatherer:
    """Turns claims into rows; figures and accounts get numbers as they are met."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.rows: list[tuple[int, int, int, int, int]] = []
        self.places: list[int] = []
        self.figures: list[Figures] = []
        # The first account is for receipts that use nothing up, whosever they are.
        self.deductible_used_fen = [0]
        self.fund_used_fen = [0]
        self._cell_of: dict[tuple[int, int, int], int] = {}
        self._standing: Standing | None = None

    def gather(self, number: int, own: PersonClaims, place: int) -> None:
        """Add one person's receipts, the first of them at ``place``.

        Raises:
            _UnsuitableError: Nothing was added.
        """
        standing = self._standing
        if standing is None or standing.entitlement is not own.entitlement:
            standing = self._standing = Standing(own.entitlement, self.policy)
        accounts = _PersonAccounts(own.used, len(self.deductible_used_fen))
        rows, places = [], []
        seen: set[str] = set()
        for claim in own.claims:
            facts = ClaimFacts(claim, standing, own.taken)
            for index in claim.by_visit:
                receipt = claim.receipts[index]
                if receipt.bill_key in seen or receipt.bill_key in own.taken:
                    raise _UnsuitableError
                seen.add(receipt.bill_key)
                figures = _figures(receipt, facts, standing.on(receipt.visited_on))
                places.append(place + index)
                if figures is None:
                    rows.append((number, *_USES_NOTHING))
                    continue
                deductible, cap = accounts.of(receipt, figures.terms)
                rows.append((number, self._cell(figures), receipt.in_scope_fen, deductible, cap))
            place += len(claim.receipts)
        self.rows += rows
        self.places += places
        self.deductible_used_fen += accounts.deductible_used_fen
        self.fund_used_fen += accounts.fund_used_fen

    def leave_out(self, number: int, places: range) -> None:
        """Keep the places of a person's receipts, which the engine decides."""
        self.rows += [(number, *_USES_NOTHING)] * len(places)
        self.places += places

    def _cell(self, figures: Figures) -> int:
        key = (id(figures.terms), figures.ratio_bp, figures.paid_first_bp)
        cell = self._cell_of.get(key)
        if cell is None:
            self.figures.append(figures)
            cell = self._cell_of[key] = len(self.figures)
        return cell


class _PersonAccounts:
    """The accounts of one person, numbered from ``first``."""

    def __init__(self, used: YearToDate, first: int) -> None:
        self.deductible_used_fen: list[int] = []
        self.fund_used_fen: list[int] = []
        self._used = used
        self._first = first
        self._pools: dict[tuple[int, str], int] = {}
        self._labels: dict[tuple[str, str, str], int] = {}
        self._days: dict[tuple[str, str], list[date]] = {}
        self._bases: dict[tuple[int, str], DeductibleBasis] = {}

    def of(self, receipt: Receipt, terms: Terms) -> tuple[int, int]:
        """The accounts that a receipt uses up, of deductible and cap.

        Raises:
            _UnsuitableError: They cannot be told apart beforehand, or hold too much.
        """
        year = receipt.visited_on.year
        if receipt.in_scope_fen > LARGEST_IN_SCOPE_FEN:
            raise _UnsuitableError
        basis = terms.deductible_basis
        if self._bases.setdefault((year, terms.deductible_pool), basis) is not basis:
            raise _UnsuitableError
        cap = self._pool(year, terms.cap_pool)
        if basis is DeductibleBasis.ANNUAL:
            return self._pool(year, terms.deductible_pool), cap
        if terms.visit_window is VisitWindow.SAME_HOSPITAL_24_HOURS:
            self._must_stand_alone(receipt, terms.deductible_pool)
            return self._new(0, 0), cap
        return (self._label(receipt, terms.deductible_pool) if receipt.visit_label else self._new(0, 0)), cap

    def _pool(self, year: int, pool: str) -> int:
        account = self._pools.get((year, pool))
        if account is None:
            use = self._used.pools.get((year, pool))
            account = self._new(use.deductible_fen, use.fund_fen) if use else self._new(0, 0)
            self._pools[year, pool] = account
        return account

    def _label(self, receipt: Receipt, pool: str) -> int:
        key = (pool, receipt.institution.key, receipt.visit_label)
        account = self._labels.get(key)
        if account is None:
            charged_fen = sum(
                visit.deductible_fen
                for visit in self._used.visits
                if (visit.pool, visit.institution_key, visit.visit_label) == key
            )
            account = self._labels[key] = self._new(charged_fen, 0)
        return account

    def _must_stand_alone(self, receipt: Receipt, pool: str) -> None:
        """A visit two days from every other one at the hospital is a window of its own, whatever the order."""
        key = (pool, receipt.institution.key)
        days = self._days.get(key)
        if days is None:
            days = [visit.moment.date() for visit in self._used.visits if (visit.pool, visit.institution_key) == key]
            self._days[key] = days
        if any(abs((receipt.visited_on - day).days) < 2 for day in days):
            raise _UnsuitableError
        days.append(receipt.visited_on)

    def _new(self, deductible_fen: int, fund_fen: int) -> int:
        if max(abs(deductible_fen), abs(fund_fen)) > LARGEST_ACCOUNT_FEN:
            raise _UnsuitableError
        self.deductible_used_fen.append(deductible_fen)
        self.fund_used_fen.append(fund_fen)
        return self._first + len(self.fund_used_fen) - 1


def _figures(receipt: Receipt, facts: ClaimFacts, day: DayFacts) -> Figures | None:
    """What the engine would apply to a receipt whose bill is new, None for a refusal.

    Raises:
        _UnsuitableError: The engine has to say.
    """
    benefit = receipt.benefit
    tier = receipt.institution.tier
    if not (receipt.is_routine and day.is_clear and not (receipt.visited_area and facts.is_local(receipt))):
        benefit = facts.benefit_of(receipt, day)
        try:
            findings = examine(receipt, benefit, facts, day)
        except ClerkError:
            raise _UnsuitableError from None
        if findings and findings[0].decision is Decision.REFUSE:
            return None
        if tier is None and receipt.institution.is_pharmacy:
            tier = Tier.NONE
    terms = day.cells.get((benefit, tier))
    if not isinstance(terms, Terms):
        raise _UnsuitableError
    if terms.cap_by_disease_fen and terms.disease_cap_fen(facts.disease_of(receipt, benefit)) is not None:
        raise _UnsuitableError
    if day.unfiled_rule is None:
        return Figures(terms, terms.ratio_bp, 0)
    points_off_bp, paid_first_bp = day.unfiled_reductions(receipt, benefit)
    return Figures(terms, max(0, terms.ratio_bp - points_off_bp), paid_first_bp)
