from __future__ import annotations

from clerk_app.errors import ClerkError, FileProblem, FileProblems, PolicyGap


def test_the_text_that_a_log_would_hold_is_the_code_and_no_detail():
    error = ClerkError("voucher_unknown", voucher="示例-0001", name="张示例")
    assert str(error) == "voucher_unknown"
    assert "张示例" not in repr(error)
    assert error.details == {"voucher": "示例-0001", "name": "张示例"}


def test_a_gap_in_a_policy_and_problems_of_a_file_are_failures_of_the_world():
    problems = [FileProblem("a.yaml", 3, "file_empty", {}), FileProblem("b.yaml", 0, "file_not_text", {})]
    assert issubclass(PolicyGap, ClerkError)
    assert isinstance(FileProblems(problems), ClerkError)
    assert FileProblems(problems).problems == tuple(problems)
