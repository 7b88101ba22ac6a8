"""``clerk-app policy check`` and ``new``."""

from __future__ import annotations

from datetime import date

import pytest

from clerk_app.cli.policy_command import check_policies
from clerk_app.paths import resources

DONE, FAILED, UNUSABLE = 0, 1, 2
JULY = (
    ("文号: 江西省实施意见", "文号: 示例〔2024〕1号"),
    ("施行: {起: 2023-01-01", "施行: {起: 2024-07-01"),
)


@pytest.fixture
def office(tmp_path):
    """Puts a changed copy of Jiangxi's document among the office's policies."""

    def put(*replaced, name="jiangxi/2024-07-01.yaml"):
        text = (resources() / "policies/jiangxi/2023-01-01.yaml").read_text(encoding="utf-8")
        for old, new in replaced:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / "data/policies" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return put


def test_the_grid_of_every_shipped_area_has_no_hole(typed):
    done = typed("policy", "check")
    assert (done.returncode, done.stderr) == (DONE, "")
    said = done.stdout.splitlines()
    assert [line for line in said if not line.startswith(" ")] == [
        "220000 吉林省",
        "360000 江西省",
        "370800 济宁市",
        "411300 南阳市",
        "500000 重庆市",
    ]
    assert not [line for line in said if line.endswith("没有规定")]


def test_an_areas_figures_are_shown_with_document_dates_and_article(typed):
    done = typed("policy", "check", "360000")
    assert done.returncode == DONE
    said = done.stdout
    assert "江西省实施意见，2023-01-01 至 今，已核实至 2026-11-22" in said
    assert "文件没有规定：门诊慢性病、门诊特殊疾病、急诊抢救、日间手术" in said
    assert "职工·退休·普通门诊" in said
    assert "三级  起付 600.00（每年） 比例 55% 限额 2000.00〔江西省实施意见 二(三)〕" in said
    assert "南阳" not in said


def test_a_deductible_by_visit_and_residents_are_shown_as_such(typed):
    said = typed("policy", "check", "370800").stdout
    assert "职工·在职·普通门诊" in said
    assert "居民·居民·普通门诊" in said
    assert "起付 30.00（每次）" in said


def test_what_a_framework_leaves_open_is_named_instead_of_a_figure(typed):
    said = typed("policy", "check", "500000").stdout
    assert "待统筹区确定：普通门诊.起付标准、普通门诊.支付比例、普通门诊.年度限额" in said
    assert "比例 50%" not in said


def test_an_area_that_nobody_knows_is_unusable_and_the_known_ones_are_named(typed):
    done = typed("policy", "check", "999999")
    assert done.returncode == UNUSABLE
    assert "没有统筹区“999999”的政策文件" in done.stderr
    assert "360000" in done.stderr


def test_days_without_a_document_fail_and_are_named(typed, office):
    office(("施行: {起: 2023-01-01", "施行: {起: 2024-07-01, 止: 2024-12-31"), JULY[0])
    office(("施行: {起: 2023-01-01", "施行: {起: 2025-02-01"), name="jiangxi/2025-02-01.yaml")
    done = typed("policy", "check", "360000")
    assert done.returncode == FAILED
    assert "2025-01-01 至 2025-01-31 没有文件施行" in done.stdout
    assert "2023-01-01 至 2024-06-30" in done.stdout


def test_a_conflict_stops_the_check_with_both_documents(typed, office):
    office(JULY[0])
    done = typed("policy", "check", "360000")
    assert done.returncode == UNUSABLE
    assert "江西省实施意见" in done.stderr
    assert "示例〔2024〕1号" in done.stderr


def test_everything_that_is_wrong_is_listed_with_file_line_and_nearest_key(typed, office):
    office(*JULY, ("已核实至", "已核实到"), ("在职: 1800", "在职: 1800*2"))
    done = typed("policy", "check")
    assert done.returncode == UNUSABLE
    assert "jiangxi/2024-07-01.yaml:8: 没有“已核实到”这一项，最接近的是“已核实至”。" in done.stderr
    assert "“1800*2”不是金额" in done.stderr
    assert len(done.stderr.splitlines()) == 3


@pytest.mark.parametrize(("today", "warns"), [(date(2026, 11, 22), False), (date(2026, 11, 23), True)])
def test_figures_that_nobody_has_verified_for_too_long_are_marked(today, warns, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("CLERK_DATA", str(tmp_path))
    assert check_policies(["360000"], today) == DONE
    assert ("核实日期已过" in capsys.readouterr().out) is warns


def test_new_writes_both_files_and_check_reads_them(typed, tmp_path):
    done = typed("policy", "new", "619900", "示例西部市", "--from", "2025-01-01", "--out", tmp_path / "data/policies")
    assert (done.returncode, done.stderr) == (DONE, "")
    written = [tmp_path / "data/policies/619900" / name for name in ("2025-01-01.yaml", "examples.yaml")]
    assert done.stdout.splitlines() == list(map(str, written))
    assert typed("policy", "check", "619900").returncode == DONE
    assert typed("examples", written[1]).returncode == DONE


@pytest.mark.parametrize(
    ("code", "day", "said"),
    [("6199", "2025-01-01", "6 位数字"), ("619900", "2025-02-30", "2025-02-30"), ("619900", "明天", "明天")],
)
def test_new_refuses_a_code_or_a_day_that_does_not_exist(typed, tmp_path, code, day, said):
    done = typed("policy", "new", code, "示例西部市", "--from", day, "--out", tmp_path / "new")
    assert done.returncode == UNUSABLE
    assert said in done.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("day", ["2023-01-01", "2027-01-01"])
def test_new_refuses_an_area_that_has_its_policy(typed, tmp_path, day):
    done = typed("policy", "new", "360000", "江西省", "--from", day, "--out", tmp_path / "new")
    assert (done.returncode, done.stdout) == (UNUSABLE, "")
    assert "江西省（360000）已有政策文件（江西省实施意见）" in done.stderr
    assert not (tmp_path / "new").exists()


def test_new_refuses_an_area_that_fills_a_framework(typed, tmp_path):
    folder = tmp_path / "data/policies/parameters"
    folder.mkdir(parents=True)
    (folder / "x.yaml").write_text(
        '统筹区: {代码: "500100", 名称: 示例区}\n沿用: "500000"\n'
        "参数: {普通门诊: {起付标准: 500, 年度限额: 3000, 支付比例: 50}}\n",
        encoding="utf-8",
    )
    done = typed("policy", "new", "500100", "示例区", "--from", "2027-01-01", "--out", tmp_path / "new")
    assert done.returncode == UNUSABLE
    assert "示例区 使用框架 500000" in done.stderr


def test_exceptions_are_listed_with_what_they_take_the_place_of(typed):
    said = typed("policy", "check", "360000").stdout
    assert "例外：普通门诊.退休加成〔江西省实施意见 二(三)〕，取代普通门诊.支付比例（江西省实施意见 二(三)）" in said


def test_an_exception_that_does_not_say_what_it_replaces_stops_the_check(typed, office):
    office(*JULY, (", 取代: {项目: 普通门诊.支付比例, 依据: 二(三)}", ""))
    done = typed("policy", "check")
    assert done.returncode == UNUSABLE
    assert "jiangxi/2024-07-01.yaml:" in done.stderr
    assert "“普通门诊.退休加成”是例外规定，须用“取代”写明取代哪一项及其依据，可以取代：普通门诊.支付比例" in done.stderr


def test_new_overwrites_nothing(typed, tmp_path):
    arguments = ("policy", "new", "619900", "示例西部市", "--from", "2025-01-01", "--out", tmp_path)
    assert typed(*arguments).returncode == DONE
    done = typed(*arguments)
    assert done.returncode == UNUSABLE
    assert "已经存在" in done.stderr
