"""What waits at an office: kept with every act, so that a desk's lists and counts read only what is not over yet.

A million settlements are over; a few hundred wait. Which ones those are follows from the records, and the full check
holds it against them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    ScalarSelect,
    String,
    and_,
    bindparam,
    delete,
    func,
    insert,
    not_,
    or_,
    select,
)

from clerk_app.codes import ClaimState, Stage
from clerk_app.ledger.act import Act
from clerk_app.ledger.records import DeskCounts, SettlementKind
from clerk_app.ledger.soundness import Findings
from clerk_app.ledger.standing import STANDING
from clerk_app.ledger.statements import Statement
from clerk_app.ledger.tables import archives, claims, open_settlements, settlements

#: Somebody has still to do something about the money.
UNDER_WAY = frozenset({Stage.UNREVIEWED, Stage.OBJECTED, Stage.PAYABLE, Stage.IN_PAYMENT, Stage.RECOVER})
#: Nothing more is to be done, but that the papers go on the shelf.
AT_REST = frozenset({Stage.PAID, Stage.CLOSED})

_BEGIN = Statement(insert(open_settlements).values(settlement_id=bindparam("settlement_id"), stage=bindparam("stage")))


def begin(act: Act, settlement_id: int, fund_fen: int, *, has_passed: bool) -> None:
    """A settlement has been recorded."""
    stage = Stage.UNREVIEWED
    if has_passed:
        stage = Stage.PAYABLE if fund_fen > 0 else Stage.CLOSED
    _BEGIN.change(act.connection, [{"settlement_id": settlement_id, "stage": stage.value}])


def follow(act: Act, settlement_ids: Sequence[int]) -> None:
    """Something has been recorded about settlements: see where that leaves them. Other records are passed over."""
    if not settlement_ids:
        return
    wanted = STANDING.c.settlement_id.in_(settlement_ids)
    rows = act.connection.execute(
        select(STANDING.c.settlement_id, STANDING.c.stage)
        .outerjoin(archives, archives.c.settlement_id == STANDING.c.settlement_id)
        .where(wanted, _is_open(STANDING.c.stage))
    ).all()
    act.connection.execute(delete(open_settlements).where(open_settlements.c.settlement_id.in_(settlement_ids)))
    if rows:
        act.connection.execute(insert(open_settlements), [row._asdict() for row in rows])


def in_stages(connection: Connection, stages: Iterable[Stage], limit: int) -> list[int]:
    """The settlements at some stages, the oldest first."""
    found: list[int] = []
    for stage in stages:
        number = open_settlements.c.settlement_id
        query = select(number).where(open_settlements.c.stage == stage.value).order_by(number)
        found += connection.execute(query.limit(limit)).scalars()
    return sorted(found)[:limit]


def counts(connection: Connection, login: str, now: datetime) -> DeskCounts:
    """How much waits, in one statement whose every part is looked up in an index.

    Args:
        login: Whose drafts are counted.
        now: The office's local time; its day's settlements are counted.
    """
    row = _COUNTS.first(connection, login=login, midnight=datetime.combine(now.date(), time()))
    assert row is not None, "counts are always one row"
    return DeskCounts(**row._asdict())


def check_waiting(connection: Connection, found: Findings) -> None:
    """Name what is among the waiting and ought not to be, is not and ought to be, or is there under another stage."""
    kept = open_settlements
    compared = (
        select(STANDING.c.settlement_id, STANDING.c.stage, kept.c.stage, _is_open(STANDING.c.stage))
        .outerjoin(archives, archives.c.settlement_id == STANDING.c.settlement_id)
        .outerjoin(kept, kept.c.settlement_id == STANDING.c.settlement_id)
    )
    for settlement_id, stage, kept_stage, is_open in connection.execute(compared):
        if is_open and kept_stage is None:
            found.add("verify_row_missing", table=kept.name, row=settlement_id)
        elif kept_stage is not None and not is_open:
            found.add("verify_row_added", table=kept.name, row=settlement_id)
        elif kept_stage is not None and kept_stage != stage:
            found.add("verify_row_changed", table=kept.name, row=settlement_id)
    others = (
        select(kept.c.settlement_id)
        .outerjoin(settlements, settlements.c.settlement_id == kept.c.settlement_id)
        .where(or_(settlements.c.kind.is_(None), settlements.c.kind != SettlementKind.SETTLEMENT.value))
    )
    for settlement_id in connection.execute(others).scalars():
        found.add("verify_row_added", table=kept.name, row=settlement_id)


def _is_open(stage: Any) -> Any:
    """Papers on the shelf and nothing more to be done is the end; a correction may open it again."""
    return not_(and_(archives.c.settlement_id.is_not(None), stage.in_([each.value for each in sorted(AT_REST)])))


def _claims_in(state: ClaimState, *conditions: Any) -> ScalarSelect[int]:
    query = select(func.count()).select_from(claims).where(claims.c.state == state.value, *conditions)
    return query.scalar_subquery()


def _settlements_at(stage: Stage) -> ScalarSelect[int]:
    query = select(func.count()).select_from(open_settlements).where(open_settlements.c.stage == stage.value)
    return query.scalar_subquery()


_MINE = claims.c.entered_by == bindparam("login", type_=String())
_TODAY = and_(
    settlements.c.settled_at >= bindparam("midnight", type_=DateTime()),
    settlements.c.kind == SettlementKind.SETTLEMENT.value,
)
_COUNTS = Statement(
    select(
        _claims_in(ClaimState.ENTERED, _MINE).label("drafts"),
        _claims_in(ClaimState.RETURNED, _MINE).label("returned"),
        _claims_in(ClaimState.SUBMITTED).label("submitted"),
        _settlements_at(Stage.UNREVIEWED).label("unreviewed"),
        _settlements_at(Stage.OBJECTED).label("objected"),
        select(func.count()).select_from(settlements).where(_TODAY).scalar_subquery().label("settled_today"),
        _settlements_at(Stage.PAYABLE).label("payable"),
        _settlements_at(Stage.IN_PAYMENT).label("in_payment"),
        _settlements_at(Stage.RECOVER).label("recover"),
    )
)
