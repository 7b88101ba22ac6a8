"""Late news at the counter: what it changes is shown before it is confirmed, and settled by corrections afterwards.

Imported after the first paint: SQLAlchemy comes in with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator

from clerk_app.codes import Benefit
from clerk_app.counter.desk import Desk
from clerk_app.counter.second_person import Reviewer
from clerk_app.errors import ClerkError
from clerk_app.ledger.effects import ClaimEffects, Effect, ReceiptEffect
from clerk_app.ledger.records import PriorBenefit, Settlement
from clerk_app.receipts.claim import Claim
from clerk_app.receipts.insured import Entitlement
from clerk_app.wording import N_, _, filled

_GAINS = N_("结算单 {voucher}（{day} 结算）：统筹支付由 {before_fen} 变为 {after_fen}，应补付 {amount_fen}")
_GIVES_BACK = N_("结算单 {voucher}（{day} 结算）：统筹支付由 {before_fen} 变为 {after_fen}，应退回 {amount_fen}")
_ONLY_DEDUCTIBLE = N_("结算单 {voucher}（{day} 结算）：统筹支付 {after_fen} 不变，扣除的起付线有变化")
_RECEIPT = N_(
    "票据 {number}：起付线 {deductible_before_fen} → {deductible_after_fen}，"
    "统筹支付 {fund_before_fen} → {fund_after_fen}"
)
_NONE = N_("不影响其他已结算的单据。")
_SOME = N_("会影响 {count} 笔已结算的单据，统筹支付合计变化 {difference_fen}。确认后请逐笔办理更正，原单不变。")
_OPEN = N_("有 {count} 笔单据的差额待更正，统筹支付合计变化 {difference_fen}。每笔另记一张更正单，原单不变。")
_NONE_OPEN = N_("没有待更正的差额。")
_MORE = N_("另有 {count} 笔。")
_FILES_CHANGED = N_("统筹区的政策文件在该单结算后改动过，按现文件重算与原结果一致。")
_FIGURES_CHANGED = N_("统筹区政策的数值在该单结算后改动过，列出的数只供参考，不能按差额更正；需要时请冲正后重新结算。")
_ACCOUNT = N_("个人账户已支付 {before_fen}，其中 {amount_fen} 应退回个人账户。")


class Reversal:
    """Take a settlement back: a negative mirror record, with a reason."""

    def __init__(self, desk: Desk, voucher_number: str) -> None:
        self.desk = desk
        self.voucher_number = voucher_number
        self._key = secrets.token_hex(16)

    def reverse(self, reason: str) -> Settlement:
        """Record the reversal; pressing again gives the same one.

        Raises:
            ClerkError: ``reason_missing``, ``already_reversed``, ``not_reversible``, ``not_allowed``.
        """
        return self.desk.ledger.reverse(self.voucher_number, reason, self._key)


class LateNews:
    """News about one person: what it would change, and the corrections that settle it."""

    def __init__(self, desk: Desk, person_id: int) -> None:
        self.desk = desk
        self.person_id = person_id
        self._keys: dict[Effect, str] = {}

    def of_reversal(self, voucher_number: str) -> tuple[Effect, ...]:
        """What a reversal would change; nothing is saved.

        Raises:
            ClerkError: ``voucher_unknown``, or what the policy or the engine objects to.
        """
        return self.desk.ledger.effects_of_reversal(voucher_number, self.desk.policy)

    def of_prior_benefit(self, *priors: PriorBenefit) -> tuple[Effect, ...]:
        """What the platform's figures would change once they are recorded; nothing is saved."""
        return self.desk.ledger.effects_of_prior_benefits(self.person_id, priors, self.desk.policy)

    def of_networked_settlement(self, year: int, benefit: Benefit) -> PriorBenefit | None:
        """What is recorded of the platform's payments so far, None for nothing; the new figures replace it."""
        priors = self.desk.ledger.person(self.person_id).prior_benefits
        return next((prior for prior in priors if (prior.year, prior.benefit) == (year, benefit)), None)

    def of_claim(
        self,
        claim: Claim,
        area_code: str,
        entitlement: Entitlement | None = None,
        priors: Iterable[PriorBenefit] = (),
    ) -> ClaimEffects:
        """What a claim that comes late would change: nothing, unless the area's order is that of the visits.

        Args:
            entitlement: What the form says of the person; by default what is recorded.
            priors: What the platform shows, where it would be recorded with the claim.
        """
        policy = self.desk.policy(area_code)
        return self.desk.ledger.effects_of_claim(
            self.person_id, claim, policy, self.desk.policy, entitlement=entitlement, priors=priors
        )

    def open(self) -> tuple[Effect, ...]:
        """Every difference that is to be settled, those that give money back first: they make room under the cap."""
        found = self.desk.ledger.effects(self.person_id, self.desk.policy)
        return tuple(sorted(found, key=lambda effect: effect.difference_fen))

    def correct(self, effect: Effect, reason: str, reviewer: Reviewer) -> Settlement:
        """Settle one difference; pressing again gives the same correction.

        Raises:
            ClerkError: ``sign_in_refused``, ``sign_in_locked``, ``not_allowed``, ``amount_changed``,
                ``policy_figures_changed``, ``decreases_first``, ``reason_missing``, ``correction_review_needed``,
                ``reviewer_is_clerk``, ``already_reversed``.
        """
        if not reason.strip():
            raise ClerkError("reason_missing")
        if not (reviewer.login.strip() and reviewer.reason.strip()):
            raise ClerkError("correction_review_needed")
        return self.desk.ledger.correct(
            effect.voucher_number,
            effect,
            reason=reason,
            key=self._keys.setdefault(effect, secrets.token_hex(16)),
            review=reviewer.accepts(self.desk),
            policy_of=self.desk.policy,
        )

    def correct_all(self, reason: str, reviewer: Reviewer) -> Iterator[Settlement]:
        """Settle every difference that can be, each by an act of its own; what fails leaves those before it done.

        One that takes what another is to give back to a cap waits until that is done.
        """
        waiting = [effect for effect in self.open() if effect.has_same_figures]
        while waiting:
            refused: list[tuple[Effect, ClerkError]] = []
            for effect in waiting:
                try:
                    correction = self.correct(effect, reason, reviewer)
                except ClerkError as error:
                    if error.code != "decreases_first":
                        raise
                    refused.append((effect, error))
                else:
                    yield correction
            if len(refused) == len(waiting):
                raise refused[0][1]
            waiting = [effect for effect, _error in refused]


def summary_words(effects: Iterable[Effect]) -> str:
    """How many settlements change, and by how much in all."""
    found = tuple(effects)
    if not found:
        return _(_NONE)
    difference_fen = sum(effect.difference_fen for effect in found)
    return filled(_(_SOME), {"count": len(found), "difference_fen": difference_fen})


def news_words(effects: Iterable[Effect]) -> str:
    """How many settlements change, then each with its receipts and what has to be known about it."""
    found = tuple(effects)
    return "\n".join((summary_words(found), *_each_in_full(found)))


def short_words(effects: Iterable[Effect], most: int = 3) -> str:
    """How many settlements change, then the first of them, for a place with little room."""
    found = tuple(effects)
    lines = [summary_words(found), *(effect_words(effect) for effect in found[:most])]
    if len(found) > most:
        lines.append(filled(_(_MORE), {"count": len(found) - most}))
    return "\n".join(lines)


def open_summary(effects: Iterable[Effect]) -> str:
    """How many differences wait to be settled, and how much they come to."""
    found = tuple(effects)
    if not found:
        return _(_NONE_OPEN)
    difference_fen = sum(effect.difference_fen for effect in found)
    return filled(_(_OPEN), {"count": len(found), "difference_fen": difference_fen})


def open_words(effects: Iterable[Effect]) -> str:
    """How many differences wait to be settled, then each in the same way."""
    found = tuple(effects)
    return "\n".join((open_summary(found), *_each_in_full(found)))


def _each_in_full(effects: Iterable[Effect]) -> Iterator[str]:
    for effect in effects:
        yield effect_words(effect)
        yield from (f"　　{receipt_words(receipt)}" for receipt in effect.receipts)
        yield from (f"　　{words}" for words in warning_words(effect))


def effect_words(effect: Effect) -> str:
    """What changes for one settlement, in a sentence."""
    template = _GAINS if effect.difference_fen > 0 else _GIVES_BACK if effect.difference_fen < 0 else _ONLY_DEDUCTIBLE
    return filled(
        _(template),
        {
            "voucher": effect.voucher_number,
            "day": effect.settled_at.date(),
            "before_fen": effect.fund_before_fen,
            "after_fen": effect.fund_after_fen,
            "amount_fen": abs(effect.difference_fen),
        },
    )


def receipt_words(receipt: ReceiptEffect) -> str:
    """What changes for one receipt of it."""
    return filled(
        _(_RECEIPT),
        {
            "number": receipt.number,
            "deductible_before_fen": receipt.deductible_before_fen,
            "deductible_after_fen": receipt.deductible_after_fen,
            "fund_before_fen": receipt.fund_before_fen,
            "fund_after_fen": receipt.fund_after_fen,
        },
    )


def warning_words(effect: Effect) -> tuple[str, ...]:
    """What clerk and reviewer have to know before they settle a difference."""
    found = []
    if not effect.has_same_figures:
        found.append(_(_FIGURES_CHANGED))
    elif not effect.is_same_policy:
        found.append(_(_FILES_CHANGED))
    if effect.account_after_fen < effect.account_before_fen:
        amounts = {
            "before_fen": effect.account_before_fen,
            "amount_fen": effect.account_before_fen - effect.account_after_fen,
        }
        found.append(filled(_(_ACCOUNT), amounts))
    return tuple(found)
