"""The arithmetic of a batch: the first receipt of every person at once, then every second one, in whole fen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

import numpy as np

from clerk_app.adjudication.batch_figures import (
    LARGEST_IN_SCOPE_FEN,
    LARGEST_PAID_FIRST_FEN,
    NOTHING,
    Cells,
    Flags,
    Integers,
)
from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.errors import ClerkError
from clerk_app.receipts.claim import Claim
from clerk_app.receipts.insured import Entitlement

#: What one person's receipts may add up to, with room for the binary fractions in which the sum is estimated.
_LARGEST_SUM_FEN = 2**62
_PERSONS_AT_A_TIME = 4096


class Rows(NamedTuple):
    """All receipts, every column of shape (rows,); each person's in the order of settlement.

    Attributes:
        cell: Which figures apply, an index into ``Cells``; ``NOTHING`` for what is not paid, or not here.
        deductible_account: What has been charged, an index; a visit that shares nothing has an account of its own.
        cap_account: What has been paid, an index; two persons never share one
            that changes.
    """

    person: Integers
    cell: Integers
    in_scope_fen: Integers
    deductible_account: Integers
    cap_account: Integers


class EnginePersons(Protocol):
    """The persons as the engine takes them, made when one is asked for."""

    def of(self, person: int) -> HandedIn:
        """One person, by number."""


class HandedIn(NamedTuple):
    """What one person handed in; ``places`` are those of the receipts in the batch's answer."""

    places: Integers | slice
    used: YearToDate
    taken: Mapping[str, str]
    claims: Iterable[tuple[Entitlement, Claim]]


class Work(NamedTuple):
    """A batch, ready for the rounds.

    Attributes:
        place: Where a row's answer goes, shape (rows,); None where rows stand as the receipts do.
        deductible_used_fen: What the accounts start from, shape (accounts,).
        fund_used_fen: The same for the caps, shape (accounts,).
        by_engine: Persons that the rounds leave out.
    """

    place: Integers | None
    rows: Rows
    cells: Cells
    deductible_used_fen: Integers
    fund_used_fen: Integers
    by_engine: Flags
    persons: EnginePersons
    undecided: Mapping[int, ClerkError]


def pay_in_rounds(work: Work) -> tuple[Integers, Integers]:
    """What the fund pays and what is charged of the deductible for each row, in fen."""
    rows, cells = work.rows, work.cells
    deductible_used_fen, fund_used_fen = work.deductible_used_fen, work.fund_used_fen
    cell_of_row = rows.cell
    if work.by_engine.any():
        cell_of_row = np.where(work.by_engine[rows.person], NOTHING, cell_of_row)
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


def route_large(work: Work) -> None:
    """Mark persons whose amounts could pass the range of int64 on the way."""
    rows, cells = work.rows, work.cells
    if not rows.person.size:
        return
    limit = LARGEST_PAID_FIRST_FEN if cells.paid_first_bp.any() else LARGEST_IN_SCOPE_FEN
    largest_fen = int(rows.in_scope_fen.max())
    if largest_fen > limit:
        work.by_engine[rows.person[rows.in_scope_fen > limit]] = True
    if largest_fen * rows.person.size > _LARGEST_SUM_FEN:
        sums_fen = np.bincount(rows.person, weights=rows.in_scope_fen, minlength=work.by_engine.size)
        work.by_engine[sums_fen > _LARGEST_SUM_FEN] = True
    if not cells.is_safe.all():
        work.by_engine[rows.person[~cells.is_safe[rows.cell]]] = True


def sums_by_person(person: Integers, amounts_fen: Integers, persons: int) -> Integers:
    """Exact sums by person, shape (persons,); ``bincount`` alone would count in binary fractions."""
    sums_fen = np.zeros(persons, np.int64)
    if person.size and not (person[1:] < person[:-1]).any():
        first_rows = np.flatnonzero(person[1:] != person[:-1]) + 1
        first_rows = np.concatenate((np.zeros(1, np.int64), first_rows))
        sums_fen[person[first_rows]] = np.add.reduceat(amounts_fen, first_rows)
    else:
        np.add.at(sums_fen, person, amounts_fen)
    return sums_fen
