"""The tables of the ledger, and what the database itself refuses to hold.

Money is whole fen in BIGINT, never a float; days are ISO dates; choices are the short English values of ``codes``.
Lists of words that nothing computes with (explanations, citations, reasons) are JSON text in one column.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
)

from clerk_app.codes import (
    Action,
    Benefit,
    ClaimState,
    Decision,
    FilingCategory,
    Insurance,
    Payer,
    RecoveryWay,
    Role,
    Stage,
    Status,
)
from clerk_app.ledger.records import SettlementKind

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

#: SQLite numbers rows by itself only under the type name INTEGER.
_ROW_NUMBER = BigInteger().with_variant(Integer, "sqlite")


def _one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(str(value)) for value in values)})", name=column)


def _fen(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _person_id(*, primary_key: bool = False) -> Column[int]:
    return Column("person_id", _ROW_NUMBER, ForeignKey("persons.person_id"), primary_key=primary_key, nullable=False)


def _settlement_id() -> Column[int]:
    return Column(
        "settlement_id", _ROW_NUMBER, ForeignKey("settlements.settlement_id"), primary_key=True, autoincrement=False
    )


def _position() -> Column[int]:
    return Column("position", Integer, primary_key=True, autoincrement=False)


#: The last number given per office, series and year: raised in the transaction that uses it, so no number is lost.
counters = Table(
    "counters",
    metadata,
    Column("office_code", String(16), primary_key=True),
    Column("series", String(16), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last_number", Integer, nullable=False),
    CheckConstraint("last_number > 0", name="last_number"),
)

#: Whom the office knows: the one kind of fact, with its child tables, that may be corrected in place.
persons = Table(
    "persons",
    metadata,
    Column("person_id", _ROW_NUMBER, primary_key=True),
    _text("name"),
    _text("id_number"),
    # One human being has one row, or each of two rows would have a cap of its own.
    Column("id_key", String(64), nullable=False, unique=True),
    # The same backwards: its last digits are looked up as the beginning of this.
    Column("id_reversed", String(64), nullable=False, index=True),
    Column("certificate_type", String(8), nullable=False),
    Column("sex", String(8), nullable=False),
    Column("born_on", Date),
    _text("phone"),
    _text("employer"),
    Column("area_code", String(6), nullable=False),
    Column("insurance", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("retirement_registered_on", Date),
    Column("has_coverage", Boolean, nullable=False),
    Column("has_filings", Boolean, nullable=False),
    CheckConstraint("id_key <> ''", name="id_key"),
    _one_of("insurance", Insurance),
    _one_of("status", Status),
    sqlite_autoincrement=True,
)

#: Every piece of one or two characters of every name a person has had, so that 张三 and 三 are found at once.
name_grams = Table(
    "name_grams",
    metadata,
    Column("gram", String(2), primary_key=True),
    _person_id(primary_key=True),
    sqlite_with_rowid=False,
)

#: The first letters of every name a person has had, from each character on: 张三丰 is under zsf, sf and f.
name_initials = Table(
    "name_initials",
    metadata,
    Column("initials", String(16), primary_key=True),
    _person_id(primary_key=True),
    sqlite_with_rowid=False,
)

coverage = Table(
    "coverage",
    metadata,
    _person_id(primary_key=True),
    _position(),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    CheckConstraint("ends_on >= starts_on", name="period"),
)

filings = Table(
    "filings",
    metadata,
    _person_id(primary_key=True),
    _position(),
    Column("category", String(32), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    CheckConstraint("ends_on >= starts_on", name="period"),
    _one_of("category", FilingCategory),
)

stays = Table(
    "stays",
    metadata,
    _person_id(primary_key=True),
    _position(),
    Column("admitted_on", Date, nullable=False),
    Column("discharged_on", Date),
    CheckConstraint("discharged_on >= admitted_on", name="period"),
)

conditions = Table(
    "conditions",
    metadata,
    _person_id(primary_key=True),
    _position(),
    _text("disease"),
    Column("benefit", String(16), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    CheckConstraint("ends_on >= starts_on", name="period"),
    _one_of("benefit", Benefit),
    Index("ix_conditions_disease", "disease"),
)

#: What the platform charged and paid directly, as last read from it.
prior_benefits = Table(
    "prior_benefits",
    metadata,
    _person_id(primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("benefit", String(16), primary_key=True),
    _fen("deductible_fen"),
    _fen("fund_fen"),
    Column("as_of", Date, nullable=False),
    CheckConstraint("deductible_fen >= 0 AND fund_fen >= 0", name="amounts"),
    _one_of("benefit", Benefit),
)

#: A numbered record of any kind, with its own copy of the person and of what entitled to benefits.
settlements = Table(
    "settlements",
    metadata,
    Column("settlement_id", _ROW_NUMBER, primary_key=True),
    Column("voucher_number", String(32), nullable=False, unique=True),
    Column("acceptance_number", String(32), nullable=False, index=True),
    Column("act_key", String(64), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("settled_at", DateTime, nullable=False, index=True),
    # The row of the audit trail that seals it; its code is the head of the chain on the voucher.
    Column("audit_sequence", _ROW_NUMBER, nullable=False, unique=True),
    Column("handed_in_on", Date, nullable=False),
    _text("clerk"),
    Column("reviewer", Text),
    Column("review_reason", Text),
    Column("person_id", _ROW_NUMBER, ForeignKey("persons.person_id"), nullable=False, index=True),
    _text("name"),
    _text("id_number"),
    Column("id_key", String(64), nullable=False, index=True),
    Column("certificate_type", String(8), nullable=False),
    Column("sex", String(8), nullable=False),
    Column("born_on", Date),
    _text("phone"),
    _text("employer"),
    _text("entitlement"),
    Column("area_code", String(6), nullable=False),
    _text("area_name"),
    Column("materials", Text),
    Column("receipt_count", Integer, nullable=False),
    _fen("total_fen"),
    _fen("in_scope_fen"),
    _fen("fund_fen"),
    _fen("person_fen"),
    _fen("account_fen"),
    Column("account_payer", String(16)),
    Column("payee_name", Text),
    Column("payee_relation", Text),
    Column("payee_bank", Text),
    Column("payee_account", Text),
    Column("manual_reason", String(8), nullable=False),
    _one_of("kind", SettlementKind),
    _one_of("account_payer", Payer),
    CheckConstraint("receipt_count > 0", name="receipt_count"),
    CheckConstraint("person_fen = total_fen - fund_fen", name="person"),
    CheckConstraint(
        "(kind = 'settlement' AND fund_fen >= 0 AND fund_fen <= in_scope_fen AND in_scope_fen <= total_fen"
        " AND account_fen >= 0 AND account_fen <= person_fen)"
        " OR (kind = 'refusal' AND fund_fen = 0 AND in_scope_fen >= 0 AND in_scope_fen <= total_fen"
        " AND account_fen >= 0 AND account_fen <= person_fen)"
        " OR (kind = 'reversal' AND fund_fen <= 0 AND fund_fen >= in_scope_fen AND in_scope_fen >= total_fen"
        " AND account_fen <= 0 AND account_fen >= person_fen)"
        " OR (kind = 'correction' AND total_fen = 0 AND in_scope_fen = 0 AND account_fen <= 0"
        " AND reviewer IS NOT NULL)",
        name="amounts",
    ),
    CheckConstraint("reviewer <> clerk AND reviewer <> ''", name="reviewer"),
    CheckConstraint("(reviewer IS NULL) = (review_reason IS NULL) AND review_reason <> ''", name="review"),
    CheckConstraint("clerk <> '' AND act_key <> ''", name="clerk"),
    CheckConstraint("(account_payer IS NULL) = (account_fen = 0)", name="account"),
    sqlite_autoincrement=True,
)

#: A receipt as it was decided; in a reversal every amount is the negative of the original's, in a correction the
#: paper's amounts are nothing and the decided ones differences. Triggers see to it that only a correction is so.
receipts = Table(
    "receipts",
    metadata,
    _settlement_id(),
    _position(),
    Column("number", Text, nullable=False),
    _text("number_key"),
    # The number backwards: its end is looked up as the beginning of this.
    _text("number_reversed"),
    _text("bill_code"),
    _text("bill_key"),
    Column("visited_on", Date, nullable=False),
    Column("visited_at", Time),
    _text("institution_name"),
    Column("institution_code", String(16), nullable=False),
    Column("institution_tier", Integer),
    Column("institution_kind", String(16), nullable=False),
    Column("institution_area_code", String(6), nullable=False),
    Column("networked", Boolean, nullable=False),
    Column("designated", Boolean, nullable=False),
    Column("benefit", String(16), nullable=False),
    _text("disease"),
    _text("diagnosis"),
    _fen("total_fen"),
    _fen("self_funded_fen"),
    _fen("over_limit_fen"),
    _fen("paid_first_fen"),
    _fen("in_scope_fen"),
    _text("visit_label"),
    _fen("printed_fund_fen"),
    Column("settled_by_network", Boolean, nullable=False),
    _text("exclusion"),
    Column("dual_channel", Boolean, nullable=False),
    _text("fees"),
    Column("decision", String(16), nullable=False),
    _text("reasons"),
    Column("status", String(16), nullable=False),
    _fen("deductible_standard_fen"),
    _fen("deductible_used_before_fen"),
    _fen("deductible_fen"),
    Column("ratio_bp", Integer, nullable=False),
    _fen("share_fen"),
    _fen("cap_fen"),
    _fen("fund_used_before_fen"),
    _fen("fund_fen"),
    _fen("over_cap_fen"),
    _fen("person_fen"),
    _text("deductible_pool"),
    _text("cap_pools"),
    Column("is_charged_visit", Boolean, nullable=False),
    _text("summary"),
    _text("explanation"),
    _text("citations"),
    _text("policy_document"),
    Column("policy_from", Date),
    Column("policy_hash", String(64), nullable=False),
    Column("if_networked_fen", BigInteger),
    _one_of("benefit", Benefit),
    _one_of("status", Status),
    _one_of("decision", (Decision.PAY, Decision.REFUSE)),
    CheckConstraint("institution_tier BETWEEN 0 AND 3", name="tier"),
    CheckConstraint("total_fen = in_scope_fen + paid_first_fen + over_limit_fen + self_funded_fen", name="total"),
    CheckConstraint("person_fen = total_fen - fund_fen", name="person"),
    CheckConstraint(
        "(total_fen >= 0 AND in_scope_fen >= 0 AND paid_first_fen >= 0 AND over_limit_fen >= 0"
        " AND self_funded_fen >= 0 AND deductible_fen >= 0 AND fund_fen >= 0 AND fund_fen <= share_fen"
        " AND over_cap_fen >= 0 AND deductible_fen + fund_fen + over_cap_fen <= in_scope_fen)"
        " OR (total_fen <= 0 AND in_scope_fen <= 0 AND paid_first_fen <= 0 AND over_limit_fen <= 0"
        " AND self_funded_fen <= 0 AND deductible_fen <= 0 AND fund_fen <= 0 AND fund_fen >= share_fen"
        " AND over_cap_fen <= 0 AND deductible_fen + fund_fen + over_cap_fen >= in_scope_fen)"
        " OR (total_fen = 0 AND in_scope_fen = 0 AND paid_first_fen = 0 AND over_limit_fen = 0"
        " AND self_funded_fen = 0)",
        name="amounts",
    ),
    CheckConstraint("decision = 'pay' OR (fund_fen = 0 AND deductible_fen = 0)", name="refused"),
    CheckConstraint("ratio_bp BETWEEN 0 AND 10000", name="ratio"),
    # What every start of the program adds up, without reading the words beside it.
    Index("ix_receipts_books", "settlement_id", "bill_key", "total_fen", "in_scope_fen", "fund_fen", "person_fen"),
    # With the record's number in the index, a search reads no row before it has chosen its lines.
    Index("ix_receipts_number_key", "number_key", "settlement_id"),
    Index("ix_receipts_number_reversed", "number_reversed", "settlement_id"),
    Index("ix_receipts_bill_key", "bill_key", "settlement_id"),
    # One bill on paper and as a file has two numbers, but one hospital, day and amount.
    Index("ix_receipts_visited_on_total_fen", "visited_on", "total_fen"),
    # Which institutions the office has met is read name by name.
    Index("ix_receipts_institution_name", "institution_name", "settlement_id"),
)

#: What each receipt used up, or gave back: the accumulators are the sums of these.
pool_entries = Table(
    "pool_entries",
    metadata,
    Column("settlement_id", _ROW_NUMBER, primary_key=True, autoincrement=False),
    _position(),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("pool", String(64), primary_key=True),
    _fen("deductible_fen"),
    _fen("fund_fen"),
    ForeignKeyConstraint(("settlement_id", "position"), ("receipts.settlement_id", "receipts.position")),
    sqlite_with_rowid=False,
)

#: One row per person, year and pool: the second net under the cap, whatever the program above has worked out.
accumulators = Table(
    "accumulators",
    metadata,
    _person_id(primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("pool", String(64), primary_key=True),
    _fen("deductible_fen"),
    _fen("fund_fen"),
    # What the platform had charged and paid when the row was last settled on; a reversal's year totals need it.
    _fen("prior_deductible_fen"),
    _fen("prior_fund_fen"),
    Column("platform_as_of", Date),
    # The cap less what the platform has paid out of it; empty where the pool has no cap.
    Column("fund_limit_fen", BigInteger),
    CheckConstraint("deductible_fen >= 0 AND fund_fen >= 0", name="amounts"),
    CheckConstraint("fund_fen <= fund_limit_fen", name="cap"),
)

#: Year totals as printed under a settlement.
year_totals = Table(
    "year_totals",
    metadata,
    _settlement_id(),
    _position(),
    Column("year", Integer, nullable=False),
    Column("benefit", String(16), nullable=False),
    Column("deductible_pool", String(64), nullable=False),
    Column("cap_pool", String(64), nullable=False),
    _fen("deductible_fen"),
    _fen("fund_fen"),
    Column("platform_as_of", Date),
    _one_of("benefit", Benefit),
)

#: The voucher that holds a bill. The key is unique, so no bill is paid twice; a reversal takes the row away.
bills = Table(
    "bills",
    metadata,
    Column("bill_key", Text, primary_key=True),
    Column("settlement_id", _ROW_NUMBER, ForeignKey("settlements.settlement_id"), nullable=False, index=True),
)

#: A settlement is mirrored once at most.
reversals = Table(
    "reversals",
    metadata,
    Column("reversal_id", _ROW_NUMBER, ForeignKey("settlements.settlement_id"), primary_key=True, autoincrement=False),
    Column("original_id", _ROW_NUMBER, ForeignKey("settlements.settlement_id"), nullable=False, unique=True),
    _text("reason"),
    CheckConstraint("reason <> ''", name="reason"),
    CheckConstraint("original_id < reversal_id", name="order"),
)

#: A settlement is corrected as often as news makes it necessary; its corrections are reversed with it.
corrections = Table(
    "corrections",
    metadata,
    Column(
        "correction_id", _ROW_NUMBER, ForeignKey("settlements.settlement_id"), primary_key=True, autoincrement=False
    ),
    Column("original_id", _ROW_NUMBER, ForeignKey("settlements.settlement_id"), nullable=False, index=True),
    _text("reason"),
    CheckConstraint("reason <> ''", name="reason"),
    CheckConstraint("original_id < correction_id", name="order"),
)

#: Every time a voucher was printed: 0 is the first, n the n-th reprint.
prints = Table(
    "prints",
    metadata,
    _settlement_id(),
    Column("reprint", Integer, primary_key=True, autoincrement=False),
    Column("printed_at", DateTime, nullable=False),
    CheckConstraint("reprint >= 0", name="reprint"),
)

#: What a ledger is: one row, written when it is founded.
office = Table(
    "office",
    metadata,
    Column("row", Integer, primary_key=True, autoincrement=False),
    # A practice office is plain SQLite with invented persons, and says so on every screen and paper.
    Column("is_practice", Boolean, nullable=False),
    Column("founded_at", DateTime, nullable=False),
    # Of the passphrase on a server; a file of its own carries its salt itself.
    Column("salt", String(32), nullable=False),
    CheckConstraint("row = 1", name="row"),
)

#: Who may sign in. Nobody is deleted: who left is no longer active.
users = Table(
    "users",
    metadata,
    Column("login", String(32), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("is_active", Boolean, nullable=False),
    _text("password_hash"),
    _one_of("role", Role),
    CheckConstraint("name <> ''", name="name"),
)

#: Wrong passwords, open until a right one or an administrator closes them.
sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("attempt_id", _ROW_NUMBER, primary_key=True),
    Column("login", String(32), nullable=False, index=True),
    Column("at", DateTime, nullable=False),
    Column("is_open", Boolean, nullable=False),
)

#: The audit trail: a row for every act, each with the code of the row before it in its own.
audit = Table(
    "audit",
    metadata,
    Column("sequence", _ROW_NUMBER, primary_key=True, autoincrement=False),
    Column("at", DateTime, nullable=False),
    Column("login", String(32), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    _text("reason"),
    # JSON: facts without names or numbers of persons, and the seals of the rows that the act wrote.
    _text("content"),
    Column("algorithm", Integer, nullable=False),
    Column("code", String(64), nullable=False, unique=True),
    CheckConstraint("sequence > 0", name="sequence"),
    _one_of("action", Action),
)

#: Months that head office has had; nothing is recorded in them any more.
closed_months = Table(
    "closed_months",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("month", Integer, primary_key=True, autoincrement=False),
    # First moment, and first moment after; settlements are held against these.
    Column("begins_at", DateTime, nullable=False),
    Column("ends_at", DateTime, nullable=False),
    Column("closed_at", DateTime, nullable=False),
    _text("closed_by"),
    CheckConstraint("month BETWEEN 1 AND 12", name="month"),
)

#: A claim from acceptance to settlement: what is typed so far, who has it in hand, and how it ended. The content is
#: saved as one types and is nobody's record; state, people and numbers are sealed with every act.
claims = Table(
    "claims",
    metadata,
    Column("claim_id", _ROW_NUMBER, primary_key=True),
    # Made when the draft is opened; the settlement gets the same key, so a draft is settled once.
    Column("act_key", String(64), nullable=False, unique=True),
    Column("acceptance_number", String(32), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("entered_at", DateTime, nullable=False),
    Column("entered_by", String(32), nullable=False),
    Column("person_id", _ROW_NUMBER, ForeignKey("persons.person_id")),
    Column("settlement_id", _ROW_NUMBER, ForeignKey("settlements.settlement_id"), unique=True),
    # Why it was returned or withdrawn.
    _text("note"),
    # For the lists: the name on the papers.
    _text("title"),
    _text("content"),
    Column("saved_at", DateTime, nullable=False),
    Column("lease_login", String(32)),
    Column("lease_until", DateTime),
    _one_of("state", ClaimState),
    CheckConstraint("(state = 'settled') = (settlement_id IS NOT NULL)", name="settled"),
    CheckConstraint("state NOT IN ('returned', 'withdrawn') OR note <> ''", name="note"),
    CheckConstraint("(lease_login IS NULL) = (lease_until IS NULL)", name="lease"),
    Index("ix_claims_state_saved_at", "state", "saved_at", "claim_id"),
    Index("ix_claims_entered_by_state_saved_at", "entered_by", "state", "saved_at", "claim_id"),
    sqlite_autoincrement=True,
)

#: 复核: a second person's check of a settlement before money leaves. A record that is objected to is reversed.
reviews = Table(
    "reviews",
    metadata,
    _settlement_id(),
    _text("clerk"),
    _text("reviewer"),
    Column("has_passed", Boolean, nullable=False),
    _text("note"),
    Column("reviewed_at", DateTime, nullable=False),
    CheckConstraint("reviewer <> clerk AND reviewer <> ''", name="reviewer"),
    CheckConstraint("has_passed OR note <> ''", name="note"),
)

#: A person's accounts as they were given, the last one counts; every one after the first has a second person. One that
#: names a settlement is for that alone: it takes the place of the account that its voucher names and the bank refused.
payee_accounts = Table(
    "payee_accounts",
    metadata,
    Column("account_id", _ROW_NUMBER, primary_key=True, autoincrement=False),
    Column("person_id", _ROW_NUMBER, ForeignKey("persons.person_id"), nullable=False, index=True),
    Column("settlement_id", _ROW_NUMBER, ForeignKey("settlements.settlement_id"), index=True),
    _text("name"),
    _text("relation"),
    _text("bank"),
    _text("account"),
    _text("entered_by"),
    Column("confirmed_by", Text),
    Column("entered_at", DateTime, nullable=False),
    CheckConstraint("name <> '' AND account <> ''", name="account"),
    CheckConstraint("confirmed_by <> entered_by", name="confirmed_by"),
)

#: 报盘: a numbered list of transfers for the bank.
payment_lists = Table(
    "payment_lists",
    metadata,
    Column("list_number", String(32), primary_key=True),
    Column("made_at", DateTime, nullable=False),
    _text("made_by"),
    Column("payment_count", Integer, nullable=False),
    _fen("total_fen"),
    CheckConstraint("payment_count > 0 AND total_fen > 0", name="amounts"),
)

#: One transfer. Triggers see to it that a settlement and its corrections never get more than they come to.
payments = Table(
    "payments",
    metadata,
    Column("list_number", String(32), ForeignKey("payment_lists.list_number"), primary_key=True),
    _position(),
    Column("settlement_id", _ROW_NUMBER, ForeignKey("settlements.settlement_id"), nullable=False, index=True),
    _fen("amount_fen"),
    _text("payee_name"),
    _text("payee_bank"),
    _text("payee_account"),
    CheckConstraint("amount_fen > 0", name="amount"),
)

#: 回盘: what the bank said of each transfer, once.
payment_results = Table(
    "payment_results",
    metadata,
    Column("list_number", String(32), primary_key=True),
    _position(),
    Column("is_paid", Boolean, nullable=False),
    _text("reason"),
    Column("recorded_at", DateTime, nullable=False),
    _text("recorded_by"),
    CheckConstraint("is_paid OR reason <> ''", name="reason"),
    ForeignKeyConstraint(("list_number", "position"), ("payments.list_number", "payments.position")),
)

#: 收回: money that came back of what was paid and no longer stands. Triggers see to it that no more comes back than is
#: open. What was entered wrongly is taken back by an entry of the other sign.
recoveries = Table(
    "recoveries",
    metadata,
    Column("recovery_number", String(32), primary_key=True),
    Column("act_key", String(64), nullable=False, unique=True),
    Column("settlement_id", _ROW_NUMBER, ForeignKey("settlements.settlement_id"), nullable=False, index=True),
    _fen("amount_fen"),
    Column("received_on", Date, nullable=False),
    Column("way", String(16), nullable=False),
    # The receipt for cash, the bank's slip of a transfer.
    _text("document_number"),
    # 抵扣: the same person's settlement of which so much less is paid.
    Column("deducted_from", _ROW_NUMBER, ForeignKey("settlements.settlement_id"), index=True),
    Column("cancels", String(32), ForeignKey("recoveries.recovery_number"), unique=True),
    _text("note"),
    Column("recorded_at", DateTime, nullable=False),
    _text("recorded_by"),
    _one_of("way", RecoveryWay),
    CheckConstraint("(cancels IS NULL AND amount_fen > 0) OR (cancels IS NOT NULL AND amount_fen < 0)", name="amount"),
    CheckConstraint("cancels IS NULL OR note <> ''", name="note"),
    CheckConstraint("(way = 'deduction') = (deducted_from IS NOT NULL)", name="deducted_from"),
    CheckConstraint("deducted_from <> settlement_id", name="other"),
    CheckConstraint("way = 'deduction' OR document_number <> ''", name="document_number"),
    CheckConstraint("received_on <= recorded_at", name="received_on"),
    CheckConstraint("recorded_by <> ''", name="recorded_by"),
)

#: 归档: where the papers lie.
archives = Table(
    "archives",
    metadata,
    _settlement_id(),
    _text("box"),
    Column("archived_at", DateTime, nullable=False),
    _text("archived_by"),
    CheckConstraint("box <> ''", name="box"),
)

#: What still waits for somebody: where each settlement stands whose papers are not on the shelf yet. It follows from
#: the tables above, and is kept so that the lists of a desk and their counts read what waits and not what is over.
open_settlements = Table(
    "open_settlements",
    metadata,
    _settlement_id(),
    Column("stage", String(16), nullable=False),
    _one_of("stage", Stage),
    Index("ix_open_settlements_stage", "stage", "settlement_id"),
)

#: The key of the audit trail, sealed under each passphrase that the office has had; none before the first change.
audit_keys = Table(
    "audit_keys",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("sealed"),
)


def _written_alike() -> None:
    """Let PostgreSQL compare, sort and measure text as SQLite does: by code point, and of any length.

    A language's order would put the beginnings of numbers out of the range in which the searches look for them, and
    text that fits one database would be refused by the other.
    """
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, String):
                column.type = column.type.with_variant(Text(collation="C"), "postgresql")


_written_alike()
