"""``clerk-app verify FILE.xlsx`` and ``consolidate``, in a process of their own, without any office's ledger."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.documents.test_consolidation import SIGNERS, paid, sent

DONE, FAILED, UNUSABLE = 0, 1, 2


def test_a_month_is_checked_with_the_offices_public_key_alone(typed, tmp_path: Path):
    month = sent(tmp_path, "东", [paid("0000000001")])
    key = SIGNERS["东"].public_key.hex()

    done = typed("verify", month, "--key", key)

    assert (done.returncode, done.stderr) == (DONE, "")
    assert "示例东城中心 2026-11 月报，单据 1 张，本月第 1 次导出" in done.stdout
    assert "没有给出机构的公钥" not in done.stdout
    assert "没有给出机构的公钥" in typed("verify", month).stdout
    assert typed("verify", month, "--key", "00" * 32).returncode == FAILED
    assert typed("verify", month, "--key", "kurz").returncode == UNUSABLE


def test_the_first_row_and_column_that_differ_are_named(typed, tmp_path: Path):
    month = sent(tmp_path, "东", [paid("0000000001")])
    book = openpyxl.load_workbook(month)
    book["明细"]["W5"].value += 1
    book.save(month)

    done = typed("verify", month)

    assert done.returncode == FAILED
    assert "“明细”第 5 行“医疗费总额”与签发时不同。" in done.stdout


def test_what_offices_sent_is_consolidated_into_one_workbook(typed, tmp_path: Path):
    for name in ("东", "西"):
        sent(tmp_path, name, [paid("0000000001")])
    (tmp_path / "坏.xlsx").write_bytes(b"PK")
    target = tmp_path / "汇总.xlsx"

    for _again in range(2):
        done = typed("consolidate", tmp_path, "--out", target)

        assert done.returncode == FAILED
        assert done.stdout.count("计入 ") == 3
        assert "重复票据 1 组" in done.stdout
    assert openpyxl.load_workbook(target)["重复票据"].max_row == 5


def test_a_folder_without_workbooks_is_told(typed, tmp_path: Path):
    done = typed("consolidate", tmp_path, "--out", tmp_path / "x.xlsx")

    assert done.returncode == UNUSABLE
    assert "没有 .xlsx 文件" in done.stderr
