"""Claims and the platform's figures from a workbook, at a desk with a real ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from clerk_app.codes import Action, ClaimState
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.importing import Import
from clerk_app.counter.kept_claim import take_up
from clerk_app.documents.import_sheets import BENEFITS, CLAIMS, ImportForm, Outcome, write_template
from clerk_app.errors import ClerkError
from clerk_app.jobs import Cancelled, Progress
from clerk_app.ledger.records import ClaimLine
from tests.counter.desks import sign_in
from tests.counter.people import LI, ZHANG
from tests.ledger.office import AUDITOR

MADE_AT = datetime(2026, 11, 22)  # noqa: DTZ001 -- local
CLAIM = {
    "姓名": "李四示例",
    "证件号码": LI,
    "票据号码": "B1",
    "就诊日期": date(2026, 5, 20),
    "医疗机构": "北京某医院",
    "等级": "三级",
    "医疗费总额": 1234.56,
}


def typed(folder: Path, rows: Sequence[Mapping[str, Any]], form: ImportForm = CLAIMS, name: str = "in.xlsx") -> Path:
    """A template filled in by a spreadsheet program."""
    target = folder / name
    write_template(form, target, MADE_AT)
    book = openpyxl.load_workbook(target)
    sheet = book.worksheets[0]
    places = {str(cell.value).removesuffix("*"): cell.column for cell in sheet[3]}
    for number, row in enumerate(rows, 4):
        for head, value in row.items():
            sheet.cell(number, places[head]).value = value
    book.save(target)
    return target


def imported(desk: Desk, source: Path, form: ImportForm = CLAIMS) -> tuple[Outcome, ...]:
    return Import(desk, form).run(source, source.with_name("back.xlsx"), Progress())


def waiting(desk: Desk) -> list[ClaimLine]:
    return desk.ledger.claims_in(frozenset({ClaimState.ENTERED}))


def test_a_row_becomes_a_claim_that_waits_and_settles_as_if_it_had_been_typed(desk: Desk, tmp_path: Path) -> None:
    (outcome,) = imported(desk, typed(tmp_path, [CLAIM]))

    (line,) = waiting(desk)
    assert (outcome.term, outcome.words) == ("接受", line.acceptance_number)
    draft = take_up(desk, line.act_key).draft
    assert (draft.person.name, draft.person.id_number) == ("李四示例", LI)
    receipt = draft.receipts[0]
    assert (receipt.number, receipt.visited_on, receipt.total) == ("B1", "2026-05-20", "1234.56")


def test_importing_twice_does_nothing_twice_though_the_file_has_another_name(desk: Desk, tmp_path: Path) -> None:
    rows = [CLAIM, CLAIM | {"票据号码": "B2"}]
    first = imported(desk, typed(tmp_path, rows))
    again = imported(desk, typed(tmp_path, rows[::-1], name="copy.xlsx"))

    assert len(waiting(desk)) == 2
    assert [outcome.term for outcome in (*first, *again)] == ["接受", "接受", "先前已接受", "先前已接受"]


def test_every_row_is_accepted_or_refused_with_its_reason_and_comes_back(desk: Desk, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        CLAIM,
        CLAIM | {"票据号码": "B2", "证件号码": LI[:-1] + ("1" if LI[-1] != "1" else "2")},
        CLAIM | {"票据号码": None},
        CLAIM | {"票据号码": 12345},
        CLAIM | {"票据号码": "B3", "医疗费总额": "=1+1"},
        CLAIM | {"票据号码": "B4", "医疗费总额": 12.345},
        CLAIM | {"票据号码": "B5", "就诊日期": "2027-01-01"},
        CLAIM | {"票据号码": "B6", "等级": "五级"},
        CLAIM | {"票据号码": "B7", "参保统筹区代码": "999999"},
        CLAIM | {"票据号码": "Ｂ１"},
        CLAIM | {"票据号码": "B8", "全自费": 2000},
        CLAIM | {"票据号码": "B9", "险种": "商业"},
    ]

    outcomes = imported(desk, typed(tmp_path, rows))

    assert [outcome.is_accepted for outcome in outcomes] == [True] + [False] * 11
    reasons = [outcome.words for outcome in outcomes]
    for place, word in {2: "缺少：票据号码", 3: "应为文本", 4: "是公式", 9: "与第 4 行是同一张票据"}.items():
        assert word in reasons[place]
    assert all(reasons)
    assert len(waiting(desk)) == 1
    back = openpyxl.load_workbook(tmp_path / "back.xlsx").worksheets[0]
    assert back["A2"].value == "共 12 行，接受 1 行，拒绝 11 行"
    said = [row[:3] for row in back.iter_rows(min_row=4, values_only=True)]
    assert said == [(outcome.row.number, outcome.term, outcome.words) for outcome in outcomes]
    assert not [cell for row in back.iter_rows() for cell in row if cell.data_type == "f"]


def test_what_came_back_can_be_corrected_and_imported_again(desk: Desk, tmp_path: Path) -> None:
    imported(desk, typed(tmp_path, [CLAIM, CLAIM | {"票据号码": "B2", "等级": "五级"}]))
    book = openpyxl.load_workbook(tmp_path / "back.xlsx")
    cells = {str(cell.value).removesuffix("*"): cell.column for cell in book.worksheets[0][3]}
    book.worksheets[0].cell(5, cells["等级"]).value = "三级"
    book.save(tmp_path / "corrected.xlsx")

    outcomes = imported(desk, tmp_path / "corrected.xlsx")

    assert [outcome.term for outcome in outcomes] == ["先前已接受", "接受"]
    assert len(waiting(desk)) == 2


def test_a_bill_that_is_settled_and_a_number_of_somebody_else_are_refused(entry: ClaimEntry, tmp_path: Path) -> None:
    settled = entry.settle()
    rows = [
        CLAIM | {"票据号码": "A1"},
        CLAIM | {"证件号码": ZHANG, "票据号码": "A2"},
        CLAIM | {"证件号码": ZHANG, "姓名": "张三示例", "票据号码": "A3"},
    ]

    outcomes = imported(entry.desk, typed(tmp_path, rows))

    assert settled.voucher_number in outcomes[0].words
    assert "已登记为“张三示例”" in outcomes[1].words
    assert outcomes[2].is_new
    (line,) = waiting(entry.desk)
    assert take_up(entry.desk, line.act_key).draft.filings[0].category is not None, "the register filled the form"


def test_the_platforms_figures_are_recorded_once_and_newer_ones_stay(entry: ClaimEntry, tmp_path: Path) -> None:
    entry.settle()
    desk = entry.desk
    figures = {"姓名": "张三示例", "证件号码": ZHANG, "年度": 2026, "起付线已付": 600, "基金已支付": 1200.5}
    day = {"平台查询日期": date(2026, 11, 20)}

    first = imported(desk, typed(tmp_path, [figures | day], BENEFITS), BENEFITS)
    again = imported(desk, typed(tmp_path, [figures | day], BENEFITS), BENEFITS)
    older = imported(
        desk, typed(tmp_path, [figures | {"平台查询日期": "2026-11-01", "基金已支付": 1}], BENEFITS), BENEFITS
    )
    unknown = imported(desk, typed(tmp_path, [figures | day | {"证件号码": LI}], BENEFITS), BENEFITS)

    assert [each[0].term for each in (first, again, older, unknown)] == ["接受", "先前已接受", "拒绝", "拒绝"]
    record = desk.ledger.person_by_id_number(ZHANG)
    assert record is not None
    (prior,) = record.prior_benefits
    assert (prior.year, prior.deductible_fen, prior.fund_fen) == (2026, 60_000, 120_050)


def test_a_cancelled_import_keeps_whole_rows_and_goes_on_when_it_is_done_again(desk: Desk, tmp_path: Path) -> None:
    source = typed(tmp_path, [CLAIM | {"票据号码": f"B{number}"} for number in range(5)])
    told: list[int] = []
    progress = Progress(lambda done, _total: told.append(done), lambda: len(told) > 2)

    with pytest.raises(Cancelled):
        Import(desk, CLAIMS).run(source, tmp_path / "back.xlsx", progress)

    before = len(waiting(desk))
    assert 0 < before < 5
    assert [outcome.is_new for outcome in imported(desk, source)] == [False] * before + [True] * (5 - before)
    assert len(waiting(desk)) == 5


def test_a_file_that_would_lose_rows_is_refused_as_a_whole(desk: Desk, tmp_path: Path) -> None:
    source = typed(tmp_path, [CLAIM])
    book = openpyxl.load_workbook(source)
    book.create_sheet("还有").append(["一行"])
    book.save(source)
    with pytest.raises(ClerkError, match="import_other_sheet"):
        imported(desk, source)

    source = typed(tmp_path, [CLAIM])
    book = openpyxl.load_workbook(source)
    book.worksheets[0]["A3"].value = "名字"
    book.save(source)
    with pytest.raises(ClerkError, match="import_heads"):
        imported(desk, source)
    assert waiting(desk) == []


def test_who_may_not_enter_claims_imports_none(desk: Desk, tmp_path: Path) -> None:
    source = typed(tmp_path, [CLAIM])
    sign_in(desk, AUDITOR)

    assert not desk.may(Action.ENTER)
    with pytest.raises(ClerkError, match="not_allowed"):
        imported(desk, source)


def test_nothing_is_recorded_where_the_answer_cannot_be_written(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(ClerkError, match="file_not_written"):
        Import(desk, CLAIMS).run(typed(tmp_path, [CLAIM]), tmp_path / "none" / "back.xlsx", Progress())

    assert waiting(desk) == []
