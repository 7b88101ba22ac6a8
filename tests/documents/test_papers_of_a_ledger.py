"""Every amount of an office's papers and workbook, read again from the files, against the rows of its ledger."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from clerk_app.documents.lists import month_ledger_bytes, payment_list_bytes
from clerk_app.documents.month_workbook import write_month_workbook
from clerk_app.documents.office import Copy
from clerk_app.documents.refusal_notice import refusal_notice_bytes
from clerk_app.documents.voucher import voucher_bytes
from clerk_app.documents.year_card_paper import year_card_bytes
from clerk_app.jobs import Progress
from clerk_app.ledger.keys import PRACTICE
from clerk_app.receipts.claim import AccountOffer, Claim, Fee
from tests.documents.all_papers import OFFICE
from tests.documents.reading import amounts, figures_in
from tests.ledger.busy_office import busy_office
from tests.ledger.office import FINANCE, JIANGXI, Office, receipt, staffed

Rows = Callable[..., list[sqlite3.Row]]

#: Columns of ``receipts`` that a voucher prints of every receipt, and of one that is paid.
ALWAYS = ("total_fen", "in_scope_fen", "fund_fen", "person_fen")
PAID = (
    *("deductible_standard_fen", "deductible_used_before_fen", "deductible_fen", "share_fen"),
    *("cap_fen", "fund_used_before_fen", "over_cap_fen"),
)
#: National names of the workbook's columns with those of the ledger.
DETAILS = {
    "medfee_sumamt": "total_fen",
    "fulamt_ownpay_amt": "self_funded_fen",
    "overlmt_selfpay": "over_limit_fen",
    "preselfpay_amt": "paid_first_fen",
    "inscp_scp_amt": "in_scope_fen",
    "act_pay_dedc": "deductible_fen",
    "hifp_pay": "fund_fen",
    "psn_part_amt": "person_fen",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A month with everything in it, and a claim by categories of which a part is refused, beside a zero."""
    opened = busy_office(tmp_path_factory.mktemp("office") / "office.db", PRACTICE)
    one = opened.person("王五示例")
    fees = (Fee("03", 30_000, over_limit_fen=250), Fee("09", 170_000, 1_111, 222, 3_333))
    by_category = receipt("F1", 200_000, fees=fees, self_funded_fen=1_111, over_limit_fen=472, paid_first_fen=3_333)
    refused = receipt("F2", 12_345, printed_fund_fen=100)
    claim = Claim((by_category, refused, receipt("F3", 0)), account=AccountOffer(1_000))
    opened.settle(one, claim=claim)
    yield opened
    opened.ledger.close()


@pytest.fixture(scope="module")
def rows(office: Office) -> Iterator[Rows]:
    """What the file itself says."""
    with closing(sqlite3.connect(office.path)) as connection:
        connection.row_factory = sqlite3.Row
        yield lambda query, *values: connection.execute(query, values).fetchall()


def voucher_amounts(rows: Rows, settlement: sqlite3.Row) -> Counter[int]:
    """What the tables of a voucher have to print, from the rows alone."""
    of_receipts = rows("SELECT * FROM receipts WHERE settlement_id = ? ORDER BY position", settlement["settlement_id"])
    sign = {"reversal": -1, "correction": 0}.get(settlement["kind"], 1)
    wanted: Counter[int] = Counter()
    for row in of_receipts:
        wanted.update(row[name] for name in ALWAYS)
        if row["decision"] == "pay":
            wanted.update(row[name] for name in PAID)
        for _category, total_fen, *parts_fen in json.loads(row["fees"]) if sign else ():
            wanted.update(sign * fen for fen in (total_fen, total_fen - sum(parts_fen), *parts_fen))
    sums_fen = {name: sum(row[name] for row in of_receipts) for name in (*ALWAYS, "paid_first_fen", "self_funded_fen")}
    wanted.update([*sums_fen.values(), sums_fen["total_fen"], sums_fen["fund_fen"], settlement["account_fen"]])
    wanted[sums_fen["person_fen"] - settlement["account_fen"]] += 1
    for total in rows("SELECT * FROM year_totals WHERE settlement_id = ?", settlement["settlement_id"]):
        wanted.update([total["deductible_fen"], total["fund_fen"]])
    return wanted


def test_every_voucher_prints_what_the_rows_say_and_no_other_amount(office: Office, rows: Rows) -> None:
    kinds = Counter()
    for row in rows("SELECT * FROM settlements ORDER BY settlement_id"):
        settlement = office.ledger.settlement(row["voucher_number"])
        kinds[row["kind"]] += 1
        wanted = voucher_amounts(rows, row)
        of_receipts = rows("SELECT * FROM receipts WHERE settlement_id = ?", row["settlement_id"])
        said = figures_in(" ".join(each["summary"] + " ".join(json.loads(each["explanation"])) for each in of_receipts))
        sums = {sum(each[name] for each in of_receipts) for name in (*ALWAYS, *PAID, "over_limit_fen")}
        for copy in Copy:
            printed = amounts(voucher_bytes(settlement, office=OFFICE, copy=copy))
            assert wanted - printed == Counter(), row["voucher_number"]
            assert printed.keys() <= wanted.keys() | said.keys() | sums, row["voucher_number"]
    assert {"settlement", "refusal", "reversal", "correction"} <= kinds.keys()


def test_every_refusal_notice_prints_the_rows_that_were_refused(office: Office, rows: Rows) -> None:
    numbers = rows(
        "SELECT DISTINCT voucher_number FROM settlements JOIN receipts USING (settlement_id)"
        " WHERE decision = 'refuse' AND kind IN ('settlement', 'refusal')"
    )
    assert len(numbers) >= 3
    for (number,) in numbers:
        refused = rows(
            "SELECT * FROM receipts JOIN settlements USING (settlement_id)"
            " WHERE voucher_number = ? AND decision = 'refuse'",
            number,
        )
        printed = amounts(refusal_notice_bytes(office.ledger.settlement(number), office=OFFICE))
        total_fen = sum(row["total_fen"] for row in refused)
        wanted = Counter(row["total_fen"] for row in refused for _twice in range(2)) + Counter({total_fen: 4})
        would = {row["if_networked_fen"] for row in refused} | {sum(row["if_networked_fen"] or 0 for row in refused)}
        assert wanted - printed == Counter()
        assert printed.keys() <= wanted.keys() | would


def test_the_bank_list_the_year_card_and_the_month_on_paper_print_the_rows(office: Office, rows: Rows) -> None:
    staffed(office.ledger, FINANCE)  # who may see the whole numbers
    lists = rows("SELECT * FROM payment_lists")
    assert lists
    for listed in lists:
        paid = [
            row["amount_fen"] for row in rows("SELECT * FROM payments WHERE list_number = ?", listed["list_number"])
        ]
        printed = amounts(payment_list_bytes(office.ledger.payment_list(listed["list_number"]), office=OFFICE))
        assert Counter(paid) + Counter({sum(paid): 2}) - printed == Counter()

    for month in ((2023, 5), (2023, 6)):
        first, after = date(*month, 1), date(month[0], month[1] + 1, 1)
        sums = rows(
            "SELECT SUM(r.total_fen) AS total_fen, SUM(r.fund_fen) AS fund_fen, SUM(r.person_fen) AS person_fen,"
            " account_fen FROM receipts r JOIN settlements USING (settlement_id)"
            " WHERE settled_at >= ? AND settled_at < ? GROUP BY settlement_id ORDER BY settlement_id",
            *(first.isoformat(), after.isoformat()),
        )
        assert sums
        columns = [
            (row["total_fen"], row["fund_fen"], row["account_fen"], row["person_fen"] - row["account_fen"])
            for row in sums
        ]
        wanted = Counter(fen for column in columns for fen in column)
        wanted.update(sum(column) for column in zip(*columns, strict=True))
        records = office.ledger.settlements_of_month(*month)
        assert wanted == amounts(month_ledger_bytes(records, first, office=OFFICE, made_by="李四示例"))

    staffed(office.ledger)
    for (person_id,) in rows("SELECT DISTINCT person_id FROM settlements"):
        used = rows(
            "SELECT SUM(e.deductible_fen) AS deductible_fen, SUM(e.fund_fen) AS fund_fen FROM pool_entries e"
            " JOIN settlements USING (settlement_id) WHERE person_id = ? AND year = 2023 GROUP BY settlement_id, pool",
            person_id,
        )
        card = office.ledger.year_card(person_id, 2023, JIANGXI)
        printed = amounts(year_card_bytes(card, office=OFFICE, made_at=datetime(2023, 7, 1), made_by="李"))  # noqa: DTZ001
        assert {sum(row["deductible_fen"] for row in used), sum(row["fund_fen"] for row in used)} <= printed.keys()
        entries = Counter(fen for row in used for fen in (row["deductible_fen"], row["fund_fen"]) if fen)
        assert entries - printed == Counter()


@pytest.mark.parametrize("month", [5, 6])
def test_every_line_of_the_months_workbook_is_a_row_of_the_ledger(
    office: Office, rows: Rows, tmp_path: Path, month: int
) -> None:
    target = tmp_path / "month.xlsx"
    write_month_workbook(
        office.ledger.settlements_of_month(2023, month),
        office.ledger.month_count(2023, month),
        target,
        Progress(),
        office=OFFICE,
        month=date(2023, month, 1),
        exported_by="李四示例",
    )
    sheet = openpyxl.load_workbook(target)["明细"]
    fields = [cell.value for cell in sheet[4]]
    read = [dict(zip(fields, line, strict=True)) for line in sheet.iter_rows(min_row=5, values_only=True)]
    lines = [
        (line["setl_id"], line["bill_no"], *(int(Decimal(str(line[name])) * 100) for name in DETAILS))
        for line in read
        if line["bill_no"]
    ]
    of_ledger = rows(
        "SELECT * FROM receipts JOIN settlements USING (settlement_id)"
        " WHERE settled_at >= ? AND settled_at < ? AND kind != 'refusal'",
        *(f"2023-{month:02d}-01", f"2023-{month + 1:02d}-01"),
    )
    kept = [(row["voucher_number"], row["number"], *(row[name] for name in DETAILS.values())) for row in of_ledger]
    assert sorted(lines) == sorted(kept)
    assert lines
