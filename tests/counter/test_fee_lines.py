"""Fees by category and by item come to the paper's total to the fen, or the receipt is not settled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.draft import FeeDraft, ReceiptDraft
from clerk_app.counter.fee_lines import (
    PARTS,
    carry_over,
    choose_category,
    disagreements,
    remainder,
    sums_of,
    total_of_fees,
    work_out,
)
from clerk_app.errors import ClerkError
from clerk_app.money import format_yuan, parse_yuan
from clerk_app.receipts.claim import Fee
from tests.counter.people import filled, receipt


def fee(category: str, amount: str, **more: str) -> FeeDraft:
    return FeeDraft(name="某项", category=category, amount=amount, typed={"amount"}, **more)


def item(item_class: str, price: str, quantity: str = "", **more: str) -> FeeDraft:
    line = FeeDraft(
        what="XA01", name="某药", category="09", item_class=item_class, price=price, quantity=quantity, **more
    )
    work_out(line)
    return line


def amounts(line: FeeDraft) -> tuple[str, ...]:
    return (line.amount, line.self_funded, line.over_limit, line.paid_first)


@pytest.mark.parametrize(
    ("text", "category", "name"),
    [("9", "09", "西药费"), ("09", "09", "西药费"), ("１３", "13", "挂号费"), ("化验费", "04", "化验费")],
)
def test_a_category_is_chosen_by_its_code_or_word(text: str, category: str, name: str) -> None:
    line = FeeDraft(what="XA01", item_class="03", limit="1")
    choose_category(line, text)

    assert (line.category, line.name, line.what, line.item_class, line.limit) == (category, name, "", "", "")


def test_what_is_no_category_is_a_name() -> None:
    line = FeeDraft()
    choose_category(line, " 15 ")

    assert (line.category, line.name) == ("", "15")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (item("01", "12.5", "3"), ("37.50", "", "", "")),
        (item("01", "0.3333", "3"), ("1.00", "", "", "")),
        (item("01", "0.005"), ("0.01", "", "", "")),
        (item("03", "20", "2"), ("40.00", "40.00", "", "")),
        (item("02", "100", "2", share="10"), ("200.00", "", "", "20.00")),
        (item("02", "100", "2", share="10", limit="80"), ("200.00", "", "40.00", "16.00")),
        (item("01", "50", "1", limit="60"), ("50.00", "", "", "")),
        (item("02", "0.05", "1", share="10"), ("0.05", "", "", "0.01")),
        (item("02", "0.04", "1", share="10%"), ("0.04", "", "", "")),
        (item("03", "一"), ("", "", "", "")),
    ],
)
def test_an_items_parts_follow_from_the_catalogue(line: FeeDraft, expected: tuple[str, ...]) -> None:
    assert amounts(line) == expected


def test_what_is_typed_is_not_worked_out() -> None:
    line = item("02", "100", "2", share="10")
    line.amount, line.paid_first, line.typed = "150", "0", {"amount", "paid_first"}
    work_out(line)

    assert (line.amount, line.paid_first) == ("150", "0")
    line.typed.clear()
    work_out(line)
    assert amounts(line) == ("200.00", "", "", "20.00")


def test_the_sums_stand_in_the_receipt_and_the_categories_in_the_settlement(entry: ClaimEntry) -> None:
    line = receipt("A1", "1000")
    line.fees = [fee("13", "10"), fee("09", "600", self_funded="50"), fee("09", "390", paid_first="30"), FeeDraft()]
    carry_over(line)
    assert (line.self_funded, line.over_limit, line.paid_first) == ("50.00", "", "30.00")
    filled(entry, line)

    settled = entry.settle().receipts[0]

    assert settled.receipt.fees == (Fee("09", 99000, 5000, 0, 3000), Fee("13", 1000))
    assert (settled.receipt.self_funded_fen, settled.receipt.paid_first_fen) == (5000, 3000)
    assert settled.fund_fen == (92000 - 60000) // 2


@pytest.mark.parametrize(
    ("fees", "field", "words"),
    [
        ([fee("09", "999.99")], "total", "相差 0.01"),
        ([fee("09", "1000.01")], "total", "合计 1,000.01"),
        ([fee("09", "1000", self_funded="1")], "self_funded", "1.00"),
        ([fee("", "1000")], "total", "第 1 行：请选择费用类别"),
        ([fee("09", "1000"), FeeDraft(), fee("09", "-1")], "total", "第 3 行"),
        ([fee("09", "1000", paid_first="900", self_funded="101")], "total", "大于这一行的金额"),
        ([fee("09", "1,000.001")], "total", "两位小数"),
        ([fee("09", "1000", quantity="1e3")], "total", "四位小数"),
    ],
)
def test_lines_that_do_not_agree_with_the_paper_bar_the_settlement(
    entry: ClaimEntry, fees: list[FeeDraft], field: str, words: str
) -> None:
    line = receipt("A1", "1000")
    line.fees = fees
    filled(entry, line)

    found = [problem.sentence for problem in entry.problems() if problem.place.field == field]
    assert any(words in said for said in found)
    with pytest.raises(ClerkError, match="form_incomplete"):
        entry.settle()


def test_the_remainder_completes_the_total() -> None:
    line = ReceiptDraft(total="100", fees=[fee("09", "60.5"), FeeDraft(), fee("13", "9")])

    assert remainder(line, 1) == "30.50"
    assert remainder(line, 2) == "39.50"
    assert total_of_fees(line) == "69.50"
    line.total = "50"
    assert remainder(line, 1) == ""


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["01", "02", "03"]),
            st.integers(0, 10**7),
            st.integers(0, 99),
            st.integers(0, 10**6),
            st.integers(0, 100),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_worked_out_lines_always_agree_with_a_receipt_of_their_sum(rows: list[tuple[str, int, int, int, int]]) -> None:
    line = ReceiptDraft(number="A1")
    line.fees = [
        item(item_class, f"{price / 10000:.4f}", str(quantity), limit=f"{limit / 10000:.4f}", share=str(share))
        for item_class, price, quantity, limit, share in rows
    ]
    carry_over(line)
    line.total = total_of_fees(line)

    assert list(disagreements(line)) == []
    sums = sums_of(line.fees)
    assert sums.total_fen == parse_yuan(line.total) == sum(fee.total_fen for fee in sums.by_category)
    assert all(sums.parts_fen[name] >= 0 for name in PARTS)
    assert sum(sums.parts_fen.values()) <= sums.total_fen
    by_category = zip(*(fee[2:] for fee in sums.by_category), strict=True)
    assert tuple(map(sum, by_category)) == tuple(sums.parts_fen.values())
    assert format_yuan(sums.total_fen, separators=True) == line.total
