from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from clerk_app.codes import Action, Decision
from clerk_app.counter.areas import area_facts
from clerk_app.counter.calendar_month import Month
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.claim_search import ClaimSearch, kind_words, masked_number
from clerk_app.counter.desk import Desk
from clerk_app.counter.late_news import Reversal
from clerk_app.counter.month_export import MonthExport
from clerk_app.counter.opening import open_desk
from clerk_app.counter.parameters_desk import ParametersDesk
from clerk_app.counter.scanned import recognise
from clerk_app.counter.voucher_desk import Sheet, VoucherDesk
from clerk_app.documents.signing import Signer
from clerk_app.documents.workbook_check import check_workbook
from clerk_app.documents.workbook_seal import MONTH, PREVIOUS, RESEND
from clerk_app.errors import ClerkError, FileProblems
from clerk_app.jobs import Cancelled, Progress
from clerk_app.settings import Settings, load_settings
from tests.counter.desks import sign_in
from tests.counter.people import ZHANG, filled, receipt
from tests.documents.reading import run_on
from tests.ledger.office import ADMINISTRATOR, AUDITOR, CLERK, PASSWORD


def test_papers_are_counted_when_they_are_printed_and_not_when_they_are_saved(
    entry: ClaimEntry, tmp_path: Path
) -> None:
    papers = VoucherDesk(entry.desk, entry.settle())
    target = tmp_path / papers.file_name(Sheet.INSURED)

    papers.save(Sheet.INSURED, target)

    assert target.read_bytes().startswith(b"%PDF")
    assert "张三" not in target.name
    assert [papers.counted_for_print()[1] for _time in range(3)] == [0, 1, 2]
    assert Sheet.REFUSAL not in papers.sheets()


def test_what_the_insured_takes_home_shows_no_whole_number(entry: ClaimEntry) -> None:
    papers = VoucherDesk(entry.desk, entry.settle())

    assert ZHANG in run_on(papers.pdf(Sheet.AGENCY))
    assert ZHANG not in run_on(papers.pdf(papers.paper_to_keep))


def test_a_refusal_is_issued_with_its_notice(entry: ClaimEntry) -> None:
    entry.draft.person.area_code = "411300"
    papers = VoucherDesk(entry.desk, entry.settle())

    assert papers.sheets()[0] is Sheet.REFUSAL
    assert papers.paper_to_keep is Sheet.REFUSAL
    assert papers.pdf(Sheet.REFUSAL).startswith(b"%PDF")


def test_a_reversal_needs_a_reason_and_happens_once(entry: ClaimEntry) -> None:
    settlement = entry.settle()
    reversal = Reversal(entry.desk, settlement.voucher_number)

    with pytest.raises(ClerkError, match="reason_missing"):
        reversal.reverse("  ")
    mirror, again = reversal.reverse("票据录错"), reversal.reverse("票据录错")

    assert mirror.fund_fen == -settlement.fund_fen
    assert again.voucher_number == mirror.voucher_number
    again = filled(ClaimEntry(entry.desk))
    again.look_up()
    assert again.preview().decision is Decision.PAY


def test_search_finds_what_was_settled_and_masks_the_number(entry: ClaimEntry) -> None:
    settlement = entry.settle()
    search = ClaimSearch(entry.desk)

    for text in ("张三", ZHANG, settlement.voucher_number, "A1", ""):
        found = search.found(text)
        search.use(found.page)
        assert found.first == settlement
        assert [line.voucher_number for line in search.lines] == [settlement.voucher_number]
    assert ZHANG[6:14] not in masked_number(search.lines[0])
    assert kind_words(search.lines[0]) == "结算"
    search.use(search.found("无此人").page)
    assert (search.lines, search.has_more) == ([], False)


def test_a_month_is_exported_whole_or_not_at_all(entry: ClaimEntry, tmp_path: Path) -> None:
    entry.settle()
    export = MonthExport(entry.desk)
    month = export.months()[0]
    target = tmp_path / export.file_name(month)

    with pytest.raises(Cancelled):
        export.write(month, target, Progress(cancelled=lambda: True), PASSWORD)
    assert list(tmp_path.glob("*零星*")) == []
    assert export.write(month, target, Progress(), PASSWORD) == 1
    assert target.read_bytes().startswith(b"PK")
    assert [str(each) for each in export.months(12)][-2:] == ["2026-01", "2025-12"]
    assert Month(2026, 2).first_day == date(2026, 2, 1)


def test_an_export_asks_for_the_password_and_is_on_record_with_its_digest(entry: ClaimEntry, tmp_path: Path) -> None:
    entry.settle()
    export = MonthExport(entry.desk)
    month = export.months()[0]
    target = tmp_path / export.file_name(month)

    with pytest.raises(ClerkError, match="sign_in_refused"):
        export.write(month, target, Progress(), "不是这个口令")
    assert not target.exists()
    export.write(month, target, Progress(), PASSWORD)

    sign_in(entry.desk, AUDITOR)
    (record,) = entry.desk.ledger.audit_trail(subject="2026-11")
    assert (record.action, record.login) == (Action.EXPORT, CLERK.login)
    assert record.facts == {"rows": 1, "sha256": hashlib.sha256(target.read_bytes()).hexdigest()}
    with pytest.raises(ClerkError, match="not_allowed"):
        export.write(month, tmp_path / "other.xlsx", Progress(), PASSWORD)
    assert not (tmp_path / "other.xlsx").exists()


def test_the_file_of_a_month_is_signed_by_the_office_and_says_which_export_it_is(
    entry: ClaimEntry, tmp_path: Path
) -> None:
    entry.settle()
    export = MonthExport(entry.desk)
    month, last_month = export.months(2)
    export.write(last_month, tmp_path / "october.xlsx", Progress(), PASSWORD)
    for target in (tmp_path / "one.xlsx", tmp_path / "two.xlsx"):
        export.write(month, target, Progress(), PASSWORD)

    key = Signer(entry.desk.ledger.signing_seed).public_key
    checks = [check_workbook(tmp_path / f"{name}.xlsx", [key]) for name in ("october", "one", "two")]

    assert [[each.sentence for each in check.differences] for check in checks] == [[], [], []]
    assert all(check.is_untouched for check in checks)
    said = [(check.facts[MONTH], check.facts[RESEND], check.facts[PREVIOUS]) for check in checks]
    assert said == [("2026-10", "1", ""), ("2026-11", "1", "2026-10"), ("2026-11", "2", "2026-11")]


def test_a_resend_a_gap_and_an_old_month_are_told_before_the_export(entry: ClaimEntry, tmp_path: Path) -> None:
    entry.settle()
    desk = entry.desk
    export = MonthExport(desk)
    november, october = export.months(2)
    december = Month(2026, 12)

    assert [words[:2] for words in export.remarks(november)] == ["本月"]
    assert export.remarks(october) == ()
    assert "2026-11 有单据而没有导出过" in export.remarks(december)[1]
    export.write(november, tmp_path / "one.xlsx", Progress(), PASSWORD)
    assert "2026-11 已经导出过 1 次" in export.remarks(november)[1]
    assert "2026-11 已经导出" in export.remarks(october)[0]
    assert len(export.remarks(december)) == 1


def test_an_export_that_cannot_be_recorded_leaves_no_file(entry: ClaimEntry, tmp_path: Path) -> None:
    entry.settle()
    export = MonthExport(entry.desk)
    month = export.months()[0]
    target = tmp_path / export.file_name(month)

    def signs_out(done: int, _total: int) -> None:
        if done:
            entry.desk.ledger.sign_out()

    with pytest.raises(ClerkError, match="not_signed_in"):
        export.write(month, target, Progress(signs_out), PASSWORD)
    assert not target.exists()


def test_name_and_code_of_the_office_are_the_administrators(desk: Desk, tmp_path: Path) -> None:
    changed = replace(desk.settings, office_code="360100")
    with pytest.raises(ClerkError, match="not_allowed"):
        desk.change_settings(changed)
    assert desk.office_code == "360000"
    assert not (tmp_path / "settings.toml").exists()

    sign_in(desk, ADMINISTRATOR)
    desk.change_settings(changed)

    assert desk.user == ADMINISTRATOR
    assert load_settings(tmp_path).office_code == "360100"
    sign_in(desk, CLERK)
    assert filled(ClaimEntry(desk)).settle().voucher_number == "360100-2026-000001"


def test_a_framework_is_filled_inside_its_bounds(desk: Desk, tmp_path: Path) -> None:
    sign_in(desk, ADMINISTRATOR)
    parameters = ParametersDesk(desk, "500000")
    assert parameters.missing() == ("普通门诊.起付标准", "普通门诊.支付比例", "普通门诊.年度限额")
    deductible, ratio, cap = parameters.rows
    deductible.texts[0], cap.texts[0] = "200", "3000"

    ratio.texts[0] = "40"
    assert "低于" in parameters.problems()[0]
    with pytest.raises(FileProblems):
        parameters.save()
    assert not (tmp_path / "policies").exists()
    ratio.texts = ["60", "60", "50", "70", "70", "60"]
    assert parameters.problems() == ()
    assert parameters.save() == tmp_path / "policies" / "parameters" / "500000.yaml"

    sign_in(desk, CLERK)
    later = ParametersDesk(desk, "500000")
    assert later.missing() == ()
    assert later.rows[1].texts == ["60", "60", "50", "70", "70", "60"]
    entry = filled(ClaimEntry(desk))
    entry.draft.person.area_code = "500000"
    claim = entry.preview().claim
    assert claim is not None
    assert claim.fund_fen == 40_000


def test_a_city_fills_the_framework_of_its_province_under_its_own_code(desk: Desk) -> None:
    sign_in(desk, ADMINISTRATOR)
    parameters = ParametersDesk(desk, "220000")
    parameters.area_code, parameters.area_name = "220100", "长春市示例"
    for row in parameters.rows:
        row.texts[0] = {"普通门诊.起付标准": "300", "普通门诊.退休加成": "5", "普通门诊.年度限额": "2000"}.get(
            row.parameter.name, ""
        )
        if row.parameter.name == "门诊慢性病.病种限额":
            row.texts[0] = "M01600=3000；M05300=2000"
        if row.parameter.name == "门诊慢性病.年度限额":
            row.texts[0] = "6500"

    assert parameters.problems() == ()
    parameters.save()

    assert ("220100", "长春市示例") in desk.areas()
    assert "门诊慢性病.支付比例" in ParametersDesk(desk, "220100").missing()
    assert any("300.00" in line for line in area_facts(desk, "220100"))


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["60", "60"], "只填了一部分"),
        (["六十"], "不是数字"),
        (["49"], "低于"),
    ],
)
def test_a_parameter_that_cannot_stand_is_said(desk: Desk, texts: list[str], words: str) -> None:
    parameters = ParametersDesk(desk, "500000")
    parameters.rows[1].texts[: len(texts)] = texts

    assert words in parameters.problems()[0]


def test_a_share_beyond_the_whole_names_its_line_on_the_form(desk: Desk) -> None:
    parameters = ParametersDesk(desk, "500000")
    share = next(row for row in parameters.rows if row.parameter.kind == "ratio")
    share.texts[0] = "101"
    assert parameters.problems() == (f"“{share.parameter.name}”的数值“101”不是 0 到 100 的百分数，请核对。",)
    share.texts[0] = "100%"
    assert all("百分数" not in words for words in parameters.problems())


def test_the_code_of_an_area_is_checked(desk: Desk) -> None:
    parameters = ParametersDesk(desk, "220000")
    parameters.area_code = "22"
    assert "6 位数字" in parameters.problems()[0]
    parameters.area_code, parameters.area_name = "220100", " "
    assert "名称" in parameters.problems()[0]


def test_a_damaged_parameter_file_stops_the_desk_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "policies" / "parameters").mkdir(parents=True)
    (tmp_path / "policies" / "parameters" / "500000.yaml").write_text(
        "统筹区: {代码: '500000', 名称: 重庆市}\n沿用：错", encoding="utf-8"
    )

    with pytest.raises(FileProblems) as error:
        open_desk(Settings(), tmp_path)
    assert error.value.problems[0].file == "parameters/500000.yaml"


def test_the_facts_of_an_area_name_document_and_figures(desk: Desk) -> None:
    words = "\n".join(area_facts(desk, "360000"))

    assert "江西省实施意见" in words
    assert "三级 年起付 600.00、50%、年限额 1,800.00" in words


def test_scans_are_told_apart() -> None:
    assert recognise(ZHANG).id_number == ZHANG
    assert recognise("360000-2026-000012").voucher_number == "360000-2026-000012"
    bill = recognise("01,10,61060120,0000012345,abc123,20230520")
    assert (bill.bill_code, bill.bill_number) == ("61060120", "0000012345")
    assert not any(recognise("张三"))


def test_two_receipts_of_two_years_have_bars_of_their_own(desk: Desk) -> None:
    entry = filled(ClaimEntry(desk), receipt("A1"), receipt("A2", visited_on="20251220"))
    entry.draft.filings[0].starts_on = "20250101"

    assert [gauge.title[:4] for gauge in entry.preview().gauges] == ["2026", "2026", "2025", "2025"]
