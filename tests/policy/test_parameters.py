"""Every bound that a framework sets its pooling areas is enforced when the parameters are read."""

from __future__ import annotations

import pytest

from clerk_app.codes import Benefit, Insurance, Status, Tier
from clerk_app.errors import FileProblems
from clerk_app.policy.strict_yaml import Findings, parse_yaml

JILIN, CHONGQING = "220000", "500000"


@pytest.fixture
def filled(shelf):
    """A framework filled with a 参数 block."""

    def fill(area: str, text: str):
        return shelf.policy_with(area, parse_yaml(text.encode(), Findings("parameters.yaml"))).versions[0]

    return fill


@pytest.fixture
def refused(filled):
    """The problems of a 参数 block."""

    def problems(area: str, text: str):
        with pytest.raises(FileProblems) as failure:
            filled(area, text)
        return [(problem.code, problem.details.get("name")) for problem in failure.value.problems]

    return problems


def jilin(old: str = "", new: str = "") -> str:
    text = (
        "普通门诊: {起付标准: 300, 退休加成: 5, 年度限额: 2000}\n"
        "门诊慢性病: {支付比例: 60, 年度限额: 6500, 病种限额: {M01600: 3000}}\n"
        "住院: {起付标准: {一级: 200, 二级: 400, 三级: 800}, 支付比例: 85, 年度限额: 100000}\n"
    )
    assert old in text
    return text.replace(old, new, 1)


def chongqing(
    deductible: str = "{在职: 200, 退休: 100}",
    cap: str = "{在职: 3000, 退休: 4000}",
    ratio: str = "{在职: {一级: 60, 二级: 60, 三级: 50}, 退休: {一级: 70, 二级: 70, 三级: 60}}",
) -> str:
    return f"普通门诊: {{起付标准: {deductible}, 年度限额: {cap}, 支付比例: {ratio}}}\n"


# -- Jilin ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("起付标准: 300", "起付标准: 0"),
        ("年度限额: 2000", "年度限额: 0.01"),
        ("退休加成: 5", "退休加成: 0"),
        ("支付比例: 60", "支付比例: 70"),
        ("年度限额: 6500", "年度限额: 3000"),
        ("M01600: 3000", "M01600: 6500"),
        ("M01600: 3000", "M01600: 0.01"),
    ],
)
def test_figures_inside_the_bounds_are_taken(filled, old, new):
    assert filled(JILIN, jilin(old, new)).document.number == "吉医保联〔2022〕22号"


@pytest.mark.parametrize(
    ("old", "new", "code", "name"),
    [
        ("起付标准: 300", "起付标准: 300.01", "parameter_above", "普通门诊.起付标准"),
        ("起付标准: 300", "起付标准: -0.01", "parameter_below", "普通门诊.起付标准"),
        ("退休加成: 5", "退休加成: -1", "percent_unknown", None),
        ("年度限额: 2000", "年度限额: 2000.01", "parameter_above", "普通门诊.年度限额"),
        ("年度限额: 2000", "年度限额: 0", "parameter_not_above", "普通门诊.年度限额"),
        ("年度限额: 2000", "年度限额: -1", "parameter_not_above", "普通门诊.年度限额"),
        ("支付比例: 60", "支付比例: 65", "parameter_not_choice", "门诊慢性病.支付比例"),
        ("支付比例: 60", "支付比例: 59.99", "parameter_not_choice", "门诊慢性病.支付比例"),
        ("支付比例: 60", "支付比例: 0.6", "parameter_not_choice", "门诊慢性病.支付比例"),
        ("年度限额: 6500", "年度限额: 6500.01", "parameter_above", "门诊慢性病.年度限额"),
        ("M01600: 3000", "M01600: 6500.01", "parameter_above", "门诊慢性病.病种限额"),
        ("M01600: 3000", "M01600: 0", "parameter_not_above", "门诊慢性病.病种限额"),
        ("{一级: 200", "{一级: -1", "parameter_below", "住院.起付标准"),
        ("年度限额: 100000", "年度限额: 0", "parameter_not_above", "住院.年度限额"),
        ("支付比例: 85", "支付比例: 101", "percent_unknown", None),
        ("三级: 800}", "二级以上: 800}", "key_unknown", None),
        ("二级: 400, 三级: 800}", "二级: 400}", "parameter_incomplete", "住院.起付标准"),
        ("{一级: 200,", "{在职: 100, 一级: 200,", "table_mixed", None),
    ],
)
def test_a_figure_outside_its_bound_is_refused(refused, old, new, code, name):
    assert (code, name) in refused(JILIN, jilin(old, new))


def test_a_diseases_cap_may_not_pass_the_areas_own_chronic_cap(refused):
    text = "门诊慢性病: {支付比例: 60, 年度限额: 2000, 病种限额: {M01600: 2000.01}}\n"
    assert refused(JILIN, text) == [("parameter_above", "门诊慢性病.病种限额")]


def test_the_refusal_names_figure_bound_and_article(filled):
    with pytest.raises(FileProblems) as failure:
        filled(JILIN, jilin("起付标准: 300", "起付标准: 300.01"))
    (problem,) = failure.value.problems
    assert problem.line == 1
    assert problem.details == {"name": "普通门诊.起付标准", "given": "300.01", "bound": "300", "article": "二(二)"}


def test_every_bound_that_is_broken_is_listed_at_once(refused):
    text = "普通门诊: {起付标准: 301, 退休加成: 5, 年度限额: 2001}\n门诊慢性病: {支付比例: 65, 年度限额: 6501}\n"
    assert refused(JILIN, text) == [
        ("parameter_above", "普通门诊.起付标准"),
        ("parameter_above", "普通门诊.年度限额"),
        ("parameter_not_choice", "门诊慢性病.支付比例"),
        ("parameter_above", "门诊慢性病.年度限额"),
    ]


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("普通门珍: {起付标准: 300}\n", "普通门诊"),
        ("普通门诊: {起付标淮: 300}\n", "起付标准"),
        ("普通门诊: {支付比例: 60}\n", "起付标准"),
    ],
)
def test_an_unknown_parameter_is_refused_with_the_nearest_that_exists(filled, text, nearest):
    with pytest.raises(FileProblems) as failure:
        filled(JILIN, text)
    (problem,) = failure.value.problems
    assert (problem.code, problem.details["nearest"]) == ("key_unknown", nearest)


def test_a_complete_document_takes_no_parameters(refused):
    assert ("parameters_not_open", None) in refused("360000", "普通门诊: {起付标准: 300}\n")


# -- Chongqing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        chongqing(),
        chongqing(ratio="50"),
        chongqing(ratio="{在职: 50, 退休: 50}"),
        chongqing(ratio="{一级: 60, 二级: 55, 三级: 50}"),
        chongqing(deductible="0", cap="0.01"),
    ],
)
def test_the_citys_figures_inside_the_floor_are_taken(filled, text):
    terms = filled(CHONGQING, text).terms(Insurance.EMPLOYEE, Status.RETIRED, Benefit.ORDINARY, Tier.THREE)
    assert terms.ratio_bp >= 5000


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        (chongqing(ratio="49.99"), "parameter_below", "普通门诊.支付比例"),
        (chongqing(ratio="{在职: 49.99, 退休: 60}"), "parameter_below", "普通门诊.支付比例"),
        (chongqing(ratio="{在职: {一级: 60, 二级: 60, 三级: 49}, 退休: 70}"), "parameter_below", "普通门诊.支付比例"),
        (chongqing(ratio="{一级: 60, 二级: 55, 三级: 49}"), "parameter_below", "普通门诊.支付比例"),
        (chongqing(ratio="{在职: 60, 退休: 59.99}"), "parameter_retired_below_employed", "普通门诊.支付比例"),
        (
            chongqing(ratio="{在职: {一级: 60, 二级: 60, 三级: 50}, 退休: {一级: 70, 二级: 59, 三级: 60}}"),
            "parameter_retired_below_employed",
            "普通门诊.支付比例",
        ),
        (
            chongqing(ratio="{三级: {在职: 60, 退休: 55}, 二级: 60, 一级: 60}"),
            "parameter_retired_below_employed",
            "普通门诊.支付比例",
        ),
        (chongqing(ratio="{在职: 60}"), "parameter_incomplete", "普通门诊.支付比例"),
        (chongqing(cap="{在职: 3000}"), "parameter_incomplete", "普通门诊.年度限额"),
        (chongqing(cap="0"), "parameter_not_above", "普通门诊.年度限额"),
        (chongqing(deductible="-1"), "parameter_below", "普通门诊.起付标准"),
    ],
)
def test_the_citys_figures_outside_the_floor_are_refused(refused, text, code, name):
    assert (code, name) in refused(CHONGQING, text)


def test_the_figures_of_the_case_format_are_read_as_they_stand(filled):
    version = filled(CHONGQING, chongqing())
    found = {
        (status, tier): version.terms(Insurance.EMPLOYEE, status, Benefit.ORDINARY, tier)
        for status in (Status.EMPLOYED, Status.RETIRED)
        for tier in Tier
    }
    assert [terms.ratio_bp for terms in found.values()] == [6000, 6000, 6000, 5000, 7000, 7000, 7000, 6000]
    assert [terms.cap_fen for terms in found.values()] == [300000] * 4 + [400000] * 4
    assert [terms.deductible_fen for terms in found.values()] == [20000] * 4 + [10000] * 4
