"""Which institutions and diseases the office has met, so that a clerk finds them and types nothing twice.

Both are read out of what is recorded, name by name through an index: a table of their own would have to be sealed, and
would say the same. Each name costs one step in the index, however many receipts bear it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, Select, func, select

from clerk_app.codes import InstitutionKind, Tier
from clerk_app.ledger.rows import member
from clerk_app.ledger.tables import conditions, receipts
from clerk_app.receipts.claim import Institution

#: Nobody looks through more; an office that has met more finds those of late.
MOST = 20_000


def institutions_met(connection: Connection) -> list[Institution]:
    """Every institution by its name, as its last receipt has it, the one met last first."""
    names = _each(receipts.c.institution_name).subquery()
    others = receipts.alias("others")
    last = (
        select(func.max(others.c.settlement_id))
        .where(others.c.institution_name == names.c.value)
        .correlate(names)
        .scalar_subquery()
    )
    lasts = select(names.c.value, last.label("settlement_id")).subquery()
    query = (
        select(receipts)
        .join(
            lasts,
            (receipts.c.institution_name == lasts.c.value) & (receipts.c.settlement_id == lasts.c.settlement_id),
        )
        .order_by(receipts.c.settlement_id.desc(), receipts.c.position.desc())
        .limit(MOST)
    )
    met = {row.institution_name: row for row in reversed(connection.execute(query).all())}
    return [_institution(row) for row in reversed(met.values())]


def diseases_met(connection: Connection) -> list[str]:
    """Every disease that a person is registered with, in the order of the words."""
    return list(connection.execute(_each(conditions.c.disease).limit(MOST)).scalars())


def _each(column: Column[Any]) -> Select[Any]:
    """The different values of an indexed column, one step of the index each."""
    found = select(func.min(column).label("value")).cte(f"each_{column.name}", recursive=True)
    other = column.table.alias("following")
    following = (
        select(func.min(other.c[column.name])).where(other.c[column.name] > found.c.value).correlate(found)
    ).scalar_subquery()
    every = found.union_all(select(following).where(found.c.value.is_not(None)))
    return select(every.c.value).where(every.c.value.is_not(None))


def _institution(row: Any) -> Institution:
    return Institution(
        name=row.institution_name,
        code=row.institution_code,
        tier=None if row.institution_tier is None else Tier(row.institution_tier),
        kind=member(InstitutionKind, row.institution_kind),
        networked=row.networked,
        designated=row.designated,
    )
