from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from clerk_app.codes import Payer
from clerk_app.documents.month_lines import DETAIL_COLUMNS, REFUSAL_COLUMNS, detail_place
from clerk_app.documents.month_workbook import write_month_workbook
from clerk_app.documents.sheets import Kind
from clerk_app.errors import ClerkError
from clerk_app.jobs import Cancelled, Progress
from clerk_app.ledger.records import Head, Settlement
from clerk_app.receipts.claim import Fee
from tests.documents import samples

FIRST_ROW = 5
#: What a row was decided by, and no sum.
STANDARDS = ("dedc_std", "year_cap", "fund_used_before")
HEAD = Head(1024, "3f2a9c" * 10 + "0001")


def written(folder: Path, settlements: Sequence[Settlement]) -> Workbook:
    target = folder / "月报.xlsx"
    write_month_workbook(
        settlements,
        len(settlements),
        target,
        Progress(),
        office=samples.OFFICE,
        month=date(2026, 11, 1),
        exported_by="李四示例",
        head=HEAD,
    )
    return openpyxl.load_workbook(target)


def test_the_workbook_carries_the_head_of_the_audit_trail(tmp_path: Path) -> None:
    lines = [row[0] for row in written(tmp_path, [samples.settlement()])["核对"].iter_rows(values_only=True)]
    assert f"操作记录校验码 {HEAD.printed}" in lines


def rows(book: Workbook) -> list[dict[str, Any]]:
    """The receipts of the list, by national field name."""
    sheet = book["明细"]
    names = [cell.value for cell in sheet[FIRST_ROW - 1]]
    found = (dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=FIRST_ROW, values_only=True))
    return [row for row in found if isinstance(row["no"], int)]


def fen(value: object) -> int:
    return int((Decimal(str(value)) * 100).to_integral_exact())


def total_fen(book: Workbook, field: str) -> int:
    return sum(fen(row[field]) for row in rows(book))


def counted(book: Workbook, words: str) -> Any:
    """A control total as it was counted from the settlements."""
    return next(row[1] for row in book["核对"].iter_rows(min_row=5, values_only=True) if row[0] == words)


def two() -> Settlement:
    return samples.settlement(
        samples.paid(samples.receipt("0000000001", fees=(Fee("09", 56_000, 1_120, 560, 2_800),))),
        samples.paid(samples.receipt("0000000002", total_fen=8_801), used_before_fen=10_000),
    )


def test_there_is_a_row_for_every_receipt_under_chinese_and_national_names(tmp_path: Path) -> None:
    book = written(tmp_path, [two()])

    sheet = book["明细"]
    assert [cell.value for cell in sheet[3]] == [column.head for column in DETAIL_COLUMNS]
    assert [cell.value for cell in sheet[4]] == [column.field for column in DETAIL_COLUMNS]
    first, second = rows(book)
    settled = two().receipts[0]
    assert first["setl_id"] == "990100-2026-000123"
    assert first["psn_name"] == "张三示例"
    assert first["certno"] == samples.id_number()
    assert (first["year"], first["insutype"], first["med_type"], first["hosp_lv"]) == (2026, "310", "11", "三级")
    assert first["begndate"] == datetime(2026, 11, 3)  # noqa: DTZ001 -- a cell has no zone
    assert first["setl_time"] == datetime(2026, 11, 21, 10, 15, 30)  # noqa: DTZ001
    assert fen(first["medfee_sumamt"]) == settled.receipt.total_fen
    assert fen(first["inscp_scp_amt"]) == settled.in_scope_fen
    assert fen(first["hifp_pay"]) == settled.fund_fen
    assert Decimal(str(first["pool_prop_selfpay"])) == Decimal("0.6")
    assert second["bill_no"] == "0000000002"
    assert (first["visit_cnt"], second["visit_cnt"]) == (1, 0)


def test_the_identities_of_the_national_platform_hold_in_every_row(tmp_path: Path) -> None:
    book = written(tmp_path, [two(), samples.settlement(samples.paid(), samples.refused()), samples.reversal_of(two())])

    for row in rows(book):
        money = {field: fen(value) for field, value in row.items() if _is_money(field)}
        assert money["medfee_sumamt"] == (
            money["inscp_scp_amt"] + money["preselfpay_amt"] + money["overlmt_selfpay"] + money["fulamt_ownpay_amt"]
        )
        assert money["medfee_sumamt"] == money["fund_pay_sumamt"] + money["psn_part_amt"]
        assert money["psn_part_amt"] == money["acct_pay"] + money["psn_cash_pay"]


def test_the_rows_of_a_settlement_add_up_to_its_totals(tmp_path: Path) -> None:
    settlement = replace(two(), account_fen=40_000)

    book = written(tmp_path, [settlement])

    assert total_fen(book, "medfee_sumamt") == settlement.total_fen
    assert total_fen(book, "hifp_pay") == settlement.fund_fen
    assert total_fen(book, "acct_pay") == settlement.account_fen
    assert total_fen(book, "psn_cash_pay") == settlement.cash_fen


def test_sums_net_out_with_a_reversal(tmp_path: Path) -> None:
    book = written(tmp_path, [two(), samples.reversal_of(two())])

    for column in DETAIL_COLUMNS:
        if column.kind is Kind.MONEY and column.field not in STANDARDS:
            assert total_fen(book, column.field) == 0, column.field
    assert sum(row["visit_cnt"] for row in rows(book)) == 0
    assert sum(row["psn_cnt"] for row in rows(book)) == 0
    mirror = rows(book)[-1]
    assert (mirror["refd_setl_flag"], mirror["init_setl_id"]) == ("1", "990100-2026-000123")


def test_a_person_counts_once_as_long_as_a_settlement_stands(tmp_path: Path) -> None:
    first = two()
    second = samples.settlement(voucher_number="990100-2026-000130")
    other = samples.settlement(voucher_number="990100-2026-000131", person_id=2)
    of_last_month = samples.reversal_of(
        samples.settlement(voucher_number="990100-2026-000001", person_id=3), voucher_number="990100-2026-000132"
    )

    book = written(tmp_path, [first, second, other, samples.reversal_of(first), of_last_month])

    assert sum(row["visit_cnt"] for row in rows(book)) == 1
    assert sum(row["psn_cnt"] for row in rows(book)) == 2
    assert control(book) == {
        "结算单数": 3,
        "冲正单数": 2,
        "人次（结算数减冲正数）": 1,
        "人数（去重）": 2,
        "票据行数": 7,
        "更正票据行数": 0,
        "不予支付票据数": 0,
    }


def control(book: Workbook) -> dict[str, object]:
    """The counts of the control sheet as they were counted from the settlements."""
    found = {row[0]: row[1] for row in book["核对"].iter_rows(min_row=5, max_col=2, values_only=True)}
    return {words: value for words, value in found.items() if isinstance(value, int) and not _is_amount(words)}


def _is_amount(words: object) -> bool:
    return str(words).endswith(("额", "支付", "负担", "范围"))


def test_control_totals_are_static_and_stand_beside_live_formulas(tmp_path: Path) -> None:
    settlements = [two(), samples.settlement(samples.paid(), samples.refused()), samples.reversal_of(two())]

    book = written(tmp_path, settlements)

    found = {row[0].value: row[1:] for row in book["核对"].iter_rows(min_row=5, max_row=18)}
    for words, field in (
        ("医疗费总额", "total_fen"),
        ("统筹支付", "fund_fen"),
        ("个人账户支付", "account_fen"),
        ("个人现金支付", "cash_fen"),
    ):
        counted, live, difference, verdict = found[words]
        assert fen(counted.value) == sum(getattr(settlement, field) for settlement in settlements)
        assert counted.data_type == "n"
        assert {live.data_type, difference.data_type, verdict.data_type} == {"f"}


def test_the_live_sums_of_the_control_sheet_give_the_counted_totals(tmp_path: Path) -> None:
    book = written(tmp_path, [two(), samples.settlement(samples.paid(), samples.refused()), samples.reversal_of(two())])

    compared = 0
    for counted, live in ((row[1], row[2]) for row in book["核对"].iter_rows(min_row=5, max_row=18)):
        match = re.fullmatch(r"=ROUND\(SUM\('(.+)'!(.+)\),2\)", str(live.value))
        if match:
            cells = book[match[1]][match[2].replace("$", "")]
            assert sum(fen(cell.value) for (cell,) in cells) == fen(counted.value)
            compared += 1
    assert compared == 7


def test_the_summary_is_made_of_live_formulas(tmp_path: Path) -> None:
    book = written(tmp_path, [two()])

    summary = book["汇总"]
    overall = summary[5]
    assert overall[0].value == "总计"
    assert [cell.data_type for cell in overall[1:]] == ["f"] * (len(overall) - 1)
    heads = [row[0] for row in summary.iter_rows(values_only=True) if row[0] and str(row[0]).startswith("按")]
    assert heads == ["按险种", "按医院等级", "按医疗类别", "按参保地", "按就诊地"]


def test_a_correction_adds_its_difference_and_is_no_visit_no_person_and_no_paper(tmp_path: Path) -> None:
    original = two()
    correction = samples.correction_of(original, -1_234, account_fen=-34, account_payer=Payer.SPOUSE)
    book = written(tmp_path, [original, correction])

    line = rows(book)[-1]
    assert (line["setl_id"], line["init_setl_id"]) == (correction.voucher_number, original.voucher_number)
    assert (line["refd_setl_flag"], line["visit_cnt"], line["psn_cnt"]) == ("2", 0, 0)
    assert [fen(line[field]) for field in ("medfee_sumamt", "fulamt_ownpay_amt", "inscp_scp_amt")] == [0, 0, 0]
    assert (fen(line["hifp_pay"]), fen(line["act_pay_dedc"]), fen(line["psn_part_amt"])) == (-1_234, 2_468, 1_234)
    assert (fen(line["acct_pay"]), fen(line["psn_cash_pay"])) == (-34, 1_268)
    assert total_fen(book, "hifp_pay") == original.fund_fen - 1_234
    assert total_fen(book, "medfee_sumamt") == original.total_fen
    assert counted(book, "票据行数") == 3
    assert counted(book, "更正票据行数") == 1
    assert (counted(book, "结算单数"), counted(book, "人次（结算数减冲正数）"), counted(book, "人数（去重）")) == (
        1,
        1,
        1,
    )
    assert fen(counted(book, "统筹支付")) == original.fund_fen - 1_234


def test_a_month_with_nothing_but_a_correction_has_no_visit_and_no_person(tmp_path: Path) -> None:
    book = written(tmp_path, [samples.correction_of(two())])
    assert (counted(book, "人次（结算数减冲正数）"), counted(book, "人数（去重）")) == (0, 0)


def test_the_receipts_of_corrections_stand_in_no_count_of_papers(tmp_path: Path) -> None:
    formula = str(written(tmp_path, [two()])["汇总"][5][2].value)
    assert '="0")' in formula
    assert '="1")' in formula
    assert '="2"' not in formula


def test_refusals_are_listed_with_reasons_and_wholly_refused_claims_only_there(tmp_path: Path) -> None:
    refusal = samples.refusal(voucher_number="990100-2026-000777")
    mixed = samples.settlement(samples.paid(), samples.refused(samples.receipt("0000000008", total_fen=100)))

    book = written(tmp_path, [mixed, refusal])

    listed = [row for row in book["不予支付"].iter_rows(min_row=4, values_only=True) if isinstance(row[0], int)]
    by_field = [dict(zip([column.field for column in REFUSAL_COLUMNS], row, strict=True)) for row in listed]
    assert [row["bill_no"] for row in by_field] == ["0000000008", "0000000009"]
    assert by_field[0]["refuse_reason"] == "异地门诊费用未通过医保信息系统直接结算，统筹基金不予支付"
    assert by_field[0]["policy_article"] == f"{samples.DOCUMENT} 第十二条"
    assert fen(by_field[1]["refuse_amt"]) == 56_000
    assert {row["setl_id"] for row in rows(book)} == {mixed.voucher_number}


def test_a_reversed_refusal_is_listed_with_negative_amounts(tmp_path: Path) -> None:
    refusal = samples.refusal(voucher_number="990100-2026-000777")

    book = written(tmp_path, [refusal, samples.reversal_of(refusal)])

    place = [column.field for column in REFUSAL_COLUMNS].index("refuse_amt")
    amounts = [row[place] for row in book["不予支付"].iter_rows(min_row=4, max_row=5, values_only=True)]
    assert [fen(amount) for amount in amounts] == [56_000, -56_000]
    assert rows(book) == []


@pytest.mark.parametrize("payload", samples.FORMULAS)
def test_a_formula_in_any_text_stays_text(tmp_path: Path, payload: str) -> None:
    receipt = samples.receipt(
        payload,
        bill_code=payload,
        disease=payload,
        institution=replace(samples.HOSPITAL, name=payload, code=payload, area_code=payload),
    )
    refused = replace(samples.refused(receipt), summary=payload, citations=(payload,))
    settlement = samples.settlement(
        replace(samples.paid(receipt), policy_document=payload, policy_hash=payload, status_term=payload),
        refused,
        person=samples.person(name=payload, id_number=payload, certificate_type=payload),
        clerk=payload,
        voucher_number=payload,
        acceptance_number=payload,
        area_code=payload,
        area_name=payload,
        manual_reason=payload,
        review=replace(samples.settlement().review, reviewer=payload),
        original_number=payload,
    )

    target = tmp_path / "月报.xlsx"
    office = replace(samples.OFFICE, name=payload)
    write_month_workbook(
        [settlement], 1, target, Progress(), office=office, month=date(2026, 11, 1), exported_by=payload
    )

    book = openpyxl.load_workbook(target)
    seen = 0
    for name, kinds in (("明细", DETAIL_COLUMNS), ("不予支付", REFUSAL_COLUMNS)):
        sheet = book[name]
        for cells in sheet.iter_rows(min_row=FIRST_ROW - (name == "不予支付"), max_row=FIRST_ROW):
            for cell, column in zip(cells, kinds, strict=True):
                if column.kind.is_text and cell.value is not None and "合计" not in str(cell.value):
                    assert cell.data_type == "s", (name, column.head)
                    seen += payload.strip() in str(cell.value)
    assert seen > 25
    ours = ("SUM(", "SUMPRODUCT(", "COUNT(", "IF(", "ROUND(", "-SUMPRODUCT(")
    for sheet in book:
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.data_type == "f":
                    assert str(cell.value).removeprefix("=").startswith(ours), cell.value
                    assert "HYPERLINK" not in str(cell.value)


def test_numbers_of_people_bills_and_vouchers_are_text_and_money_is_exact(tmp_path: Path) -> None:
    largest = samples.paid(samples.receipt("0000000001", total_fen=10**13 + 1), cap_fen=10**14)

    book = written(tmp_path, [samples.settlement(largest)])

    cells = book["明细"][FIRST_ROW]
    for field in ("setl_id", "certno", "bill_no", "bill_code", "acp_id", "fixmedins_code"):
        cell = cells[detail_place(field)]
        assert (cell.data_type, cell.number_format) == ("s", "@")
    money = cells[detail_place("medfee_sumamt")]
    assert (money.data_type, money.number_format) == ("n", "0.00")
    with zipfile.ZipFile(tmp_path / "月报.xlsx") as parts:
        assert b"<v>100000000000.01</v>" in parts.read("xl/worksheets/sheet1.xml")


def test_every_sheet_prints_on_a4_landscape_with_page_numbers_and_signatures(tmp_path: Path) -> None:
    book = written(tmp_path, [two()])

    assert book.sheetnames == ["明细", "汇总", "不予支付", "核对", "签章", "校验码"]
    for sheet in book:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.oddFooter.center.text == "第 &P 页　共 &N 页"
    for sheet in book.worksheets[:4]:
        last = [row[0] for row in sheet.iter_rows(values_only=True) if row[0]][-1]
        assert all(word in last for word in ("经办", "审核", "审批", "日期"))
        assert all(sheet.column_dimensions[letter].width > 5 for letter in "ABCDE")
    details = book["明细"]
    assert details.freeze_panes == "D5"
    assert details.print_title_rows == "$1:$4"
    assert details.print_title_cols == "$A:$C"


def test_a_month_without_settlements_is_a_workbook_too(tmp_path: Path) -> None:
    book = written(tmp_path, [])

    assert rows(book) == []
    assert control(book)["结算单数"] == 0


def test_a_character_that_no_workbook_can_hold_is_shown_and_not_lost(tmp_path: Path) -> None:
    book = written(tmp_path, [samples.settlement(person=samples.person(name="张\x08三\uffff"))])

    assert rows(book)[0]["psn_name"] == "张\\x08三\\xffff"


def test_cancelling_leaves_neither_the_workbook_nor_a_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    folder = tmp_path / "out"
    folder.mkdir()
    given: list[int] = []

    def endless() -> Iterator[Settlement]:
        for number in range(1000):
            given.append(number)
            yield samples.settlement(voucher_number=str(number))

    progress = Progress(cancelled=lambda: len(given) >= 5)

    with pytest.raises(Cancelled):
        write_month_workbook(
            endless(),
            1000,
            folder / "月报.xlsx",
            progress,
            office=samples.OFFICE,
            month=date(2026, 11, 1),
            exported_by="李四示例",
        )

    assert len(given) == 5
    assert list(folder.iterdir()) == []
    assert list(scratch.iterdir()) == []


def test_progress_tells_how_many_settlements_are_written(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    settlements = [samples.settlement(voucher_number=str(number)) for number in range(4)]

    write_month_workbook(
        settlements,
        4,
        tmp_path / "月报.xlsx",
        Progress(lambda done, total: told.append((done, total))),
        office=samples.OFFICE,
        month=date(2026, 11, 1),
        exported_by="李四示例",
    )

    assert told == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_missing_folder_is_a_plain_failure(tmp_path: Path) -> None:
    with pytest.raises(ClerkError) as caught:
        written(tmp_path / "none", [two()])

    assert caught.value.code == "file_not_written"


def _is_money(field: str) -> bool:
    return DETAIL_COLUMNS[detail_place(field)].kind is Kind.MONEY
