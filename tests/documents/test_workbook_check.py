"""A month's workbook as head office gets it: untouched, saved again, and changed."""

from __future__ import annotations

import random
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from clerk_app.documents.month_lines import DETAIL_COLUMNS, detail_place
from clerk_app.documents.month_workbook import write_month_workbook
from clerk_app.documents.signing import Signer
from clerk_app.documents.workbook_check import WorkbookCheck, check_workbook
from clerk_app.documents.workbook_reading import Limits, open_workbook
from clerk_app.documents.workbook_seal import MONTH, OFFICE, RESEND, Origin
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.ledger.records import Head, Settlement
from tests.documents import samples

SIGNER = Signer(bytes(range(32)))
SIGNED_OFFICE = replace(samples.OFFICE, signer=SIGNER)
ORIGIN = Origin("990100", datetime(2026, 12, 1, 9, 30, 5), 2, "2026-10")  # noqa: DTZ001 -- local
FIRST_ROW = 5


def month_of(count: int) -> list[Settlement]:
    """Settlements of several receipts, with a refusal, a reversal and a correction among them."""
    made: list[Settlement] = []
    for number in range(count):
        papers = [
            samples.paid(samples.receipt(f"{number:06d}{paper:04d}", total_fen=10_000 + 37 * number + 1_001 * paper))
            for paper in range(3)
        ]
        made.append(
            samples.settlement(
                *papers, voucher_number=f"990100-2026-{number:06d}", person_id=number // 2, account_fen=77
            )
        )
    made.append(samples.refusal(voucher_number="990100-2026-900001"))
    made.append(samples.reversal_of(made[0], voucher_number="990100-2026-900002"))
    made.append(samples.correction_of(made[1], -1_234, voucher_number="990100-2026-900003"))
    return made


def issued(target: Path, settlements: Sequence[Settlement], month: date = date(2026, 11, 1)) -> Path:
    write_month_workbook(
        settlements,
        len(settlements),
        target,
        Progress(),
        office=SIGNED_OFFICE,
        month=month,
        exported_by="李四示例",
        head=Head(1024, "3f2a9c" * 10 + "0001"),
        origin=ORIGIN,
    )
    return target


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return issued(tmp_path_factory.mktemp("month") / "月报.xlsx", month_of(30))


def saved_again(workbook: Path, target: Path, change: Callable[[Workbook], object] = lambda _book: None) -> Path:
    book = openpyxl.load_workbook(workbook)
    change(book)
    book.save(target)
    return target


def sentences(check: WorkbookCheck) -> list[str]:
    return [difference.sentence for difference in check.differences]


def test_an_untouched_workbook_holds_and_says_what_it_is(workbook: Path) -> None:
    check = check_workbook(workbook, [SIGNER.public_key])

    assert sentences(check) == []
    assert check.is_untouched
    assert (check.facts[OFFICE], check.facts[MONTH], check.facts[RESEND]) == (samples.OFFICE.name, "2026-11", "2")


def test_a_workbook_that_a_program_saved_again_still_holds(workbook: Path, tmp_path: Path) -> None:
    check = check_workbook(saved_again(workbook, tmp_path / "again.xlsx"), [SIGNER.public_key])

    assert sentences(check) == []
    assert not check.is_untouched


def test_libreoffice_recalculates_a_month_to_the_same_fen_and_the_signature_holds(
    workbook: Path, tmp_path: Path
) -> None:
    """Recalculated by LibreOffice where it is installed; elsewhere openpyxl saves the file again."""
    program = shutil.which("soffice")
    if program is None:
        again = saved_again(workbook, tmp_path / "again.xlsx")
    else:
        command = [program, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx"]
        subprocess.run([*command, "--outdir", tmp_path, workbook], check=True, capture_output=True, timeout=120)
        again = tmp_path / workbook.name
        before, after = (openpyxl.load_workbook(each, data_only=True) for each in (workbook, again))
        live = openpyxl.load_workbook(workbook)
        compared = 0
        for sheet in live.worksheets[:4]:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        ours, theirs = (book[sheet.title][cell.coordinate].value for book in (before, after))
                        compared += 1
                        assert in_fen(ours) == in_fen(theirs), (sheet.title, cell.coordinate)
        assert compared > 150
    assert sentences(check_workbook(again, [SIGNER.public_key])) == []


def in_fen(value: object) -> object:
    return round(Decimal(str(value)), 4) if isinstance(value, (int, float)) else value


def test_another_offices_key_is_told(workbook: Path) -> None:
    other = Signer(bytes(32)).public_key

    assert "不是所给机构的公钥" in sentences(check_workbook(workbook, [other]))[0]


def test_a_workbook_without_a_signature_is_told(tmp_path: Path) -> None:
    target = tmp_path / "plain.xlsx"
    write_month_workbook(
        month_of(2), 5, target, Progress(), office=samples.OFFICE, month=date(2026, 11, 1), exported_by="李四示例"
    )

    assert sentences(check_workbook(target)) == ["没有签名：它不是本程序签发的月报，或者签章表被改动过。"]


@pytest.mark.parametrize("row", [FIRST_ROW, 33, 40, 70])
def test_the_row_and_the_column_of_a_changed_value_are_named(workbook: Path, tmp_path: Path, row: int) -> None:
    def more(book: Workbook) -> None:
        cell = book["明细"].cell(row, detail_place("hifp_pay") + 1)
        cell.value = round(cell.value + 0.01, 2)

    check = check_workbook(saved_again(workbook, tmp_path / "again.xlsx", more))

    assert sentences(check) == [f"“明细”第 {row} 行“统筹支付”与签发时不同。"]


@pytest.mark.parametrize(("field", "more"), [("no", 0.01), ("hifp_pay", 0.0001), ("setl_time", 0.00001)])
def test_a_value_that_differs_by_less_than_its_format_shows_is_seen(
    workbook: Path, tmp_path: Path, field: str, more: float
) -> None:
    place = detail_place(field) + 1

    def change(book: Workbook) -> None:
        cell = book["明细"].cell(FIRST_ROW, place)
        cell.value = cell.value + (timedelta(days=more) if isinstance(cell.value, datetime) else more)

    (words,) = sentences(check_workbook(saved_again(workbook, tmp_path / "a.xlsx", change)))

    assert words.startswith("“明细”第 5 行")


def test_the_first_row_that_is_gone_is_named(workbook: Path, tmp_path: Path) -> None:
    check = check_workbook(saved_again(workbook, tmp_path / "a.xlsx", lambda book: book["明细"].delete_rows(50)))

    assert sentences(check)[0].startswith("“明细”第 50 行")


@pytest.mark.parametrize("name", ["签章", "校验码"])
def test_what_stands_above_the_signed_facts_may_not_be_changed_either(
    workbook: Path, tmp_path: Path, name: str
) -> None:
    def other_note(book: Workbook) -> None:
        book[name]["A2"].value = "本表可以改动。"

    assert not check_workbook(saved_again(workbook, tmp_path / "a.xlsx", other_note)).is_sound


def test_a_changed_formula_is_seen(workbook: Path, tmp_path: Path) -> None:
    def more(book: Workbook) -> None:
        cell = book["汇总"]["F5"]
        cell.value = f"{cell.value}+100"

    check = check_workbook(saved_again(workbook, tmp_path / "a.xlsx", more))

    assert sentences(check) == ["“汇总”第 5 行“F 列”与签发时不同。"]


def test_a_changed_result_beside_an_unchanged_formula_is_seen(workbook: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    with zipfile.ZipFile(workbook) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name.endswith("sheet2.xml"):
                place = content.index(b"</f><v>") + len(b"</f><v>")
                content = content[:place] + b"9" + content[place:]
            after.writestr(name, content)

    assert sentences(check_workbook(target)) == ["“汇总”中公式的结果与签发时不同。"]


def tamper(book: Workbook, chance: random.Random) -> str:
    """Change one thing that somebody may read; what it was."""
    sheet = chance.choice(book.worksheets)
    what = chance.choice(("value", "row", "swap", "double", "month", "text", "sheet", "blank"))
    rows = range(1, sheet.max_row + 1)
    filled = [cell for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")]
    cell = chance.choice(filled)
    if what in ("row", "double"):
        row = chance.choice([each for each in rows if any(cell.value for cell in sheet[each])])
        if what == "row":
            sheet.delete_rows(row)
        else:
            sheet.insert_rows(row)
            for column, other in enumerate(sheet[row + 1], 1):
                sheet.cell(row, column).value = other.value if other.value is not None else "1"
    elif what == "swap":
        one, other = chance.sample([each for each in rows if any(cell.value for cell in sheet[each])], 2)
        first, second = [cell.value for cell in sheet[one]], [cell.value for cell in sheet[other]]
        for column, (a, b) in enumerate(zip(first, second, strict=True), 1):
            sheet.cell(one, column).value, sheet.cell(other, column).value = b, a
    elif what == "month":
        book["签章"]["B7"].value = chance.choice(("2026-10", "2026-12", "2025-11", "2026-1"))
    elif what == "sheet":
        if chance.random() < 0.5:
            book.create_sheet("补充").append(["1"])
        else:
            book.remove(sheet)
    elif what == "blank":
        cell.value = None
    elif isinstance(cell.value, (int, float)):
        cell.value = round(cell.value + chance.choice((0.01, -0.01, 1, 100)), 4)
    elif isinstance(cell.value, datetime):
        cell.value = cell.value.replace(year=2025)
    else:
        place = chance.randrange(len(str(cell.value)))
        cell.value = f"{str(cell.value)[:place]}{chance.choice('甲x7')}{str(cell.value)[place:]}"
    return f"{what} in {sheet.title} at {cell.coordinate}"


@pytest.mark.parametrize("count", [100, pytest.param(5_000, marks=pytest.mark.full)])
def test_no_changed_value_row_order_or_month_is_accepted(tmp_path: Path, count: int) -> None:
    chance = random.Random(20261122)  # noqa: S311 -- the same changes every time
    small = issued(tmp_path / "small.xlsx", month_of(4))
    for _change in range(count):
        book = openpyxl.load_workbook(small)
        what = tamper(book, chance)
        book.save(tmp_path / "changed.xlsx")
        try:
            check = check_workbook(tmp_path / "changed.xlsx", [SIGNER.public_key])
        except ClerkError:
            continue
        assert not check.is_sound, what


@pytest.mark.parametrize("count", [100, pytest.param(5_000, marks=pytest.mark.full)])
def test_no_workbook_with_a_changed_bit_is_accepted(tmp_path: Path, count: int) -> None:
    chance = random.Random(20261123)  # noqa: S311 -- as above
    small = issued(tmp_path / "small.xlsx", month_of(4))
    content = small.read_bytes()
    changed = tmp_path / "changed.xlsx"
    # The ends of an archive have the bits that no checksum covers: half of the changes are there.
    places = [chance.randrange(len(content) * 8) for _bit in range(count // 2)]
    places += [len(content) * 8 - 1 - chance.randrange(1_500 * 8) for _bit in range(count - count // 2)]
    for place in places:
        flipped = bytearray(content)
        flipped[place // 8] ^= 1 << place % 8
        changed.write_bytes(flipped)
        try:
            check = check_workbook(changed, [SIGNER.public_key])
        except ClerkError:
            continue
        assert not check.is_sound, place


def test_every_cell_of_the_list_is_read_as_it_was_written(workbook: Path) -> None:
    expected = {
        (cell.row, cell.column - 1): cell.value
        for row in openpyxl.load_workbook(workbook)["明细"].iter_rows()
        for cell in row
        if cell.value is not None
    }
    with open_workbook(workbook, Limits()) as book:
        found = {
            (row.number, column): (kind, value)
            for row in book.rows(book.sheets[0])
            for column, kind, value in zip(row.columns, row.kinds, row.values, strict=True)
            if value
        }
    assert found.keys() == expected.keys()
    for place, (kind, value) in found.items():
        if kind == "str":
            assert value == expected[place]
        elif place[0] >= FIRST_ROW and DETAIL_COLUMNS[place[1]].field == "medfee_sumamt" and kind == "n":
            assert in_fen(expected[place]) == Decimal(value) or str(expected[place]).startswith("=")


def test_a_month_without_settlements_holds_too(tmp_path: Path) -> None:
    assert sentences(check_workbook(issued(tmp_path / "none.xlsx", []))) == []
