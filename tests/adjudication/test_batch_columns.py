"""Columns that cannot be are refused before anything is counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clerk_app.adjudication.batch_columns import BatchColumns


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"person": np.array([0, 2])}, "person outside 0 to 1"),
        ({"tier": np.array([0, 4])}, "tier outside 0 to 3"),
        ({"status": np.array([-1, 0])}, "status outside 0 to 2"),
        ({"in_scope_fen": np.array([-1, 0])}, "in_scope_fen below zero"),
        ({"tier": np.array([3])}, "columns of different length"),
        ({"in_scope_fen": np.array([1, 2], np.int32)}, "have to be int64"),
    ],
)
def test_columns_that_cannot_be_are_refused(wrong, message):
    zeros = np.zeros(2, np.int64)
    columns = BatchColumns(2, zeros, np.full(2, "2023-03-01", "datetime64[D]"), zeros, zeros, zeros)
    with pytest.raises(ValueError, match=message):
        replace(columns, **wrong)
