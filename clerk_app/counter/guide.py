"""The first hour in the practice office: what to type next for the sample claim, and when that is done.

The guide looks at what is typed and says the first thing that is still to do. It never types, and bars nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from clerk_app.codes import Action, Material
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import ClaimDraft
from clerk_app.counter.sample_papers import PAPERS, PERSON, PREVIEW, SETTLE, Step, sample_case, steps
from clerk_app.counter.typed import parse_amount, parse_moment
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Settlement
from clerk_app.receipts.claim import normalised
from clerk_app.wording import N_, _, filled

_NEXT = N_("入门 {number}/{count}　{words}　→　按 {keys}")
_NOT_SO = N_("{words}。现在填的是“{typed}”，请改正。")
_DONE = N_("做完了：单据 {voucher} 已结算。照样可以试复核（sun）和支付（qian）；每一页按 F1 看帮助。")
_BEFORE = N_("样例已经结算过，单据 {voucher}。要再做一遍，请先在查询（F4）中冲正它。")
_AMOUNTS = ("total", "self_funded", "paid_first")


@dataclass(slots=True)
class _Done:
    """What has happened of the sample.

    Attributes:
        voucher: The number of its settlement.
        is_seen: Its papers have been looked at.
    """

    voucher: str = ""
    is_seen: bool = False


class Guide:
    """One way through the sample."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._case = sample_case()
        self.steps = steps(self._case)
        self._done = _Done()
        self._before = ""

    def is_wanted(self) -> bool:
        """Whether it is shown by itself, until somebody closes it."""
        return self.is_for_practice() and self._desk.settings.guide

    def is_for_practice(self) -> bool:
        """Whether it can lead here: whoever enters claims in the practice office."""
        return self._desk.is_practice and self._desk.may(Action.ENTER)

    def settled_before(self) -> str:
        """Look up the voucher of somebody who has settled the sample before; empty for none. Any thread may ask.

        Raises:
            ClerkError: What the ledger says when it cannot be read.
        """
        numbers = {normalised(paper.number) for paper in self._case.papers}
        keys = {f"{code}/{number}" for number in numbers for code in {"", *(p.bill_code for p in self._case.papers)}}
        return next(iter(self._desk.ledger.taken_bills(keys).values()), "")

    def begin(self, settled_before: str) -> None:
        """Lead, unless the sample was settled before by somebody else.

        Args:
            settled_before: The voucher's number, as it was looked up.
        """
        self._before = settled_before if not self._done.voucher else ""

    def close(self) -> None:
        """Do not show it by itself any more.

        Raises:
            ClerkError: As ``Desk.change_settings``.
        """
        self._keep(is_wanted=False)

    def want(self) -> None:
        """Show it by itself again.

        Raises:
            ClerkError: As ``Desk.change_settings``.
        """
        self._keep(is_wanted=True)

    def _keep(self, *, is_wanted: bool) -> None:
        if self._desk.settings.guide is not is_wanted:
            self._desk.change_settings(replace(self._desk.settings, guide=is_wanted))

    def settled(self, settlement: Settlement) -> None:
        """Notice that the sample, or some of it, is settled."""
        numbers = {paper.number for paper in self._case.papers}
        if numbers & {settled.receipt.number for settled in settlement.receipts}:
            self._done = _Done(settlement.voucher_number)

    def papers_seen(self) -> None:
        """Notice that a voucher was looked at."""
        self._done.is_seen = bool(self._done.voucher)

    def words(self, draft: ClaimDraft) -> str:
        """What to do next; what has been done, at the end."""
        if self._before:
            return filled(_(_BEFORE), {"voucher": self._before})
        number = self.next_step(draft)
        if number is None:
            return filled(_(_DONE), {"voucher": self._done.voucher})
        step = self.steps[number]
        words = _(step.words).format(text=step.text)
        typed = self._typed(step, draft)
        if typed:
            words = filled(_(_NOT_SO), {"words": words, "typed": typed})
        told = {"number": number + 1, "count": len(self.steps), "words": words, "keys": "  ".join(step.keys)}
        return _(_NEXT).format(**told)

    def next_step(self, draft: ClaimDraft) -> int | None:
        """The first step that is still to do, by its place; None after the last."""
        for number, step in enumerate(self.steps):
            if not self._is_done(step, draft):
                return number
        return None

    def _is_done(self, step: Step, draft: ClaimDraft) -> bool:
        if step.words == PREVIEW:
            return self._done.is_seen
        if self._done.voucher:
            return True
        if step.words == PERSON:
            return draft.person.name.strip() == self._case.name
        if step.words == PAPERS:
            return Material.RECEIPT in draft.materials
        if step.words == SETTLE or step.place is None:
            return False
        return self._is_filled(step, draft)

    def _is_filled(self, step: Step, draft: ClaimDraft) -> bool:
        """Whether a field of a receipt says what its paper says."""
        assert step.place is not None, "it fills a field"
        row, field = step.place
        typed = getattr(draft.receipts[row], field) if row < len(draft.receipts) else ""
        try:
            if field == "visited_on":
                day = parse_moment(typed, self._desk.today(), is_past=True)[0]
                paper = self._case.papers[row]
                return (day.month, day.day) == (int(paper.month), int(paper.day))
            if field in _AMOUNTS:
                return parse_amount(typed) == parse_amount(step.text)
        except ClerkError:
            return False  # It is not typed yet, or not to its end.
        return bool(typed.strip() == step.text)

    def _typed(self, step: Step, draft: ClaimDraft) -> str:
        """What stands in the field instead of what the paper has; empty while nothing does, or its beginning."""
        if step.place is None:
            return ""
        row, field = step.place
        typed: str = getattr(draft.receipts[row], field) if row < len(draft.receipts) else ""
        typed = typed.strip()
        is_under_way = any(wanted.startswith(typed.lower()) for wanted in (*step.keys, step.text))
        return "" if is_under_way else typed
