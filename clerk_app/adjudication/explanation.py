"""The words of a decision: a line for every step, with formula, numbers and article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from clerk_app.adjudication.adjudication import Adjudication, Finding
from clerk_app.codes import Decision, Reason
from clerk_app.money import format_yuan
from clerk_app.policy.version import DeductibleBasis, ReceiptOrder, Source, Terms, UnfiledRule, VisitWindow
from clerk_app.wording import N_, _, clauses, filled, listed


class Step(NamedTuple):
    """One step of the working, as values.

    Attributes:
        template: The sentence before its details are filled in, a key of the catalogue.
        source: Document and article; None for plain arithmetic.
    """

    template: str
    details: Mapping[str, object]
    source: Source | None

    def words(self, *, with_dates: bool = False) -> str:
        """The step in words, its article in brackets at the end, with the days for which the value holds if asked.

        An exception says behind its article which general rule it takes the place of.
        """
        sentence = filled(_(self.template), self.details)
        source = self.source
        if source is None:
            return sentence
        dates = f"，{_days(source)}" if with_dates and source.holds_from else ""
        return f"{sentence}〔{source}{self._replaced()}{dates}〕"

    def words_beside_article(self) -> str:
        """The step in words where its article has a place of its own; an exception still says what it replaces."""
        return filled(_(self.template), self.details) + self._replaced()

    def _replaced(self) -> str:
        if self.source is None or not self.source.replaces:
            return ""
        return filled(_("，取代{replaced}"), {"replaced": self.source.replaces})


#: What each reason means to the person who is refused or asked to wait, and what to do about it.
REASONS: dict[Reason, str] = {
    Reason.NOT_FILED: N_("就诊日没有有效的异地就医备案，须复核；补办备案后可按规定结算"),
    Reason.MISSING_DOCUMENT: N_("缺少必需材料：{subject}；补齐后可结算"),
    Reason.NOT_DIRECTLY_SETTLED: N_("异地门诊费用未通过医保信息系统直接结算，统筹基金不予支付"),
    Reason.INSTITUTION_NOT_NETWORKED: N_("就诊机构未开通跨省联网结算，须复核"),
    Reason.NO_POLICY_IN_FORCE: N_("就诊日没有施行中的门诊统筹文件，不予支付"),
    Reason.NOT_COVERED_INSURANCE: N_("该险种不在文件的保障范围内，不予支付"),
    Reason.OUTSIDE_COVERAGE: N_("就诊日不在参保期内，不予支付"),
    Reason.DUPLICATE_RECEIPT: N_("该票据已经受理过（{subject}），不重复支付"),
    Reason.EXCLUDED: N_("属于不予支付情形：{subject}"),
    Reason.DURING_INPATIENT_STAY: N_("就诊日与住院期间重叠；住院期间不享受门诊待遇，入院、出院当日须复核"),
    Reason.CONDITION_NOT_REGISTERED: N_("就诊日没有登记相应的门诊慢特病病种，不予支付"),
    Reason.TIER_UNUSUAL: N_("就诊机构等级不在文件原则规定的范围（{subject}），须复核"),
    Reason.TIER_UNKNOWN: N_("医疗机构等级未填写，暂按待遇最低的等级试算；请查明等级后重新结算"),
    Reason.PHARMACY: N_("定点药店购药须附外配处方，是否支付由统筹区确定，须复核"),
    Reason.SEPARATE_POLICY: N_("适用单独的政策文件，须复核（{subject}）"),
    Reason.NOT_DESIGNATED: N_("就诊机构不是定点医疗机构，不予支付"),
    Reason.ALREADY_NETWORKED: N_("票据已有统筹支付金额，属于联网结算，不再报销"),
    Reason.NOT_OFF_SITE: N_("就诊地在参保统筹区内，不属于异地就医，请按本地就医办理"),
}

_GOES_BEFORE = N_("已登记门诊慢特病病种，按{benefit}结算")
_SETTLED_AS = N_("{benefit}按{other}的标准结算")
_FILING_WAIVED = N_("就诊日没有异地就医备案，{benefit}视同备案")
_IN_SCOPE = N_(
    "政策范围内金额 {total_fen} − 全自费 {self_funded_fen} − 超限价 {over_limit_fen} − 先行自付 {paid_first_fen} = {in_scope_fen}"
)
_UNFILED_POINTS = N_("未备案，支付比例降低后为 {ratio}%")
_UNFILED_FIRST = N_("未备案，先由个人负担 {unfiled_first_fen}")
_ANNUAL = N_("年度起付标准 {standard_fen}，本年已付 {before_fen}，本次扣 {charged_fen}")
_ANNUAL_BY_VISIT = N_("年度起付标准 {standard_fen}，按就诊先后，此前就诊已付 {before_fen}，本次扣 {charged_fen}")
_PER_VISIT = N_("每次起付标准 {standard_fen}，本次就诊已扣 {before_fen}，本次扣 {charged_fen}")
_WINDOW = N_("每次起付标准 {standard_fen}（同院24小时内合并一次），已扣 {before_fen}，本次扣 {charged_fen}")
_RATIO = N_("{status}·{tier} 支付比例 {ratio}%：（{in_scope_fen} − {outside_fen}）× {ratio}% = {share_fen}")
_WITHIN_CAP = N_("年度限额 {cap_fen}，本年已付 {before_fen}，未超限额，统筹支付 {fund_fen}")
_OVER_CAP = N_("年度限额 {cap_fen}，本年已付 {before_fen}，只余 {left_fen}，统筹支付 {fund_fen}，超限额 {over_fen}")
_WITHIN_DISEASE_CAP = N_("本病种年度限额 {cap_fen}，还余 {left_fen}，未超限额，统筹支付 {fund_fen}")
_OVER_DISEASE_CAP = N_("本病种年度限额 {cap_fen}，只余 {left_fen}，统筹支付 {fund_fen}，超限额 {over_fen}")
_PERSON = N_("个人负担 {total_fen} − {fund_fen} = {person_fen}")
_IF_NETWORKED = N_("仅供参考：若当时直接结算，统筹可支付 {fund_fen}；不作为支付依据")

_REFUSED_SUMMARY = N_("不予支付：{reasons}")
_PAID_SUMMARY = N_(
    "（政策范围内 {in_scope_fen} − 起付线 {deductible_fen}）× {ratio}% = {share_fen}，统筹支付 {fund_fen}，个人负担 {person_fen}"
)
_CUT_SUMMARY = N_(
    "（政策范围内 {in_scope_fen} − 起付线 {deductible_fen}）× {ratio}% = {share_fen}，限额只余 {left_fen}，"
    "统筹支付 {fund_fen}，个人负担 {person_fen}"
)


def steps(adjudication: Adjudication) -> tuple[Step, ...]:
    """Every step of the working in order: what was objected to, then the arithmetic."""
    return tuple(_steps(adjudication))


def explain(adjudication: Adjudication, *, with_dates: bool = False) -> tuple[str, ...]:
    """A line in words for every step.

    Args:
        with_dates: Say behind each article from when and until when its value holds.
    """
    return tuple(step.words(with_dates=with_dates) for step in _steps(adjudication))


def summarise(adjudication: Adjudication) -> str:
    """The one line in words that the voucher prints for a receipt."""
    if adjudication.decision is Decision.REFUSE:
        reasons = clauses(reason_words(finding) for finding in adjudication.findings)
        return filled(_(_REFUSED_SUMMARY), {"reasons": reasons})
    template = _CUT_SUMMARY if adjudication.over_cap_fen else _PAID_SUMMARY
    details = {
        "in_scope_fen": adjudication.in_scope_fen,
        "deductible_fen": adjudication.deductible_fen + adjudication.unfiled_first_fen,
        "ratio": percent(adjudication.ratio_bp),
        "share_fen": adjudication.share_fen,
        "left_fen": adjudication.cap_left_fen,
        "fund_fen": adjudication.fund_fen,
        "person_fen": adjudication.person_fen,
    }
    return filled(_(template), details)


def explained(adjudication: Adjudication) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """As ``explain`` and ``citations``, from one working-out of the steps."""
    worked = steps(adjudication)
    return tuple([step.words() for step in worked]), _citations(worked)


def citations(adjudication: Adjudication) -> tuple[str, ...]:
    """Document and article of every step, once each, in order; behind an exception's what it takes the place of."""
    return _citations(_steps(adjudication))


def reason_words(finding: Finding) -> str:
    """A finding in words, without its article."""
    return filled(_(REASONS[finding.reason]), _subject(finding))


def _citations(worked: Iterable[Step]) -> tuple[str, ...]:
    sources = [step.source for step in worked if step.source]
    cited = [each for source in sources for each in (str(source), *(each.citation for each in source.replaces))]
    return tuple(dict.fromkeys(each for each in cited if each))


def _days(source: Source) -> str:
    if source.holds_until is None:
        return filled(_("{first} 起"), {"first": source.holds_from})
    return filled(_("{first} 至 {last}"), {"first": source.holds_from, "last": source.holds_until})


def _subject(finding: Finding) -> dict[str, object]:
    """A bill that no voucher holds was handed in twice with the claim itself; papers are named in their terms."""
    return {"subject": listed(_(each) for each in finding.subject.split("、")) or _("本次申请内")}


def percent(ratio_bp: int) -> str:
    """Ten-thousandths as percent: 5000 is 50, 6250 is 62.5."""
    return format_yuan(ratio_bp).rstrip("0").rstrip(".")


def _steps(adjudication: Adjudication) -> Iterator[Step]:
    for finding in adjudication.findings:
        yield Step(REASONS[finding.reason], _subject(finding), finding.source)
    terms = adjudication.terms
    if terms is None:
        if adjudication.if_networked is not None:
            yield Step(_IF_NETWORKED, {"fund_fen": adjudication.if_networked.fund_fen}, None)
        return
    receipt = adjudication.receipt
    yield from _benefit_steps(adjudication)
    yield Step(
        _IN_SCOPE,
        {
            "total_fen": receipt.total_fen,
            "self_funded_fen": receipt.self_funded_fen,
            "over_limit_fen": receipt.over_limit_fen,
            "paid_first_fen": receipt.paid_first_fen,
            "in_scope_fen": adjudication.in_scope_fen,
        },
        None,
    )
    yield from _unfiled_steps(adjudication, terms)
    yield from _money_steps(adjudication, terms)
    yield Step(
        _PERSON,
        {
            "total_fen": receipt.total_fen,
            "fund_fen": adjudication.fund_fen,
            "person_fen": adjudication.person_fen,
        },
        None,
    )


def _benefit_steps(adjudication: Adjudication) -> Iterator[Step]:
    """Why another kind of care than the one on the paper decides, or another's figures, or no filing was asked for."""
    version, benefit = adjudication.version, adjudication.benefit
    rules = version.benefits.get(benefit) if version else None
    if version is None or rules is None:
        return
    names = {"benefit": _(benefit.term)}
    if benefit is not adjudication.receipt.benefit and version.overlap_source:
        yield Step(_GOES_BEFORE, names, version.overlap_source)
    if rules.settled_as and rules.settled_as_source:
        yield Step(_SETTLED_AS, {**names, "other": _(rules.settled_as.term)}, rules.settled_as_source)
    if adjudication.filing_waived and rules.filed_source:
        yield Step(_FILING_WAIVED, names, rules.filed_source)


def _unfiled_steps(adjudication: Adjudication, terms: Terms) -> Iterator[Step]:
    version = adjudication.version
    if version is None:
        return
    rules = version.benefits.get(adjudication.benefit)
    source = (rules.unfiled_source if rules else None) or version.filing.unfiled_source
    if adjudication.unfiled_first_fen:
        yield Step(_UNFILED_FIRST, {"unfiled_first_fen": adjudication.unfiled_first_fen}, source)
    if adjudication.ratio_bp != terms.ratio_bp and version.filing.unfiled is UnfiledRule.POINTS_OFF:
        yield Step(_UNFILED_POINTS, {"ratio": percent(adjudication.ratio_bp)}, source)


def _money_steps(adjudication: Adjudication, terms: Terms) -> Iterator[Step]:
    tier = adjudication.receipt.institution.tier
    yield Step(
        _deductible_template(adjudication, terms),
        {
            "standard_fen": terms.deductible_fen,
            "before_fen": adjudication.deductible_used_before_fen,
            "charged_fen": adjudication.deductible_fen,
        },
        terms.deductible_source,
    )
    yield Step(
        _RATIO,
        {
            "status": adjudication.status.term,
            "tier": tier.term if tier is not None else _("等级未填"),
            "ratio": percent(adjudication.ratio_bp),
            "in_scope_fen": adjudication.in_scope_fen,
            "outside_fen": adjudication.deductible_fen + adjudication.unfiled_first_fen,
            "share_fen": adjudication.share_fen,
        },
        terms.ratio_source,
    )
    yield _cap_step(adjudication, terms)


def _cap_step(adjudication: Adjudication, terms: Terms) -> Step:
    """The cap that leaves less: the year's, or the disease's own in its place."""
    details = {
        "cap_fen": terms.cap_fen,
        "before_fen": adjudication.fund_used_before_fen,
        "left_fen": adjudication.cap_left_fen,
        "fund_fen": adjudication.fund_fen,
        "over_fen": adjudication.over_cap_fen,
    }
    disease_cap_fen = terms.disease_cap_fen(adjudication.disease)
    left_in_pool_fen = max(0, terms.cap_fen - adjudication.fund_used_before_fen)
    if disease_cap_fen is not None and adjudication.cap_left_fen < left_in_pool_fen:
        template = _OVER_DISEASE_CAP if adjudication.over_cap_fen else _WITHIN_DISEASE_CAP
        return Step(template, {**details, "cap_fen": disease_cap_fen}, terms.disease_cap_source)
    return Step(_OVER_CAP if adjudication.over_cap_fen else _WITHIN_CAP, details, terms.cap_source)


def _deductible_template(adjudication: Adjudication, terms: Terms) -> str:
    if terms.deductible_basis is DeductibleBasis.ANNUAL:
        version = adjudication.version
        is_by_visit = version is not None and version.receipt_order.value == ReceiptOrder.BY_VISIT.value
        return _ANNUAL_BY_VISIT if is_by_visit else _ANNUAL
    return _WINDOW if terms.visit_window is VisitWindow.SAME_HOSPITAL_24_HOURS else _PER_VISIT
