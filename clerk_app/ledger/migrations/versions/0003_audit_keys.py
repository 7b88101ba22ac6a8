"""The key of the audit trail outlives the passphrase that it came from."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MESSAGE = "audit_keys are never changed"
TRIGGERS = {
    "audit_keys_no_update": "UPDATE ON audit_keys",
    "audit_keys_no_delete": "DELETE ON audit_keys",
    "audit_keys_no_replace": (
        "INSERT ON audit_keys WHEN EXISTS (SELECT 1 FROM audit_keys WHERE (number = NEW.number))"
    ),
}


def upgrade() -> None:
    """Make the table of the sealed keys, which are added and never changed."""
    op.create_table(
        "audit_keys",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_keys"),
    )
    for name, event in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END")
