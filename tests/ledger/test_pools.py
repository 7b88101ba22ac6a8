"""A ledger that is closed leaves no connection behind, whatever another thread is about just then."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.pool import QueuePool

from clerk_app.ledger.store import LedgerStore, open_store


def kept(store: LedgerStore) -> int:
    """The connections that wait for somebody to use them."""
    assert isinstance(store.engine.pool, QueuePool)
    return store.engine.pool.checkedin()


def test_a_connection_waits_for_the_next_reader(place: Path | str) -> None:
    store = open_store(place, 5.0)
    with store.reading():
        pass
    assert kept(store) == 1
    store.close()
    assert kept(store) == 0


def test_what_is_being_read_when_the_ledger_closes_is_read_to_its_end_and_its_connection_closed(
    place: Path | str,
) -> None:
    store = open_store(place, 5.0)
    with store.reading() as connection:
        store.close()
        assert connection.execute(text("SELECT 1")).scalar() == 1
    assert kept(store) == 0


def test_an_act_under_way_when_the_ledger_closes_is_kept_and_its_connection_closed(fresh_place: Path | str) -> None:
    store = open_store(fresh_place, 5.0)
    with store.act() as connection:
        store.close()
        connection.execute(text("CREATE TABLE late (number INTEGER)"))
    assert kept(store) == 0
    again = open_store(fresh_place, 5.0)
    with again.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM late")).scalar() == 0
    again.close()
