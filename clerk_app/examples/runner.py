"""Runs worked examples through the engine and says where they differ."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from clerk_app.adjudication.adjudication import Adjudication, ClaimAdjudication
from clerk_app.adjudication.engine import adjudicate_claim, pools_used, prior_entries
from clerk_app.adjudication.explanation import citations, explain, percent
from clerk_app.adjudication.visit_order import states_by_visit
from clerk_app.adjudication.year_to_date import ChargedVisit, PlacedUse, PoolUse, YearToDate, charged_visit
from clerk_app.codes import Benefit, Reason
from clerk_app.errors import ClerkError
from clerk_app.examples.case import (
    Accumulated,
    Case,
    Expected,
    ExpectedReceipt,
    NetworkStep,
    Prior,
    ReverseStep,
    Step,
)
from clerk_app.money import format_yuan
from clerk_app.policy.version import DeductibleBasis
from clerk_app.wording import _, filled, sentence

#: 第五条(二) and 五(二) are one article.
_DROPPED = str.maketrans("", "", " 第条")


@dataclass(frozen=True, slots=True)
class Difference:
    """One expected value that did not come out.

    Attributes:
        step: Counted from 1.
        receipt: Number of the receipt; empty when the claim as a whole is meant.
        trace: The working of what came out, a line for every step.
    """

    step: int
    receipt: str
    what: str
    got: str
    expected: str
    trace: tuple[str, ...]


@dataclass(slots=True)
class StepResult:
    """What a step gave.

    Attributes:
        decided: The claim's decisions; for a reversal those it takes back, None for a networked settlement.
        networked: The networked settlement that became known or is taken back.
        sign: -1 for a reversal.
    """

    step: Step
    decided: ClaimAdjudication | None
    sign: int = 1
    networked: Prior | None = None

    @property
    def fund_fen(self) -> int:
        """What the office pays in this step; negative when it takes back."""
        return self.sign * self.decided.fund_fen if self.decided else 0


@dataclass(slots=True)
class CaseResult:
    """What a case gave.

    Attributes:
        error: Why nothing could be computed, in words; empty when everything was.
    """

    case: Case
    steps: list[StepResult] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    error: str = ""
    error_code: str = ""

    @property
    def holds(self) -> bool:
        """Whether everything expected came out."""
        return not self.differences and not self.error


def run_case(case: Case) -> CaseResult:
    """Run the steps in order, sharing one person's accumulators; never raises for what the case itself causes."""
    result = CaseResult(case)
    year = _Year(case)
    try:
        for number, step in enumerate(case.steps, start=1):
            step_result = year.take(step, result.steps)
            result.steps.append(step_result)
            if step.expected:
                result.differences += _differences(number, step.expected, step_result, year)
    except ClerkError as error:
        result.error = sentence(error)
        result.error_code = error.code
    return result


class _Year:
    """One person's accumulators while a case runs."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._prior = list(case.prior)
        self._active: list[tuple[int, ClaimAdjudication]] = []

    def take(self, step: Step, before: list[StepResult]) -> StepResult:
        """Run one step."""
        if isinstance(step, NetworkStep):
            self._prior.append(step.prior)
            return StepResult(step, None, networked=step.prior)
        if isinstance(step, ReverseStep):
            self._active = [(index, decided) for index, decided in self._active if index != step.index]
            taken_back = before[step.index]
            if taken_back.networked is not None:
                self._prior.remove(taken_back.networked)
            return StepResult(step, taken_back.decided, -1, taken_back.networked)
        decided = adjudicate_claim(
            step.claim, self._case.entitlement, self._case.policy, self.used(), self._taken_bills()
        )
        self._active.append((len(before), decided))
        return StepResult(step, decided)

    def used(self) -> YearToDate:
        """Everything used by now: what the platform paid and what is not reversed."""
        entries: list[tuple[int, str, PoolUse]] = []
        visits: list[ChargedVisit] = []
        placed: list[PlacedUse] = []
        for prior in self._prior:
            entries += self._prior_entries(prior)
        for adjudication in self._adjudications():
            entries += pools_used(adjudication)
            terms = adjudication.terms
            pool = terms.deductible_pool if terms else ""
            placed.append(PlacedUse(adjudication.receipt.moment, pool, adjudication.deductible_fen))
            if terms is not None and terms.deductible_basis is DeductibleBasis.PER_VISIT:
                visits.append(charged_visit(adjudication.receipt, pool, adjudication.deductible_fen))
        used = YearToDate().with_entries(entries, visits)
        return replace(used, placed=tuple(placed)) if states_by_visit(self._case.policy) else used

    def pools(self, benefit: Benefit, year: int) -> tuple[str, str]:
        """Deductible pool and cap pool of a benefit in a year."""
        entries = prior_entries(self._case.policy, year, benefit, 0, 0)
        return entries[0][1], entries[1][1]

    def _prior_entries(self, prior: Prior) -> list[tuple[int, str, PoolUse]]:
        return prior_entries(
            self._case.policy, prior.year, prior.benefit, prior.deductible_fen, prior.fund_fen, prior.disease
        )

    def _adjudications(self) -> Iterator[Adjudication]:
        for _index, decided in self._active:
            yield from decided.receipts

    def _taken_bills(self) -> dict[str, str]:
        """Bills that a standing step holds; one refused for being a duplicate holds nothing itself."""
        taken: dict[str, str] = {}
        for index, decided in self._active:
            for adjudication in decided.receipts:
                if Reason.DUPLICATE_RECEIPT not in (finding.reason for finding in adjudication.findings):
                    taken[adjudication.receipt.bill_key] = filled(_("步骤 {number}"), {"number": index + 1})
        return taken


# -- comparing --------------------------------------------------------------------------------------------------


def _differences(number: int, expected: Expected, result: StepResult, year: _Year) -> Iterator[Difference]:
    decided = result.decided
    trace = _claim_trace(decided)

    def differ(what: str, got: str, wanted: str) -> Difference:
        return Difference(number, "", what, got, wanted, trace)

    if expected.accumulated:
        yield from _accumulated_differences(number, expected.accumulated, result, year, trace)
    if expected.fund_fen is not None and expected.fund_fen != result.fund_fen:
        yield differ("统筹支付", format_yuan(result.fund_fen), format_yuan(expected.fund_fen))
    if decided is None:
        if replace(expected, fund_fen=None, accumulated=None) != Expected(expected.line):
            # The network decided it: there is nothing of the kind to compare, and silence would be a false pass.
            yield differ("联网结算", "累计", "结论、票据")
        return
    if expected.decision is not None and expected.decision is not decided.decision:
        yield differ("结论", decided.decision.term, expected.decision.term)
    if expected.reasons is not None and expected.reasons != frozenset(decided.reasons):
        yield differ("原因", _listed(decided.reasons), _listed(sorted(expected.reasons)))
    amounts = (
        ("总额", expected.total_fen, decided.total_fen),
        ("个人负担", expected.person_fen, decided.person_fen),
        ("个人账户支付", expected.account_fen, decided.account_fen),
        ("个人现金", expected.cash_fen, decided.cash_fen),
    )
    for what, wanted_fen, got_fen in amounts:
        if wanted_fen is not None and wanted_fen != result.sign * got_fen:
            yield differ(what, format_yuan(result.sign * got_fen), format_yuan(wanted_fen))
    cited = tuple(dict.fromkeys(article for adjudication in decided.receipts for article in citations(adjudication)))
    for article in _not_cited(expected.citations, cited):
        yield differ("引用", _listed(cited), article)
    if expected.receipts is not None:
        if len(expected.receipts) != len(decided.receipts):
            yield differ("票据", str(len(decided.receipts)), str(len(expected.receipts)))
        for wanted, adjudication in zip(expected.receipts, decided.receipts, strict=False):
            yield from _receipt_differences(number, wanted, adjudication, result.sign)


def _receipt_differences(
    number: int, wanted: ExpectedReceipt, adjudication: Adjudication, sign: int
) -> Iterator[Difference]:
    trace = explain(adjudication)

    def differ(what: str, got: str, expected: str) -> Difference:
        return Difference(number, adjudication.receipt.number, what, got, expected, trace)

    if wanted.decision is not None and wanted.decision is not adjudication.decision:
        yield differ("结论", adjudication.decision.term, wanted.decision.term)
    reasons = [finding.reason for finding in adjudication.findings]
    if wanted.reasons is not None and wanted.reasons != frozenset(reasons):
        yield differ("原因", _listed(reasons), _listed(sorted(wanted.reasons)))
    if wanted.ratio_bp is not None and wanted.ratio_bp != adjudication.ratio_bp:
        yield differ("比例", percent(adjudication.ratio_bp), percent(wanted.ratio_bp))
    if_networked = adjudication.if_networked
    amounts = (
        ("政策范围内", wanted.in_scope_fen, adjudication.in_scope_fen),
        ("起付线", wanted.deductible_fen, adjudication.deductible_fen),
        ("统筹支付", wanted.fund_fen, adjudication.fund_fen),
        ("个人负担", wanted.person_fen, adjudication.person_fen),
        ("超限额", wanted.over_cap_fen, adjudication.over_cap_fen),
        ("参考支付", wanted.if_networked_fen, if_networked.fund_fen if if_networked else 0),
    )
    for what, wanted_fen, got_fen in amounts:
        if wanted_fen is not None and wanted_fen != sign * got_fen:
            yield differ(what, format_yuan(sign * got_fen), format_yuan(wanted_fen))
    cited = citations(adjudication)
    for article in _not_cited(wanted.citations, cited):
        yield differ("引用", _listed(cited), article)


def _accumulated_differences(
    number: int, wanted: Accumulated, result: StepResult, year: _Year, trace: tuple[str, ...]
) -> Iterator[Difference]:
    in_year, benefit = _year_and_benefit(wanted, result)
    deductible_pool, cap_pool = year.pools(benefit, in_year)
    used = year.used()
    deductible_fen = used.used(in_year, deductible_pool).deductible_fen
    fund_fen = used.used(in_year, cap_pool).fund_fen
    for what, wanted_fen, got_fen in (
        ("累计起付线已付", wanted.deductible_fen, deductible_fen),
        ("累计统筹已付", wanted.fund_fen, fund_fen),
    ):
        if wanted_fen is not None and wanted_fen != got_fen:
            yield Difference(number, "", what, format_yuan(got_fen), format_yuan(wanted_fen), trace)


def _year_and_benefit(wanted: Accumulated, result: StepResult) -> tuple[int, Benefit]:
    """The year and benefit meant: as written, else those of the step's last receipt or networked settlement."""
    if result.decided is not None:
        last = result.decided.receipts[-1]
        year, benefit = last.receipt.visited_on.year, last.benefit
    else:
        assert result.networked is not None, "a step has decisions or is about a networked settlement"
        year, benefit = result.networked.year, result.networked.benefit
    return wanted.year or year, wanted.benefit or benefit


def _not_cited(wanted: tuple[str, ...] | None, cited: tuple[str, ...]) -> list[str]:
    return [article for article in wanted or () if not _is_cited(article, cited)]


def _is_cited(wanted: str, cited: tuple[str, ...]) -> bool:
    """Whether an article is cited: with its document or without, a paragraph of it or the whole of it."""
    plain = _plain_citation(wanted)
    return any(
        _names(plain, _plain_citation(whole))
        for citation in cited
        for whole in (citation, citation.rpartition(" ")[0], citation.rpartition(" ")[2])
    )


def _names(wanted: str, cited: str) -> bool:
    """Article 五 names 五(二), but 十 does not name 十五."""
    rest = cited.removeprefix(wanted)
    return cited.startswith(wanted) and (not rest or rest.startswith("(") or wanted.endswith(")"))


def _plain_citation(citation: str) -> str:
    return unicodedata.normalize("NFKC", citation).translate(_DROPPED)


def _claim_trace(decided: ClaimAdjudication | None) -> tuple[str, ...]:
    if decided is None:
        return ()
    return tuple(
        f"{adjudication.receipt.number}: {line}" for adjudication in decided.receipts for line in explain(adjudication)
    )


def _listed(words: Iterable[str]) -> str:
    return "、".join(words) or "—"
