"""Corrections: a numbered record that settles the difference of an earlier one.

The CHECKs of two tables learn the new kind. SQLite has no statement for that, and copying a table to a new one would
drop a parent of foreign keys; so the text of the CHECK alone is changed, as SQLite's own manual describes for changes
that touch no stored row (lang_altertable, "making other kinds of table schema changes").
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Table, what its CHECK said, and what it says now.
CHECKS = (
    (
        "settlements",
        "kind IN ('settlement', 'refusal', 'reversal')",
        "kind IN ('settlement', 'refusal', 'reversal', 'correction')",
    ),
    (
        "settlements",
        " AND in_scope_fen >= total_fen AND account_fen <= 0 AND account_fen >= person_fen)",
        (
            " AND in_scope_fen >= total_fen AND account_fen <= 0 AND account_fen >= person_fen)"
            " OR (kind = 'correction' AND total_fen = 0 AND in_scope_fen = 0 AND account_fen <= 0"
            " AND reviewer IS NOT NULL)"
        ),
    ),
    (
        "receipts",
        " AND over_cap_fen <= 0 AND deductible_fen + fund_fen + over_cap_fen >= in_scope_fen)",
        (
            " AND over_cap_fen <= 0 AND deductible_fen + fund_fen + over_cap_fen >= in_scope_fen)"
            " OR (total_fen = 0 AND in_scope_fen = 0 AND paid_first_fen = 0 AND over_limit_fen = 0"
            " AND self_funded_fen = 0)"
        ),
    ),
)

#: Name, event, message, condition.
TRIGGERS = (
    ("corrections_no_update", "UPDATE ON corrections", "corrections are never changed", ""),
    ("corrections_no_delete", "DELETE ON corrections", "corrections are never changed", ""),
    (
        "corrections_no_replace",
        "INSERT ON corrections",
        "corrections are never changed",
        "EXISTS (SELECT 1 FROM corrections WHERE (correction_id = NEW.correction_id))",
    ),
    (
        "receipts_differences",
        "INSERT ON receipts",
        "differences stand in corrections alone",
        (
            "(SELECT kind FROM settlements WHERE settlement_id = NEW.settlement_id) <> 'correction'"
            " AND NEW.total_fen = 0 AND (NEW.deductible_fen <> 0 OR NEW.fund_fen <> 0)"
        ),
    ),
    (
        "receipts_corrected",
        "INSERT ON receipts",
        "a correction changes no paper",
        (
            "(SELECT kind FROM settlements WHERE settlement_id = NEW.settlement_id) = 'correction'"
            " AND (NEW.total_fen <> 0 OR NEW.in_scope_fen <> 0)"
        ),
    ),
    (
        "corrections_fit",
        "INSERT ON corrections",
        "a correction belongs to a standing settlement of the same person",
        (
            "EXISTS (SELECT 1 FROM reversals WHERE original_id = NEW.original_id)"
            " OR NOT EXISTS (SELECT 1 FROM settlements AS original, settlements AS correction"
            " WHERE original.settlement_id = NEW.original_id AND correction.settlement_id = NEW.correction_id"
            " AND original.kind = 'settlement' AND correction.kind = 'correction'"
            " AND original.person_id = correction.person_id)"
        ),
    ),
    (
        "corrections_within_bounds",
        "INSERT ON corrections",
        "corrections leave between nothing and the amount in scope",
        (
            "(SELECT sum(fund_fen) < 0 OR sum(fund_fen) > sum(in_scope_fen)"
            " OR sum(account_fen) < 0 OR sum(account_fen) > sum(person_fen) FROM settlements"
            " WHERE settlement_id IN (NEW.original_id, NEW.correction_id) OR settlement_id IN"
            " (SELECT correction_id FROM corrections WHERE original_id = NEW.original_id))"
        ),
    ),
)


def upgrade() -> None:
    """Make the table that ties corrections to settlements, and let the others hold them."""
    row_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "corrections",
        sa.Column("correction_id", row_number, autoincrement=False, nullable=False),
        sa.Column("original_id", row_number, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_corrections_reason")),
        sa.CheckConstraint("original_id < correction_id", name=op.f("ck_corrections_order")),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["settlements.settlement_id"], name=op.f("fk_corrections_correction_id_settlements")
        ),
        sa.ForeignKeyConstraint(
            ["original_id"], ["settlements.settlement_id"], name=op.f("fk_corrections_original_id_settlements")
        ),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_original_id"), "corrections", ["original_id"], unique=False)
    for name, event, message, condition in TRIGGERS:
        clause = f" WHEN {condition}" if condition else ""
        op.execute(f"CREATE TRIGGER {name} BEFORE {event}{clause} BEGIN SELECT RAISE(ABORT, '{message}'); END")
    change_checks()


def change_checks() -> None:
    """Put the new words into the tables' definitions, in the transaction of everything else."""
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    for table, before, after in CHECKS:
        changed = connection.execute(
            sa.text(
                "UPDATE sqlite_master SET sql = replace(sql, :before, :after)"
                " WHERE type = 'table' AND name = :name AND instr(sql, :before)"
            ),
            {"before": before, "after": after, "name": table},
        )
        assert changed.rowcount == 1, f"{table} is not as revision 0001 left it"
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
