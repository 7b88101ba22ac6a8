"""The worked examples that ship beside each document hold, and each of them can fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clerk_app.examples.case import SettleStep
from clerk_app.examples.case_file import read_cases
from clerk_app.examples.report import lines
from clerk_app.examples.runner import run_case
from clerk_app.paths import resources

AREAS = ["chongqing", "jiangxi", "jilin", "jining", "nanyang"]


@pytest.mark.parametrize("area", AREAS)
def test_every_shipped_example_holds(shelf, area):
    results = [run_case(case) for case in read_cases(resources() / "policies" / area / "examples.yaml", shelf)]
    assert results
    assert [line for result in results if not result.holds for line in lines(result)] == []


@pytest.mark.parametrize("area", AREAS)
def test_a_shipped_example_that_pays_fails_when_a_fen_is_added_to_what_it_expects(shelf, area):
    tried = 0
    for case in read_cases(resources() / "policies" / area / "examples.yaml", shelf):
        for number, step in enumerate(case.steps):
            expected = step.expected
            if isinstance(step, SettleStep) and expected and expected.fund_fen is not None:
                wrong = replace(step, expected=replace(expected, fund_fen=expected.fund_fen + 1))
                steps = (*case.steps[:number], wrong, *case.steps[number + 1 :])
                assert not run_case(replace(case, steps=steps)).holds
                tried += 1
    assert tried
