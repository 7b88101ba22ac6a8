"""The first ledger: its tables and the triggers that keep what was settled, as frozen SQL for each kind of database.

A migration never follows later changes of ``tables`` or ``triggers``: those get a revision of their own.
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Run the file's statements, which blank lines divide."""
    connection = op.get_bind()
    frozen = SQL.joinpath(f"{revision}.{connection.dialect.name}.sql").read_text(encoding="utf-8")
    for statement in frozen.split("\n\n"):
        connection.exec_driver_sql(statement.strip().removesuffix(";"))
