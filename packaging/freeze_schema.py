"""Print the ledger's tables and triggers as they are now into the frozen SQL of the first migration.

    python packaging/freeze_schema.py

This is right only as long as no office works with a ledger of that revision: afterwards a change of ``tables`` or
``triggers`` is a new revision in ``clerk_app/ledger/migrations/versions``, and the frozen files stay as they are. A
test holds what the migrations make against what a new ledger has.
"""

from __future__ import annotations

import re

from sqlalchemy.dialects import postgresql, sqlite

from clerk_app.ledger.schema import HEAD, MIGRATIONS, statements

for dialect in (sqlite.dialect(), postgresql.dialect()):
    target = MIGRATIONS / "sql" / f"{HEAD}.{dialect.name}.sql"
    printed = (re.sub(r"[ \t]*\n\s*\n", "\n", statement) for statement in statements(dialect))
    target.write_text("\n\n".join(f"{statement};" for statement in printed) + "\n", encoding="utf-8")
    print(target.relative_to(MIGRATIONS.parents[2]))
