"""Officers' files are read strictly, and nothing in them can hurt."""

from __future__ import annotations

import contextlib
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.errors import ClerkError, FileProblems
from clerk_app.policy.strict_yaml import (
    Findings,
    nearest,
    parse_day,
    parse_moment,
    parse_percent,
    parse_yaml,
    read_yaml,
)


def read(text: str):
    return parse_yaml(text.encode(), Findings("a.yaml"))


def refusal(content: bytes):
    with pytest.raises(FileProblems) as failure:
        parse_yaml(content, Findings("a.yaml"))
    (problem,) = failure.value.problems
    return problem.line, problem.code


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        (b"", 0, "file_empty"),
        (b"# only a comment\n", 0, "file_empty"),
        ("a: 1\nb: 甲".encode("gb18030"), 2, "file_not_text"),
        (b"\xff\xfea\x00", 1, "file_not_text"),
        (b"a: [1\nb: 2\n", 2, "yaml_syntax"),
        (b"a: 1\n---\nb: 2\n", 2, "yaml_syntax"),
        (b"a: &x 1\nb: *x\n", 1, "yaml_alias"),
        (b"a: *x\n", 1, "yaml_syntax"),
        (b"a: 1\nb: " + b"[" * 100_000, 2, "yaml_syntax"),
        (b"- " * 50_000, 0, "yaml_syntax"),
        (b"a: \x00\n", 0, "yaml_syntax"),
        (b"a: 1\n" + b"#" * 150_000, 0, "file_too_large"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_line(content, line, code):
    assert refusal(content) == (line, code)


def test_whoever_has_two_hundred_mistakes_has_opened_another_file():
    section = read("\n".join(f"k{number}: 1" for number in range(1_000))).section()
    with pytest.raises(FileProblems) as failure:
        section.finish()
    assert [problem.line for problem in failure.value.problems] == list(range(1, 201))


def test_a_bomb_of_aliases_is_refused_and_never_unfolded():
    levels = ["l0: &l0 [甲, 甲]"] + [
        f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 9)}]" for level in range(1, 12)
    ]
    assert refusal("\n".join(levels).encode())[1] == "yaml_alias"


def test_anchors_that_nothing_refers_to_and_tags_do_no_harm():
    assert [entry.text() for entry in read("[&a 甲, &a 乙, !!python/object:os.system 丙]").items()] == [
        "甲",
        "乙",
        "丙",
    ]


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(FileProblems) as failure:
        read_yaml(tmp_path / "nowhere.yaml")
    assert [problem.code for problem in failure.value.problems] == ["file_unreadable"]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_never_more(content):
    findings = Findings("a.yaml")
    with contextlib.suppress(FileProblems):
        assert parse_yaml(content, findings).line >= 1
        return
    assert findings.problems


def test_a_byte_order_mark_is_no_content():
    assert parse_yaml(b"\xef\xbb\xbfa: 1", Findings("a.yaml")).pairs()[0][0] == "a"


def test_every_value_is_text_until_its_slot_says_what_it_is():
    values = [item.text() for item in read("[600.10, 0600, 1e3, yes, 2023-01-01, 'null', null, ~, 甲 ]").items()]
    assert values == ["600.10", "0600", "1e3", "yes", "2023-01-01", "null", "", "", "甲"]


def test_amounts_are_read_exactly():
    item = read("[600.10, '0.29', 1_000, 1e3, 1.005, abc]")
    assert [entry.fen() for entry in item.items()] == [60010, 29, 0, 0, 0, 0]
    assert [problem.code for problem in item.findings.problems] == [
        "amount_not_a_number",
        "amount_not_a_number",
        "amount_three_decimals",
        "amount_not_a_number",
    ]


def test_a_key_that_stands_twice_is_reported_at_its_second_line():
    item = read("a: 1\nb: 2\na: 3\n")
    assert [key for key, _value in item.pairs()] == ["a", "b"]
    assert [(problem.line, problem.code, problem.details) for problem in item.findings.problems] == [
        (3, "key_repeated", {"key": "a"})
    ]


def test_an_unknown_key_is_reported_with_the_nearest_that_exists():
    section = read("总颔: 1\n号码: A\n").section()
    section.need("号码")
    section.get("总额")
    section.finish()
    (problem,) = section.item.findings.problems
    assert (problem.line, problem.code) == (1, "key_unknown")
    assert (problem.details["key"], problem.details["nearest"]) == ("总颔", "总额")


def test_a_required_key_that_is_missing_or_empty_is_reported_at_its_block():
    item = read("- 甲: 1\n- {乙: , 甲: 2}\n")
    for entry in item.items():
        entry.section().need("乙")
    assert [(problem.line, problem.code) for problem in item.findings.problems] == [
        (1, "key_missing"),
        (2, "key_missing"),
    ]


@pytest.mark.parametrize(
    ("text", "ask", "code"),
    [
        ("[1]", "text", "not_a_single_value"),
        ("[1]", "fen", "not_a_single_value"),
        ("{a: 1}", "flag", "not_a_single_value"),
        ("a", "items", "not_a_list"),
        ("a", "pairs", "not_a_block"),
        ("[a]", "section", "not_a_block"),
        ("maybe", "flag", "value_unknown"),
        ("2023-02-29", "day", "day_unknown"),
        ("101", "ratio_bp", "percent_unknown"),
        ("-5", "standard_fen", "figure_negative"),
    ],
)
def test_a_value_of_the_wrong_kind_is_reported_and_reading_goes_on(text, ask, code):
    item = read(text)
    getattr(item, ask)()
    assert [problem.code for problem in item.findings.problems] == [code]


def test_all_problems_are_raised_at_once_in_the_order_of_the_lines():
    findings = Findings("a.yaml")
    findings.add(7, "file_empty")
    findings.add(3, "file_not_text")
    with pytest.raises(FileProblems) as failure:
        findings.raise_if_any()
    assert [problem.line for problem in failure.value.problems] == [3, 7]


@pytest.mark.parametrize(
    "text", ["2023-02-29", "2023-13-01", "2023-1-1", "20230101", "2023/01/01", "", "0000-01-01", "2023-01-01x"]
)
def test_a_date_that_does_not_exist_is_refused(text):
    with pytest.raises(ClerkError) as failure:
        parse_day(text)
    assert (failure.value.code, failure.value.details["text"]) == ("day_unknown", text)


@given(st.dates())
def test_a_date_that_exists_is_read(day):
    assert parse_day(day.isoformat()) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-02-29", (date(2024, 2, 29), None)),
        ("2023-05-20 09:00", (date(2023, 5, 20), time(9))),
        ("2023-05-20 9:05", (date(2023, 5, 20), time(9, 5))),
        ("2023-05-20T23:59:59", (date(2023, 5, 20), time(23, 59, 59))),
        ("2023-05-20 00:00", (date(2023, 5, 20), time(0))),
    ],
)
def test_a_visit_has_a_day_and_perhaps_a_time(text, moment):
    assert parse_moment(text) == moment


@pytest.mark.parametrize("text", ["2023-05-20 24:00", "2023-05-20 09:60", "2023-05-20 9", "2023-05-20 上午"])
def test_a_time_that_does_not_exist_is_refused(text):
    with pytest.raises(ClerkError) as failure:
        parse_moment(text)
    assert failure.value.code == "time_unknown"


@pytest.mark.parametrize(("text", "ratio_bp"), [("0", 0), ("50", 5000), ("62.5", 6250), ("2.50%", 250), ("100", 10000)])
def test_a_percentage_is_read_as_ten_thousandths(text, ratio_bp):
    assert parse_percent(text) == ratio_bp


@pytest.mark.parametrize("text", ["100.01", "-1", "50.555", "五十", "", "1000", "0.5.5", "5 0"])
def test_what_is_no_percentage_is_refused(text):
    with pytest.raises(ClerkError) as failure:
        parse_percent(text)
    assert failure.value.code == "percent_unknown"


def test_the_nearest_word_is_found_and_none_where_there_are_none():
    assert nearest("统筹支负", ["总额", "统筹支付", "结论"]) == "统筹支付"
    assert nearest("x", []) == ""
