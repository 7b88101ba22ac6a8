"""What a check and a try-out gave, in words and rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from clerk_app.counter.policy_desk import PolicyDesk
from clerk_app.counter.policy_installing import Examined
from clerk_app.counter.policy_tryout import Change, Comparison, TryOut
from clerk_app.counter.policy_words import (
    change_rows,
    comparison_words,
    document_words,
    example_rows,
    examples_words,
    listed_words,
    problem_rows,
    readings,
    try_out_words,
)
from clerk_app.errors import ClerkError, FileProblem, FileProblems
from tests.counter import officer
from tests.counter.officer import PolicyOffice

JULY = date(2024, 7, 1)


def examined(tmp_path: Path, **more: str) -> Examined:
    (tmp_path / "data").mkdir()
    desk = PolicyDesk(tmp_path / "data", None, lambda: officer.noon(2024, 6, 1))
    return Examined(desk.check(officer.folder(tmp_path / "new", **more)))


def comparison(*changes: tuple[int, int]) -> Comparison:
    found = Comparison(JULY, tried=len(changes))
    for number, (before_fen, after_fen) in enumerate(changes, start=1):
        found.add(Change(f"360100-2024-{number:06d}", before_fen, after_fen))
    return found


def test_a_document_is_named_with_its_days_and_its_hash(tmp_path):
    seen = examined(tmp_path)
    first, second = document_words(seen)
    assert first.startswith("江西省 360000　示例〔2024〕1号《")
    assert second.startswith("2024-07-01 起施行，核实至 2026-11-22")
    assert second.endswith(seen.checked.policy_file.content_hash[:16])


def test_a_proposal_says_who_laid_it_ready_and_when(tmp_path):
    seen = examined(tmp_path)
    office = PolicyOffice(tmp_path / "data")
    proposal = office.propose(seen.checked)
    office.ledger.close()
    assert "李录入 于 2024-06-01 12:00 提交" in document_words(Examined(seen.checked, proposal))[1]


def test_an_example_that_fails_is_a_row_with_its_line_and_the_working(tmp_path):
    seen = examined(tmp_path, examples=officer.EXAMPLES.replace("250.00", "250.01"))
    assert examples_words(seen.checked) == ("案例 1 个，1 个不符。",)
    (row,) = example_rows(seen.checked)
    assert (row.file, row.line) == ("new/examples.yaml", "7")
    first, *working = row.words.splitlines()
    assert first == "在职三级　步骤 1：统筹支付 得 250.00，应得 250.01"
    assert any("× 50%" in line for line in working)


def test_problems_of_files_are_rows_and_other_failures_are_not():
    problems = [FileProblem("/home/x/new/examples.yaml", 3, "expects_nothing", {})]
    problems.append(FileProblem("new/2024-07-01.yaml", 0, "file_empty", {}))
    rows = problem_rows(FileProblems(problems))
    assert [(row.file, row.line) for row in rows] == [("new/examples.yaml", "3"), ("new/2024-07-01.yaml", "—")]
    assert all(row.words and row.file not in row.words for row in rows)
    assert problem_rows(ClerkError("name_missing")) == []


def test_last_years_supposition_comes_first_and_both_have_titles():
    tried = TryOut(date(2023, 1, 1), date(2024, 6, 1), 2, comparison((0, 1)), comparison((0, 2)))
    assert [(reading.title, reading.comparison.after_fen) for reading in readings(tried)] == [
        ("假如新文件从 2024-07-01 起已经施行", 2),
        ("按施行日期（2024-07-01 起就诊）", 1),
    ]


def test_where_nothing_was_settled_it_is_said_that_nothing_was_tried():
    empty = TryOut(date(2023, 1, 1), date(2024, 6, 1), 0, comparison(), comparison())
    for tried in (None, empty):
        assert readings(tried) == []
        assert try_out_words(tried) == "试算：本机没有这个统筹区去年以来的结算。"


def test_changes_say_by_how_much_with_their_sign():
    found = comparison((20_000, 125_000), (30_000, 10_000))
    assert change_rows(found) == [
        ("360100-2024-000001", "200.00", "1,250.00", "+1,050.00"),
        ("360100-2024-000002", "300.00", "100.00", "-200.00"),
    ]
    (counts,) = comparison_words(found)
    assert counts == "涉及 2 笔，金额变化 2 笔，统筹支付合计 500.00 → 1,350.00，差额 850.00"
    assert listed_words(found) == ""


def test_a_list_that_is_not_all_says_so():
    found = comparison(*((0, fen) for fen in range(1, 26)))
    assert len(change_rows(found)) == 20
    assert change_rows(found)[0].after == "0.25"
    assert listed_words(found) == "只列变化最大的 20 笔，共 25 笔。"
