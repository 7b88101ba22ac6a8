"""Head office reads what its offices sent."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl

from clerk_app.documents.consolidated_workbook import write_consolidation
from clerk_app.documents.consolidation import Consolidation, Verdict, consolidate
from clerk_app.documents.month_workbook import write_month_workbook
from clerk_app.documents.received_month import ReceivedMonth, read_month
from clerk_app.documents.signing import Signer
from clerk_app.documents.workbook_seal import Origin
from clerk_app.jobs import Progress
from clerk_app.ledger.records import Head, Settlement
from tests.documents import samples

SIGNERS = {name: Signer(bytes([number]) * 32) for number, name in enumerate(("东", "西", "南"), 1)}
CODES = {"东": "990101", "西": "990102", "南": "990103"}


def sent(
    folder: Path,
    name: str,
    settlements: Sequence[Settlement],
    month: str = "2026-11",
    resend: int = 1,
    previous: str = "",
    code: str = "",
) -> Path:
    """A month's file of an office."""
    target = folder / f"{name}-{month}-{resend}.xlsx"
    write_month_workbook(
        settlements,
        len(settlements),
        target,
        Progress(),
        office=replace(samples.OFFICE, name=f"示例{name}城中心", signer=SIGNERS[name]),
        month=date.fromisoformat(f"{month}-01"),
        exported_by="李四示例",
        head=Head(10 + resend, "3f2a9c" * 10 + "0001"),
        origin=Origin(code or CODES[name], datetime(2026, 12, 1, 9, 30), resend, previous),  # noqa: DTZ001 -- local
    )
    return target


def paid(number: str, total_fen: int = 56_000, voucher: str = "990100-2026-000001", **changes: object) -> Settlement:
    paper = samples.paid(samples.receipt(number, total_fen=total_fen), **changes)  # type: ignore[arg-type]
    return samples.settlement(paper, voucher_number=voucher)


def judged(folder: Path, keys: Sequence[bytes] = ()) -> Consolidation:
    def read(path: Path) -> ReceivedMonth:
        return read_month(path, keys)

    return consolidate(sorted(folder.glob("*.xlsx")), read, Progress())


def test_a_bill_that_two_offices_paid_is_found_and_one_that_was_reversed_is_not(tmp_path: Path) -> None:
    reversed_first = paid("0000000003", 1_111, "990100-2026-000003")
    mirror = samples.reversal_of(reversed_first, voucher_number="990100-2026-000004")
    sent(tmp_path, "东", [paid("0000000001"), paid("0000000002", 40_000), reversed_first, mirror])
    sent(tmp_path, "西", [paid("０000000001 "), paid("0000000003", 1_111)])

    found = judged(tmp_path)

    (duplicate,) = found.duplicates
    assert duplicate.is_certain
    assert [placed.line.bill_number for placed in duplicate.lines] == ["0000000001", "０000000001 "]
    assert {placed.file.path.name[0] for placed in duplicate.lines} == {"东", "西"}


def test_a_paper_and_an_electronic_copy_of_one_bill_are_suspected(tmp_path: Path) -> None:
    sent(tmp_path, "东", [paid("0000000001", 12_345)])
    sent(tmp_path, "西", [paid("NO-88", 12_345)])

    (duplicate,) = judged(tmp_path).duplicates

    assert not duplicate.is_certain


def test_a_person_over_the_cap_by_two_offices_is_found(tmp_path: Path) -> None:
    for name, number in (("东", "0000000001"), ("西", "0000000002"), ("南", "0000000003")):
        sent(tmp_path, name, [paid(number, 200_000 + int(number), fund_before_fen=0, cap_fen=200_000)])

    (over,) = judged(tmp_path).over_caps

    assert over.is_certain
    assert over.paid_fen == sum(fen for _office, fen in over.by_office)
    assert over.paid_fen > over.cap_fen == 200_000
    assert len(over.by_office) == 3


def test_a_person_who_may_be_over_the_cap_is_to_be_looked_at(tmp_path: Path) -> None:
    sent(tmp_path, "东", [paid("0000000001", 50_000, fund_before_fen=180_000, cap_fen=200_000)])
    sent(tmp_path, "西", [paid("0000000002", 51_000, fund_before_fen=0, cap_fen=200_000)])

    (over,) = judged(tmp_path).over_caps

    assert not over.is_certain
    assert over.before_fen == 180_000


def test_one_office_within_its_cap_is_not_reported(tmp_path: Path) -> None:
    sent(tmp_path, "东", [paid("0000000001"), paid("0000000002", 1_000)])

    assert judged(tmp_path).over_caps == ()


def test_the_last_export_of_a_month_counts_and_a_gap_and_an_old_month_are_told(tmp_path: Path) -> None:
    sent(tmp_path, "东", [paid("0000000001")], "2026-09")
    sent(tmp_path, "东", [paid("0000000002")], "2026-11", resend=1)
    sent(tmp_path, "东", [paid("0000000002"), paid("0000000004", 1_000)], "2026-11", resend=2, previous="2026-12")
    sent(tmp_path, "西", [paid("0000000003", 2_000)], "2026-10")

    found = judged(tmp_path)

    verdicts = {file.path.stem: file.verdict for file in found.files}
    assert verdicts["东-2026-11-1"] is Verdict.SUPERSEDED
    assert verdicts["东-2026-11-2"] is Verdict.TAKEN
    remarks = " ".join(found.remarks)
    assert "示例东城中心 缺少 2026-10 的月报" in remarks
    assert "示例东城中心 的 2026-11 是在 2026-12 之后补报或重报的" in remarks
    assert "示例西城中心 最近的月报是 2026-10" in remarks
    assert len(found.remarks) == 3


def test_two_keys_under_one_office_code_are_told(tmp_path: Path) -> None:
    sent(tmp_path, "东", [], code="990101")
    sent(tmp_path, "西", [], code="990101")

    assert "机构代码 990101 有不同的签名公钥" in judged(tmp_path).remarks[0]


def test_a_changed_a_damaged_and_an_unknown_file_do_not_count(tmp_path: Path) -> None:
    good = sent(tmp_path, "东", [paid("0000000001")])
    foreign = sent(tmp_path, "西", [paid("0000000001")])
    changed = tmp_path / "changed.xlsx"
    book = openpyxl.load_workbook(good)
    book["明细"]["U5"].value = "0000000099"
    book.save(changed)
    (tmp_path / "broken.xlsx").write_bytes(good.read_bytes()[:2_000])

    found = judged(tmp_path, [SIGNERS["东"].public_key])

    assert {file.path.name for file in found.files if file.verdict is Verdict.TAKEN} == {good.name}
    remarks = {file.path.name: file.remarks[0] for file in found.files if file.remarks}
    assert remarks["changed.xlsx"] == "“明细”第 5 行“票据号码”与签发时不同。"
    assert "不是所给机构的公钥" in remarks[foreign.name]
    assert "broken.xlsx" in remarks
    assert found.duplicates == ()


def test_the_summary_adds_up_what_counts_and_holds_no_formula_of_others(tmp_path: Path) -> None:
    sent(tmp_path, "东", [paid("=1+1", 30_000)])
    sent(tmp_path, "西", [paid("=1+1", 30_000)])
    shutil.copy(next(tmp_path.glob("东*")), tmp_path / "=cmd.xlsx")
    found = judged(tmp_path)
    target = tmp_path / "out" / "summary.xlsx"
    target.parent.mkdir()

    write_consolidation(found, target, datetime(2026, 12, 2, 8))  # noqa: DTZ001 -- local

    book = openpyxl.load_workbook(target)
    live = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert [str(each)[:5] for each in live] == ["=SUM("] * 3
    values = openpyxl.load_workbook(target, data_only=True)["文件"]
    totals = next(row for row in values.iter_rows(values_only=True) if row[0] == "合计")
    assert totals[9:11] == (2, 600)
    assert [row[9] for row in book["重复票据"].iter_rows(min_row=4, values_only=True)] == ["=1+1", "=1+1"]
