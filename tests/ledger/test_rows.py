from __future__ import annotations

import pytest

from clerk_app.ledger.rows import OutOfOrderError, further, in_pieces


def test_a_walk_goes_on_behind_where_it_has_come() -> None:
    assert further(4, 5) == 5


@pytest.mark.parametrize("reached", [5, 4, -1])
def test_a_walk_that_comes_back_ends_for_it_would_never(reached: int) -> None:
    with pytest.raises(OutOfOrderError):
        further(5, reached)


def test_numbers_in_pieces_are_all_there_in_their_order() -> None:
    numbers = list(range(1_234))
    pieces = list(in_pieces(numbers))
    assert [number for piece in pieces for number in piece] == numbers
    assert max(len(piece) for piece in pieces) <= 500
    assert list(in_pieces([])) == []
