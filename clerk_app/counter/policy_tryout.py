"""Try a policy on settlements that the ledger holds: what would change, by how much, and for which vouchers.

Nothing is saved. Every settlement is decided again in the order in which it was settled, once under the policies
that are installed and once under those with the new document beside them, each time with what the person had used by
then under those same policies. So a difference is the document's doing and nobody else's: neither a settlement that
was reversed meanwhile nor a figure of the platform that became known later shows up in it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from clerk_app.adjudication.adjudication import ClaimAdjudication
from clerk_app.adjudication.engine import adjudicate_claim, pools_used, prior_entries
from clerk_app.adjudication.year_to_date import ChargedVisit, PoolUse, YearToDate, charged_visit
from clerk_app.codes import Decision, Reason
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.ledger.ledger import Ledger
from clerk_app.ledger.records import PriorBenefit, Settlement, SettlementKind
from clerk_app.policy.version import DeductibleBasis, Policy
from clerk_app.receipts.claim import Claim

#: How many vouchers are named.
LARGEST = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One voucher whose amount would change, in fen; nothing in it names a person."""

    voucher_number: str
    before_fen: int
    after_fen: int

    @property
    def difference_fen(self) -> int:
        """What the fund would pay more, negative for less."""
        return self.after_fen - self.before_fen


@dataclass(slots=True)
class Comparison:
    """What the new document would have meant; amounts in fen.

    Attributes:
        first_day: Visits from this day on are decided by the new document.
        tried: Settlements with such a visit.
        changed: Those of all settlements whose amount would change: a later one may change through the year's cap.
        before_fen: What the fund pays for the changed ones under the installed policies.
        decided_otherwise: Settlements whose conclusion would change, whatever the amount.
        undecided: Vouchers for which the new document has no figures.
        unlike_record: Settlements that already come out differently under the installed policies, because facts
            became known after they were settled.
    """

    first_day: date
    tried: int = 0
    changed: int = 0
    before_fen: int = 0
    after_fen: int = 0
    decided_otherwise: int = 0
    unlike_record: int = 0
    undecided: list[str] = field(default_factory=list)
    _largest: list[tuple[int, int, Change]] = field(default_factory=list)

    @property
    def difference_fen(self) -> int:
        """What the fund would pay more in all, negative for less."""
        return self.after_fen - self.before_fen

    @property
    def largest(self) -> tuple[Change, ...]:
        """The largest changes, the largest first, the older voucher before the newer."""
        return tuple(change for _size, _order, change in sorted(self._largest, reverse=True))

    def add(self, change: Change) -> None:
        """Count one settlement whose amount changes."""
        self.changed += 1
        self.before_fen += change.before_fen
        self.after_fen += change.after_fen
        heapq.heappush(self._largest, (abs(change.difference_fen), -self.changed, change))
        if len(self._largest) > LARGEST:
            heapq.heappop(self._largest)


@dataclass(frozen=True, slots=True)
class TryOut:
    """Both readings of a try-out.

    Attributes:
        read: Settlements of the area that were read, reversed ones left out.
        in_force: With the document in force from its own day: what is already settled would have to be corrected.
        as_if: As if it had been in force since the first day of last year; None where it was.
    """

    first_day: date
    last_day: date
    read: int
    in_force: Comparison
    as_if: Comparison | None


def try_out(
    ledger: Ledger,
    policies: Sequence[tuple[Policy, Policy]],
    effective_from: date,
    today: date,
    progress: Progress,
) -> TryOut:
    """Decide everything again that was settled since the first day of last year.

    Args:
        policies: The areas that the new document decides for, each as installed and with the document beside it.
        effective_from: The document's first day.

    Raises:
        Cancelled: Nothing was saved anyway.
    """
    first_day = date(today.year - 1, 1, 1)
    installed = {before.area_code: _Replay(before) for before, _after in policies}
    in_force = _Trial({after.area_code: _Replay(after) for _before, after in policies}, Comparison(effective_from))
    trials = [in_force]
    if first_day < effective_from:
        supposed = {
            after.area_code: _Replay(_in_force_since(first_day, after, effective_from)) for _before, after in policies
        }
        trials.append(_Trial(supposed, Comparison(first_day)))
    priors: dict[int, tuple[PriorBenefit, ...]] = {}
    read = 0
    for settlement in _settlements(ledger, first_day, today, progress):
        now = installed.get(settlement.area_code)
        if now is None or settlement.kind not in _DECIDED_KINDS or settlement.reversed_by:
            continue
        read += 1
        if settlement.person_id not in priors:
            priors[settlement.person_id] = ledger.person(settlement.person_id).prior_benefits
        before = now.decide(settlement, priors[settlement.person_id])
        for trial in trials:
            trial.take(settlement, before, priors[settlement.person_id])
    as_if = trials[1].comparison if len(trials) > 1 else None
    return TryOut(first_day, today, read, in_force.comparison, as_if)


#: What was decided by an area's policy; other records mirror or correct it.
_DECIDED_KINDS = (SettlementKind.SETTLEMENT, SettlementKind.REFUSAL)


class _Replay:
    """The persons of one area under one set of policies, as their settlements come one after the other."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._used: dict[int, YearToDate] = {}

    def decide(self, settlement: Settlement, priors: Sequence[PriorBenefit]) -> ClaimAdjudication | None:
        """The settlement decided again, and used up; None where the policy has no figures for it."""
        person_id = settlement.person_id
        used = self._used.get(person_id)
        if used is None:
            used = self._used[person_id] = YearToDate().with_entries(self._prior_entries(priors))
        claim = Claim(
            tuple(settled.receipt for settled in settlement.receipts), settlement.handed_in_on, settlement.materials
        )
        try:
            decided = adjudicate_claim(claim, settlement.entitlement, self.policy, used, _held_elsewhere(settlement))
        except ClerkError:
            return None
        self._used[person_id] = used.with_entries(*_uses(decided))
        return decided

    def _prior_entries(self, priors: Sequence[PriorBenefit]) -> Iterator[tuple[int, str, PoolUse]]:
        for prior in priors:
            yield from prior_entries(self.policy, prior.year, prior.benefit, prior.deductible_fen, prior.fund_fen)


class _Trial:
    """One supposition and what came of it."""

    def __init__(self, replays: dict[str, _Replay], comparison: Comparison) -> None:
        self._replays = replays
        self.comparison = comparison

    def take(self, settlement: Settlement, before: ClaimAdjudication | None, priors: Sequence[PriorBenefit]) -> None:
        """Decide one settlement and hold it against what the installed policies give."""
        found = self.comparison
        after = self._replays[settlement.area_code].decide(settlement, priors)
        found.tried += any(settled.receipt.visited_on >= found.first_day for settled in settlement.receipts)
        if before is None or before.fund_fen != settlement.fund_fen:
            found.unlike_record += 1
        if after is None:
            found.undecided.append(settlement.voucher_number)
            return
        before_fen = before.fund_fen if before else settlement.fund_fen
        if before is not None and _conclusions(before) != _conclusions(after):
            found.decided_otherwise += 1
        if before_fen != after.fund_fen:
            found.add(Change(settlement.voucher_number, before_fen, after.fund_fen))


def _settlements(ledger: Ledger, first_day: date, last_day: date, progress: Progress) -> Iterator[Settlement]:
    """Everything that was settled in the months between two days, the oldest first."""
    months = [(year, month) for year in range(first_day.year, last_day.year + 1) for month in range(1, 13)]
    counts = {(year, month): ledger.month_count(year, month) for year, month in months}
    total, done = sum(counts.values()), 0
    progress.step(done, total)
    for (year, month), count in counts.items():
        if count == 0:
            continue
        for settlement in ledger.settlements_of_month(year, month):
            yield settlement
            done += 1
            progress.step(min(done, total), total)


def _held_elsewhere(settlement: Settlement) -> dict[str, str]:
    """Bills that the record refused because another voucher held them."""
    standing = {
        settled.receipt.bill_key for settled in settlement.receipts if Reason.DUPLICATE_RECEIPT not in settled.reasons
    }
    return {
        settled.receipt.bill_key: "—" for settled in settlement.receipts if settled.receipt.bill_key not in standing
    }


def _uses(decided: ClaimAdjudication) -> tuple[list[tuple[int, str, PoolUse]], list[ChargedVisit]]:
    entries: list[tuple[int, str, PoolUse]] = []
    visits: list[ChargedVisit] = []
    for adjudication in decided.receipts:
        entries += pools_used(adjudication)
        terms = adjudication.terms
        is_paid = terms is not None and adjudication.decision is not Decision.REFUSE
        if is_paid and terms and terms.deductible_basis is DeductibleBasis.PER_VISIT:
            visits.append(charged_visit(adjudication.receipt, terms.deductible_pool, adjudication.deductible_fen))
    return entries, visits


def _conclusions(decided: ClaimAdjudication) -> list[tuple[Decision, tuple[Reason, ...]]]:
    return [
        (adjudication.decision, tuple(finding.reason for finding in adjudication.findings))
        for adjudication in decided.receipts
    ]


def _in_force_since(day: date, policy: Policy, effective_from: date) -> Policy:
    """The policy as if the document that begins on ``effective_from`` had begun on an earlier day."""
    earlier = [version.ending_before(day) for version in policy.versions if version.effective_from < day]
    first, *later = [version for version in policy.versions if version.effective_from >= effective_from]
    return replace(policy, versions=(*earlier, replace(first, effective_from=day), *later))
