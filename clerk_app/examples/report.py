"""What running examples gave, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator

from clerk_app.adjudication.adjudication import Adjudication
from clerk_app.adjudication.explanation import citations, explain, percent
from clerk_app.examples.case import NetworkStep, ReverseStep, SettleStep
from clerk_app.examples.runner import CaseResult, Difference, StepResult
from clerk_app.money import format_yuan
from clerk_app.wording import _, filled

_KINDS = {SettleStep: "结算", ReverseStep: "冲正", NetworkStep: "联网结算"}


def lines(result: CaseResult) -> Iterator[str]:
    """A line for the case, and for a failure what differs and the working."""
    verdict = _("通过") if result.holds else _("不符")
    yield f"{verdict}  {result.case.name}"
    if result.error:
        yield f"      {result.error}"
    for difference in result.differences:
        yield "      " + difference_words(difference)
        for line in difference.trace:
            yield f"          {line}"


def difference_words(difference: Difference) -> str:
    """One expected value that did not come out, without the working."""
    where = filled(_("步骤 {number}"), {"number": difference.step})
    if difference.receipt:
        where += filled(_("，票据 {number}"), {"number": difference.receipt})
    return filled(
        _("{where}：{what} 得 {got}，应得 {expected}"),
        {"where": where, "what": difference.what, "got": difference.got, "expected": difference.expected},
    )


def settled_lines(result: CaseResult) -> Iterator[str]:
    """What the engine computes for a case, step by step, with its working."""
    yield result.case.name
    for number, step in enumerate(result.steps, start=1):
        decision = step.decided.decision.term if step.decided else _("联网结算")
        yield "  " + filled(
            _("步骤 {number}：{decision}，统筹支付 {fund_fen}"),
            {"number": number, "decision": decision, "fund_fen": step.fund_fen},
        )
        for adjudication in step.decided.receipts if step.decided else ():
            yield f"    {adjudication.receipt.number}  {adjudication.decision.term}"
            for line in explain(adjudication, with_dates=True):
                yield f"      {line}"
    if result.error:
        yield f"  {result.error}"


def as_json(result: CaseResult) -> dict[str, object]:
    """The case for machines: amounts are strings in yuan."""
    case: dict[str, object] = {"name": result.case.name, "steps": [_step(step) for step in result.steps]}
    if result.error:
        case["error"] = {"code": result.error_code, "message": result.error}
    return case


def _step(result: StepResult) -> dict[str, object]:
    decided = result.decided
    if decided is None:
        return {"kind": _KINDS[type(result.step)], "decision": None, "fund_paid": "0.00", "receipts": []}
    sign = result.sign
    return {
        "kind": _KINDS[type(result.step)],
        "decision": decided.decision.term,
        "reasons": [reason.value for reason in decided.reasons],
        "total": format_yuan(sign * decided.total_fen),
        "fund_paid": format_yuan(result.fund_fen),
        "person_paid": format_yuan(sign * decided.person_fen),
        "account_paid": format_yuan(sign * decided.account_fen),
        "cash_paid": format_yuan(sign * decided.cash_fen),
        "missing_materials": [material.term for material in decided.missing_materials],
        "receipts": [_receipt(adjudication, sign) for adjudication in decided.receipts],
    }


def _receipt(adjudication: Adjudication, sign: int) -> dict[str, object]:
    receipt: dict[str, object] = {
        "number": adjudication.receipt.number,
        "decision": adjudication.decision.term,
        "reasons": [finding.reason.value for finding in adjudication.findings],
        "in_scope": format_yuan(sign * adjudication.in_scope_fen),
        "deductible": format_yuan(sign * adjudication.deductible_fen),
        "ratio": percent(adjudication.ratio_bp),
        "fund_paid": format_yuan(sign * adjudication.fund_fen),
        "person_paid": format_yuan(sign * adjudication.person_fen),
        "over_cap": format_yuan(sign * adjudication.over_cap_fen),
        "citations": list(citations(adjudication)),
        "trace": list(explain(adjudication)),
    }
    if adjudication.if_networked is not None:
        receipt["if_networked"] = format_yuan(adjudication.if_networked.fund_fen)
    return receipt
