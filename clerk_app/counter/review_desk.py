"""复核: everything that waits for a second person, what is to be known of it, and the verdicts that are handed in.

Verdicts are marked one after the other and handed in together: the ledger asks for the password before each act, and
a sitting's passes are one act.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from clerk_app.codes import Action, ClaimState, Decision, Stage
from clerk_app.counter.banners import Banner, Weight
from clerk_app.counter.desk import Desk
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import ClaimLine, Payable, Settlement
from clerk_app.receipts.id_card import masked
from clerk_app.wording import _, filled, sentence

_SUBMITTED = frozenset({ClaimState.SUBMITTED})
#: As many as settlements are read at once, the oldest, which are looked at first; the others come when those are done.
_MOST_CLAIMS = 1_000
_TO_SEE = frozenset({Stage.UNREVIEWED, Stage.OBJECTED})


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the queue: a claim before the first check (初审), or a settlement before money leaves (复核).

    Attributes:
        number: The acceptance number of a claim, the voucher number of a settlement.
        at: When it was handed in, or settled.
        amount_fen: What the fund pays; None for a claim, which nobody has settled yet.
    """

    number: str
    name: str
    entered_by: str
    at: datetime
    amount_fen: int | None
    claim: ClaimLine | None = None
    settled: Payable | None = None

    @property
    def step(self) -> str:
        """Where it stands, in words."""
        if self.claim is not None:
            return _("待初审")
        assert self.settled is not None, "a line is a claim or a settlement"
        return _(self.settled.stage.term)

    @property
    def is_objected(self) -> bool:
        """Whether a second person has refused it already: what is left is to reverse it."""
        return self.settled is not None and self.settled.stage is Stage.OBJECTED


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to become of a line; a reason only for what goes back."""

    passes: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What a sitting did."""

    passed: int
    returned: int


@dataclass(frozen=True, slots=True)
class Record:
    """A settlement whole, and what a reviewer looks at first."""

    settlement: Settlement
    flags: tuple[Banner, ...]


class ReviewDesk:
    """One reviewer's sitting."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._verdicts: dict[str, Verdict] = {}

    def lines(self) -> list[Waiting]:
        """What waits. Marks of what waits no longer are forgotten."""
        found = self.read()
        self.forget_gone(found)
        return found

    def read(self) -> list[Waiting]:
        """What waits, claims first, each kind the oldest first; may be asked beside the window."""
        claims = self.desk.ledger.claims_in(_SUBMITTED, limit=_MOST_CLAIMS, is_oldest_first=True)
        found = [
            Waiting(line.acceptance_number, line.title, line.entered_name, line.saved_at, None, claim=line)
            for line in claims
        ]
        found += [
            Waiting(each.voucher_number, each.name, each.clerk, each.settled_at, each.comes_to_fen, settled=each)
            for each in self.desk.ledger.payables(_TO_SEE)
        ]
        return found

    def forget_gone(self, lines: Iterable[Waiting]) -> None:
        """Forget the marks of what is not among these lines any more."""
        there = {line.number for line in lines if not line.is_objected}
        self._verdicts = {number: verdict for number, verdict in self._verdicts.items() if number in there}

    def record(self, line: Waiting) -> Record:
        """What is to be known of a settlement that waits; may be asked beside the window.

        Raises:
            ClerkError: ``not_found``, or as the ledger says.
        """
        settlement = self.desk.ledger.settlement(line.number)
        return Record(settlement, (*self._objection(line), *self.flags(settlement)))

    # --- Verdicts -----------------------------------------------------------------------------------------------

    def verdict(self, line: Waiting) -> Verdict | None:
        """What has been marked."""
        return self._verdicts.get(line.number)

    def mark_passed(self, line: Waiting) -> None:
        """Mark a settlement as in order, or take such a mark back.

        Raises:
            ClerkError: ``reviewer_is_clerk``, ``claim_wants_settling``, ``reviewed_already``.
        """
        self._check(line)
        if line.claim is not None:
            raise ClerkError("claim_wants_settling", acceptance=line.number)
        former = self._verdicts.pop(line.number, None)
        if former is None or not former.passes:
            self._verdicts[line.number] = Verdict(passes=True)

    def mark_returned(self, line: Waiting, reason: str) -> None:
        """Mark a line as not in order.

        Raises:
            ClerkError: ``reviewer_is_clerk``, ``reviewed_already``, ``reason_missing``.
        """
        self._check(line)
        if not reason.strip():
            raise ClerkError("reason_missing")
        self._verdicts[line.number] = Verdict(passes=False, reason=reason.strip())

    def unmark(self, line: Waiting) -> None:
        """Take a mark back."""
        self._verdicts.pop(line.number, None)

    def marked(self) -> HandedIn:
        """How many of each kind are marked."""
        passed = sum(verdict.passes for verdict in self._verdicts.values())
        return HandedIn(passed, len(self._verdicts) - passed)

    def hand_in(self, lines: list[Waiting], password: str) -> HandedIn:
        """Record what is marked: all passes in one act, each objection in one of its own.

        What fails leaves what was done before it done, and the other marks as they are.

        Args:
            lines: The queue as it is shown.
            password: The reviewer's own, typed for this.

        Raises:
            ClerkError: ``nothing_marked``, ``sign_in_refused``, ``sign_in_locked``, or as ``Ledger.review`` and
                ``Ledger.return_claim``.
        """
        ledger = self.desk.ledger
        marked = [(line, self._verdicts[line.number]) for line in lines if line.number in self._verdicts]
        if not marked:
            raise ClerkError("nothing_marked")
        passed = [line.number for line, verdict in marked if verdict.passes]
        if passed:
            ledger.confirm_password(password)
            ledger.review(passed)
            self._forget(*passed)
        returned = [(line, verdict) for line, verdict in marked if not verdict.passes]
        for line, verdict in returned:
            if line.claim is not None:
                ledger.return_claim(line.claim.act_key, verdict.reason)
            else:
                ledger.confirm_password(password)
                ledger.review([line.number], verdict.reason, has_passed=False)
            self._forget(line.number)
        return HandedIn(len(passed), len(returned))

    def _forget(self, *numbers: str) -> None:
        for number in numbers:
            self._verdicts.pop(number, None)

    def _check(self, line: Waiting) -> None:
        user = self.desk.user
        is_own = line.entered_by == user.name if line.claim is None else line.claim.entered_by == user.login
        if is_own:
            raise ClerkError("reviewer_is_clerk")
        if line.is_objected:
            raise ClerkError("objected_already", voucher=line.number)

    # --- What is to be known ------------------------------------------------------------------------------------

    def flags(self, settlement: Settlement) -> tuple[Banner, ...]:
        """What a reviewer looks at before anything else, the weightiest first."""
        found = [*self._of_papers(settlement), *self._since(settlement), *self._by_hand(settlement)]
        order = list(reversed(Weight))
        return tuple(sorted(found, key=lambda banner: order.index(banner.weight)))

    def _objection(self, line: Waiting) -> Iterator[Banner]:
        """Why a second person has refused it, for whoever reverses it."""
        if not line.is_objected or not self.desk.may(Action.SEE_AUDIT):
            return
        names = {user.login: user.name for user in self.desk.ledger.users()}
        for entry in self.desk.ledger.audit_trail(subject=line.number):
            if entry.action is Action.REVIEW:
                words = _("复核未通过（{reviewer} {at}）：{reason}")
                reviewer, at = names.get(entry.login, entry.login), f"{entry.at:%Y-%m-%d %H:%M}"
                yield Banner(Weight.REFUSAL, filled(words, {"reviewer": reviewer, "at": at, "reason": entry.reason}))
                return

    def _of_papers(self, settlement: Settlement) -> Iterator[Banner]:
        remark = self.desk.ledger.remark(settlement.voucher_number)
        if remark:
            yield Banner(Weight.WARNING, filled(_("录入人结算时说明：{remark}"), {"remark": remark}))
        for settled in settlement.receipts:
            number = settled.receipt.number
            if settled.decision is Decision.REFUSE:
                yield Banner(
                    Weight.WARNING,
                    filled(_("票据 {number} 不予支付：{why}"), {"number": number, "why": settled.summary}),
                )
            similar = self.desk.ledger.similar_receipts(settled.receipt)
            others = tuple(each for each in similar if each != settlement.voucher_number)
            if others:
                words = _("票据 {number} 与单据 {vouchers} 的票据医院、日期、金额都相同，请核对是不是同一张。")
                yield Banner(Weight.WARNING, filled(words, {"number": number, "vouchers": others}))

    def _since(self, settlement: Settlement) -> Iterator[Banner]:
        """What has happened after it was settled."""
        if settlement.corrected_by:
            words = _("差额已由 {numbers} 更正，复核后按更正后的金额支付。")
            yield Banner(Weight.WARNING, filled(words, {"numbers": settlement.corrected_by}))
        record = self.desk.ledger.person(settlement.person_id)
        if record.entitlement != settlement.entitlement:
            yield Banner(Weight.WARNING, _("结算后参保人的待遇或备案信息改动过，请核对是否影响本单。"))
        try:
            effects = self.desk.ledger.effects(settlement.person_id, self.desk.policy)
        except ClerkError as error:
            yield Banner(Weight.WARNING, sentence(error))
            return
        for effect in effects:
            if effect.voucher_number == settlement.voucher_number:
                words = _("结算后有新情况，本单应多支付 {difference_fen}，还没有更正。请先办理差额更正，或退回。")
                if effect.difference_fen < 0:
                    words = _("结算后有新情况，本单应少支付 {difference_fen}，还没有更正。请先办理差额更正，或退回。")
                yield Banner(Weight.WARNING, filled(words, {"difference_fen": abs(effect.difference_fen)}))

    def _by_hand(self, settlement: Settlement) -> Iterator[Banner]:
        """What the office knows only because somebody typed it."""
        visits = [settled.receipt.visited_on for settled in settlement.receipts]
        years = {visited_on.year for visited_on in visits}
        for prior in self.desk.ledger.person(settlement.person_id).prior_benefits:
            if prior.year in years and (prior.deductible_fen or prior.fund_fen):
                words = _(
                    "{year} 年{benefit}平台已享受是人工填写的：起付线 {deductible_fen}，统筹 {fund_fen}，查询日 {day}。"
                )
                if prior.as_of < max(visit for visit in visits if visit.year == prior.year):
                    words += _("查询日早于就诊日，请重新查询。")
                details = {
                    "year": prior.year,
                    "benefit": _(prior.benefit.term),
                    "deductible_fen": prior.deductible_fen,
                    "fund_fen": prior.fund_fen,
                    "day": prior.as_of,
                }
                yield Banner(Weight.NOTE, filled(words, details))
        payee = settlement.payee
        registered = self.desk.ledger.payee_account(settlement.person_id)
        if payee is not None and payee.account and (registered is None or registered.account != payee.account):
            words = _("收款账户由录入人随申请填写：{bank} {account}，请与存折或银行卡核对。")
            details = {"bank": payee.bank, "account": masked(payee.account)}
            yield Banner(Weight.NOTE, filled(words, details))
        if payee is not None and payee.name != settlement.person.name:
            words = _("款项由 {name}（{relation}）领取，请核对委托书和关系证明。")
            yield Banner(Weight.NOTE, filled(words, {"name": payee.name, "relation": payee.relation or _("未填关系")}))
        if settlement.materials is not None:
            names = tuple(_(material.term) for material in sorted(settlement.materials))
            yield Banner(Weight.NOTE, filled(_("已收材料：{names}"), {"names": names or _("无")}))
