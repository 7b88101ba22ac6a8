"""From columns to the rows of a batch: the engine is asked once about each kind of row, and accounts get numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product
from typing import NamedTuple

import numpy as np

from clerk_app.adjudication.batch_columns import (
    STATUSES,
    BatchColumns,
    EngineColumns,
    PriorColumns,
    plain_claim,
    plain_entitlement,
)
from clerk_app.adjudication.batch_figures import (
    LARGEST_ACCOUNT_FEN,
    NOTHING,
    Days,
    Figures,
    Flags,
    Integers,
    cell_table,
)
from clerk_app.adjudication.batch_rounds import Rows, Work
from clerk_app.adjudication.engine import adjudicate_claim, prior_entries
from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.codes import Benefit, Decision, Tier
from clerk_app.errors import ClerkError
from clerk_app.policy.version import DeductibleBasis, Policy, PolicyVersion
from clerk_app.receipts.insured import Entitlement


def work_of_columns(columns: BatchColumns, policy: Policy) -> Work:
    """Rows, figures and accounts of a table; who does not suit the rounds is marked for the engine.

    Raises:
        ValueError: A receipt has no date, or a visit spreads over several days.
    """
    by_engine = np.zeros(columns.persons, np.bool_)
    if not columns.person.size:
        nothing = np.zeros(0, np.int64)
        rows = Rows(*[nothing] * len(Rows._fields))
        return Work(None, rows, cell_table([]), nothing, nothing, by_engine, EngineColumns(columns, policy), {})
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

    figures_by_kind = [None if cell == NOTHING else kinds.figures[cell - 1] for cell in kinds.cell.tolist()]
    return Work(
        None,
        Rows(columns.person, kind, columns.in_scope_fen, deductible_account, cap_account),
        cell_table(figures_by_kind[1:]),
        deductible_used_fen,
        fund_used_fen,
        by_engine,
        EngineColumns(columns, policy),
        undecided,
    )


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

    figures: Figures | None
    error: ClerkError | None = None


def _ask(policy: Policy, version: PolicyVersion, entitlement: Entitlement, tier: Tier, *, by_network: bool) -> _Known:
    """Let the engine decide about one receipt of 100 yuan of the kind; the figures it applies are those of all."""
    sample = plain_claim("sample", version.effective_from, "sample", tier, 10_000, "", by_network=by_network)
    try:
        (adjudication,) = adjudicate_claim(sample, entitlement, policy, YearToDate()).receipts
    except ClerkError as error:
        return _Known(None, error)
    if adjudication.decision is Decision.REFUSE or adjudication.terms is None:
        return _Known(None)
    # Of 10,000 fen the share paid first is as many fen as it has ten-thousandths.
    return _Known(Figures(adjudication.terms, adjudication.ratio_bp, adjudication.unfiled_first_fen))


class _Kinds(NamedTuple):
    """Tables by kind of row, all of shape (kinds,); a kind is a version, a status, a tier, and filed or not.

    Attributes:
        cell: Which figures apply, ``NOTHING`` where nothing is paid.
        deductible_pool: A place in ``pools``, as is ``cap_pool``.
        is_per_visit: Whether the deductible is charged by the visit.
        errors: Kinds for which the policy has no figures.
    """

    figures: list[Figures]
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
        figures, error = _ask(policy, version, plain_entitlement(status, filed), tier, by_network=columns.by_network)
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
    by_year[person[~is_per_visit & (kinds.cell[kind] != NOTHING)]] = True
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
            if max(int(given_fen.max()), -int(given_fen.min())) * given_fen.size > LARGEST_ACCOUNT_FEN:
                sizes = np.bincount(person, weights=np.abs(given_fen.astype(np.float64)), minlength=by_engine.size)
                by_engine |= sizes > LARGEST_ACCOUNT_FEN
            np.add.at(into_fen, start * len(pools) + pools.index(pool), given_fen)
