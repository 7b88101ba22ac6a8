from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from clerk_app.documents import terms
from clerk_app.documents.office import Copy
from clerk_app.documents.page_format import PageFormat
from clerk_app.documents.voucher import voucher_bytes, write_voucher
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import SettledReceipt, Settlement
from clerk_app.money import capitals
from clerk_app.receipts.claim import Fee
from tests.documents import samples
from tests.documents.reading import amounts, collisions, figures_in, fonts, pages, run_on, text


def made(settlement: Settlement, **changes: object) -> bytes:
    return voucher_bytes(settlement, **({"office": samples.OFFICE, "copy": Copy.AGENCY} | changes))


def four() -> Settlement:
    return samples.settlement(
        samples.paid(),
        samples.paid(samples.receipt("0000000002", total_fen=123_456), used_before_fen=10_000),
        samples.paid(samples.receipt("0000000003", total_fen=8_800), fund_before_fen=199_000, used_before_fen=10_000),
        samples.refused(),
    )


def figures_of(settled: SettledReceipt) -> list[int]:
    return [
        settled.in_scope_fen,
        settled.deductible_standard_fen,
        settled.deductible_used_before_fen,
        settled.deductible_fen,
        settled.share_fen,
        settled.cap_fen,
        settled.fund_used_before_fen,
        settled.fund_fen,
        settled.over_cap_fen,
        settled.person_fen,
    ]


def expected(settlement: Settlement, sign: int = 1) -> Counter[int]:
    """Every amount of the settlement that its tables print."""
    wanted: Counter[int] = Counter()
    for settled in settlement.receipts:
        wanted[sign * settled.receipt.total_fen] += 1
        if settled.decision == "pay":
            wanted.update(figures_of(settled))
    wanted.update(
        [
            settlement.total_fen,
            settlement.in_scope_fen,
            settlement.fund_fen,
            settlement.person_fen,
            settlement.account_fen,
            settlement.cash_fen,
        ]
    )
    for total in settlement.year_totals:
        wanted.update([total.deductible_fen, total.fund_fen])
    return wanted


@pytest.mark.parametrize(
    "settlement",
    [samples.with_fees(), four(), samples.settlement(*samples.many_receipts()), samples.worst(), samples.refusal()],
    ids=["one", "four", "forty", "worst", "refusal"],
)
def test_every_amount_on_the_paper_is_the_settlements(settlement: Settlement) -> None:
    assert expected(settlement) - amounts(made(settlement)) == Counter()


def sums(settlement: Settlement) -> Counter[int]:
    """The sums that the tables of several receipts close with."""
    receipts = [settled.receipt for settled in settlement.receipts]
    return Counter(
        [
            *(sum(column) for column in zip(*map(_summed_figures, settlement.receipts), strict=True)),
            sum(receipt.paid_first_fen for receipt in receipts),
            sum(receipt.over_limit_fen for receipt in receipts),
            sum(receipt.self_funded_fen for receipt in receipts),
        ]
    )


def _summed_figures(settled: SettledReceipt) -> list[int]:
    figures = figures_of(settled)
    return [figures[0], figures[3], figures[4], figures[7], figures[8], figures[9]]


@pytest.mark.parametrize("settlement", [four(), samples.refusal(samples.refused(), samples.refused())])
def test_no_amount_is_on_the_paper_that_is_not_the_settlements(settlement: Settlement) -> None:
    known = expected(settlement) + sums(settlement)
    for settled in settlement.receipts:
        known.update(figures_in(" ".join((settled.summary, *settled.explanation))))
        if settled.decision == "refuse":
            known.update([settled.in_scope_fen, settled.fund_fen, settled.person_fen])

    printed = amounts(made(settlement))

    assert sums(settlement) - printed == Counter()
    assert printed.keys() - known.keys() == set()


def test_a_refused_receipt_has_no_figures_of_a_calculation() -> None:
    odd = replace(samples.refused(), deductible_standard_fen=77_701, cap_fen=77_702, fund_used_before_fen=77_703)

    assert not amounts(made(samples.refusal(odd))).keys() & {77_701, 77_702, 77_703}


@pytest.mark.parametrize("fund_fen", [-1_234, 5_678], ids=["gives back", "gains"])
def test_a_correction_prints_the_differences_alone_and_points_at_the_original(fund_fen: int) -> None:
    correction = samples.correction_of(four(), fund_fen)

    paper = made(correction)

    assert expected(correction, sign=0) - amounts(paper) == Counter()
    words = run_on(paper)
    assert "示例市医疗保险手工（零星）报销更正单" in words
    assert f"原结算单{correction.original_number}" in words
    assert f"更正原因{correction.correction_reason}" in words
    assert "更正后的计算说明" in words
    assert capitals(correction.fund_fen) in text(paper)
    assert "冲正" not in words
    assert collisions(paper) == []


def test_a_corrected_voucher_names_its_corrections_when_it_is_printed_again() -> None:
    numbers = ("990100-2026-000125", "990100-2026-000126")
    words = run_on(made(samples.settlement(corrected_by=numbers), reprint=1))
    assert f"更正单{'、'.join(numbers)}结算" in words


def test_a_reversal_prints_negative_amounts_and_points_at_the_original() -> None:
    reversal = samples.reversal_of(four())

    paper = made(reversal)

    assert expected(reversal, sign=-1) - amounts(paper) == Counter()
    assert "冲正单" in text(paper)
    assert f"原结算单{reversal.original_number}" in run_on(paper)
    assert reversal.reversal_reason in text(paper)
    assert capitals(reversal.fund_fen).startswith("负")
    assert capitals(reversal.fund_fen) in text(paper)


def test_the_fees_are_printed_by_category() -> None:
    paper = made(samples.with_fees())

    words = " ".join(text(paper).split())
    for row in (
        "诊察费 20.00 14.40 0.00 5.60 0.00",
        "检查费 120.00 120.00 0.00 0.00 0.00",
        "西药费 300.00 267.00 23.00 0.00 10.00",
        "合计 560.00 515.20 28.00 5.60 11.20",
    ):
        assert row in words


def test_the_categories_of_all_receipts_are_added_up_and_what_has_none_stands_at_the_end() -> None:
    of_one = samples.paid(samples.receipt(fees=samples.FEES))
    paper = made(samples.settlement(of_one, of_one, samples.paid(samples.receipt("0000000002", total_fen=10_000))))

    words = " ".join(text(paper).split())
    assert "西药费 600.00 534.00 46.00 0.00 20.00" in words
    assert "挂号费 10.00 10.00 0.00 0.00 0.00 未分类 100.00 92.00 5.00 1.00 2.00 合计 1,220.00" in words


def test_every_category_fits_a_page_with_one_receipt_and_is_carried_over_on_short_paper() -> None:
    fees = tuple(Fee(f"{code:02d}", 10_000, 100 * code, 0, 50 * code) for code in range(1, 15))
    receipt = samples.receipt(total_fen=140_000, fees=fees, self_funded_fen=10_500, over_limit_fen=0,
                              paid_first_fen=5_250)  # fmt: skip
    settlement = samples.settlement(samples.paid(receipt))

    assert len(pages(made(settlement))) == 1
    half = replace(samples.OFFICE, page_format=PageFormat.CONTINUOUS_HALF)
    split = [" ".join(page.split()) for page in pages(voucher_bytes(settlement, office=half, copy=Copy.AGENCY))]
    (before,) = [page for page in split if "过次页" in page]
    count = before.count(" 100.00 ")
    fields = ("total_fen", "in_scope_fen", "paid_first_fen", "over_limit_fen", "self_funded_fen")
    upto = " ".join(terms.yuan(sum(getattr(fee, name) for fee in fees[:count])) for name in fields)
    assert f"过次页 {upto}" in before
    assert any(f"承前页 {upto}" in page for page in split)


def test_a_correction_counts_no_fee_again() -> None:
    words = text(made(samples.correction_of(samples.with_fees())))
    assert "西药费" not in words
    assert "未分类" not in words


@pytest.mark.parametrize(
    ("settlement", "words"),
    [
        (samples.with_fees(), "领款方式银行转账"),
        (samples.correction_of(samples.with_fees(), 5_678), "领款方式银行转账"),
        (samples.refusal(), "领款方式本单不付款"),
        (samples.reversal_of(samples.with_fees()), "领款方式本单不付款；原单已付的，按规定收回"),
        (samples.correction_of(samples.with_fees()), "领款方式本单不付款；原单已付的，按规定收回"),
    ],
    ids=["paid", "gains", "refused", "reversed", "gives back"],
)
def test_nothing_is_said_to_be_transferred_by_a_voucher_that_grants_nothing(settlement: Settlement, words: str) -> None:
    read = run_on(made(settlement))
    assert words in read
    assert ("银行转账" in read) == (settlement.fund_fen > 0)


@pytest.mark.parametrize("count", range(1, 12))
def test_what_is_paid_stands_on_one_page_with_the_total(count: int) -> None:
    receipts = [samples.paid(samples.receipt(f"{place:010d}")) for place in range(count)]
    half = replace(samples.OFFICE, page_format=PageFormat.CONTINUOUS_HALF)
    (page,) = [page for page in pages(made(samples.settlement(*receipts), office=half)) if "（大写）" in page]
    assert "医疗费总额" in page
    assert "个人现金" in page


def test_a_reversed_voucher_says_so() -> None:
    paper = made(replace(samples.with_fees(), reversed_by="990100-2026-000999"))

    assert "本单已由冲正单 990100-2026-000999 冲正" in text(paper)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_an_ordinary_claim_is_one_page(count: int) -> None:
    receipts = [samples.paid(samples.receipt(f"{place:010d}")) for place in range(count)]

    assert len(pages(made(samples.settlement(*receipts)))) == 1


def test_the_paper_says_who_what_and_under_which_rule() -> None:
    settlement = four()

    words = run_on(made(settlement))

    for wanted in (
        "示例市医疗保险手工（零星）报销结算单",
        settlement.voucher_number,
        settlement.acceptance_number,
        "单位：元",
        "张三示例",
        settlement.person.id_number,
        "居民身份证",
        "异地长期居住2026-01-01至长期",
        "邻省示例市第一人民医院",
        "H99010100001",
        "急性上呼吸道感染",
        "990601250000000002",
        samples.DOCUMENT,
        samples.HASH[:12],
        capitals(settlement.fund_fen),
        "不予支付：异地门诊费用未通过医保信息系统直接结算",
        "（配偶账户）50.00",
        "票据与病历相符（王五示例）",
        "李四示例",
        "初审",
        "领款人",
        "经办机构盖章",
        "第1页共1页",
        samples.OFFICE.phone,
    ):
        assert wanted.replace(" ", "") in words.replace(" ", ""), wanted
    for settled in settlement.receipts:
        assert "".join(settled.summary.split()) in words
        for line in settled.explanation:
            assert "".join(line.split()) in words


def test_every_page_of_forty_receipts_has_the_head_and_its_number() -> None:
    settlement = samples.settlement(*samples.many_receipts(40))

    read = pages(made(settlement))

    assert len(read) > 1
    for place, page in enumerate(read, 1):
        assert "报销结算单" in page
        assert settlement.voucher_number in page
        assert f"第 {place} 页" in page
        assert f"共 {len(read)} 页" in page
    assert "过次页" in read[0]
    assert "承前页" in read[1]


def test_sums_carried_over_the_page_are_those_of_the_receipts_before_it() -> None:
    settlement = samples.settlement(*samples.many_receipts(40))

    first = pages(made(settlement))[0]

    count = int(first.split("前 ")[1].split(" 张")[0])
    carried_fen = sum(settled.receipt.total_fen for settled in settlement.receipts[:count])
    assert f"{carried_fen // 100:,}.{carried_fen % 100:02d}" in first.split(f"前 {count} 张")[1]


def test_the_copy_of_the_insured_hides_id_and_account_and_the_others_do_not() -> None:
    settlement = samples.with_fees()
    assert settlement.payee is not None
    secrets = (settlement.person.id_number, settlement.payee.account)

    for copy in Copy:
        paper = made(settlement, copy=copy)
        assert copy.words.replace("　", "") in run_on(paper)
        for secret in secrets:
            assert (secret in run_on(paper)) == (copy is not Copy.INSURED)
    assert "990101********" in text(made(settlement, copy=Copy.INSURED))


def test_a_reprint_says_how_often() -> None:
    assert "补打 3" in text(made(samples.with_fees(), reprint=3))
    assert "补打" not in text(made(samples.with_fees()))


def test_every_page_carries_the_head_of_the_audit_trail() -> None:
    settlement = samples.settlement(*samples.many_receipts(40))
    assert settlement.head is not None
    for page in pages(made(settlement)):
        assert f"校验码 {settlement.head.printed}" in page
    assert "校验码" not in text(made(replace(settlement, head=None)))


def test_a_practice_paper_says_so_on_every_page() -> None:
    office = replace(samples.OFFICE, practice=True)

    read = pages(made(samples.settlement(*samples.many_receipts()), office=office))

    assert all("练习" in page for page in read)
    assert "练习" not in text(made(samples.with_fees()))


@pytest.mark.parametrize("character", list(samples.RARE))
def test_a_rare_character_is_extracted_as_it_was_typed(character: str) -> None:
    paper = made(samples.settlement(person=samples.person(name=f"示{character}例")))

    assert f"示{character}例" in text(paper)


def test_a_character_that_cannot_be_printed_is_named() -> None:
    with pytest.raises(ClerkError) as caught:
        made(samples.settlement(person=samples.person(name="张\U0001f600")))

    assert caught.value.details == {"code_point": "U+1F600"}


@pytest.mark.parametrize("field", ["name", "employer", "phone"])
@pytest.mark.parametrize("payload", [samples.MARKUP, "<para>&#65;</para>", "%(x)s {0} \\n", "(a\\)b"])
def test_markup_prints_literally(field: str, payload: str) -> None:
    settlement = samples.settlement(person=samples.person(**{field: payload}))

    paper = made(settlement)

    assert "".join(payload.split()) in run_on(paper)
    assert expected(settlement) - amounts(paper) == Counter()


def test_all_fonts_are_embedded_and_none_is_a_standard_font() -> None:
    paper = made(samples.worst(), office=replace(samples.OFFICE, practice=True))

    embedded = fonts(paper)

    assert embedded
    assert all(embedded.values())
    assert not [name for name in embedded if "Helvetica" in name]
    assert any("HanaMin" in name for name in embedded)


def test_the_file_has_a_title_and_its_language() -> None:
    with pikepdf.open(io.BytesIO(made(samples.with_fees()))) as pdf:
        assert str(pdf.Root.Lang) == "zh-CN"
        assert str(pdf.docinfo["/Title"]) == "示例市医疗保险手工（零星）报销结算单 990100-2026-000123"


def test_the_same_settlement_gives_the_same_file() -> None:
    assert made(four()) == made(four())


def test_nothing_stands_outside_the_paper_or_on_top_of_each_other() -> None:
    long_name = "阿卜杜拉示例·" * 12
    office = replace(samples.OFFICE, name="示例市医疗保障事务中心" * 8)
    many = samples.settlement(
        *samples.many_receipts(),
        person=samples.person(name=long_name),
        clerk=long_name,
        area_name="示例自治州" * 12,
        reversed_by="990100-2026-000999" * 4,
    )

    for settlement in (samples.worst(), samples.reversal_of(many, reversal_reason=long_name), many):
        assert collisions(made(settlement, office=office, reprint=12)) == []


def test_a_voucher_in_a_missing_folder_is_a_plain_failure(tmp_path: Path) -> None:
    with pytest.raises(ClerkError) as caught:
        write_voucher(samples.with_fees(), tmp_path / "none" / "单.pdf", office=samples.OFFICE, copy=Copy.AGENCY)

    assert caught.value.code == "file_not_written"
