"""What a claim that is being entered changes for vouchers of the same person: said before, and settled afterwards.

Imported after the first paint: SQLAlchemy comes in with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from clerk_app.counter.claim_lookup import NewsQuestion
from clerk_app.counter.desk import Desk
from clerk_app.counter.late_news import LateNews, open_summary, short_words
from clerk_app.errors import ClerkError
from clerk_app.ledger.effects import Effect
from clerk_app.wording import N_, _, filled

_PRIORS = N_("平台已享受改动后，{words}")
_LATE = N_("本申请的就诊早于已结算的就诊，该统筹区按就诊先后扣减：{words}")
_BOTH = N_("平台已享受改动，且本申请的就诊早于已结算的就诊，该统筹区按就诊先后扣减：{words}")
_OWN = N_("本申请现支付 {now_fen}；差额更正后应为 {then_fen}，相差的 {amount_fen} 也须更正。")


@dataclass(frozen=True, slots=True)
class ClaimNews:
    """What settling a claim would change; amounts in fen.

    Attributes:
        effects: The vouchers that would come out otherwise.
        has_priors: The platform's figures were typed anew.
        is_late: One of the claim's visits comes before one that is settled, where the area's order is 就诊先后.
        fund_now_fen: What a late claim is paid when it is settled.
        fund_then_fen: What it comes to once every difference is settled; less or more of the cap is left then.
    """

    effects: tuple[Effect, ...]
    has_priors: bool
    is_late: bool = False
    fund_now_fen: int = 0
    fund_then_fen: int = 0

    @property
    def is_change(self) -> bool:
        """Whether there will be anything to correct."""
        return bool(self.effects) or self.fund_now_fen != self.fund_then_fen

    def words(self) -> str:
        """Which vouchers change and by how much, for a place with little room; empty when nothing does."""
        if not self.is_change:
            return ""
        template = _PRIORS if not self.is_late else _BOTH if self.has_priors else _LATE
        lines = [filled(_(template), {"words": short_words(self.effects)})]
        if self.fund_now_fen != self.fund_then_fen:
            amounts = {
                "now_fen": self.fund_now_fen,
                "then_fen": self.fund_then_fen,
                "amount_fen": abs(self.fund_then_fen - self.fund_now_fen),
            }
            lines.append(filled(_(_OWN), amounts))
        return "\n".join(lines)


def news_of(desk: Desk, question: NewsQuestion) -> ClaimNews:
    """What would change; nothing is saved.

    Raises:
        ClerkError: What the policy or the engine objects to.
    """
    news, late = LateNews(desk, question.person_id), question.late
    if late is None:
        return ClaimNews(news.of_prior_benefit(*question.priors), has_priors=True)
    found = news.of_claim(late.claim, question.area_code, question.entitlement, question.priors)
    return ClaimNews(
        found.effects,
        has_priors=bool(question.priors),
        is_late=True,
        fund_now_fen=late.fund_fen,
        fund_then_fen=found.fund_fen,
    )


def left_to_correct(desk: Desk, person_id: int, news: ClaimNews) -> str:
    """What there is to correct now that the claim is settled, its own voucher included; empty for nothing."""
    try:
        effects = LateNews(desk, person_id).open()
    except ClerkError:
        effects = news.effects  # What is settled is settled: the page that makes the corrections says what is wrong.
    return open_summary(effects) if effects else ""
