"""A plain model of an office: dictionaries and the engine, no database. What the ledger must have come to.

What a person has used is never counted up or down here: it is the sum over the vouchers that stand. What a voucher
comes to after late news is what the engine gives when all that stands is decided afresh, in its order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from clerk_app.adjudication.accounts import pay_from_account
from clerk_app.adjudication.adjudication import Adjudication, ClaimAdjudication
from clerk_app.adjudication.engine import adjudicate_claim, pools_used, prior_entries
from clerk_app.adjudication.year_to_date import ChargedVisit, PoolUse, YearToDate, charged_visit
from clerk_app.codes import ClaimState, Decision, Payer, Stage
from clerk_app.ledger.records import PayeeAccount, PriorBenefit, SettlementKind
from clerk_app.policy.version import DeductibleBasis, Policy
from clerk_app.receipts.claim import AccountOffer, Claim
from clerk_app.receipts.insured import Entitlement

TOLERANCE = timedelta(minutes=5)
LEASE = timedelta(minutes=10)


@dataclass
class Insured:
    """A person with what the platform shows."""

    entitlement: Entitlement
    priors: dict[int, PriorBenefit] = field(default_factory=dict)
    accounts: list[PayeeAccount] = field(default_factory=list)


@dataclass
class Voucher:
    """A numbered record.

    Attributes:
        decided: The decisions as the corrections left them; empty for a reversal and a correction.
        duplicates: The bills that were refused because another voucher held them.
        fund_fen: As the record itself has it.
        account_fen: As the record itself has it.
    """

    number: str
    kind: SettlementKind
    person_id: int
    settled_at: datetime
    clerk: str
    reviewer: str
    total_fen: int
    fund_fen: int
    account_fen: int
    entitlement: Entitlement
    key: str
    claim: Claim | None = None
    decided: tuple[Adjudication, ...] = ()
    duplicates: frozenset[str] = frozenset()
    account_now_fen: int = 0
    payer: Payer | None = None
    original: str = ""
    reversed_by: str = ""
    corrected_by: list[str] = field(default_factory=list)
    has_passed: bool | None = None
    prints: int = 0
    box: str = ""
    payee: PayeeAccount | None = None
    payee_instead: PayeeAccount | None = None

    @property
    def fund_now_fen(self) -> int:
        """With its corrections."""
        return sum(each.fund_fen for each in self.decided)


@dataclass
class Transfer:
    """A place on the bank's list; ``is_paid`` is None until the bank answered."""

    number: str
    amount_fen: int
    account: PayeeAccount
    is_paid: bool | None = None


@dataclass(frozen=True)
class Back:
    """Money that came back of a voucher, in cash or because so much less is paid of another one."""

    number: str
    amount_fen: int
    other: str
    cancels: str


@dataclass
class Draft:
    """A claim before it is settled."""

    acceptance_number: str
    entered_by: str
    state: ClaimState = ClaimState.ENTERED
    lease_login: str | None = None
    lease_until: datetime = datetime.min  # noqa: DTZ901 -- local, as everything here


@dataclass
class Model:
    """The office.

    Attributes:
        last_at: When the audit trail's last row was written.
        acts: How many rows the audit trail has.
    """

    last_at: datetime
    acts: int
    insured: dict[int, Insured] = field(default_factory=dict)
    vouchers: dict[str, Voucher] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    bills: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[Transfer]] = field(default_factory=dict)
    back: dict[str, Back] = field(default_factory=dict)
    closed: list[tuple[int, int]] = field(default_factory=list)
    counters: dict[tuple[str, int], int] = field(default_factory=dict)

    def copy(self) -> Model:
        """The office as it stands now, for an older copy of its file; what never changes is shared."""
        return replace(
            self,
            insured={
                number: replace(each, priors=dict(each.priors), accounts=list(each.accounts))
                for number, each in self.insured.items()
            },
            vouchers={
                number: replace(each, corrected_by=list(each.corrected_by)) for number, each in self.vouchers.items()
            },
            drafts={key: replace(each) for key, each in self.drafts.items()},
            bills=dict(self.bills),
            lists={number: [replace(each) for each in transfers] for number, transfers in self.lists.items()},
            back=dict(self.back),
            closed=list(self.closed),
            counters=dict(self.counters),
        )

    # -- time and numbers ----------------------------------------------------------------------------------------

    def is_behind(self, now: datetime) -> bool:
        return now < self.last_at - TOLERANCE

    def time_of(self, now: datetime) -> datetime:
        return max(now, self.last_at)

    def told(self, now: datetime) -> datetime:
        """An act has left its row."""
        self.last_at = self.time_of(now)
        self.acts += 1
        return self.last_at

    def is_closed(self, now: datetime) -> bool:
        at = self.time_of(now)
        return (at.year, at.month) in self.closed

    def next_number(self, series: str, at: datetime) -> int:
        self.counters[series, at.year] = self.counters.get((series, at.year), 0) + 1
        return self.counters[series, at.year]

    def voucher_number(self, at: datetime) -> str:
        return f"360100-{at.year}-{self.next_number('voucher', at):06d}"

    # -- what is used --------------------------------------------------------------------------------------------

    def standing(self, person_id: int) -> list[Voucher]:
        """The settlements that are not reversed, in their order."""
        return [
            each
            for each in self.vouchers.values()
            if each.person_id == person_id and each.kind is SettlementKind.SETTLEMENT and not each.reversed_by
        ]

    def used(self, person_id: int, policy: Policy) -> YearToDate:
        """By the platform, and by what stands as it was paid."""
        used = self._platform(person_id, policy)
        for voucher in self.standing(person_id):
            used = used.with_entries(*_use_of(voucher.decided))
        return used

    def decided_afresh(self, person_id: int, policy: Policy) -> dict[str, ClaimAdjudication]:
        """What the engine alone gives for everything that stands."""
        used = self._platform(person_id, policy)
        afresh = {}
        for voucher in self.standing(person_id):
            assert voucher.claim is not None
            taken = dict.fromkeys(voucher.duplicates, "")
            afresh[voucher.number] = adjudicate_claim(voucher.claim, voucher.entitlement, policy, used, taken)
            used = used.with_entries(*_use_of(afresh[voucher.number].receipts))
        return afresh

    def open_differences(self, person_id: int, policy: Policy) -> dict[str, int]:
        """Voucher → what the fund pays more, for every one that would come out otherwise."""
        differences = {}
        for number, afresh in self.decided_afresh(person_id, policy).items():
            voucher = self.vouchers[number]
            if _amounts(afresh.receipts) != _amounts(voucher.decided):
                differences[number] = afresh.fund_fen - voucher.fund_now_fen
        return differences

    def _platform(self, person_id: int, policy: Policy) -> YearToDate:
        used = YearToDate()
        for prior in self.insured[person_id].priors.values():
            figures = (prior.year, prior.benefit, prior.deductible_fen, prior.fund_fen)
            used = used.with_entries(prior_entries(policy, *figures))
        return used

    # -- acts ----------------------------------------------------------------------------------------------------

    def settle(
        self,
        decided: ClaimAdjudication,
        person_id: int,
        *,
        key: str,
        now: datetime,
        clerk: str,
        reviewer: str,
        payee: PayeeAccount | None,
    ) -> Voucher:
        at = self.told(now)
        is_refusal = decided.decision is Decision.REFUSE
        draft = self.drafts.get(key)
        if draft is None:
            self.next_number("acceptance", at)
        else:
            draft.state, draft.lease_login = ClaimState.SETTLED, None
        account = decided.account
        voucher = Voucher(
            self.voucher_number(at),
            SettlementKind.REFUSAL if is_refusal else SettlementKind.SETTLEMENT,
            person_id,
            at,
            clerk,
            reviewer,
            sum(each.receipt.total_fen for each in decided.receipts),
            decided.fund_fen,
            decided.account_fen,
            self.insured[person_id].entitlement,
            key,
            claim=replace(decided.claim, account=None),
            decided=decided.receipts,
            duplicates=frozenset(
                each.receipt.bill_key for each in decided.receipts if each.receipt.bill_key in self.bills
            ),
            account_now_fen=decided.account_fen,
            payer=account.payer if account and decided.account_fen else None,
            has_passed=True if reviewer and not is_refusal else None,
            payee=payee,
        )
        self.vouchers[voucher.number] = voucher
        for each in decided.receipts:
            self.bills.setdefault(each.receipt.bill_key, voucher.number)
        return voucher

    def reverse(self, number: str, *, key: str, now: datetime, clerk: str) -> Voucher:
        at = self.told(now)
        original = self.vouchers[number]
        mirror = replace(
            original,
            number=self.voucher_number(at),
            kind=SettlementKind.REVERSAL,
            settled_at=at,
            clerk=clerk,
            reviewer="",
            total_fen=-original.total_fen,
            fund_fen=-original.fund_now_fen,
            account_fen=-original.account_now_fen,
            key=key,
            claim=None,
            decided=(),
            original=number,
            corrected_by=[],
            has_passed=None,
            prints=0,
            box="",
        )
        original.reversed_by = mirror.number
        for corrected in original.corrected_by:
            self.vouchers[corrected].reversed_by = mirror.number
        self.vouchers[mirror.number] = mirror
        self.bills = {bill: holder for bill, holder in self.bills.items() if holder != number}
        return mirror

    def correct(self, number: str, policy: Policy, *, key: str, now: datetime, clerk: str, reviewer: str) -> Voucher:
        at = self.told(now)
        original = self.vouchers[number]
        afresh = self.decided_afresh(original.person_id, policy)[number].receipts
        account_fen = 0
        if original.account_now_fen:
            assert original.payer is not None
            account_fen = pay_from_account(AccountOffer(original.account_now_fen, original.payer), afresh).paid_fen
        correction = replace(
            original,
            number=self.voucher_number(at),
            kind=SettlementKind.CORRECTION,
            settled_at=at,
            clerk=clerk,
            reviewer=reviewer,
            total_fen=0,
            fund_fen=sum(each.fund_fen for each in afresh) - original.fund_now_fen,
            account_fen=account_fen - original.account_now_fen,
            key=key,
            claim=None,
            decided=(),
            original=number,
            corrected_by=[],
            has_passed=None,
            prints=0,
            box="",
        )
        original.decided, original.account_now_fen = afresh, account_fen
        original.corrected_by.append(correction.number)
        self.vouchers[correction.number] = correction
        return correction

    # -- claims --------------------------------------------------------------------------------------------------

    def lease_refuses(self, key: str, login: str, now: datetime) -> bool:
        draft = self.drafts[key]
        return draft.lease_login not in (None, login) and draft.lease_until > self.time_of(now)

    def lease(self, key: str, login: str, now: datetime) -> None:
        self.drafts[key].lease_login, self.drafts[key].lease_until = login, self.time_of(now) + LEASE

    def accept(self, key: str, login: str, now: datetime) -> None:
        at = self.told(now)
        self.drafts[key] = Draft(f"S360100-{at.year}-{self.next_number('acceptance', at):06d}", login)
        self.lease(key, login, now)

    # -- money ---------------------------------------------------------------------------------------------------

    def transfers(self, number: str) -> Iterator[Transfer]:
        for transfers in self.lists.values():
            yield from (each for each in transfers if each.number == number)

    def comes_to_fen(self, number: str) -> int:
        return 0 if self.vouchers[number].reversed_by else self.vouchers[number].fund_now_fen

    def due_fen(self, number: str) -> int:
        with_bank_fen = sum(each.amount_fen for each in self.transfers(number) if each.is_paid is not False)
        return self.comes_to_fen(number) - with_bank_fen - self._deducted_fen(number) + self.back_fen(number)

    def paid_fen(self, number: str) -> int:
        """What has reached the person, or was set against what the person owed."""
        by_bank_fen = sum(each.amount_fen for each in self.transfers(number) if each.is_paid)
        return by_bank_fen + self._deducted_fen(number)

    def back_fen(self, number: str) -> int:
        return sum(each.amount_fen for each in self.back.values() if each.number == number)

    def _deducted_fen(self, number: str) -> int:
        return sum(each.amount_fen for each in self.back.values() if each.other == number)

    def stage(self, number: str) -> Stage | None:
        voucher = self.vouchers[number]
        if voucher.kind is not SettlementKind.SETTLEMENT:
            return None
        if any(each.is_paid is None for each in self.transfers(number)):
            return Stage.IN_PAYMENT
        due_fen = self.due_fen(number)
        if due_fen < 0:
            return Stage.RECOVER
        if voucher.reversed_by or (self.comes_to_fen(number) == 0 and voucher.has_passed):
            return Stage.CLOSED
        if voucher.has_passed is None:
            return Stage.UNREVIEWED
        if not voucher.has_passed:
            return Stage.OBJECTED
        return Stage.PAYABLE if due_fen else Stage.PAID

    def account_of(self, number: str) -> PayeeAccount | None:
        voucher = self.vouchers[number]
        if voucher.payee is not None:
            return voucher.payee_instead or voucher.payee
        accounts = self.insured[voucher.person_id].accounts
        return accounts[-1] if accounts else None

    def known_accounts(self, person_id: int) -> list[PayeeAccount]:
        """Where a person's money may go with a claim; every account of the walk is another one."""
        of_vouchers = [
            each
            for each in reversed(self.vouchers.values())
            if each.person_id == person_id and each.kind is SettlementKind.SETTLEMENT and not each.reversed_by
        ]
        registered = self.insured[person_id].accounts
        replaced = [*registered[:-1], *(each.payee for each in of_vouchers if each.payee_instead)]
        named = [each.payee_instead or each.payee for each in of_vouchers]
        left = [account for account in named if account is not None and account not in replaced]
        return list(dict.fromkeys((*registered[-1:], *left)))

    def has_failed(self, number: str) -> bool:
        """Whether the bank has refused a transfer of it."""
        return any(each.is_paid is False for each in self.transfers(number))

    def months(self) -> list[tuple[int, int]]:
        return sorted({(each.settled_at.year, each.settled_at.month) for each in self.vouchers.values()})

    def open_months(self, now: datetime) -> list[tuple[int, int]]:
        """Months that are over and not closed, from the first one on."""
        first, last = date(2023, 5, 1), self.time_of(now).date().replace(day=1)
        over = []
        while first < last:
            over.append((first.year, first.month))
            first = (first + timedelta(days=31)).replace(day=1)
        return [month for month in over if month not in self.closed]


def _amounts(decided: Iterable[Adjudication]) -> list[tuple[int, int]]:
    return [(each.deductible_fen, each.fund_fen) for each in decided]


def _use_of(decided: Iterable[Adjudication]) -> tuple[list[tuple[int, str, PoolUse]], list[ChargedVisit]]:
    paid = [each for each in decided if each.decision is not Decision.REFUSE and each.terms is not None]
    entries = [entry for each in paid for entry in pools_used(each)]
    visits = [
        charged_visit(each.receipt, each.terms.deductible_pool, each.deductible_fen)
        for each in paid
        if each.terms and each.terms.deductible_basis is DeductibleBasis.PER_VISIT
    ]
    return entries, visits
