"""Examples that the program writes are read again as what they were; claims lose everything that names a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from clerk_app.codes import InstitutionKind, Tier
from clerk_app.examples.case import Case
from clerk_app.examples.case_file import read_cases
from clerk_app.examples.writing import Anonymiser, write_case
from clerk_app.paths import resources
from clerk_app.policy.shelf import Shelf
from clerk_app.policy.strict_yaml import Findings, parse_yaml, read_yaml
from clerk_app.receipts.claim import Claim, Fee, Institution, Receipt

AREAS = ("chongqing", "jiangxi", "jilin", "jining", "nanyang")
HOSPITAL = Institution("北京某某医院", "H11010100001", Tier.THREE)


def bare(case: Case) -> Case:
    """What a case says, without where it stands in its file; the hash of 参数 counts lines too."""
    steps = tuple(
        replace(step, expected=replace(step.expected, line=0)) if step.expected else step for step in case.steps
    )
    versions = tuple(replace(version, content_hash="") for version in case.policy.versions)
    return replace(case, file="", line=0, steps=steps, policy=replace(case.policy, versions=versions))


@pytest.mark.parametrize("area", AREAS)
def test_every_shipped_example_is_read_again_as_it_was_written(area, shelf: Shelf, tmp_path: Path):
    path = resources() / "policies" / area / "examples.yaml"
    items = read_yaml(path).items()
    cases = read_cases(path, shelf)
    texts = []
    for item, case in zip(items, cases, strict=True):
        parameters = dict(item.pairs()).get("参数")
        texts.append(write_case(case, case.policy.area_code, parameters))
    written = tmp_path / "written.yaml"
    written.write_text("".join(texts), encoding="utf-8")

    again = read_cases(written, shelf)

    assert [bare(case) for case in again] == [bare(case) for case in cases]


@pytest.mark.parametrize(
    "name",
    [
        "null",
        "~",
        "- 短横",
        "冒号: 值",
        '引号"和\\反斜线',
        "井号 #",
        "{0}",
        "[甲",
        "*别名",
        "!标签",
        "%",
        "a\tb",
        "甲\x7f乙\u2028丙",
        "😀",
        "123.40",
    ],
)
def test_any_text_is_read_again_as_it_was(name, shelf, tmp_path, sample):
    path = tmp_path / "one.yaml"
    path.write_text(sample(), encoding="utf-8")
    (case,) = read_cases(path, shelf)
    path.write_text(write_case(replace(case, name=name), "360000"), encoding="utf-8")
    (again,) = read_cases(path, shelf)
    assert again.name == name


@pytest.mark.parametrize("moment", ["09:00", "00:00", "23:59:30"])
def test_the_time_of_a_visit_is_kept_to_the_second(moment, shelf, tmp_path, sample):
    path = tmp_path / "one.yaml"
    path.write_text(sample(("2023-05-20 09:00", f"2023-05-20 {moment}")), encoding="utf-8")
    (case,) = read_cases(path, shelf)
    path.write_text(write_case(case, "360000"), encoding="utf-8")
    (again,) = read_cases(path, shelf)
    assert bare(again) == bare(case)


def test_parameters_are_written_as_they_stand(shelf):
    text = '{普通门诊: {起付标准: 300.10, 说明: "a: b"}, 表: [1, 2]}'
    parameters = parse_yaml(text.encode(), Findings("x.yaml"))
    (case, *_more) = read_cases(resources() / "policies/jiangxi/examples.yaml", shelf)
    assert f"  参数: {text}\n" in write_case(case, "220000", parameters)


def receipt(number: str, institution: Institution = HOSPITAL, **more: object) -> Receipt:
    return Receipt(number, date(2023, 5, 20), institution, 100_000, **more)  # type: ignore[arg-type]


def test_bills_hospitals_and_visits_get_running_names_and_the_same_stay_the_same():
    other = Institution("上海某某诊所", "", Tier.ONE, InstitutionKind.CLINIC)
    claim = Claim(
        (
            receipt("00123456", bill_code="11010123", visit_label="张三上午"),
            receipt("00123457", other, visit_label="张三上午"),
            receipt("００１２３４５６", bill_code="11010123"),
        )
    )
    shown = Anonymiser("360000", "360000").claim(claim).receipts
    assert [each.number for each in shown] == ["A1", "A2", "A1"]
    assert [each.bill_code for each in shown] == ["", "", ""]
    assert [each.institution.name for each in shown] == ["示例医院1", "示例医院2", "示例医院1"]
    assert [each.visit_label for each in shown] == ["就诊1", "就诊1", ""]
    assert [each.institution.code for each in shown] == ["", "", ""]
    assert shown[1].institution.kind is InstitutionKind.CLINIC


def test_what_decides_is_kept_and_what_decides_nothing_is_dropped():
    paper = receipt(
        "1",
        visited_at=time(9, 5),
        self_funded_fen=1,
        over_limit_fen=2,
        paid_first_fen=3,
        diagnosis="某某病",
        disease="M01600",
        fees=(Fee("01", 100_000, 1, 2, 3),),
    )
    shown = Anonymiser("360000", "360000").receipt(paper)
    assert (shown.diagnosis, shown.fees) == ("", ())
    kept = ("visited_on", "visited_at", "total_fen", "self_funded_fen", "over_limit_fen", "paid_first_fen", "disease")
    assert [getattr(shown, name) for name in kept] == [getattr(paper, name) for name in kept]


def test_a_pharmacys_code_is_said_in_words_of_its_own():
    shown = Anonymiser("360000", "360000").receipt(receipt("1", Institution("某药房", "P11010100001", None)))
    assert (shown.institution.name, shown.institution.kind) == ("示例药店1", InstitutionKind.PHARMACY)


@pytest.mark.parametrize(
    ("institution", "area"),
    [
        (Institution("甲", "H22010100001", Tier.TWO), "220000"),  # inside 220199's own city
        (Institution("乙", "H22020100001", Tier.TWO), ""),  # another city of the province
        (Institution("丙", "", Tier.TWO, area_code="220100"), "220000"),
        (Institution("丁", "", Tier.TWO), ""),
    ],
)
def test_a_place_is_told_by_whether_it_lies_in_the_persons_own_area(institution, area):
    shown = Anonymiser("220100", "220000").receipt(receipt("1", institution))
    assert shown.institution.area_code == area
