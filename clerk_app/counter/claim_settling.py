"""Settle the claim in hand, all of it: what is in the way, what it changes, the last save, the settlement.

It asks and writes the ledger, so it runs beside the window; nobody may type in the draft meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass

from clerk_app.adjudication.adjudication import ClaimAdjudication
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.claim_news import ClaimNews, left_to_correct
from clerk_app.counter.kept_claim import KeptClaim
from clerk_app.counter.reading import Problem
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Settlement


@dataclass(frozen=True, slots=True)
class Settled:
    """The settlement, and in words what it leaves to correct; empty for nothing."""

    settlement: Settlement
    differences: str


@dataclass(frozen=True, slots=True)
class Hindered:
    """What bars the settlement; nothing was recorded."""

    obstacles: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """By what the ledger knows the claim comes out otherwise than it stood on the screen; nothing was recorded."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """It would change vouchers in a way that nobody has seen yet; nothing was recorded."""

    news: ClaimNews


def settle_claim(
    entry: ClaimEntry,
    kept: KeptClaim | None,
    shown: ClaimAdjudication | None,
    seen: ClaimNews | None,
    review_password: str,
) -> Settled | Hindered | Changed | Unseen:
    """Settle what is typed; the same draft never settles twice, however often it is asked for.

    Args:
        kept: Where the draft is saved; what was answered and itemised on the way stays with the claim.
        shown: The decision as it stood on the screen with all that is typed; None while there was none.
        seen: The changes to other vouchers that are on the screen.

    Raises:
        ClerkError: As ``ClaimEntry.settle``. The draft stays as it was typed.
    """
    entry.look_up()
    obstacles = entry.obstacles(review_password)
    if obstacles:
        return Hindered(obstacles)
    if entry.preview().claim != shown:
        return Changed()
    news = _news_of(entry)
    if news is not None and news != seen:
        return Unseen(news)
    if kept is not None:
        _keep(kept, entry)
    settlement = entry.settle(review_password)
    differences = "" if news is None else left_to_correct(entry.desk, settlement.person_id, news)
    return Settled(settlement, differences)


def _news_of(entry: ClaimEntry) -> ClaimNews | None:
    """What settling changes for other vouchers; what cannot be worked out is said on the page, and bars nothing."""
    try:
        news = entry.late_news()
    except ClerkError:
        return None
    return news if news is not None and news.is_change else None


def _keep(kept: KeptClaim, entry: ClaimEntry) -> None:
    """Save the draft once more; the settlement says itself what is wrong with the ledger."""
    try:
        kept.keep(entry.insured.record.person_id if entry.insured.record else None)
    except ClerkError:
        return
