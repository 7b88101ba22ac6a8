"""The third act: settle the difference that late news makes to a settlement, by a numbered record of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clerk_app.adjudication.engine import pools_used
from clerk_app.errors import ClerkError
from clerk_app.ledger import accumulators, waiting
from clerk_app.ledger.accumulators import Counter, Entry, PoolYear
from clerk_app.ledger.act import Act
from clerk_app.ledger.effects import Effect, PolicyOf, Redecided, Replayed, replay
from clerk_app.ledger.months import check_open
from clerk_app.ledger.persons import read_person
from clerk_app.ledger.reading import settlement_row, settlement_under_key, whole
from clerk_app.ledger.recording import Posting, merged, next_voucher_number, record
from clerk_app.ledger.records import Review, SettledReceipt, Settlement, SettlementKind
from clerk_app.ledger.settling import is_charged_visit, recorded_pools, settled_receipt
from clerk_app.ledger.tables import corrections
from clerk_app.money import format_yuan


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    """Everything that one press of the correct button carries.

    Attributes:
        shown: What clerk and reviewer saw.
        key: Made when the effect is shown; the same key never corrects twice.
        policy_of: The policy of an area by its code.
    """

    voucher_number: str
    shown: Effect
    reason: str
    key: str
    review: Review
    policy_of: PolicyOf


def correct(act: Act, request: CorrectionRequest) -> Settlement:
    """Work the difference out again under the write lock, hold it against what was shown, and record it."""
    connection = act.connection
    recorded = settlement_under_key(connection, request.key)
    if recorded is not None:
        if recorded.kind is not SettlementKind.CORRECTION or recorded.original_number != request.voucher_number:
            raise ClerkError("draft_already_settled", voucher=recorded.voucher_number)
        return recorded
    row = settlement_row(connection, request.voucher_number)
    original = whole(connection, [row])[0]
    _check(act, request, original)
    check_open(connection, act.at)
    replayed = replay(connection, original.person_id, request.policy_of)
    this = next(each for each in replayed if each.settlement and each.settlement.voucher_number == row.voucher_number)
    effect = this.effect()
    if effect != request.shown:
        fund_fen = effect.difference_fen if effect else 0
        raise ClerkError("amount_changed", shown_fen=request.shown.difference_fen, fund_fen=fund_fen)
    assert effect is not None, "what was shown is an effect"
    if not effect.has_same_figures:
        raise ClerkError("policy_figures_changed", voucher=request.voucher_number, area=original.area_name)

    changed = [each for each in this.receipts if each.effect().is_change]
    entries = [_difference_of_use(each) for each in changed]
    after = _post(act, this, replayed, entries)
    pools = recorded_pools(connection, row.settlement_id)
    account_fen = effect.account_after_fen - effect.account_before_fen
    correction = replace(
        original,
        voucher_number=next_voucher_number(act),
        kind=SettlementKind.CORRECTION,
        settled_at=act.at,
        clerk=act.name,
        review=Review(request.review.reviewer.strip(), request.review.reason.strip()),
        receipts=tuple(_difference(each) for each in changed),
        account_fen=account_fen,
        account_payer=original.account_payer if account_fen else None,
        year_totals=tuple(each.total(after) for each in pools),
        original_number=original.voucher_number,
        corrected_by=(),
        correction_reason=request.reason.strip(),
        head=None,
    )
    charged = [is_charged_visit(each.adjudication) for each in changed]
    correction_id = record(act, correction, Posting(request.key, entries, pools, charged))
    link = {"correction_id": correction_id, "original_id": row.settlement_id, "reason": correction.correction_reason}
    act.insert(corrections, [link])
    waiting.follow(act, [row.settlement_id])
    return correction


def _check(act: Act, request: CorrectionRequest, original: Settlement) -> None:
    if original.kind is not SettlementKind.SETTLEMENT:
        raise ClerkError("not_correctable", voucher=request.voucher_number)
    if original.reversed_by:
        raise ClerkError("already_reversed", voucher=request.voucher_number, reversal=original.reversed_by)
    review = request.review
    if not review.reviewer.strip():
        raise ClerkError("correction_review_needed")
    if review.reviewer.strip() == act.name:
        raise ClerkError("reviewer_is_clerk")
    if not request.reason.strip() or not review.reason.strip():
        raise ClerkError("reason_missing")


def _post(
    act: Act, this: Replayed, replayed: Sequence[Replayed], entries: Sequence[Sequence[Entry]]
) -> Mapping[PoolYear, Counter]:
    """Count the differences, under the year's caps: the highest that decides about any receipt of a year counts.

    A person who retires in the course of a year has two; what the year may come to is the later one's.

    Raises:
        ClerkError: ``decreases_first``: what this one gets is still with others that are to give it back.
    """
    assert this.settlement is not None, "what is corrected was settled"
    person_id = this.settlement.person_id
    counters = accumulators.read_counters(act.connection, person_id)
    counters = accumulators.with_prior_benefits(counters, read_person(act.connection, person_id), this.policy)
    decided = (redecided.adjudication for each in replayed for redecided in each.receipts)
    limited = accumulators.limited(counters, decided)
    differences = merged(entry for each in entries for entry in each)
    for year, pool, use in differences:
        counter = limited.get((year, pool), Counter())
        limit_fen = counter.fund_limit_fen
        if limit_fen is not None and counter.settled.fund_fen + use.fund_fen > limit_fen:
            vouchers = tuple(_giving_back(replayed, (year, pool)))
            raise ClerkError("decreases_first", voucher=this.settlement.voucher_number, vouchers=vouchers)
    return accumulators.post(act, person_id, limited, differences)


def _giving_back(replayed: Iterable[Replayed], pool_year: PoolYear) -> Iterator[str]:
    """The vouchers that are to give something back to a pool, whatever they come to in all."""
    for each in replayed:
        if each.settlement is None:
            continue
        differences = merged(entry for receipt in each.receipts for entry in _difference_of_use(receipt))
        if any((year, pool) == pool_year and use.fund_fen < 0 for year, pool, use in differences):
            yield each.settlement.voucher_number


def _difference_of_use(redecided: Redecided) -> list[Entry]:
    """What the receipt uses more than it did, negative for less."""
    assert redecided.recorded is not None, "what is corrected was settled"
    before = [(year, pool, -use) for year, pool, use in accumulators.use_of(redecided.recorded)]
    return merged([*pools_used(redecided.adjudication), *before])


def _difference(redecided: Redecided) -> SettledReceipt:
    """The receipt as decided now, with the differences in place of the amounts that changed."""
    before, now = redecided.recorded, settled_receipt(redecided.adjudication)
    assert before is not None, "what is corrected was settled"
    return replace(
        now,
        reasons=before.reasons,
        in_scope_fen=0,
        deductible_fen=now.deductible_fen - before.deductible_fen,
        share_fen=now.share_fen - before.share_fen,
        fund_fen=now.fund_fen - before.fund_fen,
        over_cap_fen=now.over_cap_fen - before.over_cap_fen,
        person_fen=now.person_fen - before.person_fen,
        summary=_summary(before, now),
    )


def _summary(before: SettledReceipt, now: SettledReceipt) -> str:
    """What changed in words: a voucher is a Chinese paper, whatever the screen speaks."""

    def change(what: str, before_fen: int, now_fen: int) -> str:
        return f"{what}由 {format_yuan(before_fen, separators=True)} 改为 {format_yuan(now_fen, separators=True)}"

    fund = change("统筹支付", before.fund_fen, now.fund_fen)
    deductible = change("起付线", before.deductible_fen, now.deductible_fen)
    difference = format_yuan(now.fund_fen - before.fund_fen, separators=True)
    return f"更正：{fund}（差额 {difference}），{deductible}。{now.summary}"
