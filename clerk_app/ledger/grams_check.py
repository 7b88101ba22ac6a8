"""The pieces of names by which persons are found: each is there, and none leads to somebody else."""

from __future__ import annotations

from sqlalchemy import Connection

from clerk_app.ledger import raw
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
