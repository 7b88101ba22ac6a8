"""The personal account's part of what the person bears."""

from __future__ import annotations

import pytest

from clerk_app.codes import Payer
from clerk_app.money import format_yuan, parse_yuan
from clerk_app.receipts.claim import AccountOffer


def offer(balance: str, payer: Payer = Payer.SELF) -> AccountOffer:
    return AccountOffer(parse_yuan(balance), payer)


def shown(claim):
    return [format_yuan(fen) for fen in (claim.person_fen, claim.account_fen, claim.cash_fen)]


@pytest.mark.parametrize(
    ("balance", "account", "cash"),
    [("0", "0.00", "800.00"), ("100", "100.00", "700.00"), ("800", "800.00", "0.00"), ("9999", "800.00", "0.00")],
)
def test_the_account_pays_what_it_has_of_what_the_person_bears(desk, receipt, balance, account, cash):
    claim = desk("jiangxi").decide(receipt("A", "2023-03-01", "1000", "三级"), account=offer(balance))
    assert shown(claim) == ["800.00", account, cash]


def test_an_overdrawn_account_pays_nothing_and_never_less(desk, receipt):
    claim = desk("jiangxi").decide(receipt("A", "2023-03-01", "1000", "三级"), account=offer("-5"))
    assert shown(claim) == ["800.00", "0.00", "800.00"]


@pytest.mark.parametrize("payer", Payer)
@pytest.mark.parametrize(
    ("area", "article"),
    [
        ("jiangxi", "江西省实施意见 二(五)"),
        ("chongqing", "渝府办发〔2022〕16号 二(三)2"),
        ("nanyang", "宛政办〔2022〕42号 第九条"),
    ],
)
def test_spouse_parents_and_children_may_pay_too(desk, receipt, payer, area, article):
    paper = receipt("A", "2023-03-01", "1000", settled_by_network=True)
    claim = desk(area).decide(paper, account=offer("10", payer))
    assert (claim.account_fen, str(claim.account.source)) == (1000, article)


@pytest.mark.parametrize("area", ["jilin", "jining"])
def test_where_the_document_is_silent_no_account_pays(desk, receipt, area):
    claim = desk(area).decide(receipt("A", "2023-03-01", "1000", networked=True), account=offer("100"))
    assert (claim.account_fen, claim.cash_fen) == (0, claim.person_fen)


def test_an_excluded_use_is_never_paid_from_an_account(desk, receipt):
    papers = [receipt("A", "2023-03-01", "300", exclusion="养生保健"), receipt("B", "2023-03-02", "500")]
    claim = desk("jiangxi").decide(*papers, account=offer("9999"))
    assert shown(claim) == ["800.00", "500.00", "300.00"]


def test_an_undesignated_institution_is_never_paid_from_an_account(desk, receipt):
    papers = [
        receipt("A", "2023-03-01", "300", designated=False, settled_by_network=True),
        receipt("B", "2023-03-02", "500"),
    ]
    claim = desk("jiangxi").decide(*papers, account=offer("9999"))
    # 600 is the deductible; of the 200 above it 100 are paid, all for the designated one.
    assert shown(claim) == ["700.00", "400.00", "300.00"]
