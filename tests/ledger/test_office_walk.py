"""Whatever happens to an office, every payment, sum, stage and number is the plain model's, to the fen."""

from __future__ import annotations

from pathlib import Path

import pytest

from clerk_app.policy.version import Policy
from tests.ledger.office import JIANGXI, JINING
from tests.ledger.office_walk import walked

#: What a walk that tries anything at all has had.
HAPPENED = (
    *("settle", "settle_draft", "reverse", "correct", "review", "make_list", "bank_answers", "print_paper"),
    *("close_month", "clock_behind", "crashed in the middle", "crashed before the answer", "restored", "month_closed"),
    *("paid", "failed", "already_reversed", "claim_leased", "claim_in_check", "payment_answered", "not_allowed"),
)
AREAS = pytest.mark.parametrize("policy", [JIANGXI, JINING], ids=["annual deductible", "deductible per visit"])


@AREAS
@pytest.mark.parametrize("seed", [4, 7])
def test_an_office_is_what_a_plain_model_of_it_is(tmp_path: Path, policy: Policy, seed: int) -> None:
    walk = walked(tmp_path, policy, seed, steps=500, check_every=100)
    missing = [each for each in HAPPENED if not walk.counted[each]]
    assert not missing, f"seed {seed} never had {missing}"


@pytest.mark.full
@AREAS
@pytest.mark.parametrize("seed", range(1_000, 1_500))
def test_an_office_is_what_a_plain_model_of_it_is_for_long(tmp_path: Path, policy: Policy, seed: int) -> None:
    walked(tmp_path, policy, seed, steps=1_000, check_every=250)
