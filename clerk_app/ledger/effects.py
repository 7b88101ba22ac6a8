"""What late news changes: a person's settlements decided again in their order, against what was recorded.

A reversal, a networked settlement that becomes known or a late receipt moves deductible and cap for what was settled
afterwards. Vouchers never change; here it is worked out, saving nothing, which of them would come out otherwise.

The replay starts from the platform's figures as known now, as ``rules.md`` has it, then takes receipt after receipt in
the order that the area states (扣减次序). Every receipt is decided by the engine under the version of its visit date
and with the person as the voucher has it. Where the area's files have been changed since, and would not give what was
recorded even from the recorded starting point, the recorded use stands and the difference is marked: it is no
consequence of the news, and no correction settles it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from sqlalchemy import Connection

from clerk_app.adjudication.accounts import pay_from_account
from clerk_app.adjudication.adjudication import Adjudication
from clerk_app.adjudication.engine import adjudicate_claim, pools_used, prior_entries
from clerk_app.adjudication.visit_order import is_by_visit
from clerk_app.adjudication.year_to_date import ChargedVisit, PoolUse, YearToDate, charged_visit
from clerk_app.codes import Decision, Reason
from clerk_app.ledger import accumulators
from clerk_app.ledger.accumulators import Entry
from clerk_app.ledger.persons import read_person
from clerk_app.ledger.reading import settlement_row, standing
from clerk_app.ledger.recording import taken_bills
from clerk_app.ledger.records import PriorBenefit, SettledReceipt, Settlement
from clerk_app.ledger.settling import is_charged_visit
from clerk_app.policy.version import Policy
from clerk_app.receipts.claim import AccountOffer, Claim, Receipt
from clerk_app.receipts.insured import Entitlement

#: The policy of an area by its code.
PolicyOf = Callable[[str], Policy]


@dataclass(frozen=True, slots=True)
class ReceiptEffect:
    """What news changes for one receipt, in fen.

    Attributes:
        policy_hash_before: Content of the policy version that it was last decided under.
        policy_hash_now: Content of the version that decides about its visit date now.
        has_same_figures: That version gives what was recorded, from the recorded starting point.
    """

    number: str
    bill_key: str
    deductible_before_fen: int
    deductible_after_fen: int
    fund_before_fen: int
    fund_after_fen: int
    policy_hash_before: str
    policy_hash_now: str
    has_same_figures: bool

    @property
    def is_change(self) -> bool:
        """Whether an amount differs; all others follow from these two."""
        return (self.deductible_before_fen, self.fund_before_fen) != (self.deductible_after_fen, self.fund_after_fen)


@dataclass(frozen=True, slots=True)
class Effect:
    """What news changes for one settlement, in fen; its corrections so far are in what was before.

    Attributes:
        account_before_fen: What the personal account has paid.
        account_after_fen: Less than before where the person now bears less than the account has paid.
        receipts: Those of which an amount changes.
    """

    voucher_number: str
    settled_at: datetime
    account_before_fen: int
    account_after_fen: int
    receipts: tuple[ReceiptEffect, ...]

    @property
    def deductible_before_fen(self) -> int:
        """Of the receipts that change."""
        return sum(receipt.deductible_before_fen for receipt in self.receipts)

    @property
    def deductible_after_fen(self) -> int:
        """Of the receipts that change."""
        return sum(receipt.deductible_after_fen for receipt in self.receipts)

    @property
    def fund_before_fen(self) -> int:
        """Of the receipts that change."""
        return sum(receipt.fund_before_fen for receipt in self.receipts)

    @property
    def fund_after_fen(self) -> int:
        """Of the receipts that change."""
        return sum(receipt.fund_after_fen for receipt in self.receipts)

    @property
    def difference_fen(self) -> int:
        """What the fund pays more, negative for less."""
        return self.fund_after_fen - self.fund_before_fen

    @property
    def is_same_policy(self) -> bool:
        """Whether the area's files are, to the letter, those of the settlement."""
        return all(receipt.policy_hash_before == receipt.policy_hash_now for receipt in self.receipts)

    @property
    def has_same_figures(self) -> bool:
        """Whether the area's files still give what they gave; without it no correction is made."""
        return all(receipt.has_same_figures for receipt in self.receipts)


@dataclass(frozen=True, slots=True)
class ClaimEffects:
    """What a claim that is handed in late changes for others, and what it comes to itself in the end.

    Attributes:
        fund_fen: What the fund pays for the claim at its place, once every difference is settled. When it is settled
            it gets no more than the year's cap still has; the rest comes with a correction.
    """

    effects: tuple[Effect, ...]
    fund_fen: int


@dataclass(frozen=True, slots=True)
class LateClaim:
    """A claim under the policy of its area.

    Attributes:
        entitlement: None for the person's as it is recorded.
    """

    claim: Claim
    policy: Policy
    entitlement: Entitlement | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What is supposed to be so, beside what the ledger holds.

    Attributes:
        reversed_number: A voucher that is taken back.
        priors: What the platform shows; each replaces what is recorded for its year and benefit.
        late_claim: A claim that is handed in now.
    """

    reversed_number: str = ""
    priors: tuple[PriorBenefit, ...] = ()
    late_claim: LateClaim | None = None


NO_NEWS = News()


@dataclass(frozen=True, slots=True)
class Redecided:
    """One receipt decided again.

    Attributes:
        recorded: The receipt with its corrections; None for one that is not settled yet.
    """

    recorded: SettledReceipt | None
    adjudication: Adjudication
    has_same_figures: bool

    def effect(self) -> ReceiptEffect:
        """What changes; without a record nothing does."""
        adjudication, recorded = self.adjudication, self.recorded
        return ReceiptEffect(
            adjudication.receipt.number,
            adjudication.receipt.bill_key,
            recorded.deductible_fen if recorded else adjudication.deductible_fen,
            adjudication.deductible_fen,
            recorded.fund_fen if recorded else adjudication.fund_fen,
            adjudication.fund_fen,
            recorded.policy_hash if recorded else _hash_of(adjudication),
            _hash_of(adjudication),
            self.has_same_figures,
        )


@dataclass(slots=True)
class Replayed:
    """A settlement decided again, receipts in the order of entry.

    Attributes:
        settlement: As its corrections left it; None for a claim that is not settled yet.
        duplicates: Positions of receipts whose bill another one holds. What was refused for it stays refused, whatever
            becomes of the other: the paper is handed in again then.
    """

    settlement: Settlement | None
    policy: Policy
    entitlement: Entitlement
    claim: Claim
    duplicates: frozenset[int]
    receipts: list[Redecided] = field(default_factory=list)

    @property
    def account_after_fen(self) -> int:
        """What of the personal account's payment the person still bears."""
        settlement = self.settlement
        if settlement is None or not settlement.account_fen:
            return 0
        assert settlement.account_payer is not None, "an account that pays is somebody's"
        offer = AccountOffer(settlement.account_fen, settlement.account_payer)
        return pay_from_account(offer, [redecided.adjudication for redecided in self.receipts]).paid_fen

    def effect(self) -> Effect | None:
        """What differs from the record, None when nothing does."""
        settlement = self.settlement
        if settlement is None:
            return None
        changed = tuple(effect for effect in (each.effect() for each in self.receipts) if effect.is_change)
        if not changed:
            return None
        return Effect(
            settlement.voucher_number,
            settlement.settled_at,
            settlement.account_fen,
            self.account_after_fen,
            changed,
        )


def effects(connection: Connection, person_id: int, policy_of: PolicyOf) -> tuple[Effect, ...]:
    """The differences that are to be settled as things stand, in the order of settlement."""
    return tuple(_effects_by_voucher(replay(connection, person_id, policy_of)).values())


def effects_of(connection: Connection, person_id: int, policy_of: PolicyOf, news: News) -> tuple[Effect, ...]:
    """The settlements that news would change, against what is recorded; what is open without it is left out."""
    open_now = _effects_by_voucher(replay(connection, person_id, policy_of))
    then = _effects_by_voucher(replay(connection, person_id, policy_of, news))
    return tuple(effect for number, effect in then.items() if open_now.get(number) != effect)


def effects_of_claim(connection: Connection, person_id: int, policy_of: PolicyOf, news: News) -> ClaimEffects:
    """What would change if the news' late claim were settled now."""
    late = replay(connection, person_id, policy_of, news)[-1]
    fund_fen = sum(redecided.adjudication.fund_fen for redecided in late.receipts)
    return ClaimEffects(effects_of(connection, person_id, policy_of, news), fund_fen)


def effects_of_reversal(connection: Connection, voucher_number: str, policy_of: PolicyOf) -> tuple[Effect, ...]:
    """What would change if a voucher were reversed."""
    row = settlement_row(connection, voucher_number)
    return effects_of(connection, row.person_id, policy_of, News(reversed_number=voucher_number))


def replay(connection: Connection, person_id: int, policy_of: PolicyOf, news: News = NO_NEWS) -> list[Replayed]:
    """Decide a person's standing settlements again, one after the other."""
    record = read_person(connection, person_id)
    standing_now = [each for each in standing(connection, person_id) if each.voucher_number != news.reversed_number]
    replayed = [_of_settlement(each, policy_of(each.area_code)) for each in standing_now]
    if news.late_claim:
        claim, entitlement = news.late_claim.claim, news.late_claim.entitlement or record.entitlement
        taken = taken_bills(connection, (receipt.bill_key for receipt in claim.receipts))
        replayed.append(Replayed(None, news.late_claim.policy, entitlement, claim, _duplicates(claim, taken)))
    replaced = {(prior.year, prior.benefit) for prior in news.priors}
    kept = [prior for prior in record.prior_benefits if (prior.year, prior.benefit) not in replaced]
    book = _Book([*kept, *news.priors])
    decided = {(place, position): book.decide(replayed[place], position) for place, position in _in_order(replayed)}
    for place, each in enumerate(replayed):
        each.receipts = [decided[place, position] for position in range(len(each.claim.receipts))]
    return replayed


class _Book:
    """What a person has used while the settlements are decided again."""

    def __init__(self, priors: Sequence[PriorBenefit]) -> None:
        self._priors = priors
        self._entries: list[Entry] = []
        self._visits: list[ChargedVisit] = []

    def decide(self, replayed: Replayed, position: int) -> Redecided:
        """Decide one receipt, and count what it uses."""
        receipt = replayed.claim.receipts[position]
        recorded = replayed.settlement.receipts[position] if replayed.settlement else None
        adjudication = _decide(replayed, position, self._used(replayed.policy))
        is_same = recorded is None or _has_same_figures(replayed, position, recorded, adjudication)
        deductible_fen = adjudication.deductible_fen if is_same or recorded is None else recorded.deductible_fen
        self._entries += pools_used(adjudication) if is_same or recorded is None else accumulators.use_of(recorded)
        if is_charged_visit(adjudication):
            assert adjudication.terms is not None, "a visit is charged under some terms"
            self._visits.append(charged_visit(receipt, adjudication.terms.deductible_pool, deductible_fen))
        return Redecided(recorded, adjudication, is_same)

    def _used(self, policy: Policy) -> YearToDate:
        entries = list(self._entries)
        for prior in self._priors:
            entries += prior_entries(policy, prior.year, prior.benefit, prior.deductible_fen, prior.fund_fen)
        return YearToDate().with_entries(entries, self._visits)


def _of_settlement(settlement: Settlement, policy: Policy) -> Replayed:
    receipts = tuple(settled.receipt for settled in settlement.receipts)
    claim = Claim(receipts, handed_in_on=settlement.handed_in_on, materials=settlement.materials)
    duplicates = frozenset(
        position for position, settled in enumerate(settlement.receipts) if Reason.DUPLICATE_RECEIPT in settled.reasons
    )
    return Replayed(settlement, policy, settlement.entitlement, claim, duplicates)


def _duplicates(claim: Claim, taken: Mapping[str, str]) -> frozenset[int]:
    """The receipts of a new claim whose bill a voucher holds, or an earlier receipt of the claim."""
    held = set(taken)
    found = set()
    for position in claim.by_visit:
        bill_key = claim.receipts[position].bill_key
        if bill_key in held:
            found.add(position)
        held.add(bill_key)
    return frozenset(found)


def _decide(replayed: Replayed, position: int, used: YearToDate) -> Adjudication:
    """Decide one receipt by itself: those before it are in what was used."""
    receipt = replayed.claim.receipts[position]
    claim = Claim((receipt,), handed_in_on=replayed.claim.handed_in_on, materials=replayed.claim.materials)
    taken = {receipt.bill_key: ""} if position in replayed.duplicates else {}
    return adjudicate_claim(claim, replayed.entitlement, replayed.policy, used, taken).receipts[0]


def _in_order(replayed: Sequence[Replayed]) -> list[tuple[int, int]]:
    """Places of settlements and positions of receipts in the order in which they use up deductible and cap.

    Settlements follow one another, and within one receipts go by visit. In the calendar years for which the area
    states 就诊先后, the receipts of all settlements go by visit, and then by settlement and entry.
    """
    order = [(place, position) for place, each in enumerate(replayed) for position in each.claim.by_visit]

    def receipt_at(at: tuple[int, int]) -> Receipt:
        return replayed[at[0]].claim.receipts[at[1]]

    for year in {receipt_at(at).visited_on.year for at in order}:
        slots = [slot for slot, at in enumerate(order) if receipt_at(at).visited_on.year == year]
        latest = max((order[slot] for slot in slots), key=lambda at: receipt_at(at).moment)
        if is_by_visit(replayed[latest[0]].policy, receipt_at(latest).visited_on):
            by_visit = sorted((order[slot] for slot in slots), key=lambda at: (receipt_at(at).moment, at))
            for slot, at in zip(slots, by_visit, strict=True):
                order[slot] = at
    return order


def _has_same_figures(replayed: Replayed, position: int, recorded: SettledReceipt, adjudication: Adjudication) -> bool:
    """Whether the files as they are now give what was recorded, from where it was recorded to have started.

    A new line of comment or a later 已核实至 changes the files and no figure; that is found out by computing. A
    disease's own cap is not recorded, so nothing can be found out about it.
    """
    if _hash_of(adjudication) == recorded.policy_hash:
        return True
    terms = adjudication.terms
    if terms is None or recorded.decision is Decision.REFUSE:
        return terms is None and recorded.decision is Decision.REFUSE
    stated = (terms.deductible_fen, terms.cap_fen, terms.deductible_pool, accumulators.cap_pools(adjudication))
    known = (recorded.deductible_standard_fen, recorded.cap_fen, recorded.deductible_pool, recorded.cap_pools)
    if len(recorded.cap_pools) > 1 or stated != known:
        return False
    again = _decide(replayed, position, _start_of(recorded))
    return _amounts(again) == (
        recorded.ratio_bp,
        recorded.deductible_fen,
        recorded.share_fen,
        recorded.fund_fen,
        recorded.over_cap_fen,
    )


def _start_of(recorded: SettledReceipt) -> YearToDate:
    """What was used before a receipt, as it was recorded."""
    receipt = recorded.receipt
    before: list[Entry] = [
        (receipt.visited_on.year, recorded.deductible_pool, PoolUse(recorded.deductible_used_before_fen, 0)),
        (receipt.visited_on.year, recorded.cap_pools[0], PoolUse(0, recorded.fund_used_before_fen)),
    ]
    visit = ChargedVisit(
        receipt.institution.key,
        datetime.combine(receipt.visited_on, receipt.visited_at or time.min),
        receipt.visited_at is not None,
        receipt.visit_label,
        recorded.deductible_pool,
        recorded.deductible_used_before_fen,
    )
    return YearToDate().with_entries(before, [visit])


def _amounts(adjudication: Adjudication) -> tuple[int, ...]:
    return (
        adjudication.ratio_bp,
        adjudication.deductible_fen,
        adjudication.share_fen,
        adjudication.fund_fen,
        adjudication.over_cap_fen,
    )


def _hash_of(adjudication: Adjudication) -> str:
    return adjudication.version.content_hash if adjudication.version else ""


def _effects_by_voucher(replayed: Iterable[Replayed]) -> dict[str, Effect]:
    return {effect.voucher_number: effect for effect in _effects(replayed)}


def _effects(replayed: Iterable[Replayed]) -> Iterator[Effect]:
    for each in replayed:
        effect = each.effect()
        if effect is not None:
            yield effect
