"""What every paper has to hold: right amounts, nothing outside its boxes, an archive's format, whatever is typed."""

from __future__ import annotations

import functools
import io
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from clerk_app.documents.claim_notices import Acceptance, Material, MissingMaterial, one_time_notice_bytes
from clerk_app.documents.claim_notices import acceptance_receipt_bytes as acceptance_bytes
from clerk_app.documents.lists import month_ledger_bytes, payment_list_bytes
from clerk_app.documents.office import Copy
from clerk_app.documents.page_format import PageFormat, page_format
from clerk_app.documents.paper_check import check_paper
from clerk_app.documents.voucher import voucher_bytes
from clerk_app.documents.year_card_paper import year_card_bytes
from clerk_app.ledger.records import PersonRecord
from clerk_app.money import capitals
from tests.documents import samples
from tests.documents.all_papers import HEAD, NOW, OFFICE, PAPERS, SIGNER, month_of, worst_month
from tests.documents.preflight import faults
from tests.documents.reading import amounts, collisions, fonts, pages, run_on, text
from tests.documents.test_payloads import MARKUP, assert_nothing_active

A4 = PageFormat.A4


@functools.cache
def made(name: str, sheet: PageFormat = A4, *, is_practice: bool = False) -> bytes:
    return PAPERS[name](replace(OFFICE, page_format=sheet, practice=is_practice))


@pytest.mark.parametrize("sheet", PageFormat, ids=lambda each: each.setting)
def test_every_paper_is_what_it_says_and_a_valid_archive_file(sheet: PageFormat, tmp_path: Path) -> None:
    papers = {name: made(name, sheet, is_practice=sheet is PageFormat.CONTINUOUS) for name in PAPERS}

    for name, paper in papers.items():
        check = check_paper(paper, [SIGNER.public_key])
        assert [difference.sentence for difference in check.differences] == [], name
        with pikepdf.open(io.BytesIO(paper)) as pdf:
            assert pdf.check_pdf_syntax() == [], name
            assert str(pdf.Root.Lang) == "zh-CN"
            assert str(pdf.docinfo["/Title"]).endswith(check.facts["number"])
            widths = {(float(page.MediaBox[2]), float(page.MediaBox[3])) for page in pdf.pages}
        assert {(round(x), round(y)) for x, y in widths} == {(round(sheet.sheet_width), round(sheet.sheet_height))}
        assert all(fonts(paper).values()), name
    assert faults(papers, tmp_path) == {}


def test_the_validator_finds_a_file_that_is_none(tmp_path: Path) -> None:
    broken = made("refusal").replace(b"\nendstream", b" endstream")
    unmarked = made("refusal").replace(b"<pdfaid:part>1", b"<pdfaid:part>9")
    assert set(faults({"broken": broken, "unmarked": unmarked, "good": made("refusal")}, tmp_path)) == {
        "broken",
        "unmarked",
    }


@pytest.mark.parametrize("name", PAPERS)
def test_nothing_stands_outside_a_paper_or_on_top_of_each_other(name: str) -> None:
    assert collisions(made(name)) == []


@pytest.mark.parametrize("name", PAPERS)
def test_every_page_is_numbered_and_names_the_key_that_it_is_signed_with(name: str) -> None:
    read = pages(made(name))
    for place, page in enumerate(read, 1):
        assert f"第 {place} 页" in page
        assert f"共 {len(read)} 页" in page
        assert "签名公钥 03A1-07BF-F3CE-10BE" in page


@pytest.mark.parametrize("name", [name for name in PAPERS if name.endswith("worst")])
def test_rare_characters_are_printed_on_every_paper(name: str) -> None:
    words = run_on(made(name))
    assert name == "bank-list-worst" or "㛃䶮𠮷𬭚" in words
    assert any("HanaMin" in font for font in fonts(made(name)))


def test_two_pages_share_a_sheet_of_a5() -> None:
    sheets = pages(made("month-worst", PageFormat.A5_TWO_UP))
    count = len(pages(made("month-worst")))
    assert len(sheets) == (count + 1) // 2
    assert "第 1 页" in sheets[0]
    assert "第 2 页" in sheets[0]


def test_a_format_is_known_by_its_setting() -> None:
    assert [page_format(each.setting) for each in PageFormat] == list(PageFormat)
    assert page_format("quarto") is A4


# -- amounts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3, 120])
def test_a_bank_list_pays_what_the_ledger_says(count: int) -> None:
    given = samples.payment_list(count)
    paper = payment_list_bytes(given, office=OFFICE, head=HEAD)

    wanted = Counter(payment.amount_fen for payment in given.payments)
    assert wanted + Counter({given.total_fen: 2}) - amounts(paper) == Counter()
    sums = {sum(payment.amount_fen for payment in given.payments[:upto]) for upto in range(count + 1)}
    assert amounts(paper).keys() <= wanted.keys() | sums
    assert capitals(given.total_fen) in text(paper)
    assert given.list_number in text(paper)
    assert run_on(paper).count("6200000000000001234") == count, "who pays has to see where to"
    assert check_paper(paper).facts["amounts_fen"] == {"合计金额": given.total_fen}


def test_a_bank_list_that_was_answered_says_what_was_paid_and_why_not() -> None:
    given = samples.payment_list(5, is_answered=True)
    paper = payment_list_bytes(given, office=OFFICE)

    assert "失败：账号户名不符" in run_on(paper)
    paid = sum(each.amount_fen for each in given.payments if each.result and each.result.is_paid)
    failed = sum(each.amount_fen for each in given.payments if each.result and not each.result.is_paid)
    assert Counter({paid: 1, failed: 1}) - amounts(paper) == Counter()
    assert "1笔" in run_on(paper)


@pytest.mark.parametrize("records", [month_of(1), month_of(12), worst_month()], ids=["one", "twelve", "worst"])
def test_a_month_has_every_record_once_and_adds_up(records: list[samples.Settlement]) -> None:
    paper = month_ledger_bytes(records, date(2026, 11, 1), office=OFFICE, made_by="李四示例", head=HEAD)

    printed = amounts(paper)
    for record in records:
        figures = Counter([record.total_fen, record.fund_fen, record.account_fen, record.cash_fen])
        assert figures - printed == Counter()
    wanted = Counter(
        fen for each in records for fen in (each.total_fen, each.fund_fen, each.account_fen, each.cash_fen)
    )
    total = (
        *(sum(each.total_fen for each in records), sum(each.fund_fen for each in records)),
        *(sum(each.account_fen for each in records), sum(each.cash_fen for each in records)),
    )
    assert wanted + Counter(total) - printed == Counter()
    upto = [records[:count] for count in range(len(records) + 1)]
    carried = {sum(each.fund_fen for each in part) for part in upto} | {
        sum(each.cash_fen for each in part) for part in upto
    }
    carried |= {sum(each.total_fen for each in part) for part in upto}
    carried |= {sum(each.account_fen for each in part) for part in upto}
    assert printed.keys() <= wanted.keys() | carried
    assert all("承前页" in page or "审核" in page for page in pages(paper)[1:])
    assert check_paper(paper).facts["amounts_fen"]["统筹支付合计"] == total[1]


@pytest.mark.parametrize("count", [1, *range(36, 48)])
def test_nobody_signs_a_page_on_which_nothing_stands(count: int) -> None:
    month = month_ledger_bytes(month_of(count), date(2026, 11, 1), office=OFFICE, made_by="李四示例", head=HEAD)
    bank = payment_list_bytes(samples.payment_list(count), office=OFFICE, head=HEAD)
    for paper in (month, bank):
        (signed,) = [page for page in pages(paper) if "审批" in page]
        assert f"990100-2026-{count:06d}" in signed


@pytest.mark.parametrize("count", range(10, 34))
def test_nobody_signs_a_notice_on_a_page_without_its_words(count: int) -> None:
    missing = tuple(MissingMaterial(f"材料{number}", "须加盖印章") for number in range(count))
    notice = one_time_notice_bytes(samples.acceptance(), missing, until=None, office=OFFICE)
    materials = tuple(Material(f"材料{number}", 1) for number in range(count))
    receipt = acceptance_bytes(samples.acceptance(materials=materials), office=OFFICE)
    for paper in (notice, receipt):
        (signed,) = [page for page in pages(paper) if "经办机构盖章" in page]
        assert "联系电话" in signed


def test_an_acceptance_lists_what_was_handed_in() -> None:
    given = samples.acceptance()
    paper = acceptance_bytes(given, office=OFFICE)

    assert amounts(paper) == Counter({123_456: 2})
    words = run_on(paper)
    for wanted in (given.number, "2026-12-04", "复印件", "费用清单", "990101********0014", samples.OFFICE.phone):
        assert wanted in words
    assert given.id_number not in words


def test_a_one_time_notice_lists_everything_that_is_missing_at_once() -> None:
    words = run_on(
        one_time_notice_bytes(samples.acceptance(), samples.MISSING, until=date(2026, 12, 20), office=OFFICE)
    )
    for wanted in ("病历", "费用清单", "须加盖医疗机构收费专用章", "请于2026-12-20前补正"):
        assert wanted in words


@pytest.mark.parametrize("uses", [0, 3, 120])
def test_a_year_card_says_what_is_used_and_left_and_by_which_record(uses: int) -> None:
    card = samples.year_card(uses)
    paper = year_card_bytes(card, office=OFFICE, made_at=NOW, made_by="李四示例")

    wanted = Counter(fen for use in card.uses for fen in (use.deductible_fen, use.fund_fen))
    wanted.update(fen for prior in card.priors for fen in (prior.deductible_fen, prior.fund_fen))
    for line in card.deductibles:
        wanted.update([line.settled_fen, line.prior_fen, *(fen for _tier, fen in line.standards_fen)])
        wanted.update(line.left_fen(fen) for _tier, fen in line.standards_fen)
    for cap in card.caps:
        wanted.update([cap.cap_fen, cap.settled_fen, cap.prior_fen, cap.left_fen])
    wanted.update([sum(use.deductible_fen for use in card.uses), sum(use.fund_fen for use in card.uses)])
    assert wanted - amounts(paper) == Counter()
    assert sum((amounts(paper) - wanted).values()) == 4 * (len(pages(paper)) - 1), "sums carried over"
    for use in card.uses:
        assert use.voucher_number in text(paper)
    assert card.record.person.id_number not in run_on(paper)


# -- whatever is typed ----------------------------------------------------------------------------------------------


def acceptance_with(payload: str) -> Acceptance:
    materials = (Material(payload, 1, is_copy=False, total_fen=123_456), Material(payload))
    return samples.acceptance(
        number=payload, name=payload, id_number=payload, area_name=payload, clerk=payload, agent=payload,
        materials=materials,
    )  # fmt: skip


def papers_with(payload: str) -> dict[str, bytes]:
    office = replace(OFFICE, name=payload, address=payload, phone=payload)
    given = acceptance_with(payload)
    missing = (MissingMaterial(payload, payload),)
    card = samples.year_card()
    known = PersonRecord(1, samples.person(name=payload, id_number=payload), card.record.entitlement, "990100")
    card = replace(card, record=known, area_name=payload, document=payload, missing_parameters=(payload,))
    records = [replace(each, voucher_number=payload, clerk=payload, person=known.person) for each in month_of(8)]
    listed = samples.payment_list(3, is_answered=True, name=payload, bank=payload, account=payload)
    listed = replace(listed, list_number=payload, made_by=payload)
    return {
        "acceptance": acceptance_bytes(given, office=office),
        "one-time": one_time_notice_bytes(given, missing, until=None, office=office),
        "bank-list": payment_list_bytes(listed, office=office),
        "month": month_ledger_bytes(records, date(2026, 11, 1), office=office, made_by=payload),
        "year-card": year_card_bytes(card, office=office, made_at=NOW, made_by=payload),
    }


@pytest.mark.parametrize("payload", MARKUP)
def test_markup_in_every_field_of_the_other_papers_is_nothing_but_text(payload: str) -> None:
    plain = papers_with("甲")
    for name, paper in papers_with(payload.replace("{canary}", "canary.png")).items():
        assert amounts(plain[name]) - amounts(paper) == Counter(), name
        assert check_paper(paper, [SIGNER.public_key]).is_sound, name
        assert_nothing_active(paper)


@pytest.mark.parametrize("sheet", PageFormat, ids=lambda each: each.setting)
def test_a_voucher_is_small(sheet: PageFormat) -> None:
    three = samples.settlement(*(samples.paid(samples.receipt(f"{place:010d}")) for place in range(3)))
    fees = samples.with_fees()
    for settlement in (fees, three, samples.refusal(), samples.reversal_of(fees), samples.correction_of(fees)):
        for copy in Copy:
            paper = voucher_bytes(settlement, office=replace(OFFICE, page_format=sheet), copy=copy, reprint=3)
            assert len(paper) <= 60_000
