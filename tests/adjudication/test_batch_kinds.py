"""What tells the rows of a table apart: the version, filed or not, the visit."""

from __future__ import annotations

import numpy as np
import pytest

from clerk_app.adjudication.batch import adjudicate_batch
from clerk_app.adjudication.batch_columns import BatchColumns
from clerk_app.policy.version import UnfiledRule
from tests.adjudication.crowd import columns_of, for_the_unfiled, one_person


def test_before_any_document_nothing_is_paid(policy_of, receipt):
    people = [one_person(receipt("A", "2022-12-31", "1000"), receipt("B", "2023-01-01", "1000"))]
    jiangxi = policy_of("jiangxi")
    assert adjudicate_batch(columns_of(people, jiangxi), jiangxi).fund_fen.tolist() == [0, 20_000]


def test_filed_and_unfiled_rows_are_told_apart(policy_of):
    columns = BatchColumns(
        2,
        np.array([0, 1]),
        np.full(2, "2023-03-01", "datetime64[D]"),
        np.array([100_000, 100_000]),
        np.array([3, 3]),
        np.array([0, 0]),
        filed=np.array([True, False]),
    )
    jiangxi = policy_of("jiangxi")
    points_off, paid_first = (
        for_the_unfiled(jiangxi, rule) for rule in (UnfiledRule.POINTS_OFF, UnfiledRule.PAID_FIRST)
    )
    assert adjudicate_batch(columns, jiangxi).fund_fen.tolist() == [20_000, 20_000]
    # 37.66 % of 400.00; and 50 % of (1000.00 − 123.40 − 600.00).
    assert adjudicate_batch(columns, points_off).fund_fen.tolist() == [20_000, 15_064]
    assert adjudicate_batch(columns, paid_first).fund_fen.tolist() == [20_000, 13_830]


def test_a_visit_of_two_days_is_refused(policy_of):
    zeros = np.zeros(2, np.int64)
    on = np.array(["2023-03-01", "2023-03-02"], "datetime64[D]")
    columns = BatchColumns(1, zeros, on, zeros, zeros, zeros, visit=zeros)
    with pytest.raises(ValueError, match="different days"):
        adjudicate_batch(columns, policy_of("jining"))
