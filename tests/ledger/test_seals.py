from __future__ import annotations

from datetime import date, datetime, time

import pytest

from clerk_app.ledger.seals import row_key, seal_of, seal_of_row
from clerk_app.ledger.tables import coverage, prints

MOMENT = datetime(2023, 6, 1, 9, 30)  # noqa: DTZ001 -- the office's local time


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (True, 1),
        (False, 0),
        (date(2023, 6, 1), "2023-06-01"),
        (MOMENT, "2023-06-01 09:30:00.000000"),
        (time(9, 30), "09:30:00.000000"),
    ],
)
def test_a_value_and_what_sqlite_keeps_of_it_have_one_seal(value: object, stored: object) -> None:
    assert seal_of([value]) == seal_of([stored])


@pytest.mark.parametrize(
    ("one", "other"),
    [(["1"], [1]), ([None], [""]), ([None], [0]), (["a", "b"], ["ab"]), (["a", None], ["a"]), (["㛃"], ["?"])],
)
def test_values_that_differ_have_seals_that_differ(one: list[object], other: list[object]) -> None:
    assert seal_of(one) != seal_of(other)


def test_a_row_is_sealed_in_the_order_of_its_table() -> None:
    row = {"printed_at": MOMENT, "reprint": 1, "settlement_id": 7}
    assert seal_of_row(prints, row) == seal_of([7, 1, MOMENT])
    assert row_key(prints, row) == "7.1"


def test_a_column_that_a_row_leaves_out_is_empty() -> None:
    row = {"person_id": 1, "position": 0, "starts_on": date(2023, 1, 1)}
    assert seal_of_row(coverage, row) == seal_of([1, 0, "2023-01-01", None])


def test_a_kind_of_value_that_no_table_holds_is_a_bug() -> None:
    with pytest.raises(TypeError, match="object is not a kind of value"):
        seal_of([object()])
