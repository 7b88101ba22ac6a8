"""Adjudicate the receipts of very many persons again: the try-out of a policy, a head office's what-if.

A person's receipts use up deductible and cap one after the other; different persons have nothing to do with each
other. So the work goes in rounds: the first receipt of every person at once, then every second one. The arithmetic is
that of ``engine``, in whole fen on int64. What the rounds cannot do to the fen is never approximated: such persons are
recognised and go through the engine itself, one by one:

* amounts that could pass the range of int64, and a disease with a cap of its own;
* the same bill twice, or a bill that a voucher holds already;
* a tier that nobody has looked up, and figures that the document does not have (the engine names the hole);
* visits that may share a 24-hour window: two at one hospital less than two days apart;
* a deductible charged by the year and by the visit out of one pool, where a policy changes from one to the other.

The module imports numpy, so nothing that is imported at start-up may import it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from clerk_app.adjudication.adjudication import Adjudication
from clerk_app.adjudication.engine import adjudicate_claim, pools_used, prior_entries
from clerk_app.adjudication.findings import ClaimFacts, DayFacts, Standing, examine
from clerk_app.adjudication.year_to_date import ChargedVisit, YearToDate, charged_visit
from clerk_app.codes import Benefit, Decision, FilingCategory, Insurance, Status, Tier
from clerk_app.errors import ClerkError
from clerk_app.policy.version import DeductibleBasis, Policy, PolicyVersion, Terms, VisitWindow
from clerk_app.receipts.claim import Claim, Institution, Receipt
from clerk_app.receipts.insured import Entitlement, Filing, Period

Integers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Days: TypeAlias = npt.NDArray[np.datetime64]

#: What a number in ``BatchColumns.status`` stands for.
STATUSES = tuple(Status)

_LARGEST = 2**63 - 1
#: Deductibles, caps and what was used of them: a difference of two, and a payment more, stay inside int64.
_LARGEST_ACCOUNT_FEN = 2**60
#: What one person's receipts may add up to, with room for the binary fractions in which the sum is estimated.
_LARGEST_SUM_FEN = 2**62
_LARGEST_IN_SCOPE_FEN = (_LARGEST - 5000) // 10_000
_LARGEST_PAID_FIRST_FEN = (_LARGEST - 50_000_000) // 100_000_000
_PERSONS_AT_A_TIME = 4096
_NOTHING = 0
_NO_FIGURES = (-_LARGEST_ACCOUNT_FEN, 0, 0, -_LARGEST_ACCOUNT_FEN)
_NO_VISIT = -1
_UNDECIDED = -1


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


@dataclass(frozen=True, slots=True, eq=False)
class PriorColumns:
    """What was used before, of the pools of ordinary care; all of shape (rows,). Rows of one person-year add up."""

    person: Integers
    year: Integers
    deductible_fen: Integers
    fund_fen: Integers


@dataclass(frozen=True, slots=True, eq=False)
class BatchColumns:
    """Ordinary visits to which nothing is to be objected, as columns of a table; all of shape (rows,).

    Attributes:
        persons: How many there are.
        person: 0 to ``persons`` − 1; one person's rows stand in the order of settlement, not necessarily together.
        visited_on: ``datetime64[D]``.
        in_scope_fen: 符合政策范围金额, zero or more.
        tier: 0 to 3.
        status: Place in ``STATUSES``, as it is on the day of the visit; residents have a resident's insurance.
        visit: Receipts of one person with the same number are one visit: same hospital, same day, same label; a
            negative number, or no column, makes each receipt a visit of its own.
        filed: Whether the person was filed on the day; without the column filing is not in question.
        by_network: Compute all rows as a direct settlement.
    """

    persons: int
    person: Integers
    visited_on: Days
    in_scope_fen: Integers
    tier: Integers
    status: Integers
    prior: PriorColumns | None = None
    visit: Integers | None = None
    filed: Flags | None = None
    by_network: bool = False

    def __post_init__(self) -> None:
        columns = (self.visited_on, self.in_scope_fen, self.tier, self.status, self.visit, self.filed)
        if any(column is not None and column.shape != self.person.shape for column in columns):
            raise ValueError("columns of different length")
        if any(column.dtype != np.int64 for column in self._integers()):
            raise ValueError("columns of whole numbers have to be int64")  # a smaller type would wrap unseen
        _must_lie_in("person", self.person, self.persons)
        _must_lie_in("tier", self.tier, len(Tier))
        _must_lie_in("status", self.status, len(STATUSES))
        if self.person.size and self.in_scope_fen.min() < 0:
            raise ValueError("in_scope_fen below zero")
        if self.prior is not None:
            _must_lie_in("prior.person", self.prior.person, self.persons)

    def _integers(self) -> list[Integers]:
        prior, visit = self.prior, self.visit
        integers = [self.person, self.in_scope_fen, self.tier, self.status]
        integers += [] if visit is None else [visit]
        return integers + ([] if prior is None else [prior.person, prior.year, prior.deductible_fen, prior.fund_fen])


@dataclass(frozen=True, slots=True, eq=False)
class BatchResult:
    """What the engine would have answered; amounts in fen.

    Attributes:
        fund_fen: 统筹支付 of each receipt, shape (rows,): the order of the columns, or of persons, their claims and
            the receipts in the order of entry; −1 where the person is undecided.
        deductible_fen: Charged to each receipt, alike.
        person_fund_fen: 统筹支付 of each person, shape (persons,); −1 where undecided.
        by_engine: Persons who went through the engine one by one, shape (persons,).
        undecided: Person → why the policy gives no answer, the engine's own refusal to compute.
    """

    fund_fen: Integers
    deductible_fen: Integers
    person_fund_fen: Integers
    by_engine: Flags
    undecided: Mapping[int, ClerkError]


def adjudicate_batch(claims: Sequence[PersonClaims] | BatchColumns, policy: Policy) -> BatchResult:
    """Decide everything that the persons handed in, to the same fen as ``adjudicate_claim``.

    Args:
        policy: The persons' area, all versions; the one in force on each visit date decides.

    Raises:
        ValueError: A visit of ``BatchColumns`` spreads over several days.
        OverflowError: The engine itself pays an amount beyond int64.
    """
    work = _from_columns(claims, policy) if isinstance(claims, BatchColumns) else _from_claims(claims, policy)
    _route_large(work)
    fund_fen, deductible_fen = _in_rounds(work)
    person_fund_fen = _sums_by(work.rows.person, fund_fen, work.by_engine.size)
    if work.place is not None:
        rows_fund_fen, rows_deductible_fen = fund_fen, deductible_fen
        fund_fen, deductible_fen = np.empty_like(fund_fen), np.empty_like(deductible_fen)
        fund_fen[work.place], deductible_fen[work.place] = rows_fund_fen, rows_deductible_fen
    undecided = dict(work.undecided)
    for person in np.flatnonzero(work.by_engine).tolist():
        places, used, taken, handed_in = work.persons.of(person)
        if person in undecided:
            fund_fen[places] = deductible_fen[places] = person_fund_fen[person] = _UNDECIDED
            continue
        try:
            decided = _by_engine(handed_in, policy, used, taken)
        except ClerkError as error:
            undecided[person] = error
            fund_fen[places] = deductible_fen[places] = person_fund_fen[person] = _UNDECIDED
            continue
        fund_fen[places] = [adjudication.fund_fen for adjudication in decided]
        deductible_fen[places] = [adjudication.deductible_fen for adjudication in decided]
        person_fund_fen[person] = sum(adjudication.fund_fen for adjudication in decided)
    return BatchResult(fund_fen, deductible_fen, person_fund_fen, work.by_engine, undecided)


# -- the arithmetic, in rounds -----------------------------------------------------------------------------------------


class _Rows(NamedTuple):
    """All receipts, every column of shape (rows,); each person's in the order of settlement.

    Attributes:
        cell: Which figures apply, an index into ``_Cells``; ``_NOTHING`` for what is not paid, or not here.
        deductible_account: What has been charged, an index; a visit that shares nothing has an account of its own.
        cap_account: What has been paid, an index; two persons never share one
            that changes.
    """

    person: Integers
    cell: Integers
    in_scope_fen: Integers
    deductible_account: Integers
    cap_account: Integers


class _Cells(NamedTuple):
    """The figures that rows point at, all of shape (cells,); ratios in ten-thousandths."""

    deductible_fen: Integers
    ratio_bp: Integers
    paid_first_bp: Integers
    cap_fen: Integers
    is_safe: Flags


class _Figures(NamedTuple):
    """One cell: the terms, and what an unfiled visit loses."""

    terms: Terms
    ratio_bp: int
    paid_first_bp: int

    @property
    def is_safe(self) -> bool:
        """Whether the figures themselves are of a size that the rounds can count with."""
        amounts = (self.terms.deductible_fen, self.terms.cap_fen)
        shares = (self.ratio_bp, self.paid_first_bp)
        return max(map(abs, amounts)) <= _LARGEST_ACCOUNT_FEN and min(shares) >= 0 and max(shares) <= 10_000


class _Engine(Protocol):
    """The persons as the engine takes them, made when one is asked for."""

    def of(self, person: int) -> _HandedIn:
        """One person, by number."""


class _HandedIn(NamedTuple):
    """What one person handed in; ``places`` are those of the receipts in the batch's answer."""

    places: Integers | slice
    used: YearToDate
    taken: Mapping[str, str]
    claims: Iterable[tuple[Entitlement, Claim]]


class _Work(NamedTuple):
    """A batch, ready for the rounds.

    Attributes:
        place: Where a row's answer goes, shape (rows,); None where rows stand as the receipts do.
        deductible_used_fen: What the accounts start from, shape (accounts,).
        fund_used_fen: The same for the caps, shape (accounts,).
        by_engine: Persons that the rounds leave out.
    """

    place: Integers | None
    rows: _Rows
    cells: _Cells
    deductible_used_fen: Integers
    fund_used_fen: Integers
    by_engine: Flags
    persons: _Engine
    undecided: Mapping[int, ClerkError]


def _cells(figures: Sequence[_Figures | None]) -> _Cells:
    """The table of figures, the first of which pay and charge nothing, whatever was used before.

    Unsafe ones are the same, and who has a row that points at them goes through the engine.
    """
    numbers = [
        _NO_FIGURES,
        *(
            (known.terms.deductible_fen, known.ratio_bp, known.paid_first_bp, known.terms.cap_fen)
            if known is not None and known.is_safe
            else _NO_FIGURES
            for known in figures
        ),
    ]
    table = np.array(numbers, np.int64).reshape(-1, 4)
    return _Cells(
        table[:, 0],
        table[:, 1],
        table[:, 2],
        table[:, 3],
        np.array([True, *(known is None or known.is_safe for known in figures)], np.bool_),
    )


def _in_rounds(work: _Work) -> tuple[Integers, Integers]:
    """What the fund pays and what is charged of the deductible for each row, in fen."""
    rows, cells = work.rows, work.cells
    deductible_used_fen, fund_used_fen = work.deductible_used_fen, work.fund_used_fen
    cell_of_row = rows.cell
    if work.by_engine.any():
        cell_of_row = np.where(work.by_engine[rows.person], _NOTHING, cell_of_row)
    has_paid_first = bool(cells.paid_first_bp.any())
    # With one year and one pool a person's number is that of the account, and it need not be looked up every round.
    has_one_account = rows.person is rows.deductible_account is rows.cap_account
    charged_here_fen = paid_here_fen = deductible_used_fen
    fund_fen = np.empty(rows.person.size, np.int64)
    deductible_fen = np.empty(rows.person.size, np.int64)
    for persons, places in _rounds(rows.person):
        cell, in_scope_fen = cell_of_row.take(places), rows.in_scope_fen.take(places)
        if not has_one_account:
            deductible_account, cap_account = rows.deductible_account.take(places), rows.cap_account.take(places)
            charged_fen, paid_fen = deductible_used_fen.take(deductible_account), fund_used_fen.take(cap_account)
        else:
            if persons is not None:
                charged_here_fen, paid_here_fen = deductible_used_fen.take(persons), fund_used_fen.take(persons)
            charged_fen, paid_fen = charged_here_fen[: places.size], paid_here_fen[: places.size]
        ratio_bp = cells.ratio_bp.take(cell)

        eligible_fen = in_scope_fen
        if has_paid_first:
            paid_first_bp = cells.paid_first_bp.take(cell)
            eligible_fen = in_scope_fen - (in_scope_fen * paid_first_bp + 5000) // 10_000
        charge_fen = cells.deductible_fen.take(cell)
        charge_fen -= charged_fen
        np.maximum(charge_fen, 0, out=charge_fen)
        np.minimum(charge_fen, eligible_fen, out=charge_fen)
        if has_paid_first:
            # Exact until the one rounding, as in the engine; with nothing paid first it is the same as below.
            exact = in_scope_fen * (10_000 - paid_first_bp) - charge_fen * 10_000
            share_fen = np.maximum((exact * ratio_bp + 50_000_000) // 100_000_000, 0)
        else:
            share_fen = eligible_fen - charge_fen
            share_fen *= ratio_bp
            share_fen += 5000
            share_fen //= 10_000
        pay_fen = cells.cap_fen.take(cell)
        pay_fen -= paid_fen
        np.maximum(pay_fen, 0, out=pay_fen)
        np.minimum(pay_fen, share_fen, out=pay_fen)

        charged_fen += charge_fen
        paid_fen += pay_fen
        if not has_one_account:
            deductible_used_fen[deductible_account] = charged_fen
            fund_used_fen[cap_account] = paid_fen
        fund_fen[places] = pay_fen
        deductible_fen[places] = charge_fen
    return fund_fen, deductible_fen


def _rounds(person: Integers) -> Iterator[tuple[Integers | None, Integers]]:
    """Row numbers: the first row of some thousand persons, their second ones, and so on; then the next persons'.

    With the first ones the persons are named. So many persons at a time that their rows stay in the processor's cache
    from round to round.
    """
    if not person.size:
        return
    by_person = None
    if (person[1:] < person[:-1]).any():
        by_person = np.argsort(person, kind="stable")
        person = person[by_person]
    counts = np.bincount(person)
    # Persons with the most rows come first, so that those who still have a row are always the first ones.
    by_count = np.argsort(-counts, kind="stable")
    first_rows, counts = (np.cumsum(counts) - counts)[by_count], counts[by_count]
    for start in range(0, counts.size, _PERSONS_AT_A_TIME):
        first_row = first_rows[start : start + _PERSONS_AT_A_TIME]
        count = counts[start : start + _PERSONS_AT_A_TIME]
        for rank in range(int(count[0])):
            still_there = int(np.searchsorted(-count, -rank))
            places = first_row[:still_there] + rank
            persons = None if rank else by_count[start : start + still_there]
            yield persons, places if by_person is None else by_person[places]


def _route_large(work: _Work) -> None:
    """Mark persons whose amounts could pass the range of int64 on the way."""
    rows, cells = work.rows, work.cells
    if not rows.person.size:
        return
    limit = _LARGEST_PAID_FIRST_FEN if cells.paid_first_bp.any() else _LARGEST_IN_SCOPE_FEN
    largest_fen = int(rows.in_scope_fen.max())
    if largest_fen > limit:
        work.by_engine[rows.person[rows.in_scope_fen > limit]] = True
    if largest_fen * rows.person.size > _LARGEST_SUM_FEN:
        sums_fen = np.bincount(rows.person, weights=rows.in_scope_fen, minlength=work.by_engine.size)
        work.by_engine[sums_fen > _LARGEST_SUM_FEN] = True
    if not cells.is_safe.all():
        work.by_engine[rows.person[~cells.is_safe[rows.cell]]] = True


def _sums_by(person: Integers, amounts_fen: Integers, persons: int) -> Integers:
    """Exact sums by person, shape (persons,); ``bincount`` alone would count in binary fractions."""
    sums_fen = np.zeros(persons, np.int64)
    if person.size and not (person[1:] < person[:-1]).any():
        first_rows = np.flatnonzero(person[1:] != person[:-1]) + 1
        first_rows = np.concatenate((np.zeros(1, np.int64), first_rows))
        sums_fen[person[first_rows]] = np.add.reduceat(amounts_fen, first_rows)
    else:
        np.add.at(sums_fen, person, amounts_fen)
    return sums_fen


# -- one person through the engine -------------------------------------------------------------------------------------


def _by_engine(
    claims: Iterable[tuple[Entitlement, Claim]], policy: Policy, used: YearToDate, taken: Mapping[str, str]
) -> list[Adjudication]:
    """Claims settled one after the other, as the ledger does: each uses up what the next one starts from."""
    decided: list[Adjudication] = []
    held = dict(taken)
    for entitlement, claim in claims:
        receipts = adjudicate_claim(claim, entitlement, policy, used, held).receipts
        for index in claim.by_visit:
            terms = receipts[index].terms
            entries = pools_used(receipts[index])
            visits: tuple[ChargedVisit, ...] = ()
            if entries and terms is not None and terms.deductible_basis is DeductibleBasis.PER_VISIT:
                visit = charged_visit(claim.receipts[index], terms.deductible_pool, receipts[index].deductible_fen)
                visits = (visit,)
            used = used.with_entries(entries, visits)
            held.setdefault(claim.receipts[index].bill_key, "")
        decided += receipts
    return decided


# -- from the engine's own values --------------------------------------------------------------------------------------


class _EngineClaims:
    def __init__(self, claims: Sequence[PersonClaims], starts: Sequence[int]) -> None:
        self._claims = claims
        self._starts = starts

    def of(self, person: int) -> _HandedIn:
        own = self._claims[person]
        places = slice(self._starts[person], self._starts[person + 1])
        return _HandedIn(places, own.used, own.taken, [(own.entitlement, claim) for claim in own.claims])


class _UnsuitableError(Exception):
    """The person has to go through the engine."""


#: Cell, amount and accounts of a receipt that is refused, or decided elsewhere.
_USES_NOTHING = (_NOTHING, 0, 0, 0)


class _Gatherer:
    """Turns claims into rows; figures and accounts get numbers as they are met."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.rows: list[tuple[int, int, int, int, int]] = []
        self.places: list[int] = []
        self.figures: list[_Figures] = []
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

    def _cell(self, figures: _Figures) -> int:
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
        if receipt.in_scope_fen > _LARGEST_IN_SCOPE_FEN:
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
        if max(abs(deductible_fen), abs(fund_fen)) > _LARGEST_ACCOUNT_FEN:
            raise _UnsuitableError
        self.deductible_used_fen.append(deductible_fen)
        self.fund_used_fen.append(fund_fen)
        return self._first + len(self.fund_used_fen) - 1


def _figures(receipt: Receipt, facts: ClaimFacts, day: DayFacts) -> _Figures | None:
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
        return _Figures(terms, terms.ratio_bp, 0)
    points_off_bp, paid_first_bp = day.unfiled_reductions(receipt, benefit)
    return _Figures(terms, max(0, terms.ratio_bp - points_off_bp), paid_first_bp)


def _from_claims(claims: Sequence[PersonClaims], policy: Policy) -> _Work:
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
    rows = np.array(gatherer.rows, np.int64).reshape(-1, len(_Rows._fields)).T
    return _Work(
        np.array(gatherer.places, np.int64),
        _Rows(*rows),
        _cells(gatherer.figures),
        np.array(gatherer.deductible_used_fen, np.int64),
        np.array(gatherer.fund_used_fen, np.int64),
        by_engine,
        _EngineClaims(claims, starts),
        {},
    )


# -- from columns ------------------------------------------------------------------------------------------------------


class _EngineColumns:
    def __init__(self, columns: BatchColumns, policy: Policy) -> None:
        self._columns = columns
        self._policy = policy
        self._by_person: Integers | None = None

    def of(self, person: int) -> _HandedIn:
        if self._by_person is None:
            self._by_person = np.argsort(self._columns.person, kind="stable")
        bounds = np.searchsorted(self._columns.person, [person, person + 1], sorter=self._by_person)
        places = self._by_person[bounds[0] : bounds[1]]
        return _HandedIn(places, self._used(person), {}, self._claims(places.tolist()))

    def _claims(self, places: list[int]) -> Iterator[tuple[Entitlement, Claim]]:
        """Every receipt as a claim of its own, so that each has its own status and filing."""
        columns = self._columns
        for place in places:
            visit = _NO_VISIT if columns.visit is None else int(columns.visit[place])
            hospital, label = (f"row {place}", "") if visit < 0 else (f"visit {visit}", str(visit))
            visited_on = columns.visited_on[place].astype("datetime64[D]").item()
            in_scope_fen = int(columns.in_scope_fen[place])
            tier = Tier(int(columns.tier[place]))
            is_filed = None if columns.filed is None else bool(columns.filed[place])
            yield (
                _entitlement(STATUSES[columns.status[place]], is_filed),
                _claim(str(place), visited_on, hospital, tier, in_scope_fen, label, by_network=columns.by_network),
            )

    def _used(self, person: int) -> YearToDate:
        prior = self._columns.prior
        used = YearToDate()
        for place in () if prior is None else np.flatnonzero(prior.person == person).tolist():
            assert prior is not None, "no rows without columns"
            amounts_fen = int(prior.deductible_fen[place]), int(prior.fund_fen[place])
            used = used.with_entries(
                prior_entries(self._policy, int(prior.year[place]), Benefit.ORDINARY, *amounts_fen)
            )
        return used


def _entitlement(status: Status, is_filed: bool | None) -> Entitlement:
    """A person with this status on every day, filed in every category or in none, or without a word about it."""
    insurance = Insurance.RESIDENT if status is Status.RESIDENT else Insurance.EMPLOYEE
    filings = tuple(Filing(category, Period(date.min)) for category in FilingCategory) if is_filed else ()
    return Entitlement(insurance, status, filings=None if is_filed is None else filings)


def _claim(
    number: str, visited_on: date, hospital: str, tier: Tier, in_scope_fen: int, label: str, *, by_network: bool
) -> Claim:
    """A receipt to which nothing is to be objected."""
    institution = Institution(hospital, tier=tier, networked=True)
    receipt = Receipt(number, visited_on, institution, in_scope_fen, visit_label=label, settled_by_network=by_network)
    return Claim((receipt,))


class _Calendar(NamedTuple):
    """What each day between the first and the last visit belongs to, shape (days,)."""

    first_day: int
    version: Integers
    year: Integers
    first_year: int
    years: int


def _calendar(visited_on: Days, policy: Policy) -> _Calendar:
    """The versions in force (0 for none, else one more than its place) and the years, day by day."""
    if np.isnat(visited_on).any():
        raise ValueError("a receipt without a date")
    first = visited_on.min().astype("datetime64[D]")
    days = np.arange(first, visited_on.max().astype("datetime64[D]") + 1)
    version = np.zeros(days.size, np.int64)
    for place, known in reversed(tuple(enumerate(policy.versions))):  # the first one in force decides
        until = np.datetime64(known.effective_until or date.max)
        version[(days >= np.datetime64(known.effective_from)) & (days <= until)] = place + 1
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    return _Calendar(
        int(first.astype(np.int64)), version, years - years[0], int(years[0]), int(years[-1] - years[0]) + 1
    )


class _Known(NamedTuple):
    """What the engine says to one kind of row: the figures, None for a refusal, or why there are none."""

    figures: _Figures | None
    error: ClerkError | None = None


def _ask(policy: Policy, version: PolicyVersion, entitlement: Entitlement, tier: Tier, *, by_network: bool) -> _Known:
    """Let the engine decide about one receipt of 100 yuan of the kind; the figures it applies are those of all."""
    sample = _claim("sample", version.effective_from, "sample", tier, 10_000, "", by_network=by_network)
    try:
        (adjudication,) = adjudicate_claim(sample, entitlement, policy, YearToDate()).receipts
    except ClerkError as error:
        return _Known(None, error)
    if adjudication.decision is Decision.REFUSE or adjudication.terms is None:
        return _Known(None)
    # Of 10,000 fen the share paid first is as many fen as it has ten-thousandths.
    return _Known(_Figures(adjudication.terms, adjudication.ratio_bp, adjudication.unfiled_first_fen))


class _Kinds(NamedTuple):
    """Tables by kind of row, all of shape (kinds,); a kind is a version, a status, a tier, and filed or not.

    Attributes:
        cell: Which figures apply, ``_NOTHING`` where nothing is paid.
        deductible_pool: A place in ``pools``, as is ``cap_pool``.
        is_per_visit: Whether the deductible is charged by the visit.
        errors: Kinds for which the policy has no figures.
    """

    figures: list[_Figures]
    cell: Integers
    pools: list[str]
    deductible_pool: Integers
    cap_pool: Integers
    is_per_visit: Flags
    errors: dict[int, ClerkError]


def _kind_of_rows(columns: BatchColumns, version: Integers | np.int64) -> Integers:
    kind = version * len(STATUSES) + columns.status
    kind *= len(Tier)
    kind += columns.tier
    kind *= 2
    if columns.filed is not None:
        kind += columns.filed
    return kind


def _kinds(columns: BatchColumns, kind: Integers, policy: Policy) -> _Kinds:
    """Ask the engine about each kind that occurs."""
    every = list(product((None, *policy.versions), STATUSES, Tier, (False, True)))
    cell, deductible_pool, cap_pool = np.zeros((3, len(every)), np.int64)
    kinds = _Kinds([], cell, [], deductible_pool, cap_pool, np.zeros(len(every), np.bool_), {})
    pools: dict[str, int] = {}
    for number in np.flatnonzero(np.bincount(kind)).tolist():
        version, status, tier, is_filed = every[number]
        if version is None:
            continue  # Before any document is in force every receipt is refused.
        filed = None if columns.filed is None else is_filed
        figures, error = _ask(policy, version, _entitlement(status, filed), tier, by_network=columns.by_network)
        if error is not None:
            kinds.errors[number] = error
        if figures is not None:
            terms = figures.terms
            kinds.figures.append(figures)
            cell[number] = len(kinds.figures)
            deductible_pool[number] = pools.setdefault(terms.deductible_pool, len(pools))
            cap_pool[number] = pools.setdefault(terms.cap_pool, len(pools))
            kinds.is_per_visit[number] = terms.deductible_basis is DeductibleBasis.PER_VISIT
    kinds.pools.extend(pools)
    return kinds


def _from_columns(columns: BatchColumns, policy: Policy) -> _Work:
    by_engine = np.zeros(columns.persons, np.bool_)
    if not columns.person.size:
        nothing = np.zeros(0, np.int64)
        rows = _Rows(*[nothing] * len(_Rows._fields))
        return _Work(None, rows, _cells([]), nothing, nothing, by_engine, _EngineColumns(columns, policy), {})
    calendar = _calendar(columns.visited_on, policy)
    version: Integers | np.int64 = calendar.version[0]
    year: Integers | np.int64 = calendar.year[0]
    if (calendar.version != version).any() or calendar.years > 1:
        day = columns.visited_on.astype("datetime64[D]").view(np.int64) - calendar.first_day
        version, year = calendar.version[day], calendar.year[day]
    kind = _kind_of_rows(columns, version)
    kinds = _kinds(columns, kind, policy)

    undecided = _undecided(columns.person, kind, kinds)
    by_engine[list(undecided)] = True
    pools = max(1, len(kinds.pools))
    accounts = columns.persons * calendar.years * pools
    account = columns.person
    if calendar.years * pools > 1:
        account = (account * calendar.years + year) * pools
    cap_account = account + kinds.cap_pool[kind] if pools > 1 else account
    deductible_account = account + kinds.deductible_pool[kind] if pools > 1 else account
    if kinds.is_per_visit.any():
        by_engine |= _changes_basis(columns.person, kind, kinds, columns.persons)
        visit_account = accounts + _first_of_visit(columns)
        deductible_account = np.where(kinds.is_per_visit[kind], visit_account, deductible_account)
        accounts += columns.person.size
    deductible_used_fen, fund_used_fen = np.zeros(accounts, np.int64), np.zeros(accounts, np.int64)
    if columns.prior is not None:
        _add_priors(columns.prior, policy, calendar, kinds.pools, (deductible_used_fen, fund_used_fen), by_engine)

    return _Work(
        None,
        _Rows(columns.person, kind, columns.in_scope_fen, deductible_account, cap_account),
        _cells([None if cell == _NOTHING else kinds.figures[cell - 1] for cell in kinds.cell.tolist()][1:]),  # by kind
        deductible_used_fen,
        fund_used_fen,
        by_engine,
        _EngineColumns(columns, policy),
        undecided,
    )


def _undecided(person: Integers, kind: Integers, kinds: _Kinds) -> dict[int, ClerkError]:
    """Persons with a receipt for which there are no figures, and why, as the first such receipt of each tells."""
    if not kinds.errors:
        return {}
    rows = np.flatnonzero(np.isin(kind, list(kinds.errors)))
    persons, first = np.unique(person[rows], return_index=True)
    first_kind = kind[rows[first]]
    return {number: kinds.errors[of] for number, of in zip(persons.tolist(), first_kind.tolist(), strict=True)}


def _changes_basis(person: Integers, kind: Integers, kinds: _Kinds, persons: int) -> Flags:
    """Persons who are charged by the year and by the visit, shape (persons,)."""
    is_per_visit = kinds.is_per_visit[kind]
    by_visit, by_year = np.zeros((2, persons), np.bool_)
    by_visit[person[is_per_visit]] = True
    by_year[person[~is_per_visit & (kinds.cell[kind] != _NOTHING)]] = True
    return by_visit & by_year


def _first_of_visit(columns: BatchColumns) -> Integers:
    """The row number of the first receipt of each receipt's visit, shape (rows,).

    Raises:
        ValueError: A visit spreads over several days.
    """
    first = np.arange(columns.person.size)
    if columns.visit is None:
        return first
    shared = np.flatnonzero(columns.visit >= 0)
    numbers, visit = np.unique(columns.visit[shared], return_inverse=True)
    person_visit = columns.person[shared] * numbers.size + visit
    _visits, opening, of = np.unique(person_visit, return_index=True, return_inverse=True)
    first[shared] = shared[opening][of]
    if (columns.visited_on[first] != columns.visited_on).any():
        raise ValueError("the receipts of one visit are of different days")
    return first


def _add_priors(
    prior: PriorColumns,
    policy: Policy,
    calendar: _Calendar,
    pools: Sequence[str],
    used_fen: tuple[Integers, Integers],
    by_engine: Flags,
) -> None:
    """Start the accounts from what was used before; amounts too large to be added up send the person to the engine."""
    for year in range(calendar.first_year, calendar.first_year + calendar.years):
        of_year = prior.year == year
        if not of_year.any():
            continue
        person = prior.person if of_year.all() else prior.person[of_year]
        start = person * calendar.years + (year - calendar.first_year)
        entries = prior_entries(policy, year, Benefit.ORDINARY, 0, 0)
        amounts = (prior.deductible_fen, prior.fund_fen)
        for (_year, pool, _use), amount_fen, into_fen in zip(entries, amounts, used_fen, strict=True):
            if pool not in pools:
                continue  # No receipt looks at it.
            given_fen = amount_fen if person is prior.person else amount_fen[of_year]
            if max(int(given_fen.max()), -int(given_fen.min())) * given_fen.size > _LARGEST_ACCOUNT_FEN:
                sizes = np.bincount(person, weights=np.abs(given_fen.astype(np.float64)), minlength=by_engine.size)
                by_engine |= sizes > _LARGEST_ACCOUNT_FEN
            np.add.at(into_fen, start * len(pools) + pools.index(pool), given_fen)


def _must_lie_in(name: str, column: Integers, count: int) -> None:
    if column.size and not 0 <= int(column.min()) <= int(column.max()) < count:
        raise ValueError(f"{name} outside 0 to {count - 1}")
