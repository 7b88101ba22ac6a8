"""A claim from acceptance to settlement: saved as one types, in one person's hands at a time, ended once.

登记 gives the acceptance number with the first save; 录入 goes on until the claim is settled, is handed to a second
person for the first check (初审), comes back (退回) or is withdrawn (撤销).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, literal, select, tuple_, update

from clerk_app.codes import ClaimState
from clerk_app.errors import ClerkError
from clerk_app.ledger import raw
from clerk_app.ledger.act import Act
from clerk_app.ledger.recording import next_acceptance_number
from clerk_app.ledger.records import ClaimLine, SavedClaim
from clerk_app.ledger.rows import member
from clerk_app.ledger.seals import seal_of
from clerk_app.ledger.statements import Question, Statement
from clerk_app.ledger.tables import claims, users

#: How long a claim stays with who has it open; every save begins the time anew.
LEASE = timedelta(minutes=10)

_OPEN = (ClaimState.ENTERED, ClaimState.RETURNED)
#: What the seal of a claim covers: not what is typed from second to second, but what it is and how it ended.
_SEALED = ("claim_id", "act_key", "acceptance_number", "state", "entered_at", "entered_by", "settlement_id", "note")

_NAMED = select(claims, users.c.name.label("entered_name")).join(users, users.c.login == claims.c.entered_by)
_UNDER_KEY = Statement(_NAMED.where(claims.c.act_key == bindparam("act_key")))


def save(act: Act, act_key: str, title: str, content: str, person_id: int | None) -> ClaimLine:
    """Save a draft as it is typed; the first save accepts the claim and gives it its number.

    Raises:
        ClerkError: ``claim_leased``, somebody else has it open; ``claim_ended``; ``claim_in_check``.
    """
    assert act.user is not None, "somebody types"
    row = _find(act.connection, act_key)
    if row is None:
        return _accept(act, act_key, title, content, person_id)
    _check_open(row)
    _check_lease(act, row)
    typed = {"title": title, "content": content, "person_id": person_id, "saved_at": act.at}
    lease = {"lease_login": act.user.login, "lease_until": act.at + LEASE}
    act.connection.execute(update(claims).where(claims.c.claim_id == row.claim_id), {**typed, **lease})
    return _line(_named(act.connection, act_key))


def open_claim(act: Act, act_key: str) -> SavedClaim:
    """Take a claim in hand; nobody else may until it is let go or ten minutes have passed without a save.

    Raises:
        ClerkError: ``claim_unknown``, ``claim_leased``, ``claim_ended``.
    """
    assert act.user is not None, "somebody opens it"
    row = _named(act.connection, act_key)
    if member(ClaimState, row.state) in (ClaimState.SETTLED, ClaimState.WITHDRAWN):
        raise ClerkError("claim_ended", acceptance=row.acceptance_number, state=member(ClaimState, row.state).term)
    _check_lease(act, row)
    lease = {"lease_login": act.user.login, "lease_until": act.at + LEASE}
    act.connection.execute(update(claims).where(claims.c.claim_id == row.claim_id), lease)
    return SavedClaim(_line(row), row.content)


def let_go(act: Act, act_key: str) -> None:
    """Give a claim out of hand; nothing happens when somebody else has it meanwhile."""
    assert act.user is not None, "somebody lets go"
    mine = (claims.c.act_key == act_key) & (claims.c.lease_login == act.user.login)
    act.connection.execute(update(claims).where(mine).values(lease_login=None, lease_until=None))


def submit(act: Act, act_key: str) -> ClaimLine:
    """Hand a claim to a second person for the first check.

    Raises:
        ClerkError: ``claim_unknown``, ``claim_leased``, ``claim_ended``, ``claim_in_check``.
    """
    row = _named(act.connection, act_key)
    _check_open(row)
    return _moved(act, row, ClaimState.SUBMITTED, "")


def give_back(act: Act, act_key: str, reason: str) -> ClaimLine:
    """Give a submitted claim back to who entered it, with what is to be put right.

    Raises:
        ClerkError: ``claim_unknown``, ``claim_leased``, ``claim_not_in_check``, ``reason_missing``,
            ``reviewer_is_clerk``.
    """
    assert act.user is not None, "somebody checks"
    row = _named(act.connection, act_key)
    if member(ClaimState, row.state) is not ClaimState.SUBMITTED:
        raise ClerkError("claim_not_in_check", acceptance=row.acceptance_number)
    if row.entered_by == act.user.login:
        raise ClerkError("reviewer_is_clerk")
    return _moved(act, row, ClaimState.RETURNED, _stated(reason))


def withdraw(act: Act, act_key: str, reason: str) -> ClaimLine:
    """End a claim without a settlement; it keeps its number, and its papers go back.

    Raises:
        ClerkError: ``claim_unknown``, ``claim_leased``, ``claim_ended``, ``reason_missing``.
    """
    row = _named(act.connection, act_key)
    state = member(ClaimState, row.state)
    if state in (ClaimState.SETTLED, ClaimState.WITHDRAWN):
        raise ClerkError("claim_ended", acceptance=row.acceptance_number, state=state.term)
    return _moved(act, row, ClaimState.WITHDRAWN, _stated(reason))


def in_states(
    connection: Connection,
    states: frozenset[ClaimState],
    login: str,
    limit: int,
    before: str,
    *,
    is_oldest_first: bool,
) -> list[ClaimLine]:
    """Claims by where they stand, the latest save first, or the oldest.

    Args:
        login: Only those that this user entered; empty for all.
        before: The key of the last claim seen; those after it follow.

    Raises:
        ClerkError: ``claim_unknown``, the one before.
    """
    place = (claims.c.saved_at, claims.c.claim_id)
    query = _NAMED if not login else _NAMED.where(claims.c.entered_by == login)
    if before:
        last = _named(connection, before)
        query = query.where(
            tuple_(*place)
            < tuple_(
                *(
                    literal(value, column.type)
                    for value, column in zip((last.saved_at, last.claim_id), place, strict=True)
                )
            )
        )
    # State by state, each from its end of the index: all at once, the database would sort every claim there is.
    rows: list[Row[Any]] = []
    for state in states:
        ends = [column.asc() if is_oldest_first else column.desc() for column in place]
        of_state = query.where(claims.c.state == state.value).order_by(*ends)
        rows += connection.execute(of_state.limit(limit))
    rows.sort(key=lambda row: (row.saved_at, row.claim_id), reverse=not is_oldest_first)
    return [_line(row) for row in rows[:limit]]


def under_key(connection: Connection, act_key: str) -> ClaimLine | None:
    """The claim of a draft's key, None when it was never saved."""
    row = _UNDER_KEY.first(connection, act_key=act_key)
    return None if row is None else _line(row)


def question_of_key(connection: Connection, act_key: str) -> Question:
    """What ``under_key`` asks, to be asked together with others."""
    return _UNDER_KEY.question(connection, act_key=act_key)


def check_settler(act: Act, claim: ClaimLine) -> None:
    """Let a claim be settled by who entered it, or once it is handed in, by who checks it.

    Raises:
        ClerkError: ``claim_leased``, ``claim_in_check``, ``claim_not_in_check``, ``claim_ended``.
    """
    assert act.user is not None, "somebody settles"
    _check_lease(act, claim)
    is_own = claim.entered_by == act.user.login
    if is_own:
        _check_open(claim)
    elif claim.state is not ClaimState.SUBMITTED:
        raise ClerkError("claim_not_in_check", acceptance=claim.acceptance_number)


def settled(act: Act, claim: ClaimLine, settlement_id: int) -> None:
    """End a claim with its settlement, in the same act."""
    row = _SETTLE.first(act.connection, of_key=claim.act_key, by_settlement=settlement_id)
    assert row is not None, "a claim that was read under the lock is there"
    act.seal_as("claims", str(row.claim_id), seal_of(row))


_SETTLE = Statement(
    update(claims)
    .where(claims.c.act_key == bindparam("of_key"))
    .values(
        state=ClaimState.SETTLED.value,
        settlement_id=bindparam("by_settlement"),
        lease_login=None,
        lease_until=None,
    )
    .returning(*(claims.c[name] for name in _SEALED))
)


def seals(connection: Connection, first: int, last: int) -> dict[int, str]:
    """The seal of each claim with a number from ``first`` to ``last``."""
    names = ", ".join(_SEALED)
    statement = f"SELECT {names} FROM claims WHERE claim_id BETWEEN {first:d} AND {last:d}"  # noqa: S608 -- ours
    return {row[0]: seal_of(row) for row in raw.rows(connection, statement)}


def _accept(act: Act, act_key: str, title: str, content: str, person_id: int | None) -> ClaimLine:
    assert act.user is not None, "somebody types"
    row = {
        "act_key": act_key,
        "acceptance_number": next_acceptance_number(act),
        "state": ClaimState.ENTERED.value,
        "entered_at": act.at,
        "entered_by": act.user.login,
        "person_id": person_id,
        "note": "",
        "title": title,
        "content": content,
        "saved_at": act.at,
        "lease_login": act.user.login,
        "lease_until": act.at + LEASE,
    }
    act.connection.execute(insert(claims), row)
    _seal(act, act_key)
    act.tell(str(row["acceptance_number"]), state=ClaimState.ENTERED.value)
    return _line(_named(act.connection, act_key))


def _moved(act: Act, row: Row[Any], state: ClaimState, note: str) -> ClaimLine:
    _check_lease(act, row)
    changes = {"state": state.value, "note": note, "lease_login": None, "lease_until": None}
    act.connection.execute(update(claims).where(claims.c.claim_id == row.claim_id), changes)
    _seal(act, row.act_key)
    act.tell(row.acceptance_number, note, state=state.value)
    return _line(_named(act.connection, row.act_key))


def _seal(act: Act, act_key: str) -> None:
    claim_id = _named(act.connection, act_key).claim_id
    act.seal_as("claims", str(claim_id), seals(act.connection, claim_id, claim_id)[claim_id])


def _stated(reason: str) -> str:
    if not reason.strip():
        raise ClerkError("reason_missing")
    return reason.strip()


def _check_open(row: Row[Any] | ClaimLine) -> None:
    state = member(ClaimState, row.state)
    if state is ClaimState.SUBMITTED:
        raise ClerkError("claim_in_check", acceptance=row.acceptance_number)
    if state not in _OPEN:
        raise ClerkError("claim_ended", acceptance=row.acceptance_number, state=state.term)


def _check_lease(act: Act, row: Row[Any] | ClaimLine) -> None:
    assert act.user is not None, "somebody has it in hand"
    until = row.lease_until
    if row.lease_login not in (None, act.user.login) and until is not None and until > act.at:
        name = act.connection.execute(select(users.c.name).where(users.c.login == row.lease_login)).scalar_one()
        raise ClerkError("claim_leased", acceptance=row.acceptance_number, name=name, until=f"{until:%H:%M}")


def _find(connection: Connection, act_key: str) -> Row[Any] | None:
    return connection.execute(select(claims).where(claims.c.act_key == act_key)).one_or_none()


def _named(connection: Connection, act_key: str) -> Row[Any]:
    row: Row[Any] | None = _UNDER_KEY.first(connection, act_key=act_key)
    if row is None:
        raise ClerkError("claim_unknown")
    return row


def _line(row: Row[Any]) -> ClaimLine:
    return ClaimLine(
        act_key=row.act_key,
        acceptance_number=row.acceptance_number,
        state=member(ClaimState, row.state),
        title=row.title,
        entered_at=row.entered_at,
        entered_by=row.entered_by,
        entered_name=row.entered_name,
        saved_at=row.saved_at,
        note=row.note,
        lease_login=row.lease_login,
        lease_until=row.lease_until,
    )
