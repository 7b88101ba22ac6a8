"""The first ledger: persons, settlements, accumulators, and the triggers that keep what was settled.

A migration is a frozen copy: it never follows later changes of ``tables`` or ``triggers``.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: Tables whose rows stay as they were written, with the keys by which a REPLACE could hit an old row.
FROZEN = {
    "settlements": (
        "settlement_id = NEW.settlement_id",
        "act_key = NEW.act_key",
        "voucher_number = NEW.voucher_number",
    ),
    "receipts": ("settlement_id = NEW.settlement_id AND position = NEW.position",),
    "pool_entries": (
        "settlement_id = NEW.settlement_id AND position = NEW.position AND year = NEW.year AND pool = NEW.pool",
    ),
    "year_totals": ("settlement_id = NEW.settlement_id AND position = NEW.position",),
    "reversals": ("reversal_id = NEW.reversal_id", "original_id = NEW.original_id"),
    "prints": ("settlement_id = NEW.settlement_id AND reprint = NEW.reprint",),
}

#: Name, event, message, condition.
TRIGGERS = (
    (
        "receipts_no_more",
        "INSERT ON receipts",
        "receipts are never added to a settlement",
        "NEW.position >= (SELECT receipt_count FROM settlements WHERE settlement_id = NEW.settlement_id)",
    ),
    ("bills_no_update", "UPDATE ON bills", "bills are never changed", ""),
    (
        "bills_no_delete",
        "DELETE ON bills",
        "bills are released by a reversal alone",
        "NOT EXISTS (SELECT 1 FROM reversals WHERE original_id = OLD.settlement_id)",
    ),
    (
        "bills_no_replace",
        "INSERT ON bills",
        "bills are never changed",
        "EXISTS (SELECT 1 FROM bills WHERE bill_key = NEW.bill_key)",
    ),
    ("counters_no_jump", "UPDATE ON counters", "counters go up by one", "NEW.last_number <> OLD.last_number + 1"),
    ("counters_no_delete", "DELETE ON counters", "counters are never deleted", ""),
    ("accumulators_no_delete", "DELETE ON accumulators", "accumulators are never deleted", ""),
)


def upgrade() -> None:
    """Make every table, then the triggers."""
    make_counters_and_persons()
    make_entitlement()
    make_settlements()
    make_receipts()
    make_what_goes_with_a_settlement()
    for table, keys in FROZEN.items():
        message = f"{table} are never changed"
        same = " OR ".join(f"({key})" for key in keys)
        refuse(f"{table}_no_update", f"UPDATE ON {table}", message)
        refuse(f"{table}_no_delete", f"DELETE ON {table}", message)
        exists = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 -- names of our own tables
        refuse(f"{table}_no_replace", f"INSERT ON {table}", message, exists)
    for name, when, message, condition in TRIGGERS:
        refuse(name, when, message, condition)


def refuse(name: str, when: str, message: str, condition: str = "") -> None:
    """Make a trigger that aborts what it is told to."""
    clause = f" WHEN {condition}" if condition else ""
    op.execute(f"CREATE TRIGGER {name} BEFORE {when}{clause} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def make_counters_and_persons() -> None:
    """The voucher counters, and whom the office knows."""
    op.create_table(
        "counters",
        sa.Column("office_code", sa.String(length=16), nullable=False),
        sa.Column("series", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_number > 0", name=op.f("ck_counters_last_number")),
        sa.PrimaryKeyConstraint("office_code", "series", "year", name=op.f("pk_counters")),
    )
    op.create_table(
        "persons",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id_number", sa.Text(), nullable=False),
        sa.Column("id_key", sa.String(length=64), nullable=False),
        sa.Column("certificate_type", sa.String(length=8), nullable=False),
        sa.Column("sex", sa.String(length=8), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("area_code", sa.String(length=6), nullable=False),
        sa.Column("insurance", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("retirement_registered_on", sa.Date(), nullable=True),
        sa.Column("has_coverage", sa.Boolean(), nullable=False),
        sa.Column("has_filings", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id_key <> ''", name=op.f("ck_persons_id_key")),
        sa.CheckConstraint("insurance IN ('employee', 'resident')", name=op.f("ck_persons_insurance")),
        sa.CheckConstraint("status IN ('employed', 'retired', 'resident')", name=op.f("ck_persons_status")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_persons")),
        sa.UniqueConstraint("id_key", name=op.f("uq_persons_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "name_grams",
        sa.Column("gram", sa.String(length=2), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.person_id"], name=op.f("fk_name_grams_person_id_persons")),
        sa.PrimaryKeyConstraint("gram", "person_id", name=op.f("pk_name_grams")),
        sqlite_with_rowid=False,
    )


def make_entitlement() -> None:
    """What entitles a person to benefits, and what the platform has paid."""
    op.create_table(
        "coverage",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_coverage_period")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.person_id"], name=op.f("fk_coverage_person_id_persons")),
        sa.PrimaryKeyConstraint("person_id", "position", name=op.f("pk_coverage")),
    )
    op.create_table(
        "filings",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "category IN ('retired_resettled', 'long_term_resident', 'stationed_worker', 'referred'"
            ", 'emergency_travelling', 'other')",
            name=op.f("ck_filings_category"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_filings_period")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.person_id"], name=op.f("fk_filings_person_id_persons")),
        sa.PrimaryKeyConstraint("person_id", "position", name=op.f("pk_filings")),
    )
    op.create_table(
        "stays",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("admitted_on", sa.Date(), nullable=False),
        sa.Column("discharged_on", sa.Date(), nullable=True),
        sa.CheckConstraint("discharged_on >= admitted_on", name=op.f("ck_stays_period")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.person_id"], name=op.f("fk_stays_person_id_persons")),
        sa.PrimaryKeyConstraint("person_id", "position", name=op.f("pk_stays")),
    )
    op.create_table(
        "conditions",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("disease", sa.Text(), nullable=False),
        sa.Column("benefit", sa.String(length=16), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "benefit IN ('ordinary', 'chronic', 'special', 'emergency', 'day_surgery', 'inpatient')",
            name=op.f("ck_conditions_benefit"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_conditions_period")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.person_id"], name=op.f("fk_conditions_person_id_persons")),
        sa.PrimaryKeyConstraint("person_id", "position", name=op.f("pk_conditions")),
    )
    op.create_table(
        "prior_benefits",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("benefit", sa.String(length=16), nullable=False),
        sa.Column("deductible_fen", sa.BigInteger(), nullable=False),
        sa.Column("fund_fen", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "benefit IN ('ordinary', 'chronic', 'special', 'emergency', 'day_surgery', 'inpatient')",
            name=op.f("ck_prior_benefits_benefit"),
        ),
        sa.CheckConstraint("deductible_fen >= 0 AND fund_fen >= 0", name=op.f("ck_prior_benefits_amounts")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.person_id"], name=op.f("fk_prior_benefits_person_id_persons")),
        sa.PrimaryKeyConstraint("person_id", "year", "benefit", name=op.f("pk_prior_benefits")),
    )


def make_settlements() -> None:
    """The numbered records."""
    op.create_table(
        "settlements",
        sa.Column("settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voucher_number", sa.String(length=32), nullable=False),
        sa.Column("acceptance_number", sa.String(length=32), nullable=False),
        sa.Column("act_key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=False),
        sa.Column("handed_in_on", sa.Date(), nullable=False),
        sa.Column("clerk", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=True),
        sa.Column("review_reason", sa.Text(), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id_number", sa.Text(), nullable=False),
        sa.Column("id_key", sa.String(length=64), nullable=False),
        sa.Column("certificate_type", sa.String(length=8), nullable=False),
        sa.Column("sex", sa.String(length=8), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("entitlement", sa.Text(), nullable=False),
        sa.Column("area_code", sa.String(length=6), nullable=False),
        sa.Column("area_name", sa.Text(), nullable=False),
        sa.Column("materials", sa.Text(), nullable=True),
        sa.Column("receipt_count", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("in_scope_fen", sa.BigInteger(), nullable=False),
        sa.Column("fund_fen", sa.BigInteger(), nullable=False),
        sa.Column("person_fen", sa.BigInteger(), nullable=False),
        sa.Column("account_fen", sa.BigInteger(), nullable=False),
        sa.Column("account_payer", sa.String(length=16), nullable=True),
        sa.Column("payee_name", sa.Text(), nullable=True),
        sa.Column("payee_relation", sa.Text(), nullable=True),
        sa.Column("payee_bank", sa.Text(), nullable=True),
        sa.Column("payee_account", sa.Text(), nullable=True),
        sa.Column("manual_reason", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "(kind = 'settlement' AND fund_fen >= 0 AND fund_fen <= in_scope_fen"
            " AND in_scope_fen <= total_fen AND account_fen >= 0 AND account_fen <= person_fen)"
            " OR (kind = 'refusal' AND fund_fen = 0 AND in_scope_fen >= 0 AND in_scope_fen <= total_fen"
            " AND account_fen >= 0 AND account_fen <= person_fen)"
            " OR (kind = 'reversal' AND fund_fen <= 0 AND fund_fen >= in_scope_fen"
            " AND in_scope_fen >= total_fen AND account_fen <= 0 AND account_fen >= person_fen)",
            name=op.f("ck_settlements_amounts"),
        ),
        sa.CheckConstraint(
            "(reviewer IS NULL) = (review_reason IS NULL) AND review_reason <> ''", name=op.f("ck_settlements_review")
        ),
        sa.CheckConstraint(
            "account_payer IN ('self', 'spouse', 'parent', 'child')", name=op.f("ck_settlements_account_payer")
        ),
        sa.CheckConstraint("clerk <> '' AND act_key <> ''", name=op.f("ck_settlements_clerk")),
        sa.CheckConstraint("kind IN ('settlement', 'refusal', 'reversal')", name=op.f("ck_settlements_kind")),
        sa.CheckConstraint("reviewer <> clerk AND reviewer <> ''", name=op.f("ck_settlements_reviewer")),
        sa.CheckConstraint("(account_payer IS NULL) = (account_fen = 0)", name=op.f("ck_settlements_account")),
        sa.CheckConstraint("person_fen = total_fen - fund_fen", name=op.f("ck_settlements_person")),
        sa.CheckConstraint("receipt_count > 0", name=op.f("ck_settlements_receipt_count")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.person_id"], name=op.f("fk_settlements_person_id_persons")),
        sa.PrimaryKeyConstraint("settlement_id", name=op.f("pk_settlements")),
        sa.UniqueConstraint("act_key", name=op.f("uq_settlements_act_key")),
        sa.UniqueConstraint("voucher_number", name=op.f("uq_settlements_voucher_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_settlements_id_key"), "settlements", ["id_key"], unique=False)
    op.create_index(op.f("ix_settlements_person_id"), "settlements", ["person_id"], unique=False)
    op.create_index(op.f("ix_settlements_settled_at"), "settlements", ["settled_at"], unique=False)


def make_receipts() -> None:
    """The receipts of a record."""
    op.create_table(
        "receipts",
        sa.Column(
            "settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("bill_code", sa.Text(), nullable=False),
        sa.Column("bill_key", sa.Text(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("visited_at", sa.Time(), nullable=True),
        sa.Column("institution_name", sa.Text(), nullable=False),
        sa.Column("institution_code", sa.String(length=16), nullable=False),
        sa.Column("institution_tier", sa.Integer(), nullable=True),
        sa.Column("institution_kind", sa.String(length=16), nullable=False),
        sa.Column("institution_area_code", sa.String(length=6), nullable=False),
        sa.Column("networked", sa.Boolean(), nullable=False),
        sa.Column("designated", sa.Boolean(), nullable=False),
        sa.Column("benefit", sa.String(length=16), nullable=False),
        sa.Column("disease", sa.Text(), nullable=False),
        sa.Column("diagnosis", sa.Text(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("self_funded_fen", sa.BigInteger(), nullable=False),
        sa.Column("over_limit_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_first_fen", sa.BigInteger(), nullable=False),
        sa.Column("in_scope_fen", sa.BigInteger(), nullable=False),
        sa.Column("visit_label", sa.Text(), nullable=False),
        sa.Column("printed_fund_fen", sa.BigInteger(), nullable=False),
        sa.Column("settled_by_network", sa.Boolean(), nullable=False),
        sa.Column("exclusion", sa.Text(), nullable=False),
        sa.Column("dual_channel", sa.Boolean(), nullable=False),
        sa.Column("fees", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("deductible_standard_fen", sa.BigInteger(), nullable=False),
        sa.Column("deductible_used_before_fen", sa.BigInteger(), nullable=False),
        sa.Column("deductible_fen", sa.BigInteger(), nullable=False),
        sa.Column("ratio_bp", sa.Integer(), nullable=False),
        sa.Column("share_fen", sa.BigInteger(), nullable=False),
        sa.Column("cap_fen", sa.BigInteger(), nullable=False),
        sa.Column("fund_used_before_fen", sa.BigInteger(), nullable=False),
        sa.Column("fund_fen", sa.BigInteger(), nullable=False),
        sa.Column("over_cap_fen", sa.BigInteger(), nullable=False),
        sa.Column("person_fen", sa.BigInteger(), nullable=False),
        sa.Column("deductible_pool", sa.Text(), nullable=False),
        sa.Column("cap_pools", sa.Text(), nullable=False),
        sa.Column("is_charged_visit", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("citations", sa.Text(), nullable=False),
        sa.Column("policy_document", sa.Text(), nullable=False),
        sa.Column("policy_from", sa.Date(), nullable=True),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.Column("if_networked_fen", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "benefit IN ('ordinary', 'chronic', 'special', 'emergency', 'day_surgery', 'inpatient')",
            name=op.f("ck_receipts_benefit"),
        ),
        sa.CheckConstraint(
            "decision = 'pay' OR (fund_fen = 0 AND deductible_fen = 0)", name=op.f("ck_receipts_refused")
        ),
        sa.CheckConstraint("decision IN ('pay', 'refuse')", name=op.f("ck_receipts_decision")),
        sa.CheckConstraint("status IN ('employed', 'retired', 'resident')", name=op.f("ck_receipts_status")),
        sa.CheckConstraint(
            "(total_fen >= 0 AND in_scope_fen >= 0 AND paid_first_fen >= 0 AND over_limit_fen >= 0"
            " AND self_funded_fen >= 0 AND deductible_fen >= 0 AND fund_fen >= 0"
            " AND fund_fen <= share_fen AND over_cap_fen >= 0"
            " AND deductible_fen + fund_fen + over_cap_fen <= in_scope_fen)"
            " OR (total_fen <= 0 AND in_scope_fen <= 0 AND paid_first_fen <= 0 AND over_limit_fen <= 0"
            " AND self_funded_fen <= 0 AND deductible_fen <= 0 AND fund_fen <= 0"
            " AND fund_fen >= share_fen AND over_cap_fen <= 0"
            " AND deductible_fen + fund_fen + over_cap_fen >= in_scope_fen)",
            name=op.f("ck_receipts_amounts"),
        ),
        sa.CheckConstraint("institution_tier BETWEEN 0 AND 3", name=op.f("ck_receipts_tier")),
        sa.CheckConstraint("person_fen = total_fen - fund_fen", name=op.f("ck_receipts_person")),
        sa.CheckConstraint("ratio_bp BETWEEN 0 AND 10000", name=op.f("ck_receipts_ratio")),
        sa.CheckConstraint(
            "total_fen = in_scope_fen + paid_first_fen + over_limit_fen + self_funded_fen",
            name=op.f("ck_receipts_total"),
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlements.settlement_id"], name=op.f("fk_receipts_settlement_id_settlements")
        ),
        sa.PrimaryKeyConstraint("settlement_id", "position", name=op.f("pk_receipts")),
    )
    op.create_index(op.f("ix_receipts_bill_key"), "receipts", ["bill_key"], unique=False)
    op.create_index(op.f("ix_receipts_number_key"), "receipts", ["number_key"], unique=False)


def make_what_goes_with_a_settlement() -> None:
    """What a record uses up, holds, prints and mirrors."""
    op.create_table(
        "pool_entries",
        sa.Column(
            "settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pool", sa.String(length=64), nullable=False),
        sa.Column("deductible_fen", sa.BigInteger(), nullable=False),
        sa.Column("fund_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["settlement_id", "position"],
            ["receipts.settlement_id", "receipts.position"],
            name=op.f("fk_pool_entries_settlement_id_receipts"),
        ),
        sa.PrimaryKeyConstraint("settlement_id", "position", "year", "pool", name=op.f("pk_pool_entries")),
    )
    op.create_table(
        "accumulators",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pool", sa.String(length=64), nullable=False),
        sa.Column("deductible_fen", sa.BigInteger(), nullable=False),
        sa.Column("fund_fen", sa.BigInteger(), nullable=False),
        sa.Column("prior_deductible_fen", sa.BigInteger(), nullable=False),
        sa.Column("prior_fund_fen", sa.BigInteger(), nullable=False),
        sa.Column("platform_as_of", sa.Date(), nullable=True),
        sa.Column("fund_limit_fen", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("deductible_fen >= 0 AND fund_fen >= 0", name=op.f("ck_accumulators_amounts")),
        sa.CheckConstraint("fund_fen <= fund_limit_fen", name=op.f("ck_accumulators_cap")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.person_id"], name=op.f("fk_accumulators_person_id_persons")),
        sa.PrimaryKeyConstraint("person_id", "year", "pool", name=op.f("pk_accumulators")),
    )
    op.create_table(
        "year_totals",
        sa.Column(
            "settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("benefit", sa.String(length=16), nullable=False),
        sa.Column("deductible_pool", sa.String(length=64), nullable=False),
        sa.Column("cap_pool", sa.String(length=64), nullable=False),
        sa.Column("deductible_fen", sa.BigInteger(), nullable=False),
        sa.Column("fund_fen", sa.BigInteger(), nullable=False),
        sa.Column("platform_as_of", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "benefit IN ('ordinary', 'chronic', 'special', 'emergency', 'day_surgery', 'inpatient')",
            name=op.f("ck_year_totals_benefit"),
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlements.settlement_id"], name=op.f("fk_year_totals_settlement_id_settlements")
        ),
        sa.PrimaryKeyConstraint("settlement_id", "position", name=op.f("pk_year_totals")),
    )
    op.create_table(
        "bills",
        sa.Column("bill_key", sa.Text(), nullable=False),
        sa.Column("settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlements.settlement_id"], name=op.f("fk_bills_settlement_id_settlements")
        ),
        sa.PrimaryKeyConstraint("bill_key", name=op.f("pk_bills")),
    )
    op.create_index(op.f("ix_bills_settlement_id"), "bills", ["settlement_id"], unique=False)
    op.create_table(
        "reversals",
        sa.Column(
            "reversal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("original_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_reversals_reason")),
        sa.CheckConstraint("original_id < reversal_id", name=op.f("ck_reversals_order")),
        sa.ForeignKeyConstraint(
            ["original_id"], ["settlements.settlement_id"], name=op.f("fk_reversals_original_id_settlements")
        ),
        sa.ForeignKeyConstraint(
            ["reversal_id"], ["settlements.settlement_id"], name=op.f("fk_reversals_reversal_id_settlements")
        ),
        sa.PrimaryKeyConstraint("reversal_id", name=op.f("pk_reversals")),
        sa.UniqueConstraint("original_id", name=op.f("uq_reversals_original_id")),
    )
    op.create_table(
        "prints",
        sa.Column(
            "settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("reprint", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("printed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("reprint >= 0", name=op.f("ck_prints_reprint")),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlements.settlement_id"], name=op.f("fk_prints_settlement_id_settlements")
        ),
        sa.PrimaryKeyConstraint("settlement_id", "reprint", name=op.f("pk_prints")),
    )
