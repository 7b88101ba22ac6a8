"""What persons are found by, pieces of names and their first letters: each is there, none leads to somebody else."""

from __future__ import annotations

from collections import Counter, defaultdict

from sqlalchemy import Connection

from clerk_app.ledger import raw
from clerk_app.ledger.pinyin import initials
from clerk_app.ledger.soundness import Findings

#: Persons whose name has a piece of one or two characters that leads nowhere.
_MISSING = """
WITH RECURSIVE places(place) AS (
    SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < (SELECT max(length(name)) FROM persons)
)
SELECT DISTINCT p.person_id FROM persons AS p JOIN places AS n ON n.place <= length(p.name)
WHERE NOT EXISTS
        (SELECT 1 FROM name_grams AS g WHERE g.gram = substr(p.name, n.place, 1) AND g.person_id = p.person_id)
   OR NOT EXISTS
        (SELECT 1 FROM name_grams AS g WHERE g.gram = substr(p.name, n.place, 2) AND g.person_id = p.person_id)
"""
#: Pieces of no name that their person has, or has on a record. (A text without a piece is itself where it has none.)
_SURPLUS = """
SELECT DISTINCT g.person_id FROM name_grams AS g LEFT JOIN persons AS p ON p.person_id = g.person_id
WHERE (p.name IS NULL OR replace(p.name, g.gram, '') = p.name)
  AND NOT EXISTS (SELECT 1 FROM settlements AS s
      WHERE s.person_id = g.person_id AND replace(s.name, g.gram, '') <> s.name)
"""


def check_grams(connection: Connection, found: Findings) -> None:
    """Name the persons whose pieces are not those of their name, now or on a record."""
    for (person_id,) in raw.rows(connection, _MISSING):
        found.add("verify_row_missing", table="name_grams", row=person_id)
    for (person_id,) in raw.rows(connection, _SURPLUS):
        found.add("verify_row_added", table="name_grams", row=person_id)


def check_initials(connection: Connection, found: Findings) -> None:
    """Name the persons whose first letters are not those of their name, now or on a record."""
    # A sum of hashes for each person, for an office has a million rows of letters.
    sums: Counter[int] = Counter()
    for letters, person_id in raw.rows(connection, "SELECT initials, person_id FROM name_initials"):
        sums[person_id] += hash(letters)
    differ: dict[int, frozenset[str]] = {}
    for person_id, name in raw.rows(connection, "SELECT person_id, name FROM persons"):
        wanted = initials(str(name))
        if sums.pop(person_id, 0) != sum(map(hash, wanted)):
            differ[person_id] = wanted
    differ |= dict.fromkeys(sums, frozenset())
    if not differ:
        return
    kept: dict[int, set[str]] = defaultdict(set)
    for letters, person_id in raw.rows(connection, "SELECT initials, person_id FROM name_initials"):
        if person_id in differ:
            kept[person_id].add(letters)
    for person_id, wanted in differ.items():
        if wanted - kept[person_id]:
            found.add("verify_row_missing", table="name_initials", row=person_id)
        # Only who has changed the name, or was tampered with, comes this far.
        names = raw.rows(connection, f"SELECT DISTINCT name FROM settlements WHERE person_id = {person_id:d}")  # noqa: S608
        if kept[person_id] - wanted.union(*(initials(str(name)) for (name,) in names)):
            found.add("verify_row_added", table="name_initials", row=person_id)
