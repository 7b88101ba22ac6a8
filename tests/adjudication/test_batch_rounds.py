"""What could pass the range of int64 is left to the engine, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clerk_app.adjudication.batch import adjudicate_batch
from clerk_app.adjudication.batch_claims import PersonClaims
from clerk_app.adjudication.batch_columns import BatchColumns
from clerk_app.adjudication.year_to_date import PoolUse, YearToDate
from clerk_app.policy.version import UnfiledRule
from tests.adjudication.crowd import assert_same_fen, columns_of, for_the_unfiled, one_person


@pytest.mark.parametrize("in_scope", ["9223372036854.77", "9223372036854.78", "99999999999999.99"])
def test_an_amount_that_could_pass_int64_goes_through_the_engine(policy_of, receipt, in_scope):
    policy = policy_of("jiangxi")
    people = [one_person(receipt("A", "2023-03-01", in_scope)), one_person(receipt("B", "2023-03-01", "1000"))]
    for claims in (people, columns_of(people, policy)):
        result = adjudicate_batch(claims, policy)
        assert result.person_fund_fen.tolist() == [180_000, 20_000]
        assert result.by_engine.tolist() == [in_scope != "9223372036854.77", False]


def test_with_a_share_paid_first_smaller_amounts_go_through_the_engine(policy_of, receipt):
    def unfiled(in_scope: str) -> PersonClaims:
        own = one_person(receipt("A", "2023-03-01", in_scope))
        return replace(own, entitlement=replace(own.entitlement, filings=()))

    people = [unfiled("922337203.68"), unfiled("922337203.69")]
    result = assert_same_fen(people, for_the_unfiled(policy_of("jiangxi"), UnfiledRule.PAID_FIRST))
    assert result.by_engine.tolist() == [False, True]


def test_a_use_or_a_figure_that_could_pass_int64_goes_through_the_engine(policy_of, receipt):
    policy = policy_of("jiangxi")
    used = YearToDate({(2023, "ordinary"): PoolUse(0, -(2**62))})
    people = [one_person(receipt("A", "2023-03-01", "1000"), used=used)]
    for claims in (people, columns_of(people, policy)):
        result = adjudicate_batch(claims, policy)
        assert (result.person_fund_fen.tolist(), result.by_engine.tolist()) == ([20_000], [True])

    def uncapped(cells):
        return {key: {kind: replace(terms, cap_fen=2**62) for kind, terms in of.items()} for key, of in cells.items()}

    wide = replace(policy, versions=tuple(replace(known, cells=uncapped(known.cells)) for known in policy.versions))
    result = adjudicate_batch(columns_of([one_person(receipt("A", "2023-03-01", "1000"))], wide), wide)
    assert (result.person_fund_fen.tolist(), result.by_engine.tolist()) == ([20_000], [True])


def test_many_receipts_whose_sum_could_pass_int64_go_through_the_engine(policy_of):
    rows = 6_000
    columns = BatchColumns(
        2,
        np.repeat([0, 1], rows),
        np.full(2 * rows, "2023-03-01", "datetime64[D]"),
        np.repeat([9 * 10**14, 1], rows),
        np.full(2 * rows, 3),
        np.zeros(2 * rows, np.int64),
    )
    result = adjudicate_batch(columns, policy_of("jiangxi"))
    assert result.by_engine.tolist() == [True, False]
    assert result.person_fund_fen.tolist() == [180_000, 0]
