"""Persons whom the office knows, with what entitles them and what the platform has paid them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Date,
    Select,
    Table,
    bindparam,
    cast,
    delete,
    insert,
    literal,
    null,
    select,
    union_all,
    update,
)

from clerk_app.codes import Benefit, FilingCategory, Insurance, Status
from clerk_app.errors import ClerkError
from clerk_app.ledger import raw
from clerk_app.ledger.act import Act
from clerk_app.ledger.person_search import MOST_PERSONS, persons_meant
from clerk_app.ledger.pinyin import initials
from clerk_app.ledger.records import PersonRecord, PriorBenefit
from clerk_app.ledger.rows import member, person_from, person_row
from clerk_app.ledger.seals import seal_of
from clerk_app.ledger.statements import ListStatement, Question, Statement
from clerk_app.ledger.tables import (
    conditions,
    coverage,
    filings,
    name_grams,
    name_initials,
    persons,
    prior_benefits,
    settlements,
    stays,
)
from clerk_app.receipts.claim import normalised
from clerk_app.receipts.insured import Condition, Entitlement, Filing, Period, Person, Stay

_ENTITLEMENT_TABLES = (coverage, filings, stays, conditions)

_ONE = Statement(select(persons).where(persons.c.person_id == bindparam("person_id")))


def _parts_where(condition: Callable[[Table], ColumnElement[bool]]) -> CompoundSelect[Any]:
    """What entitles persons and what the platform has paid them, with one statement and in the tables' order.

    The columns have one name for all tables: ``word`` is the category of a filing, the disease of a condition.
    """
    without: dict[str, ColumnElement[Any]] = {
        **dict.fromkeys(("word", "benefit"), literal("")),
        **dict.fromkeys(("starts_on", "ends_on"), cast(null(), Date)),
        **dict.fromkeys(("deductible_fen", "fund_fen"), literal(0)),
        "as_of": cast(null(), Date),
    }
    own = {
        coverage: {"place": "position"},
        filings: {"place": "position", "word": "category"},
        stays: {"place": "position", "starts_on": "admitted_on", "ends_on": "discharged_on"},
        conditions: {"place": "position", "word": "disease"},
        prior_benefits: {"place": "year"},
    }

    def part(table: Table, names: Mapping[str, str]) -> Select[Any]:
        columns = {name: table.c.get(names.get(name, name), nothing) for name, nothing in without.items()}
        head = (table.c.person_id, literal(table.name).label("part"), table.c[names["place"]].label("place"))
        return select(*head, *(column.label(name) for name, column in columns.items())).where(condition(table))

    every = (part(table, names) for table, names in own.items())
    return union_all(*every).order_by("person_id", "part", "place", "benefit")


_PARTS_OF_ONE = Statement(_parts_where(lambda table: table.c.person_id == bindparam("person_id")))

_NAMES = ListStatement(
    lambda among: select(persons.c.person_id, persons.c.name).where(persons.c.person_id.in_(among)), MOST_PERSONS
)
_SOME = ListStatement(lambda among: select(persons).where(persons.c.person_id.in_(among)), 50)
_PARTS_OF_SOME = ListStatement(lambda among: _parts_where(lambda table: table.c.person_id.in_(among)), 50)
_WITH_ID_NUMBER = Statement(select(persons.c.person_id).where(persons.c.id_key == bindparam("id_key")))


def save_person(
    act: Act, person: Person, entitlement: Entitlement, area_code: str, person_id: int | None
) -> PersonRecord:
    """Record a person, or correct the one with ``person_id``."""
    connection = act.connection
    is_known = person_id is not None
    former = connection.execute(select(persons.c.name).where(persons.c.person_id == person_id)).scalar() or ""
    row = _checked_row(connection, person, person_id)
    row |= {
        "id_reversed": str(row["id_key"])[::-1],
        "area_code": area_code,
        "insurance": entitlement.insurance.value,
        "status": entitlement.status.value,
        "retirement_registered_on": entitlement.retirement_registered_on,
        "has_coverage": entitlement.coverage is not None,
        "has_filings": entitlement.filings is not None,
    }
    if person_id is None:
        person_id = connection.execute(insert(persons).returning(persons.c.person_id), row).scalar_one()
    elif not connection.execute(update(persons).where(persons.c.person_id == person_id), row).rowcount:
        raise ClerkError("person_unknown", person_id=person_id)
    _replace_entitlement(connection, person_id, entitlement)
    _keep_findable(connection, person_id, person.name, former)
    _sealed(act, person_id, "changed" if is_known else "new")
    return read_person(connection, person_id)


def questions(connection: Connection, person_id: int) -> list[Question]:
    """What ``read_person`` asks, to be asked together with others."""
    return [each.question(connection, person_id=person_id) for each in (_ONE, _PARTS_OF_ONE)]


def read_person(connection: Connection, person_id: int) -> PersonRecord:
    """The person with a number.

    Raises:
        ClerkError: ``person_unknown``.
    """
    row = _ONE.first(connection, person_id=person_id)
    if row is None:
        raise ClerkError("person_unknown", person_id=person_id)
    return _record(row, _PARTS_OF_ONE.all(connection, person_id=person_id))


def find_persons(connection: Connection, text: str, limit: int) -> list[PersonRecord]:
    """Persons by part of the name or its first letters, or by either end of the certificate's number, by name."""
    meant = persons_meant(connection, text)
    named = _NAMES.all(connection, list(meant))
    found = [row for row in named if not meant[row.person_id] or text.strip() in row.name]
    return _records(connection, [row.person_id for row in sorted(found, key=_by_name)[:limit]])


def person_by_id_number(connection: Connection, id_number: str) -> PersonRecord | None:
    """The person with a certificate's number, None when the office does not know it."""
    found = _records(connection, _WITH_ID_NUMBER.scalars(connection, id_key=normalised(id_number)))
    return found[0] if found else None


def record_prior_benefit(act: Act, person_id: int, prior: PriorBenefit) -> PersonRecord:
    """Keep what was read from the platform last for this year and benefit."""
    connection = act.connection
    if prior.deductible_fen < 0 or prior.fund_fen < 0:
        raise ClerkError("prior_benefit_negative")
    read_person(connection, person_id)
    connection.execute(
        delete(prior_benefits).where(
            prior_benefits.c.person_id == person_id,
            prior_benefits.c.year == prior.year,
            prior_benefits.c.benefit == prior.benefit.value,
        )
    )
    row = {
        "person_id": person_id,
        "year": prior.year,
        "benefit": prior.benefit.value,
        "deductible_fen": prior.deductible_fen,
        "fund_fen": prior.fund_fen,
        "as_of": prior.as_of,
    }
    connection.execute(insert(prior_benefits), row)
    _sealed(act, person_id, "prior_benefit")
    return read_person(connection, person_id)


def seals(connection: Connection, first: int, last: int) -> dict[int, str]:
    """The seal of each person with a number from ``first`` to ``last``: one over all the rows that tell of him."""
    parts: dict[int, list[object]] = {}
    for table in (persons, *_ENTITLEMENT_TABLES, prior_benefits):
        of_persons = f"person_id BETWEEN {first:d} AND {last:d} ORDER BY {raw.keys_of(table)}"
        statement = f"SELECT person_id, {raw.columns_of(table)} FROM {table.name} WHERE {of_persons}"  # noqa: S608 -- ours
        for person_id, *values in raw.rows(connection, statement):
            parts.setdefault(person_id, []).extend((table.name, *values))
    return {person_id: seal_of(values) for person_id, values in parts.items()}


def _sealed(act: Act, person_id: int, what: str) -> None:
    act.seal_as("persons", str(person_id), seals(act.connection, person_id, person_id)[person_id])
    act.tell(f"person {person_id}", what=what)


def _checked_row(connection: Connection, person: Person, person_id: int | None) -> dict[str, object]:
    row = person_row(person)
    if not row["id_key"]:
        raise ClerkError("id_number_missing")
    holder = connection.execute(select(persons.c.person_id).where(persons.c.id_key == row["id_key"])).scalar()
    if holder not in (None, person_id):
        raise ClerkError("person_known")
    return row


def _keep_findable(connection: Connection, person_id: int, name: str, former: str) -> None:
    """Let the person be found by the name, and by a former one only where a record has it."""
    for column, pieces in ((name_grams.c.gram, _grams), (name_initials.c.initials, initials)):
        of_person = column.table.c.person_id == person_id
        wanted = pieces(name)
        known = set(connection.execute(select(column).where(of_person, column.in_(wanted))).scalars())
        if new := [{column.name: piece, "person_id": person_id} for piece in sorted(wanted - known)]:
            connection.execute(insert(column.table), new)
        stale = pieces(former) - wanted
        if stale:
            recorded = select(settlements.c.name).where(settlements.c.person_id == person_id).distinct()
            stale = stale.difference(*map(pieces, connection.execute(recorded).scalars()))
        if stale:
            connection.execute(delete(column.table).where(of_person, column.in_(stale)))


def _grams(name: str) -> frozenset[str]:
    """Every piece of one or two characters."""
    return frozenset(name[start : start + length] for start in range(len(name)) for length in (1, 2))


def _replace_entitlement(connection: Connection, person_id: int, entitlement: Entitlement) -> None:
    rows: dict[Table, list[dict[str, object]]] = {
        coverage: [_span(period) for period in entitlement.coverage or ()],
        filings: [{"category": filing.category.value, **_span(filing.period)} for filing in entitlement.filings or ()],
        stays: [{"admitted_on": stay.admitted_on, "discharged_on": stay.discharged_on} for stay in entitlement.stays],
        conditions: [
            {"disease": condition.disease, "benefit": condition.benefit.value, **_span(condition.period)}
            for condition in entitlement.conditions
        ],
    }
    for table in _ENTITLEMENT_TABLES:
        connection.execute(delete(table).where(table.c.person_id == person_id))
        if rows[table]:
            numbered = [{"person_id": person_id, "position": index, **row} for index, row in enumerate(rows[table])]
            connection.execute(insert(table), numbered)


def _records(connection: Connection, numbers: list[int]) -> list[PersonRecord]:
    """The persons with these numbers, by name."""
    parts: dict[int, list[Any]] = defaultdict(list)
    for part in _PARTS_OF_SOME.all(connection, numbers):
        parts[part.person_id].append(part)
    return [_record(row, parts[row.person_id]) for row in sorted(_SOME.all(connection, numbers), key=_by_name)]


def _by_name(row: Any) -> tuple[str, int]:
    return row.name, row.person_id


def _record(row: Any, parts: Iterable[Any]) -> PersonRecord:
    of: dict[str, list[Any]] = defaultdict(list)
    for part in parts:
        of[part.part].append(part)
    entitlement = Entitlement(
        member(Insurance, row.insurance),
        member(Status, row.status),
        row.retirement_registered_on,
        tuple(_period(part) for part in of["coverage"]) if row.has_coverage else None,
        tuple(Filing(member(FilingCategory, part.word), _period(part)) for part in of["filings"])
        if row.has_filings
        else None,
        tuple(Stay(part.starts_on, part.ends_on) for part in of["stays"]),
        tuple(Condition(part.word, member(Benefit, part.benefit), _period(part)) for part in of["conditions"]),
    )
    priors = tuple(
        PriorBenefit(part.place, member(Benefit, part.benefit), part.deductible_fen, part.fund_fen, part.as_of)
        for part in of["prior_benefits"]
    )
    return PersonRecord(row.person_id, person_from(row), entitlement, row.area_code, priors)


def _span(period: Period) -> dict[str, object]:
    return {"starts_on": period.starts_on, "ends_on": period.ends_on}


def _period(row: Any) -> Period:
    return Period(row.starts_on, row.ends_on)
