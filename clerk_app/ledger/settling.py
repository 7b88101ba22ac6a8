"""A settlement, and the reversal that mirrors one; the third act on what a person has used is in ``correcting``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, delete, select

from clerk_app.adjudication.adjudication import Adjudication, ClaimAdjudication
from clerk_app.adjudication.engine import adjudicate_claim, pools_used
from clerk_app.adjudication.explanation import explained, summarise
from clerk_app.codes import Benefit, Decision
from clerk_app.errors import ClerkError
from clerk_app.ledger import accumulators, claims, months, payees, persons, reading, waiting
from clerk_app.ledger.act import Act, number_question
from clerk_app.ledger.months import check_open
from clerk_app.ledger.paying import passed_at_settlement
from clerk_app.ledger.persons import read_person
from clerk_app.ledger.reading import as_corrected, corrections_of, settlement_row, settlement_under_key, whole
from clerk_app.ledger.recording import (
    BenefitPools,
    Posting,
    hold_bills,
    next_acceptance_number,
    next_voucher_number,
    questions_of_bills,
    record,
    taken_bills,
)
from clerk_app.ledger.records import (
    ClaimLine,
    PersonRecord,
    Review,
    SettledReceipt,
    Settlement,
    SettlementKind,
    SettlementRequest,
    YearTotal,
)
from clerk_app.ledger.rows import member
from clerk_app.ledger.statements import Question
from clerk_app.ledger.tables import bills, reversals, settlements, year_totals
from clerk_app.policy.version import DeductibleBasis
from clerk_app.wording import in_chinese


def worded(shown: ClaimAdjudication) -> tuple[SettledReceipt, ...]:
    """The receipts as they will be recorded if they are decided again as they were shown."""
    return tuple(settled_receipt(adjudication) for adjudication in shown.receipts)


def settle(act: Act, request: SettlementRequest, as_shown: Sequence[SettledReceipt] = ()) -> Settlement:
    """Work the claim out again under the write lock, hold it against what the clerk saw, and record it.

    Args:
        as_shown: ``worded`` of what the clerk saw, where it is ready.
    """
    connection = act.connection
    recorded = settlement_under_key(connection, request.key)
    if recorded is not None:
        return _same_act(recorded, request)
    _check(request, act.at.date())
    check_open(connection, act.at)
    person = read_person(connection, request.person_id)
    counters = accumulators.read_counters(connection, request.person_id)
    counters = accumulators.with_prior_benefits(counters, person, request.policy)
    used = accumulators.year_to_date(connection, request.person_id, counters, request.policy)
    taken = taken_bills(connection, (receipt.bill_key for receipt in request.claim.receipts))
    adjudicated = adjudicate_claim(request.claim, person.entitlement, request.policy, used, taken)
    _check_unchanged(request.shown, adjudicated)
    claim = claims.under_key(connection, request.key)
    _check_review(act, request, claim, adjudicated)
    payees.check_payee(connection, request.person_id, request.payee)

    entries = [pools_used(adjudication) for adjudication in adjudicated.receipts]
    limited = accumulators.limited(counters, adjudicated.receipts)
    after = accumulators.post(act, request.person_id, limited, [entry for each in entries for entry in each])
    pools = _benefit_pools(adjudicated.receipts)
    is_as_shown = len(as_shown) > 0 and adjudicated.receipts == request.shown.receipts
    settled_receipts = tuple(as_shown) if is_as_shown else worded(adjudicated)
    totals = tuple(each.total(after) for each in pools)
    settlement = _settlement(act, request, claim, person, adjudicated, settled_receipts, totals)
    charged = [is_charged_visit(adjudication) for adjudication in adjudicated.receipts]
    settlement_id = record(act, settlement, Posting(request.key, entries, pools, charged, request.remark))
    keys = (receipt.bill_key for receipt in request.claim.receipts)
    hold_bills(connection, settlement_id, (key for key in keys if key not in taken))
    if claim is not None:
        claims.settled(act, claim, settlement_id)
    if settlement.kind is SettlementKind.SETTLEMENT:
        review = settlement.review
        if review is not None:
            passed_at_settlement(act, settlement_id, settlement.clerk, review.reviewer, review.reason)
        waiting.begin(act, settlement_id, settlement.fund_fen, has_passed=review is not None)
    return settlement


def questions(connection: Connection, request: SettlementRequest, at: datetime) -> list[Question]:
    """What ``settle`` asks before it decides, to be asked together.

    Args:
        at: When it will be settled; under another time the month is asked for by itself.
    """
    bill_keys = (receipt.bill_key for receipt in request.claim.receipts)
    return [
        reading.question_of_key(connection, request.key),
        months.question_of_day(connection, at),
        *persons.questions(connection, request.person_id),
        *accumulators.questions(connection, request.person_id),
        *questions_of_bills(connection, bill_keys),
        claims.question_of_key(connection, request.key),
        number_question(settlements, "settlement_id"),
    ]


def reverse(act: Act, voucher_number: str, reason: str, key: str) -> Settlement:
    """Mirror a settlement with negative amounts, and give back what it had used and held.

    A corrected settlement is mirrored as its corrections left it: original and corrections are taken back in one.
    """
    connection = act.connection
    recorded = settlement_under_key(connection, key)
    if recorded is not None:
        if recorded.kind is not SettlementKind.REVERSAL or recorded.original_number != voucher_number:
            raise ClerkError("draft_already_settled", voucher=recorded.voucher_number)
        return recorded
    row = settlement_row(connection, voucher_number)
    original = whole(connection, [row])[0]
    if original.kind is SettlementKind.REVERSAL:
        raise ClerkError("not_reversible", voucher=voucher_number)
    if original.kind is SettlementKind.CORRECTION:
        raise ClerkError("correction_not_reversible", voucher=voucher_number, original=original.original_number)
    if original.reversed_by:
        raise ClerkError("already_reversed", voucher=voucher_number, reversal=original.reversed_by)
    if not reason.strip():
        raise ClerkError("reason_missing")
    check_open(connection, act.at)

    original_id = row.settlement_id
    left = as_corrected(original, corrections_of(connection, original_id))
    entries = [[(year, pool, -use) for year, pool, use in accumulators.use_of(settled)] for settled in left.receipts]
    counters = accumulators.read_counters(connection, original.person_id)
    after = accumulators.post(act, original.person_id, counters, [entry for each in entries for entry in each])
    pools = recorded_pools(connection, original_id)
    mirror = replace(
        left,
        voucher_number=next_voucher_number(act),
        kind=SettlementKind.REVERSAL,
        settled_at=act.at,
        clerk=act.name,
        review=None,
        receipts=tuple(_mirrored(settled) for settled in left.receipts),
        account_fen=-left.account_fen,
        account_payer=left.account_payer if left.account_fen else None,
        year_totals=tuple(each.total(after) for each in pools),
        original_number=voucher_number,
        reversal_reason=reason.strip(),
        corrected_by=(),
        head=None,
    )
    reversal_id = record(act, mirror, Posting(key, entries, pools, [False] * len(entries)))
    link = {"reversal_id": reversal_id, "original_id": original_id, "reason": mirror.reversal_reason}
    act.insert(reversals, [link])
    waiting.follow(act, [original_id])
    connection.execute(delete(bills).where(bills.c.settlement_id == original_id))
    return mirror


def _same_act(recorded: Settlement, request: SettlementRequest) -> Settlement:
    """What the key already stands for, when it is this claim; a draft changed after it was settled is another act."""
    receipts_before = tuple(settled.receipt for settled in recorded.receipts)
    is_same = (
        recorded.kind in (SettlementKind.SETTLEMENT, SettlementKind.REFUSAL)
        and recorded.person_id == request.person_id
        and receipts_before == request.claim.receipts
    )
    if not is_same:
        raise ClerkError("draft_already_settled", voucher=recorded.voucher_number)
    return recorded


def _check(request: SettlementRequest, today: date) -> None:
    if not request.claim.receipts:
        raise ClerkError("claim_without_receipts")
    for receipt in request.claim.receipts:
        if receipt.visited_on > min(today, request.handed_in_on):
            raise ClerkError(
                "visit_in_future",
                number=receipt.number,
                visited_on=receipt.visited_on,
                last_day=min(today, request.handed_in_on),
            )


def _check_unchanged(shown: ClaimAdjudication, adjudicated: ClaimAdjudication) -> None:
    if _amounts(shown) != _amounts(adjudicated):
        raise ClerkError("amount_changed", shown_fen=shown.fund_fen, fund_fen=adjudicated.fund_fen)


def _amounts(adjudicated: ClaimAdjudication) -> tuple[object, ...]:
    return (
        adjudicated.decision,
        adjudicated.account_fen,
        *((each.decision, each.fund_fen, each.deductible_fen, each.person_fen) for each in adjudicated.receipts),
    )


def _check_review(
    act: Act, request: SettlementRequest, claim: ClaimLine | None, adjudicated: ClaimAdjudication
) -> None:
    """Who settles has entered the claim, or checks what somebody else has entered and handed in for that."""
    review = request.review
    clerk = claim.entered_name if claim else act.name
    if claim is not None:
        claims.check_settler(act, claim)
        if clerk != act.name and (review is None or review.reviewer.strip() != act.name):
            raise ClerkError("review_needed")
    if review is None or not review.reviewer.strip():
        if adjudicated.decision is Decision.REVIEW:
            raise ClerkError("review_needed")
        return
    if review.reviewer.strip() == clerk:
        raise ClerkError("reviewer_is_clerk")
    if not review.reason.strip():
        raise ClerkError("reason_missing")


def _settlement(
    act: Act,
    request: SettlementRequest,
    claim: ClaimLine | None,
    person: PersonRecord,
    adjudicated: ClaimAdjudication,
    settled_receipts: tuple[SettledReceipt, ...],
    totals: tuple[YearTotal, ...],
) -> Settlement:
    is_refused = adjudicated.decision is Decision.REFUSE
    account_fen = adjudicated.account_fen
    return Settlement(
        voucher_number=next_voucher_number(act),
        acceptance_number=claim.acceptance_number if claim else next_acceptance_number(act),
        kind=SettlementKind.REFUSAL if is_refused else SettlementKind.SETTLEMENT,
        settled_at=act.at,
        handed_in_on=request.handed_in_on,
        clerk=claim.entered_name if claim else act.name,
        review=_stated(request.review),
        person_id=person.person_id,
        person=person.person,
        entitlement=person.entitlement,
        area_code=request.policy.area_code,
        area_name=request.policy.area_name,
        receipts=settled_receipts,
        account_fen=account_fen,
        account_payer=adjudicated.account.payer if adjudicated.account and account_fen else None,
        payee=request.payee,
        manual_reason=request.manual_reason,
        year_totals=totals,
        materials=request.claim.materials,
    )


def _stated(review: Review | None) -> Review | None:
    return review if review is not None and review.reviewer.strip() else None


def settled_receipt(adjudication: Adjudication) -> SettledReceipt:
    """A decision as it is recorded, with its words."""
    with in_chinese():  # A voucher is a Chinese paper, whatever the screen speaks.
        summary, (explanation, cited) = summarise(adjudication), explained(adjudication)
    terms, version = adjudication.terms, adjudication.version
    is_refused = adjudication.decision is Decision.REFUSE
    if_networked = adjudication.if_networked
    return SettledReceipt(
        receipt=adjudication.receipt,
        decision=Decision.REFUSE if is_refused else Decision.PAY,
        reasons=tuple(dict.fromkeys(finding.reason for finding in adjudication.findings)),
        status_term=adjudication.status.term,
        in_scope_fen=adjudication.in_scope_fen,
        deductible_standard_fen=terms.deductible_fen if terms else 0,
        deductible_used_before_fen=adjudication.deductible_used_before_fen,
        deductible_fen=adjudication.deductible_fen,
        ratio_bp=adjudication.ratio_bp,
        share_fen=adjudication.share_fen,
        cap_fen=terms.cap_fen if terms else 0,
        fund_used_before_fen=adjudication.fund_used_before_fen,
        fund_fen=adjudication.fund_fen,
        over_cap_fen=adjudication.over_cap_fen,
        person_fen=adjudication.person_fen,
        deductible_pool=terms.deductible_pool if terms else "",
        cap_pools=accumulators.cap_pools(adjudication),
        summary=summary,
        explanation=explanation,
        citations=cited,
        policy_document=version.document.number if version else "",
        policy_from=version.effective_from if version else None,
        policy_hash=version.content_hash if version else "",
        if_networked_fen=if_networked.fund_fen if if_networked else None,
    )


def _mirrored(settled: SettledReceipt) -> SettledReceipt:
    return replace(
        settled,
        in_scope_fen=-settled.in_scope_fen,
        deductible_fen=-settled.deductible_fen,
        share_fen=-settled.share_fen,
        fund_fen=-settled.fund_fen,
        over_cap_fen=-settled.over_cap_fen,
        person_fen=-settled.person_fen,
    )


def is_charged_visit(adjudication: Adjudication) -> bool:
    """Whether later receipts of its visit need to know what a receipt was charged."""
    terms = adjudication.terms
    return (
        terms is not None
        and adjudication.decision is not Decision.REFUSE
        and terms.deductible_basis is DeductibleBasis.PER_VISIT
    )


def _benefit_pools(adjudications: Sequence[Adjudication]) -> list[BenefitPools]:
    """The accumulators that the paid receipts touch, once each, under the benefit that touches them first."""
    pools: dict[tuple[int, str, str], BenefitPools] = {}
    for adjudication in adjudications:
        terms = adjudication.terms
        if terms is None or adjudication.decision is Decision.REFUSE:
            continue
        year = adjudication.receipt.visited_on.year
        pools.setdefault(
            (year, terms.deductible_pool, terms.cap_pool),
            BenefitPools(year, adjudication.benefit, terms.deductible_pool, terms.cap_pool),
        )
    return list(pools.values())


def recorded_pools(connection: Connection, settlement_id: int) -> list[BenefitPools]:
    """The accumulators of a settlement's year totals."""
    query = select(year_totals).where(year_totals.c.settlement_id == settlement_id).order_by(year_totals.c.position)
    return [
        BenefitPools(row.year, member(Benefit, row.benefit), row.deductible_pool, row.cap_pool)
        for row in connection.execute(query)
    ]
