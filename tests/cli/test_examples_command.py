"""``clerk-app examples`` and ``clerk-app settle``: what they print and what their exit code means."""

from __future__ import annotations

import json

HOLDS, FAILS, UNUSABLE = 0, 1, 2
WRONG = ("结论: 支付, 统筹支付: 200.00", "结论: 支付, 统筹支付: 200.01")


def test_examples_that_hold_are_a_line_each_and_exit_zero(typed, file):
    done = typed("examples", file())
    assert (done.returncode, done.stderr) == (HOLDS, "")
    assert done.stdout.splitlines() == ["通过  在职三级", "1 个通过，0 个不符"]


def test_one_example_that_fails_is_enough_for_exit_one(typed, file):
    done = typed("examples", file(), file(WRONG, name="wrong.yaml"))
    assert done.returncode == FAILS
    said = done.stdout.splitlines()
    assert said[0] == "通过  在职三级"
    assert said[1] == "不符  在职三级"
    assert said[2].strip() == "步骤 1：统筹支付 得 200.00，应得 200.01"
    assert "〔江西省实施意见 二(三)〕" in done.stdout
    assert said[-1] == "1 个通过，1 个不符"


def test_a_file_that_cannot_be_used_is_said_with_line_and_key_and_the_others_still_run(typed, file):
    broken = file(("总额:", "总额度:"), name="broken.yaml")
    done = typed("examples", broken, file())
    assert done.returncode == UNUSABLE
    assert f"{broken}:6: 没有“总额度”这一项，最接近的是“总额”。" in done.stderr
    assert "通过  在职三级" in done.stdout


def test_an_empty_file_and_a_missing_one_are_errors(typed, tmp_path):
    empty = tmp_path / "empty.yaml"
    empty.write_text("")
    done = typed("examples", empty, tmp_path / "missing.yaml")
    assert done.returncode == UNUSABLE
    assert f"{empty}: 文件是空的，没有可用的内容。" in done.stderr
    assert "missing.yaml: 文件读不出来" in done.stderr
    assert done.stdout == "", "nothing was run, so nothing held"
    assert done.stderr.splitlines()[-1] == "2 个文件不能使用，其中的案例没有运行"


def test_the_count_stands_beside_the_files_that_were_not_run(typed, file, tmp_path):
    done = typed("examples", file(), tmp_path / "missing.yaml")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (UNUSABLE, "1 个通过，0 个不符")
    assert done.stderr.splitlines()[-1] == "1 个文件不能使用，其中的案例没有运行"


def test_an_example_that_cannot_be_computed_fails(typed, file):
    done = typed("examples", file(("360000", "500000")))
    assert done.returncode == FAILS
    assert "普通门诊.起付标准" in done.stdout


def test_without_a_file_the_command_is_unusable(typed):
    assert typed("examples").returncode == UNUSABLE


def test_settle_gives_machines_every_case_with_amounts_as_text(typed, file):
    done = typed("settle", file(), "--json")
    assert (done.returncode, done.stderr) == (HOLDS, "")
    (case,) = json.loads(done.stdout, parse_float=lambda text: (_ for _ in ()).throw(AssertionError(text)))["cases"]
    assert case["name"] == "在职三级"
    settled, reversed_step = case["steps"]
    assert (settled["decision"], settled["fund_paid"]) == ("支付", "200.00")
    assert settled["receipts"][0]["fund_paid"] == "200.00"
    assert reversed_step["fund_paid"] == "-200.00"


def test_settle_needs_no_expectations_and_takes_no_notice_of_wrong_ones(typed, file):
    for changed in (WRONG, ("      应得: {结论: 支付, 统筹支付: 200.00}\n", "")):
        done = typed("settle", file(changed), "--json")
        assert done.returncode == HOLDS
        assert json.loads(done.stdout)["cases"][0]["steps"][0]["fund_paid"] == "200.00"


def test_settle_in_words(typed, file):
    done = typed("settle", file())
    assert done.returncode == HOLDS
    assert "步骤 1：支付，统筹支付 200.00" in done.stdout


def test_settle_says_what_could_not_be_computed(typed, file):
    done = typed("settle", file(("360000", "500000")), "--json")
    (case,) = json.loads(done.stdout)["cases"]
    assert (done.returncode, case["error"]["code"], case["steps"]) == (FAILS, "parameter_not_set", [])


def test_settle_refuses_a_file_that_is_wrong_in_its_form(typed, file):
    done = typed("settle", file(("总额: 1000.00", "总额: 1000.000")), "--json")
    assert (done.returncode, done.stdout) == (UNUSABLE, "")
    assert "cases.yaml:6: 金额“1000.000”超过两位小数" in done.stderr


def test_the_offices_own_parameters_fill_a_framework(typed, file, tmp_path):
    folder = tmp_path / "data" / "policies" / "parameters"
    folder.mkdir(parents=True)
    (folder / "x.yaml").write_text(
        '统筹区: {代码: "500100", 名称: 示例区}\n沿用: "500000"\n'
        "参数: {普通门诊: {起付标准: 500, 年度限额: 3000, 支付比例: 50}}\n",
        encoding="utf-8",
    )
    done = typed("examples", file(("360000", "500100"), ("200.00", "250.00")))
    assert (done.returncode, done.stdout.splitlines()[0]) == (HOLDS, "通过  在职三级")


def test_an_office_with_a_broken_policy_proves_nothing(typed, file, tmp_path):
    folder = tmp_path / "data" / "policies" / "parameters"
    folder.mkdir(parents=True)
    (folder / "x.yaml").write_text(
        '统筹区: {代码: "220199", 名称: 示例市}\n沿用: "220000"\n参数: {普通门诊: {起付标准: 301}}\n', encoding="utf-8"
    )
    done = typed("examples", file(("360000", "220199")))
    assert done.returncode == UNUSABLE
    assert "parameters/x.yaml:3: “普通门诊.起付标准”为 301，高于文件 二(二) 规定的上限 300" in done.stderr


def test_a_console_without_chinese_stops_nothing(typed, file):
    done = typed("examples", file(), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == HOLDS
    assert "\\u901a\\u8fc7" in done.stdout


def test_the_version_is_told(typed):
    done = typed("--version")
    assert done.returncode == HOLDS
    assert done.stdout.startswith("clerk-app ")


def test_an_unknown_command_is_unusable(typed):
    assert typed("reimburse").returncode == UNUSABLE
