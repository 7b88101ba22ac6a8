"""Worked examples written as the file that ``case_file`` reads, and claims without anything that names a person.

What decides an amount is kept as it is: dates, amounts, tiers, kinds of care, diseases. Names, numbers and codes of
persons, bills and hospitals become running ones; two that were the same stay the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, time

from clerk_app.adjudication.explanation import percent
from clerk_app.codes import InstitutionKind, Material
from clerk_app.examples.case import (
    Accumulated,
    Case,
    Expected,
    ExpectedReceipt,
    NetworkStep,
    Prior,
    ReverseStep,
    SettleStep,
    Step,
)
from clerk_app.money import format_yuan
from clerk_app.policy.strict_yaml import Item
from clerk_app.receipts.claim import Claim, Institution, Receipt
from clerk_app.receipts.institution_code import is_inside
from clerk_app.receipts.insured import Entitlement, Period

#: What YAML reads as the text that it is.
_PLAIN = re.compile(r"[一-鿿A-Za-z0-9][一-鿿A-Za-z0-9_.\-]*")
_NULLS = ("null", "Null", "NULL")


class Anonymiser:
    """Gives out running names; it knows the bills, hospitals and visits that it met before.

    Args:
        area_code: The insured person's own area, which tells care inside it from care outside.
        shown_area_code: The area under which the example is written, a framework's for an area that fills it.
    """

    def __init__(self, area_code: str, shown_area_code: str) -> None:
        self._area_code = area_code
        self._shown_area_code = shown_area_code
        self._bills: dict[str, str] = {}
        self._hospitals: dict[str, str] = {}
        self._visits: dict[str, str] = {}

    def claim(self, claim: Claim) -> Claim:
        """The claim with running numbers and sample names."""
        return replace(claim, receipts=tuple(self.receipt(receipt) for receipt in claim.receipts))

    def receipt(self, receipt: Receipt) -> Receipt:
        """One paper; the diagnosis and the categories of fees decide nothing and are left out."""
        label = receipt.visit_label
        return replace(
            receipt,
            number=self._bills.setdefault(receipt.bill_key, f"A{len(self._bills) + 1}"),
            bill_code="",
            institution=self._institution(receipt),
            visit_label=self._visits.setdefault(label, f"就诊{len(self._visits) + 1}") if label else "",
            diagnosis="",
            fees=(),
        )

    def _institution(self, receipt: Receipt) -> Institution:
        """A code tells the area and a pharmacy; both are said in words of their own instead."""
        institution = receipt.institution
        is_pharmacy = institution.is_pharmacy
        name = "示例药店" if is_pharmacy else "示例医院"
        is_local = is_inside(receipt.visited_area, self._area_code)
        return replace(
            institution,
            name=self._hospitals.setdefault(institution.key, f"{name}{len(self._hospitals) + 1}"),
            code="",
            kind=InstitutionKind.PHARMACY if is_pharmacy else institution.kind,
            area_code=self._shown_area_code if is_local else "",
        )


def write_case(case: Case, area_code: str, parameters: Item | None = None) -> str:
    """The case in the format of ``case_file``; read again it is the same case.

    Args:
        area_code: Under which the case is written.
        parameters: 参数, what fills the area's framework.
    """
    lines = [f"- 名称: {_text(case.name)}", f"  出处: {_text(case.source)}", f"  统筹区: {json.dumps(area_code)}"]
    if parameters is not None:
        lines.append(f"  参数: {_item(parameters)}")
    lines += [f"  {line}" for line in _person(case.entitlement)]
    if case.prior:
        lines.append(f"  已享受: {_list(_prior(prior) for prior in case.prior)}")
    lines.append("  步骤:")
    for step in case.steps:
        lines += [f"    {line}" for line in _step(step)]
    return "\n".join(lines) + "\n"


# -- the person --------------------------------------------------------------------------------------------------------


def _person(entitlement: Entitlement) -> Iterator[str]:
    pairs = [("险种", entitlement.insurance.term), ("人员类别", entitlement.status.term)]
    if entitlement.retirement_registered_on is not None:
        pairs.append(("退休办理日期", entitlement.retirement_registered_on.isoformat()))
    if entitlement.coverage is not None:
        pairs.append(("参保", _list(_block(_period(period)) for period in entitlement.coverage)))
    if entitlement.stays:
        stays = (_block(_days("入院", stay.admitted_on, "出院", stay.discharged_on)) for stay in entitlement.stays)
        pairs.append(("住院", _list(stays)))
    if entitlement.conditions:
        conditions = (
            _block([("病种", _text(each.disease)), ("类别", each.benefit.term), *_period(each.period)])
            for each in entitlement.conditions
        )
        pairs.append(("慢特病", _list(conditions)))
    yield f"参保人: {_block(pairs)}"
    if entitlement.filings is not None:
        filings = (_block([("类别", each.category.term), *_period(each.period)]) for each in entitlement.filings)
        yield f"备案: {_list(filings)}"


def _period(period: Period) -> list[tuple[str, str]]:
    return _days("起", period.starts_on, "止", period.ends_on)


def _days(first_key: str, first: date, last_key: str, last: date | None) -> list[tuple[str, str]]:
    pairs = [(first_key, first.isoformat())]
    return pairs if last is None else [*pairs, (last_key, last.isoformat())]


def _prior(prior: Prior, deductible_key: str = "起付线已付", fund_key: str = "统筹已付") -> str:
    disease = [("病种", _text(prior.disease))] if prior.disease else []
    return _block(
        [
            ("年度", str(prior.year)),
            ("待遇", prior.benefit.term),
            *disease,
            (deductible_key, format_yuan(prior.deductible_fen)),
            (fund_key, format_yuan(prior.fund_fen)),
        ]
    )


# -- steps -------------------------------------------------------------------------------------------------------------


def _step(step: Step) -> Iterator[str]:
    if isinstance(step, SettleStep):
        yield "- 结算:"
        yield from (f"    {line}" for line in _claim(step.claim))
    elif isinstance(step, ReverseStep):
        yield f"- 冲正: {{步骤: {step.index + 1}}}"
    else:
        assert isinstance(step, NetworkStep)
        yield f"- 联网结算: {_prior(step.prior, '起付线', '统筹支付')}"
    if step.expected is not None:
        yield "  应得:"
        yield from (f"    {line}" for line in _expected(step.expected))


def _claim(claim: Claim) -> Iterator[str]:
    if claim.handed_in_on is not None:
        yield f"日期: {claim.handed_in_on.isoformat()}"
    if claim.materials is not None:
        yield f"材料: {_list(material.term for material in Material if material in claim.materials)}"
    if claim.account is not None:
        offer = [("余额", format_yuan(claim.account.balance_fen)), ("付款人", claim.account.payer.term)]
        yield f"个人账户: {_block(offer)}"
    yield "票据:"
    for receipt in claim.receipts:
        yield f"  - {_block(_receipt(receipt))}"


def _receipt(receipt: Receipt) -> Iterator[tuple[str, str]]:
    institution = receipt.institution
    if receipt.bill_code:
        yield "代码", _text(receipt.bill_code)
    yield "号码", _text(receipt.number)
    yield "就诊时间", receipt.visited_on.isoformat() + _clock(receipt.visited_at)
    yield "医疗机构", _text(institution.name)
    if institution.code:
        yield "机构编码", _text(institution.code)
    if institution.tier is not None:
        yield "等级", institution.tier.term
    if institution.kind is not InstitutionKind.GENERAL:
        yield "机构类别", institution.kind.term
    if institution.networked:
        yield "联网机构", "true"
    if not institution.designated:
        yield "定点", "false"
    if institution.area_code:
        yield "就医地", json.dumps(institution.area_code)
    yield "待遇", receipt.benefit.term
    texts = (("病种", receipt.disease), ("就诊", receipt.visit_label), ("不予支付情形", receipt.exclusion))
    yield from ((key, _text(text)) for key, text in texts if text)
    if receipt.dual_channel:
        yield "双通道", "true"
    if receipt.settled_by_network:
        yield "已联网结算", "true"
    yield "总额", format_yuan(receipt.total_fen)
    amounts = (
        ("全自费", receipt.self_funded_fen),
        ("超限价", receipt.over_limit_fen),
        ("先行自付", receipt.paid_first_fen),
        ("票面统筹支付", receipt.printed_fund_fen),
    )
    yield from ((key, format_yuan(fen)) for key, fen in amounts if fen)


def _clock(moment: time | None) -> str:
    if moment is None:
        return ""
    return f" {moment:%H:%M:%S}" if moment.second else f" {moment:%H:%M}"


# -- what is expected --------------------------------------------------------------------------------------------------


def _expected(expected: Expected) -> Iterator[str]:
    if expected.decision is not None:
        yield f"结论: {expected.decision.term}"
    if expected.reasons is not None:
        yield f"原因: {_list(sorted(expected.reasons))}"
    yield from (
        f"{key}: {value}"
        for key, value in _amounts(
            ("总额", expected.total_fen),
            ("统筹支付", expected.fund_fen),
            ("个人负担", expected.person_fen),
            ("个人账户支付", expected.account_fen),
            ("个人现金", expected.cash_fen),
        )
    )
    if expected.citations is not None:
        yield f"引用: {_list(map(_text, expected.citations))}"
    if expected.receipts is not None:
        yield "票据:"
        yield from (f"  - {_block(_expected_receipt(receipt))}" for receipt in expected.receipts)
    if expected.accumulated is not None:
        yield f"累计: {_block(_accumulated(expected.accumulated))}"


def _expected_receipt(expected: ExpectedReceipt) -> Iterator[tuple[str, str]]:
    if expected.decision is not None:
        yield "结论", expected.decision.term
    if expected.reasons is not None:
        yield "原因", _list(sorted(expected.reasons))
    yield from _amounts(("政策范围内", expected.in_scope_fen), ("起付线", expected.deductible_fen))
    if expected.ratio_bp is not None:
        yield "比例", percent(expected.ratio_bp)
    yield from _amounts(
        ("统筹支付", expected.fund_fen),
        ("个人负担", expected.person_fen),
        ("超限额", expected.over_cap_fen),
        ("参考支付", expected.if_networked_fen),
    )
    if expected.citations is not None:
        yield "引用", _list(map(_text, expected.citations))


def _accumulated(accumulated: Accumulated) -> Iterator[tuple[str, str]]:
    if accumulated.year is not None:
        yield "年度", str(accumulated.year)
    if accumulated.benefit is not None:
        yield "待遇", accumulated.benefit.term
    yield from _amounts(("起付线已付", accumulated.deductible_fen), ("统筹已付", accumulated.fund_fen))


def _amounts(*amounts: tuple[str, int | None]) -> Iterator[tuple[str, str]]:
    return ((key, format_yuan(fen)) for key, fen in amounts if fen is not None)


# -- YAML --------------------------------------------------------------------------------------------------------------


def _item(item: Item) -> str:
    """A value of an officer's file, on one line."""
    if item.is_mapping:
        return _block([(_text(key), _item(value)) for key, value in item.pairs()])
    if item.is_list:
        return _list(_item(entry) for entry in item.items())
    return _text(item.text())


def _block(pairs: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"


def _list(values: Iterable[str]) -> str:
    return "[" + ", ".join(values) + "]"


def _text(text: str) -> str:
    """A scalar that is read as this text, whatever it holds."""
    if _PLAIN.fullmatch(text) and text not in _NULLS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(character if character.isprintable() else f"\\U{ord(character):08x}" for character in quoted)
