"""Reads a file of worked examples, strictly: unknown or repeated keys and impossible values are listed all at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from clerk_app.codes import (
    Benefit,
    Decision,
    FilingCategory,
    InstitutionKind,
    Insurance,
    Material,
    Payer,
    Reason,
    Status,
    Term,
    Tier,
)
from clerk_app.errors import ClerkError, FileProblems
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
from clerk_app.policy.shelf import Shelf
from clerk_app.policy.strict_yaml import Item, Section, parse_day, parse_moment, read_yaml
from clerk_app.policy.version import Policy
from clerk_app.receipts.claim import AccountOffer, Claim, Institution, Receipt
from clerk_app.receipts.institution_code import parse_institution_code
from clerk_app.receipts.insured import Condition, Entitlement, Filing, Period, Stay

_Made = TypeVar("_Made")
_TermT = TypeVar("_TermT", bound=Term)

_TIERS = {term: Tier.from_term(term) for term in Tier.terms()}
_REASONS = {reason.value: reason for reason in Reason}
_CHRONIC = {benefit.term: benefit for benefit in (Benefit.CHRONIC, Benefit.SPECIAL)}


def read_cases(path: Path, shelf: Shelf, *, need_expectations: bool = True) -> list[Case]:
    """Read every case of a file.

    Args:
        need_expectations: Each case has to list at least one amount or conclusion, so that a file without any is no
            pass. ``settle`` computes what is right and needs none.

    Raises:
        FileProblems: Everything that is wrong in the file, at once.
    """
    item = read_yaml(path, str(path))
    entries = item.items()
    if item.is_list and not entries:
        item.problem("file_empty")
    cases = [case for entry in entries if (case := _CaseReader(entry, shelf, path, need_expectations).read())]
    item.findings.raise_if_any()
    return cases


class _CaseReader:
    """Reads one case; None where a problem was found."""

    def __init__(self, item: Item, shelf: Shelf, path: Path, need_expectations: bool) -> None:
        self._item = item
        self._shelf = shelf
        self._file = str(path)
        self._need_expectations = need_expectations

    def read(self) -> Case | None:
        problems = self._item.findings.problems
        found_before = len(problems)
        top = self._item.section()
        name = top.needed_text("名称")
        source = top.needed_text("出处")
        policy = self._policy(top)
        entitlement = self._entitlement(top)
        prior = tuple(self._already(item) for item in top.items("已享受"))
        steps = self._steps(top, policy)
        top.finish()
        if len(problems) > found_before or policy is None or entitlement is None:
            return None
        if self._need_expectations and not any(step.expected and step.expected.names_a_result for step in steps):
            self._item.problem("case_expects_nothing", name=name)
        return Case(name, source, self._file, self._item.line, policy, entitlement, prior, tuple(steps))

    # -- area and person ------------------------------------------------------------------------------------

    def _policy(self, top: Section) -> Policy | None:
        area = top.need("统筹区")
        parameters = top.get("参数")
        if area is None:
            return None
        try:
            if parameters is None or not parameters.pairs():
                return self._shelf.policy(area.text())
            return self._shelf.policy_with(area.text(), parameters)
        except FileProblems as error:
            # The parameters' own problems are in the file's findings already; those of the policy's files are not.
            found = self._item.findings.problems
            found += [problem for problem in error.problems if problem not in found]
        except ClerkError as error:
            area.problem(error.code, **error.details)
        return None

    def _entitlement(self, top: Section) -> Entitlement | None:
        item = top.need("参保人")
        if item is None:
            return None
        person = item.section()
        insurance = _needed_term(person, "险种", Insurance, Insurance.EMPLOYEE)
        status = _needed_term(person, "人员类别", Status, Status.EMPLOYED)
        retired_on = person.day("退休办理日期")
        coverage = [self._period(entry.section()) for entry in person.items("参保")] if "参保" in person else None
        stays = [self._stay(entry) for entry in person.items("住院")]
        conditions = [self._condition(entry) for entry in person.items("慢特病")]
        person.finish()
        filings = [self._filing(entry) for entry in top.items("备案")] if "备案" in top else None
        return _made(
            item,
            lambda: Entitlement(
                insurance,
                status,
                retired_on,
                tuple(period for period in coverage if period) if coverage is not None else None,
                tuple(filing for filing in filings if filing) if filings is not None else None,
                tuple(stay for stay in stays if stay),
                tuple(condition for condition in conditions if condition),
            ),
        )

    @staticmethod
    def _period(section: Section) -> Period | None:
        starts = section.need("起")
        starts_on, ends_on = (starts.day() if starts else None), section.day("止")
        section.finish()
        return _made(section.item, lambda: Period(starts_on, ends_on)) if starts_on else None

    def _filing(self, item: Item) -> Filing | None:
        section = item.section()
        category = _needed_term(section, "类别", FilingCategory, FilingCategory.OTHER)
        period = self._period(section)
        return Filing(category, period) if period else None

    @staticmethod
    def _stay(item: Item) -> Stay | None:
        section = item.section()
        admitted = section.need("入院")
        admitted_on, discharged_on = (admitted.day() if admitted else None), section.day("出院")
        section.finish()
        return _made(item, lambda: Stay(admitted_on, discharged_on)) if admitted_on else None

    def _condition(self, item: Item) -> Condition | None:
        section = item.section()
        disease = section.needed_text("病种")
        kind = section.need("类别")
        benefit = kind.choice(_CHRONIC, Benefit.CHRONIC) if kind else Benefit.CHRONIC
        period = self._period(section)
        return Condition(disease, benefit, period) if period else None

    def _already(self, item: Item) -> Prior:
        """What was enjoyed is no less than nothing; a refund that comes later is a step of its own."""
        prior = self._prior(item.section(), "起付线已付", "统筹已付")
        if prior.deductible_fen < 0 or prior.fund_fen < 0:
            item.problem("prior_benefit_negative")
        return prior

    @staticmethod
    def _prior(section: Section, deductible_key: str, fund_key: str) -> Prior:
        year = section.need("年度")
        prior = Prior(
            year.read(_parse_year, 0) if year else 0,
            _needed_term(section, "待遇", Benefit, Benefit.ORDINARY),
            section.fen(deductible_key),
            section.fen(fund_key),
            section.text("病种"),
        )
        section.day("截至")
        section.finish()
        return prior

    # -- steps ----------------------------------------------------------------------------------------------

    def _steps(self, top: Section, policy: Policy | None) -> list[Step]:
        item = top.need("步骤")
        steps: list[Step | None] = []
        for entry in item.items() if item else []:
            section = entry.section()
            expected_item = section.get("应得")
            expected = _expected(expected_item) if expected_item else None
            step = self._step(section, expected, steps, policy)
            section.finish()
            steps.append(step)
        if item and item.is_list and not item.items():
            item.problem("case_without_steps")
        return [step for step in steps if step is not None]

    def _step(
        self, section: Section, expected: Expected | None, before: list[Step | None], policy: Policy | None
    ) -> Step | None:
        kinds = [kind for kind in ("结算", "冲正", "联网结算") if kind in section]
        if len(kinds) != 1:
            section.item.problem("step_kind", kinds=tuple(kinds) or ("—",))
            return None
        item = section.need(kinds[0])
        if item is None:
            return None
        if kinds[0] == "结算":
            claim = _claim(item, policy)
            return SettleStep(claim, expected) if claim else None
        if kinds[0] == "冲正":
            return ReverseStep(_reversed_index(item, before), expected)
        return NetworkStep(self._prior(item.section(), "起付线", "统筹支付"), expected)


def _reversed_index(item: Item, before: list[Step | None]) -> int:
    """The step to take back; None before stands for one that could not be read and has its own problem."""
    section = item.section()
    number = section.need("步骤")
    index = number.read(_parse_whole, 1) - 1 if number else 0
    section.text("原因")
    section.finish()
    taken_back = {step.index for step in before if isinstance(step, ReverseStep)}
    if not (0 <= index < len(before)) or isinstance(before[index], ReverseStep) or index in taken_back:
        item.problem("step_not_reversible", number=index + 1)
    return index


def _claim(item: Item, policy: Policy | None) -> Claim | None:
    section = item.section()
    handed_in_on = section.day("日期")
    materials: frozenset[Material] | None = None
    if "材料" in section:
        known = {material.term: material for material in Material}
        materials = frozenset(entry.choice(known, Material.RECEIPT) for entry in section.items("材料"))
    receipts_item = section.need("票据")
    receipts = [_receipt(entry, policy) for entry in receipts_item.items()] if receipts_item else []
    account_section = section.section("个人账户")
    account = None
    if account_section:
        balance = account_section.need("余额")
        payer = account_section.get("付款人")
        known_payers = {payer.term: payer for payer in Payer}
        account = AccountOffer(
            balance.fen() if balance else 0, payer.choice(known_payers, Payer.SELF) if payer else Payer.SELF
        )
        account_section.finish()
    section.finish()
    if None in receipts:
        return None
    return _made(
        item, lambda: Claim(tuple(receipt for receipt in receipts if receipt), handed_in_on, materials, account)
    )


def _receipt(item: Item, policy: Policy | None) -> Receipt | None:
    section = item.section()
    problems_before = len(item.findings.problems)
    moment_item = section.need("就诊时间")
    moment = moment_item.read(parse_moment, None) if moment_item else None
    total = section.need("总额")
    exclusion = section.get("不予支付情形")
    number = section.needed_text("号码")
    institution = _institution(section)
    benefit = _term(section, "待遇", Benefit, Benefit.ORDINARY)
    bill_code, disease, visit_label = section.text("代码"), section.text("病种"), section.text("就诊")
    self_funded_fen, over_limit_fen = section.fen("全自费"), section.fen("超限价")
    paid_first_fen, printed_fund_fen = section.fen("先行自付"), section.fen("票面统筹支付")
    settled_by_network, dual_channel = section.flag("已联网结算", False), section.flag("双通道", False)
    total_fen = total.fen() if total else 0
    section.finish()
    if exclusion and policy:
        _check_exclusion(exclusion, policy)
    if moment is None or len(item.findings.problems) > problems_before:
        return None
    visited_on, visited_at = moment
    return _made(
        item,
        lambda: Receipt(
            number,
            visited_on,
            institution,
            total_fen,
            bill_code=bill_code,
            visited_at=visited_at,
            benefit=benefit,
            disease=disease,
            self_funded_fen=self_funded_fen,
            over_limit_fen=over_limit_fen,
            paid_first_fen=paid_first_fen,
            visit_label=visit_label,
            printed_fund_fen=printed_fund_fen,
            settled_by_network=settled_by_network,
            exclusion=exclusion.text() if exclusion else "",
            dual_channel=dual_channel,
        ),
    )


def _institution(section: Section) -> Institution:
    code = section.get("机构编码")
    tier = section.get("等级")
    return Institution(
        section.needed_text("医疗机构"),
        code.read(parse_institution_code, "") if code else "",
        tier.choice(_TIERS, Tier.NONE) if tier else None,
        _term(section, "机构类别", InstitutionKind, InstitutionKind.GENERAL),
        section.flag("联网机构", False),
        section.flag("定点", True),
        section.text("就医地"),
    )


def _check_exclusion(item: Item, policy: Policy) -> None:
    try:
        policy.versions[-1].exclusion(item.text())
    except ClerkError as error:
        item.problem(error.code, **error.details)


# -- what is expected -------------------------------------------------------------------------------------------


def _expected(item: Item) -> Expected:
    section = item.section()
    receipts = section.get("票据")
    accumulated = section.section("累计")
    expected = Expected(
        line=item.line,
        decision=_optional_term(section, "结论", Decision),
        reasons=_reasons(section),
        total_fen=_optional_fen(section, "总额"),
        fund_fen=_optional_fen(section, "统筹支付"),
        person_fen=_optional_fen(section, "个人负担"),
        account_fen=_optional_fen(section, "个人账户支付"),
        cash_fen=_optional_fen(section, "个人现金"),
        citations=_citations(section),
        receipts=tuple(_expected_receipt(entry) for entry in receipts.items()) if receipts else None,
        accumulated=_accumulated(accumulated) if accumulated else None,
    )
    section.finish()
    if not (expected.names_a_result or expected.citations):
        item.problem("expects_nothing")
    return expected


def _expected_receipt(item: Item) -> ExpectedReceipt:
    section = item.section()
    ratio = section.get("比例")
    expected = ExpectedReceipt(
        decision=_optional_term(section, "结论", Decision),
        reasons=_reasons(section),
        in_scope_fen=_optional_fen(section, "政策范围内"),
        deductible_fen=_optional_fen(section, "起付线"),
        ratio_bp=ratio.ratio_bp() if ratio else None,
        fund_fen=_optional_fen(section, "统筹支付"),
        person_fen=_optional_fen(section, "个人负担"),
        over_cap_fen=_optional_fen(section, "超限额"),
        if_networked_fen=_optional_fen(section, "参考支付"),
        citations=_citations(section),
    )
    section.finish()
    return expected


def _accumulated(section: Section) -> Accumulated:
    year = section.get("年度")
    accumulated = Accumulated(
        year.read(_parse_year, 0) if year else None,
        _optional_term(section, "待遇", Benefit),
        _optional_fen(section, "起付线已付"),
        _optional_fen(section, "统筹已付"),
    )
    section.finish()
    return accumulated


def _reasons(section: Section) -> frozenset[Reason] | None:
    item = section.get("原因")
    if item is None:
        return None
    entries = item.items() if item.is_list else [item]
    return frozenset(entry.choice(_REASONS, Reason.EXCLUDED) for entry in entries)


def _citations(section: Section) -> tuple[str, ...] | None:
    item = section.get("引用")
    if item is None:
        return None
    return tuple(entry.text() for entry in (item.items() if item.is_list else [item]))


# -- single values ----------------------------------------------------------------------------------------------


def _optional_fen(section: Section, key: str) -> int | None:
    item = section.get(key)
    return item.fen() if item else None


def _term(section: Section, key: str, terms: type[_TermT], default: _TermT) -> _TermT:
    item = section.get(key)
    return item.choice({member.term: member for member in terms}, default) if item else default


def _needed_term(section: Section, key: str, terms: type[_TermT], default: _TermT) -> _TermT:
    section.need(key)
    return _term(section, key, terms, default)


def _optional_term(section: Section, key: str, terms: type[_TermT]) -> _TermT | None:
    item = section.get(key)
    return item.choice({member.term: member for member in terms}, next(iter(terms))) if item else None


def _parse_year(text: str) -> int:
    return parse_day(f"{text}-01-01").year


def _parse_whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ClerkError("whole_number_unknown", text=text)
    return int(text)


def _made(item: Item, make: Callable[[], _Made]) -> _Made | None:
    """A value whose own checks report at the item's line."""
    try:
        return make()
    except ClerkError as error:
        item.problem(error.code, **error.details)
        return None
