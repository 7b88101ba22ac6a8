"""What somebody may have typed or another system sent: on paper and in workbooks it is nothing but text."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest

from clerk_app.documents.consolidated_workbook import write_consolidation
from clerk_app.documents.consolidation import Consolidation, Duplicate, File, OverCap, Placed, Verdict
from clerk_app.documents.import_sheets import CLAIMS, Outcome, TypedRow, write_returned
from clerk_app.documents.month_lines import DETAIL_COLUMNS, REFUSAL_COLUMNS
from clerk_app.documents.month_workbook import write_month_workbook
from clerk_app.documents.office import Copy
from clerk_app.documents.received_month import ReceivedLine, ReceivedMonth
from clerk_app.documents.refusal_notice import refusal_notice_bytes
from clerk_app.documents.voucher import voucher_bytes
from clerk_app.documents.workbook_seal import CODE, EXPORTED_AT, MONTH, OFFICE, RECORDS, RESEND
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.ledger.records import Payee, Settlement
from clerk_app.receipts.claim import Institution
from tests.documents import samples
from tests.documents.reading import amounts
from tests.documents.test_voucher import expected

#: What a spreadsheet may take for a formula, a command, a link or a number.
FORMULAS = (
    *("=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x.invalid")', "=cmd|' /C calc'!A0", "=1+1;=2", "{=1+1}"),
    *("\t=1+1", "\r=1+1", "\n=1+1", "a\n=1+1", " =1+1", "\u3000=1+1", "\u200b=1+1", "\ufeff=1+1", "'=1+1", '"=1+1"'),
    *("＝1+1", "＋1+1", "－1+1", "＠SUM(A1)", "%0A=1+1", '=WEBSERVICE("http://x.invalid")', '=DDE("a";"b";"c")'),
    *("1E5", "0012", "2026-11-01", "TRUE", "#REF!", "=" * 300, "_x003D_1+1", "&quot;=1+1", "<f>1+1</f>"),
)
#: What a typesetter, a template or a reader of PDF may take for more than text. {canary} is a file that is there.
MARKUP = (
    *(
        "<b>粗</b>",
        "&lt;b&gt;",
        "&#65;&amp;",
        "<para align='right'>甲</para>",
        "<font size='90'>甲</font>",
        "<br/><br/>",
    ),
    *('<img src="{canary}"/>', "<img src='http://x.invalid/a.png'/>", '<a href="http://x.invalid">甲</a>', "</para>"),
    *(
        "<onDraw name='x'/>",
        "<seq id='a'/>",
        "<![CDATA[甲]]>",
        "<!-- 甲",
        "]]>",
        "<unclosed",
        "%(姓名)s %s %n",
        "{0} {不予支付明细}",
    ),
    *(
        "{姓名}{名字}{{}}",
        "$x$ ${HOME} `id`",
        "(甲) Tj ET Q",
        "\\(a\\)b\\",
        ">> endobj stream",
        "%PDF-1.4",
        "/URI (http://x.invalid)",
    ),
    *("长" * 600, "W" * 600, "甲 " * 300, samples.RARE * 20, "\u00a0甲\u3000", "﹍﹏"),
)
#: Nobody's font has these, or they turn the writing round: refused by name, or printed; never anything else.
ODD = (
    "甲\n乙\r\n丙",
    "甲\t乙",
    "\u202e甲乙",
    "\u200f\u05d0\u05d1",
    "\x00甲",
    "\x1b[31m",
    "\u0627\u0644",
    "\U0001f600",
    "\ue000",
    "e\u0301",
    "\ud83d",
    "\u2028甲",
)


def with_text(payload: str) -> Settlement:
    """A settlement that says the same in every field that somebody types or that comes from elsewhere."""
    receipt = samples.receipt(
        payload,
        bill_code=payload,
        disease=payload,
        diagnosis=payload,
        institution=Institution(payload, payload, samples.HOSPITAL.tier, area_code=payload),
        visit_label=payload,
    )
    words = {"summary": payload, "citations": (payload,), "policy_document": payload, "policy_hash": payload}
    paid = replace(samples.paid(receipt), explanation=(payload,), status_term=payload, **words)
    refused = replace(samples.refused(receipt), explanation=(payload,), **words)
    known = samples.settlement()
    assert known.review is not None
    return samples.settlement(
        paid,
        refused,
        **dict.fromkeys(("clerk", "area_code", "area_name", "manual_reason", "original_number"), payload),
        voucher_number=payload,
        acceptance_number=payload,
        reversed_by=payload,
        person=samples.person(
            name=payload, id_number=payload, certificate_type=payload, sex=payload, phone=payload, employer=payload
        ),
        payee=Payee(payload, payload, payload, payload),
        review=replace(known.review, reviewer=payload, reason=payload),
        year_totals=tuple(replace(total, pool=payload) for total in known.year_totals),
    )


# -- workbooks -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month in which each settlement says one of the payloads everywhere."""
    target = tmp_path_factory.mktemp("month") / "month.xlsx"
    settlements = [with_text(payload) for payload in FORMULAS]
    office = replace(samples.OFFICE, name=FORMULAS[0])
    write_month_workbook(
        settlements, len(settlements), target, Progress(), office=office, month=date(2026, 11, 1), exported_by="@x"
    )
    return target


def formulas(book: Any) -> set[tuple[str, str]]:
    """Where a cell is live."""
    return {
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def texts(book: Any) -> Counter[str]:
    """What the text columns of the two lists say."""
    said: Counter[str] = Counter()
    for name, columns, first in (("明细", DETAIL_COLUMNS, 5), ("不予支付", REFUSAL_COLUMNS, 4)):
        last = first + (2 if name == "明细" else 1) * len(FORMULAS) - 1
        for row in book[name].iter_rows(min_row=first, max_row=last):
            for cell, column in zip(row, columns, strict=False):
                if column.kind.is_text and cell.value is not None:
                    assert cell.data_type in ("s", "inlineStr"), (name, cell.coordinate, cell.value)
                    said[str(cell.value).replace("_x000D_", "\r")] += 1
    return said


def test_no_text_of_a_month_becomes_a_formula(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    said = texts(book)
    for payload in FORMULAS:
        kept = payload.replace("\r", "\n") if payload not in said else payload
        assert said[kept] >= 20, (payload, said[kept])
    without = openpyxl.load_workbook(written_plainly(workbook.parent))
    assert formulas(book) - formulas(without) == set(), "live cells are those of a month without payloads"


def test_no_text_of_an_import_that_comes_back_becomes_a_formula(tmp_path: Path) -> None:
    outcomes = [
        Outcome(
            TypedRow(number, {column.head: payload for column in CLAIMS.columns}),
            is_accepted=False,
            is_new=False,
            words=payload,
        )
        for number, payload in enumerate(FORMULAS, 4)
    ]
    write_returned(CLAIMS, outcomes, tmp_path / "back.xlsx", datetime(2026, 11, 22))  # noqa: DTZ001 -- local

    book = openpyxl.load_workbook(tmp_path / "back.xlsx")
    assert formulas(book) == set()
    for cells, payload in zip(book.worksheets[0].iter_rows(min_row=4, min_col=3), FORMULAS, strict=True):
        assert {cell.value for cell in cells} == {payload.replace("\r", "\n")}
        assert {cell.data_type for cell in cells} == {"s"}


def test_no_text_of_a_consolidation_becomes_a_formula(tmp_path: Path) -> None:
    facts = dict.fromkeys((OFFICE, CODE, MONTH, RESEND, EXPORTED_AT, RECORDS), "=1+1")
    files, duplicates, over_caps = [], [], []
    for payload in FORMULAS:
        told = dict.fromkeys(facts, payload)
        line = ReceivedLine(5, *([payload] * 4), 2026, "0", *([payload] * 4), 100, 50, 1_000, 0, payload)
        month = ReceivedMonth(told, "ab" * 32, (), is_untouched=True, lines=[line])
        file = File(tmp_path / payload.replace("/", ""), month, Verdict.TAKEN, [payload])
        files.append(file)
        duplicates.append(Duplicate(is_certain=True, lines=(Placed(file, line),) * 2))
        over_caps.append(
            OverCap(payload, payload, 2026, payload, 1_000, 2_000, 0, is_certain=True, by_office=((payload, 5),))
        )
    found = Consolidation(tuple(files), tuple(duplicates), tuple(over_caps), FORMULAS)

    write_consolidation(found, tmp_path / "together.xlsx", datetime(2026, 12, 2))  # noqa: DTZ001 -- local

    book = openpyxl.load_workbook(tmp_path / "together.xlsx")
    ours = {book[sheet][place].value for sheet, place in formulas(book)}
    assert len(ours) == 3
    assert all(str(words).startswith("=SUM('文件'!") for words in ours)
    said = Counter(cell.value for sheet in book for row in sheet.iter_rows() for cell in row)
    for payload in FORMULAS:
        assert said[payload.replace("\r", "\n")] >= 20, payload


def written_plainly(folder: Path) -> Path:
    target = folder / "plain.xlsx"
    settlements = [with_text(f"甲{number}") for number in range(len(FORMULAS))]
    write_month_workbook(
        settlements,
        len(settlements),
        target,
        Progress(),
        office=samples.OFFICE,
        month=date(2026, 11, 1),
        exported_by="甲",
    )
    return target


def test_a_spreadsheet_program_that_recalculates_a_month_finds_no_formula_either(
    workbook: Path, tmp_path: Path
) -> None:
    """Recalculated by LibreOffice where it is installed; elsewhere the file's own cells are looked at once more."""
    recalculated = workbook
    program = shutil.which("soffice")
    if program is not None:
        command = [program, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx"]
        subprocess.run([*command, "--outdir", tmp_path, workbook], check=True, capture_output=True, timeout=120)
        recalculated = tmp_path / workbook.name
    before, after = openpyxl.load_workbook(workbook), openpyxl.load_workbook(recalculated)
    assert formulas(after) <= formulas(before)
    said, says = texts(before), texts(after)
    assert sum(said.values()) == sum(says.values())
    for payload in FORMULAS:
        if payload.strip() == payload and "\r" not in payload:
            assert says[payload] == said[payload], payload
    if recalculated != workbook:
        values = openpyxl.load_workbook(recalculated, data_only=True)
        verdicts = [row[4] for row in values["核对"].iter_rows(min_row=5, max_row=18, values_only=True)]
        assert verdicts == ["相符"] * 14, "what is counted from the settlements is what the rows add up to"


# -- papers --------------------------------------------------------------------------------------------------------


class Watch:
    """What the interpreter opens and connects to, while it is on."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.is_on = False

    def __call__(self, name: str, arguments: tuple[Any, ...]) -> None:
        if self.is_on and name in (
            "open",
            "socket.connect",
            "socket.getaddrinfo",
            "urllib.Request",
            "subprocess.Popen",
        ):
            self.seen.append(f"{name} {arguments[0]}")


@pytest.fixture(scope="module")
def watch() -> Watch:
    hook = Watch()
    sys.addaudithook(hook)
    return hook


def papers(settlement: Settlement, office: Any) -> dict[str, bytes]:
    copies = {copy.name: voucher_bytes(settlement, office=office, copy=copy) for copy in Copy}
    return {**copies, "refusal": refusal_notice_bytes(settlement, office=office)}


@pytest.mark.parametrize("payload", MARKUP)
def test_markup_in_every_field_loads_nothing_and_changes_no_amount(tmp_path: Path, watch: Watch, payload: str) -> None:
    canary = tmp_path / "canary.png"
    canary.write_bytes(b"\x89PNG\r\n\x1a\n")
    payload = payload.replace("{canary}", str(canary))
    settlement = with_text(payload)
    office = replace(samples.OFFICE, name=payload, address=payload, phone=payload)
    watch.seen, watch.is_on = [], True
    try:
        made = papers(settlement, office)
    finally:
        watch.is_on = False
    assert not [each for each in watch.seen if "canary" in each or each.startswith(("socket", "urllib", "subprocess"))]
    plain = papers(with_text("甲"), replace(samples.OFFICE, name="甲", address="甲", phone="甲"))
    for name, paper in made.items():
        # A page more carries its sums once more; no amount is there that is not there otherwise.
        assert amounts(paper).keys() == amounts(plain[name]).keys(), name
        if name != "refusal":
            assert expected(settlement) - amounts(paper) == Counter(), name
        assert_nothing_active(paper)


@pytest.mark.parametrize("payload", ODD, ids=lambda payload: payload.encode("unicode_escape").decode())
def test_an_odd_character_is_named_or_printed_and_changes_no_amount(payload: str) -> None:
    settlement = with_text(payload)
    made = {
        "voucher": lambda: voucher_bytes(settlement, office=samples.OFFICE, copy=Copy.AGENCY),
        "notice": lambda: refusal_notice_bytes(settlement, office=samples.OFFICE),
    }
    for name, make in made.items():
        try:
            paper = make()
        except ClerkError as error:
            refused = error.code
        else:
            refused = "glyph_missing"
            assert_nothing_active(paper)
            assert (expected(settlement) if name == "voucher" else Counter()) - amounts(paper) == Counter()
        assert refused == "glyph_missing"


def assert_nothing_active(paper: bytes) -> None:
    """No picture, no link, no script, no attached file: ink alone."""
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
                keys = set(thing.keys())
                assert not keys & {"/URI", "/JS", "/JavaScript", "/Launch", "/EmbeddedFiles", "/OpenAction", "/AA"}, (
                    keys
                )
                assert thing.get("/Subtype") not in ("/Image", "/Link", "/FileAttachment"), thing.get("/Subtype")
