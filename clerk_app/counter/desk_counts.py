"""How much waits, for the role of whoever is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clerk_app.codes import Action, Stage
from clerk_app.counter.desk import Desk
from clerk_app.wording import N_, _


class Queue(StrEnum):
    """Something that waits; the values are the names of ``DeskCounts``."""

    DRAFTS = "drafts"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    UNREVIEWED = "unreviewed"
    OBJECTED = "objected"
    SETTLED_TODAY = "settled_today"
    PAYABLE = "payable"
    IN_PAYMENT = "in_payment"
    RECOVER = "recover"


#: What each is called, and whose it is.
_QUEUES = {
    Queue.DRAFTS: (N_("我的草稿"), Action.ENTER),
    Queue.RETURNED: (N_("退回待补正"), Action.ENTER),
    Queue.SUBMITTED: (N_("待初审"), Action.REVIEW),
    Queue.UNREVIEWED: (N_("待复核"), Action.REVIEW),
    Queue.OBJECTED: (N_("待冲正"), Action.REVERSE),
    Queue.SETTLED_TODAY: (N_("今日结算"), Action.SEE),
    Queue.PAYABLE: (N_("待支付"), Action.PAY),
    Queue.IN_PAYMENT: (N_("待回盘"), Action.PAY),
    Queue.RECOVER: (N_("待追回"), Action.PAY),
}
#: What somebody has to put right.
WRONG = frozenset({Queue.RETURNED, Queue.OBJECTED, Queue.RECOVER})


@dataclass(frozen=True, slots=True)
class Count:
    """One line of the strip."""

    queue: Queue
    count: int

    @property
    def name(self) -> str:
        """What waits."""
        return _(_QUEUES[self.queue][0])

    @property
    def is_wrong(self) -> bool:
        """Whether something is there that somebody has to put right."""
        return self.queue in WRONG and self.count > 0


def desk_counts(desk: Desk) -> tuple[Count, ...]:
    """The counts that concern the role, in the order of the work.

    Raises:
        ClerkError: As the ledger says.
    """
    found = desk.ledger.counts()
    return tuple(
        Count(queue, getattr(found, queue.value)) for queue, (_words, right) in _QUEUES.items() if desk.may(right)
    )


def oldest_objected(desk: Desk) -> str:
    """The voucher that has waited longest to be reversed after a review refused it; empty for none."""
    found = desk.ledger.payables(frozenset({Stage.OBJECTED}), limit=1)
    return found[0].voucher_number if found else ""
