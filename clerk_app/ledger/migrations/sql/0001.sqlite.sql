CREATE TABLE audit (
	sequence INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	login VARCHAR(32) NOT NULL, 
	action VARCHAR(32) NOT NULL, 
	subject VARCHAR(64) NOT NULL, 
	reason TEXT NOT NULL, 
	content TEXT NOT NULL, 
	algorithm INTEGER NOT NULL, 
	code VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (sequence), 
	CONSTRAINT ck_audit_sequence CHECK (sequence > 0), 
	CONSTRAINT ck_audit_action CHECK (action IN ('see', 'see_audit', 'show_numbers', 'save_person', 'enter', 'settle', 'review', 'reverse', 'correct', 'print', 'export', 'change_payee', 'pay', 'recover', 'archive', 'close_month', 'manage_users', 'change_office', 'propose_policy', 'install_policy', 'import_catalogue', 'confirm_clock', 'back_up', 'restore', 'migrate', 'change_passphrase', 'sign_in', 'found')), 
	CONSTRAINT uq_audit_code UNIQUE (code)
);

CREATE INDEX ix_audit_subject ON audit (subject);

CREATE TABLE audit_keys (
	number INTEGER NOT NULL, 
	sealed TEXT NOT NULL, 
	CONSTRAINT pk_audit_keys PRIMARY KEY (number)
);

CREATE TABLE closed_months (
	year INTEGER NOT NULL, 
	month INTEGER NOT NULL, 
	begins_at DATETIME NOT NULL, 
	ends_at DATETIME NOT NULL, 
	closed_at DATETIME NOT NULL, 
	closed_by TEXT NOT NULL, 
	CONSTRAINT pk_closed_months PRIMARY KEY (year, month), 
	CONSTRAINT ck_closed_months_month CHECK (month BETWEEN 1 AND 12)
);

CREATE TABLE counters (
	office_code VARCHAR(16) NOT NULL, 
	series VARCHAR(16) NOT NULL, 
	year INTEGER NOT NULL, 
	last_number INTEGER NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (office_code, series, year), 
	CONSTRAINT ck_counters_last_number CHECK (last_number > 0)
);

CREATE TABLE office (
	"row" INTEGER NOT NULL, 
	is_practice BOOLEAN NOT NULL, 
	founded_at DATETIME NOT NULL, 
	salt VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_office PRIMARY KEY ("row"), 
	CONSTRAINT ck_office_row CHECK (row = 1)
);

CREATE TABLE payment_lists (
	list_number VARCHAR(32) NOT NULL, 
	made_at DATETIME NOT NULL, 
	made_by TEXT NOT NULL, 
	payment_count INTEGER NOT NULL, 
	total_fen BIGINT NOT NULL, 
	CONSTRAINT pk_payment_lists PRIMARY KEY (list_number), 
	CONSTRAINT ck_payment_lists_amounts CHECK (payment_count > 0 AND total_fen > 0)
);

CREATE TABLE persons (
	person_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name TEXT NOT NULL, 
	id_number TEXT NOT NULL, 
	id_key VARCHAR(64) NOT NULL, 
	id_reversed VARCHAR(64) NOT NULL, 
	certificate_type VARCHAR(8) NOT NULL, 
	sex VARCHAR(8) NOT NULL, 
	born_on DATE, 
	phone TEXT NOT NULL, 
	employer TEXT NOT NULL, 
	area_code VARCHAR(6) NOT NULL, 
	insurance VARCHAR(16) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	retirement_registered_on DATE, 
	has_coverage BOOLEAN NOT NULL, 
	has_filings BOOLEAN NOT NULL, 
	CONSTRAINT ck_persons_id_key CHECK (id_key <> ''), 
	CONSTRAINT ck_persons_insurance CHECK (insurance IN ('employee', 'resident')), 
	CONSTRAINT ck_persons_status CHECK (status IN ('employed', 'retired', 'resident')), 
	CONSTRAINT uq_persons_id_key UNIQUE (id_key)
);

CREATE INDEX ix_persons_id_reversed ON persons (id_reversed);

CREATE TABLE sign_in_attempts (
	attempt_id INTEGER NOT NULL, 
	login VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	is_open BOOLEAN NOT NULL, 
	CONSTRAINT pk_sign_in_attempts PRIMARY KEY (attempt_id)
);

CREATE INDEX ix_sign_in_attempts_login ON sign_in_attempts (login);

CREATE TABLE users (
	login VARCHAR(32) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	password_hash TEXT NOT NULL, 
	CONSTRAINT pk_users PRIMARY KEY (login), 
	CONSTRAINT ck_users_role CHECK (role IN ('administrator', 'clerk', 'reviewer', 'finance', 'auditor')), 
	CONSTRAINT ck_users_name CHECK (name <> ''), 
	CONSTRAINT uq_users_name UNIQUE (name)
);

CREATE TABLE accumulators (
	person_id INTEGER NOT NULL, 
	year INTEGER NOT NULL, 
	pool VARCHAR(64) NOT NULL, 
	deductible_fen BIGINT NOT NULL, 
	fund_fen BIGINT NOT NULL, 
	prior_deductible_fen BIGINT NOT NULL, 
	prior_fund_fen BIGINT NOT NULL, 
	platform_as_of DATE, 
	fund_limit_fen BIGINT, 
	CONSTRAINT pk_accumulators PRIMARY KEY (person_id, year, pool), 
	CONSTRAINT ck_accumulators_amounts CHECK (deductible_fen >= 0 AND fund_fen >= 0), 
	CONSTRAINT ck_accumulators_cap CHECK (fund_fen <= fund_limit_fen), 
	CONSTRAINT fk_accumulators_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
);

CREATE TABLE conditions (
	person_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	disease TEXT NOT NULL, 
	benefit VARCHAR(16) NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE, 
	CONSTRAINT pk_conditions PRIMARY KEY (person_id, position), 
	CONSTRAINT ck_conditions_period CHECK (ends_on >= starts_on), 
	CONSTRAINT ck_conditions_benefit CHECK (benefit IN ('ordinary', 'chronic', 'special', 'emergency', 'day_surgery', 'inpatient')), 
	CONSTRAINT fk_conditions_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
);

CREATE INDEX ix_conditions_disease ON conditions (disease);

CREATE TABLE coverage (
	person_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE, 
	CONSTRAINT pk_coverage PRIMARY KEY (person_id, position), 
	CONSTRAINT ck_coverage_period CHECK (ends_on >= starts_on), 
	CONSTRAINT fk_coverage_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
);

CREATE TABLE filings (
	person_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	category VARCHAR(32) NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE, 
	CONSTRAINT pk_filings PRIMARY KEY (person_id, position), 
	CONSTRAINT ck_filings_period CHECK (ends_on >= starts_on), 
	CONSTRAINT ck_filings_category CHECK (category IN ('retired_resettled', 'long_term_resident', 'stationed_worker', 'referred', 'emergency_travelling', 'other')), 
	CONSTRAINT fk_filings_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
);

CREATE TABLE name_grams (
	gram VARCHAR(2) NOT NULL, 
	person_id INTEGER NOT NULL, 
	CONSTRAINT pk_name_grams PRIMARY KEY (gram, person_id), 
	CONSTRAINT fk_name_grams_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
)
 WITHOUT ROWID;

CREATE TABLE name_initials (
	initials VARCHAR(16) NOT NULL, 
	person_id INTEGER NOT NULL, 
	CONSTRAINT pk_name_initials PRIMARY KEY (initials, person_id), 
	CONSTRAINT fk_name_initials_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
)
 WITHOUT ROWID;

CREATE TABLE prior_benefits (
	person_id INTEGER NOT NULL, 
	year INTEGER NOT NULL, 
	benefit VARCHAR(16) NOT NULL, 
	deductible_fen BIGINT NOT NULL, 
	fund_fen BIGINT NOT NULL, 
	as_of DATE NOT NULL, 
	CONSTRAINT pk_prior_benefits PRIMARY KEY (person_id, year, benefit), 
	CONSTRAINT ck_prior_benefits_amounts CHECK (deductible_fen >= 0 AND fund_fen >= 0), 
	CONSTRAINT ck_prior_benefits_benefit CHECK (benefit IN ('ordinary', 'chronic', 'special', 'emergency', 'day_surgery', 'inpatient')), 
	CONSTRAINT fk_prior_benefits_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
);

CREATE TABLE settlements (
	settlement_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	voucher_number VARCHAR(32) NOT NULL, 
	acceptance_number VARCHAR(32) NOT NULL, 
	act_key VARCHAR(64) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	settled_at DATETIME NOT NULL, 
	audit_sequence INTEGER NOT NULL, 
	handed_in_on DATE NOT NULL, 
	clerk TEXT NOT NULL, 
	reviewer TEXT, 
	review_reason TEXT, 
	person_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	id_number TEXT NOT NULL, 
	id_key VARCHAR(64) NOT NULL, 
	certificate_type VARCHAR(8) NOT NULL, 
	sex VARCHAR(8) NOT NULL, 
	born_on DATE, 
	phone TEXT NOT NULL, 
	employer TEXT NOT NULL, 
	entitlement TEXT NOT NULL, 
	area_code VARCHAR(6) NOT NULL, 
	area_name TEXT NOT NULL, 
	materials TEXT, 
	receipt_count INTEGER NOT NULL, 
	total_fen BIGINT NOT NULL, 
	in_scope_fen BIGINT NOT NULL, 
	fund_fen BIGINT NOT NULL, 
	person_fen BIGINT NOT NULL, 
	account_fen BIGINT NOT NULL, 
	account_payer VARCHAR(16), 
	payee_name TEXT, 
	payee_relation TEXT, 
	payee_bank TEXT, 
	payee_account TEXT, 
	manual_reason VARCHAR(8) NOT NULL, 
	CONSTRAINT ck_settlements_kind CHECK (kind IN ('settlement', 'refusal', 'reversal', 'correction')), 
	CONSTRAINT ck_settlements_account_payer CHECK (account_payer IN ('self', 'spouse', 'parent', 'child')), 
	CONSTRAINT ck_settlements_receipt_count CHECK (receipt_count > 0), 
	CONSTRAINT ck_settlements_person CHECK (person_fen = total_fen - fund_fen), 
	CONSTRAINT ck_settlements_amounts CHECK ((kind = 'settlement' AND fund_fen >= 0 AND fund_fen <= in_scope_fen AND in_scope_fen <= total_fen AND account_fen >= 0 AND account_fen <= person_fen) OR (kind = 'refusal' AND fund_fen = 0 AND in_scope_fen >= 0 AND in_scope_fen <= total_fen AND account_fen >= 0 AND account_fen <= person_fen) OR (kind = 'reversal' AND fund_fen <= 0 AND fund_fen >= in_scope_fen AND in_scope_fen >= total_fen AND account_fen <= 0 AND account_fen >= person_fen) OR (kind = 'correction' AND total_fen = 0 AND in_scope_fen = 0 AND account_fen <= 0 AND reviewer IS NOT NULL)), 
	CONSTRAINT ck_settlements_reviewer CHECK (reviewer <> clerk AND reviewer <> ''), 
	CONSTRAINT ck_settlements_review CHECK ((reviewer IS NULL) = (review_reason IS NULL) AND review_reason <> ''), 
	CONSTRAINT ck_settlements_clerk CHECK (clerk <> '' AND act_key <> ''), 
	CONSTRAINT ck_settlements_account CHECK ((account_payer IS NULL) = (account_fen = 0)), 
	CONSTRAINT uq_settlements_voucher_number UNIQUE (voucher_number), 
	CONSTRAINT uq_settlements_act_key UNIQUE (act_key), 
	CONSTRAINT uq_settlements_audit_sequence UNIQUE (audit_sequence), 
	CONSTRAINT fk_settlements_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
);

CREATE INDEX ix_settlements_acceptance_number ON settlements (acceptance_number);

CREATE INDEX ix_settlements_id_key ON settlements (id_key);

CREATE INDEX ix_settlements_person_id ON settlements (person_id);

CREATE INDEX ix_settlements_settled_at ON settlements (settled_at);

CREATE TABLE stays (
	person_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	admitted_on DATE NOT NULL, 
	discharged_on DATE, 
	CONSTRAINT pk_stays PRIMARY KEY (person_id, position), 
	CONSTRAINT ck_stays_period CHECK (discharged_on >= admitted_on), 
	CONSTRAINT fk_stays_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
);

CREATE TABLE archives (
	settlement_id INTEGER NOT NULL, 
	box TEXT NOT NULL, 
	archived_at DATETIME NOT NULL, 
	archived_by TEXT NOT NULL, 
	CONSTRAINT pk_archives PRIMARY KEY (settlement_id), 
	CONSTRAINT ck_archives_box CHECK (box <> ''), 
	CONSTRAINT fk_archives_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE TABLE bills (
	bill_key TEXT NOT NULL, 
	settlement_id INTEGER NOT NULL, 
	CONSTRAINT pk_bills PRIMARY KEY (bill_key), 
	CONSTRAINT fk_bills_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE INDEX ix_bills_settlement_id ON bills (settlement_id);

CREATE TABLE claims (
	claim_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	act_key VARCHAR(64) NOT NULL, 
	acceptance_number VARCHAR(32) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	entered_at DATETIME NOT NULL, 
	entered_by VARCHAR(32) NOT NULL, 
	person_id INTEGER, 
	settlement_id INTEGER, 
	note TEXT NOT NULL, 
	title TEXT NOT NULL, 
	content TEXT NOT NULL, 
	saved_at DATETIME NOT NULL, 
	lease_login VARCHAR(32), 
	lease_until DATETIME, 
	CONSTRAINT ck_claims_state CHECK (state IN ('entered', 'submitted', 'returned', 'settled', 'withdrawn')), 
	CONSTRAINT ck_claims_settled CHECK ((state = 'settled') = (settlement_id IS NOT NULL)), 
	CONSTRAINT ck_claims_note CHECK (state NOT IN ('returned', 'withdrawn') OR note <> ''), 
	CONSTRAINT ck_claims_lease CHECK ((lease_login IS NULL) = (lease_until IS NULL)), 
	CONSTRAINT uq_claims_act_key UNIQUE (act_key), 
	CONSTRAINT uq_claims_acceptance_number UNIQUE (acceptance_number), 
	CONSTRAINT fk_claims_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id), 
	CONSTRAINT uq_claims_settlement_id UNIQUE (settlement_id), 
	CONSTRAINT fk_claims_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE INDEX ix_claims_entered_by_state_saved_at ON claims (entered_by, state, saved_at, claim_id);

CREATE INDEX ix_claims_state_saved_at ON claims (state, saved_at, claim_id);

CREATE TABLE corrections (
	correction_id INTEGER NOT NULL, 
	original_id INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_corrections PRIMARY KEY (correction_id), 
	CONSTRAINT ck_corrections_reason CHECK (reason <> ''), 
	CONSTRAINT ck_corrections_order CHECK (original_id < correction_id), 
	CONSTRAINT fk_corrections_correction_id_settlements FOREIGN KEY(correction_id) REFERENCES settlements (settlement_id), 
	CONSTRAINT fk_corrections_original_id_settlements FOREIGN KEY(original_id) REFERENCES settlements (settlement_id)
);

CREATE INDEX ix_corrections_original_id ON corrections (original_id);

CREATE TABLE open_settlements (
	settlement_id INTEGER NOT NULL, 
	stage VARCHAR(16) NOT NULL, 
	CONSTRAINT pk_open_settlements PRIMARY KEY (settlement_id), 
	CONSTRAINT ck_open_settlements_stage CHECK (stage IN ('unreviewed', 'objected', 'payable', 'in_payment', 'paid', 'recover', 'closed')), 
	CONSTRAINT fk_open_settlements_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE INDEX ix_open_settlements_stage ON open_settlements (stage, settlement_id);

CREATE TABLE payee_accounts (
	account_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	settlement_id INTEGER, 
	name TEXT NOT NULL, 
	relation TEXT NOT NULL, 
	bank TEXT NOT NULL, 
	account TEXT NOT NULL, 
	entered_by TEXT NOT NULL, 
	confirmed_by TEXT, 
	entered_at DATETIME NOT NULL, 
	CONSTRAINT pk_payee_accounts PRIMARY KEY (account_id), 
	CONSTRAINT ck_payee_accounts_account CHECK (name <> '' AND account <> ''), 
	CONSTRAINT ck_payee_accounts_confirmed_by CHECK (confirmed_by <> entered_by), 
	CONSTRAINT fk_payee_accounts_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id), 
	CONSTRAINT fk_payee_accounts_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE INDEX ix_payee_accounts_person_id ON payee_accounts (person_id);

CREATE INDEX ix_payee_accounts_settlement_id ON payee_accounts (settlement_id);

CREATE TABLE payments (
	list_number VARCHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	settlement_id INTEGER NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	payee_name TEXT NOT NULL, 
	payee_bank TEXT NOT NULL, 
	payee_account TEXT NOT NULL, 
	CONSTRAINT pk_payments PRIMARY KEY (list_number, position), 
	CONSTRAINT ck_payments_amount CHECK (amount_fen > 0), 
	CONSTRAINT fk_payments_list_number_payment_lists FOREIGN KEY(list_number) REFERENCES payment_lists (list_number), 
	CONSTRAINT fk_payments_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE INDEX ix_payments_settlement_id ON payments (settlement_id);

CREATE TABLE prints (
	settlement_id INTEGER NOT NULL, 
	reprint INTEGER NOT NULL, 
	printed_at DATETIME NOT NULL, 
	CONSTRAINT pk_prints PRIMARY KEY (settlement_id, reprint), 
	CONSTRAINT ck_prints_reprint CHECK (reprint >= 0), 
	CONSTRAINT fk_prints_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE TABLE receipts (
	settlement_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	number_key TEXT NOT NULL, 
	number_reversed TEXT NOT NULL, 
	bill_code TEXT NOT NULL, 
	bill_key TEXT NOT NULL, 
	visited_on DATE NOT NULL, 
	visited_at TIME, 
	institution_name TEXT NOT NULL, 
	institution_code VARCHAR(16) NOT NULL, 
	institution_tier INTEGER, 
	institution_kind VARCHAR(16) NOT NULL, 
	institution_area_code VARCHAR(6) NOT NULL, 
	networked BOOLEAN NOT NULL, 
	designated BOOLEAN NOT NULL, 
	benefit VARCHAR(16) NOT NULL, 
	disease TEXT NOT NULL, 
	diagnosis TEXT NOT NULL, 
	total_fen BIGINT NOT NULL, 
	self_funded_fen BIGINT NOT NULL, 
	over_limit_fen BIGINT NOT NULL, 
	paid_first_fen BIGINT NOT NULL, 
	in_scope_fen BIGINT NOT NULL, 
	visit_label TEXT NOT NULL, 
	printed_fund_fen BIGINT NOT NULL, 
	settled_by_network BOOLEAN NOT NULL, 
	exclusion TEXT NOT NULL, 
	dual_channel BOOLEAN NOT NULL, 
	fees TEXT NOT NULL, 
	decision VARCHAR(16) NOT NULL, 
	reasons TEXT NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	deductible_standard_fen BIGINT NOT NULL, 
	deductible_used_before_fen BIGINT NOT NULL, 
	deductible_fen BIGINT NOT NULL, 
	ratio_bp INTEGER NOT NULL, 
	share_fen BIGINT NOT NULL, 
	cap_fen BIGINT NOT NULL, 
	fund_used_before_fen BIGINT NOT NULL, 
	fund_fen BIGINT NOT NULL, 
	over_cap_fen BIGINT NOT NULL, 
	person_fen BIGINT NOT NULL, 
	deductible_pool TEXT NOT NULL, 
	cap_pools TEXT NOT NULL, 
	is_charged_visit BOOLEAN NOT NULL, 
	summary TEXT NOT NULL, 
	explanation TEXT NOT NULL, 
	citations TEXT NOT NULL, 
	policy_document TEXT NOT NULL, 
	policy_from DATE, 
	policy_hash VARCHAR(64) NOT NULL, 
	if_networked_fen BIGINT, 
	CONSTRAINT pk_receipts PRIMARY KEY (settlement_id, position), 
	CONSTRAINT ck_receipts_benefit CHECK (benefit IN ('ordinary', 'chronic', 'special', 'emergency', 'day_surgery', 'inpatient')), 
	CONSTRAINT ck_receipts_status CHECK (status IN ('employed', 'retired', 'resident')), 
	CONSTRAINT ck_receipts_decision CHECK (decision IN ('pay', 'refuse')), 
	CONSTRAINT ck_receipts_tier CHECK (institution_tier BETWEEN 0 AND 3), 
	CONSTRAINT ck_receipts_total CHECK (total_fen = in_scope_fen + paid_first_fen + over_limit_fen + self_funded_fen), 
	CONSTRAINT ck_receipts_person CHECK (person_fen = total_fen - fund_fen), 
	CONSTRAINT ck_receipts_amounts CHECK ((total_fen >= 0 AND in_scope_fen >= 0 AND paid_first_fen >= 0 AND over_limit_fen >= 0 AND self_funded_fen >= 0 AND deductible_fen >= 0 AND fund_fen >= 0 AND fund_fen <= share_fen AND over_cap_fen >= 0 AND deductible_fen + fund_fen + over_cap_fen <= in_scope_fen) OR (total_fen <= 0 AND in_scope_fen <= 0 AND paid_first_fen <= 0 AND over_limit_fen <= 0 AND self_funded_fen <= 0 AND deductible_fen <= 0 AND fund_fen <= 0 AND fund_fen >= share_fen AND over_cap_fen <= 0 AND deductible_fen + fund_fen + over_cap_fen >= in_scope_fen) OR (total_fen = 0 AND in_scope_fen = 0 AND paid_first_fen = 0 AND over_limit_fen = 0 AND self_funded_fen = 0)), 
	CONSTRAINT ck_receipts_refused CHECK (decision = 'pay' OR (fund_fen = 0 AND deductible_fen = 0)), 
	CONSTRAINT ck_receipts_ratio CHECK (ratio_bp BETWEEN 0 AND 10000), 
	CONSTRAINT fk_receipts_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE INDEX ix_receipts_bill_key ON receipts (bill_key, settlement_id);

CREATE INDEX ix_receipts_books ON receipts (settlement_id, bill_key, total_fen, in_scope_fen, fund_fen, person_fen);

CREATE INDEX ix_receipts_institution_name ON receipts (institution_name, settlement_id);

CREATE INDEX ix_receipts_number_key ON receipts (number_key, settlement_id);

CREATE INDEX ix_receipts_number_reversed ON receipts (number_reversed, settlement_id);

CREATE INDEX ix_receipts_visited_on_total_fen ON receipts (visited_on, total_fen);

CREATE TABLE recoveries (
	recovery_number VARCHAR(32) NOT NULL, 
	act_key VARCHAR(64) NOT NULL, 
	settlement_id INTEGER NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	received_on DATE NOT NULL, 
	way VARCHAR(16) NOT NULL, 
	document_number TEXT NOT NULL, 
	deducted_from INTEGER, 
	cancels VARCHAR(32), 
	note TEXT NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	recorded_by TEXT NOT NULL, 
	CONSTRAINT pk_recoveries PRIMARY KEY (recovery_number), 
	CONSTRAINT ck_recoveries_way CHECK (way IN ('cash', 'transfer', 'deduction')), 
	CONSTRAINT ck_recoveries_amount CHECK ((cancels IS NULL AND amount_fen > 0) OR (cancels IS NOT NULL AND amount_fen < 0)), 
	CONSTRAINT ck_recoveries_note CHECK (cancels IS NULL OR note <> ''), 
	CONSTRAINT ck_recoveries_deducted_from CHECK ((way = 'deduction') = (deducted_from IS NOT NULL)), 
	CONSTRAINT ck_recoveries_other CHECK (deducted_from <> settlement_id), 
	CONSTRAINT ck_recoveries_document_number CHECK (way = 'deduction' OR document_number <> ''), 
	CONSTRAINT ck_recoveries_received_on CHECK (received_on <= recorded_at), 
	CONSTRAINT ck_recoveries_recorded_by CHECK (recorded_by <> ''), 
	CONSTRAINT uq_recoveries_act_key UNIQUE (act_key), 
	CONSTRAINT fk_recoveries_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id), 
	CONSTRAINT fk_recoveries_deducted_from_settlements FOREIGN KEY(deducted_from) REFERENCES settlements (settlement_id), 
	CONSTRAINT uq_recoveries_cancels UNIQUE (cancels), 
	CONSTRAINT fk_recoveries_cancels_recoveries FOREIGN KEY(cancels) REFERENCES recoveries (recovery_number)
);

CREATE INDEX ix_recoveries_deducted_from ON recoveries (deducted_from);

CREATE INDEX ix_recoveries_settlement_id ON recoveries (settlement_id);

CREATE TABLE reversals (
	reversal_id INTEGER NOT NULL, 
	original_id INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_reversals PRIMARY KEY (reversal_id), 
	CONSTRAINT ck_reversals_reason CHECK (reason <> ''), 
	CONSTRAINT ck_reversals_order CHECK (original_id < reversal_id), 
	CONSTRAINT fk_reversals_reversal_id_settlements FOREIGN KEY(reversal_id) REFERENCES settlements (settlement_id), 
	CONSTRAINT uq_reversals_original_id UNIQUE (original_id), 
	CONSTRAINT fk_reversals_original_id_settlements FOREIGN KEY(original_id) REFERENCES settlements (settlement_id)
);

CREATE TABLE reviews (
	settlement_id INTEGER NOT NULL, 
	clerk TEXT NOT NULL, 
	reviewer TEXT NOT NULL, 
	has_passed BOOLEAN NOT NULL, 
	note TEXT NOT NULL, 
	reviewed_at DATETIME NOT NULL, 
	CONSTRAINT pk_reviews PRIMARY KEY (settlement_id), 
	CONSTRAINT ck_reviews_reviewer CHECK (reviewer <> clerk AND reviewer <> ''), 
	CONSTRAINT ck_reviews_note CHECK (has_passed OR note <> ''), 
	CONSTRAINT fk_reviews_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE TABLE year_totals (
	settlement_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	year INTEGER NOT NULL, 
	benefit VARCHAR(16) NOT NULL, 
	deductible_pool VARCHAR(64) NOT NULL, 
	cap_pool VARCHAR(64) NOT NULL, 
	deductible_fen BIGINT NOT NULL, 
	fund_fen BIGINT NOT NULL, 
	platform_as_of DATE, 
	CONSTRAINT pk_year_totals PRIMARY KEY (settlement_id, position), 
	CONSTRAINT ck_year_totals_benefit CHECK (benefit IN ('ordinary', 'chronic', 'special', 'emergency', 'day_surgery', 'inpatient')), 
	CONSTRAINT fk_year_totals_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE TABLE payment_results (
	list_number VARCHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	is_paid BOOLEAN NOT NULL, 
	reason TEXT NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	recorded_by TEXT NOT NULL, 
	CONSTRAINT pk_payment_results PRIMARY KEY (list_number, position), 
	CONSTRAINT ck_payment_results_reason CHECK (is_paid OR reason <> ''), 
	CONSTRAINT fk_payment_results_list_number_payments FOREIGN KEY(list_number, position) REFERENCES payments (list_number, position)
);

CREATE TABLE pool_entries (
	settlement_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	year INTEGER NOT NULL, 
	pool VARCHAR(64) NOT NULL, 
	deductible_fen BIGINT NOT NULL, 
	fund_fen BIGINT NOT NULL, 
	CONSTRAINT pk_pool_entries PRIMARY KEY (settlement_id, position, year, pool), 
	CONSTRAINT fk_pool_entries_settlement_id_receipts FOREIGN KEY(settlement_id, position) REFERENCES receipts (settlement_id, position)
)
 WITHOUT ROWID;

CREATE TRIGGER settlements_no_update BEFORE UPDATE ON settlements BEGIN SELECT RAISE(ABORT, 'settlements are never changed'); END;

CREATE TRIGGER settlements_no_delete BEFORE DELETE ON settlements BEGIN SELECT RAISE(ABORT, 'settlements are never changed'); END;

CREATE TRIGGER receipts_no_update BEFORE UPDATE ON receipts BEGIN SELECT RAISE(ABORT, 'receipts are never changed'); END;

CREATE TRIGGER receipts_no_delete BEFORE DELETE ON receipts BEGIN SELECT RAISE(ABORT, 'receipts are never changed'); END;

CREATE TRIGGER pool_entries_no_update BEFORE UPDATE ON pool_entries BEGIN SELECT RAISE(ABORT, 'pool_entries are never changed'); END;

CREATE TRIGGER pool_entries_no_delete BEFORE DELETE ON pool_entries BEGIN SELECT RAISE(ABORT, 'pool_entries are never changed'); END;

CREATE TRIGGER year_totals_no_update BEFORE UPDATE ON year_totals BEGIN SELECT RAISE(ABORT, 'year_totals are never changed'); END;

CREATE TRIGGER year_totals_no_delete BEFORE DELETE ON year_totals BEGIN SELECT RAISE(ABORT, 'year_totals are never changed'); END;

CREATE TRIGGER reversals_no_update BEFORE UPDATE ON reversals BEGIN SELECT RAISE(ABORT, 'reversals are never changed'); END;

CREATE TRIGGER reversals_no_delete BEFORE DELETE ON reversals BEGIN SELECT RAISE(ABORT, 'reversals are never changed'); END;

CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections BEGIN SELECT RAISE(ABORT, 'corrections are never changed'); END;

CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections BEGIN SELECT RAISE(ABORT, 'corrections are never changed'); END;

CREATE TRIGGER prints_no_update BEFORE UPDATE ON prints BEGIN SELECT RAISE(ABORT, 'prints are never changed'); END;

CREATE TRIGGER prints_no_delete BEFORE DELETE ON prints BEGIN SELECT RAISE(ABORT, 'prints are never changed'); END;

CREATE TRIGGER office_no_update BEFORE UPDATE ON office BEGIN SELECT RAISE(ABORT, 'office are never changed'); END;

CREATE TRIGGER office_no_delete BEFORE DELETE ON office BEGIN SELECT RAISE(ABORT, 'office are never changed'); END;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit are never changed'); END;

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit are never changed'); END;

CREATE TRIGGER closed_months_no_update BEFORE UPDATE ON closed_months BEGIN SELECT RAISE(ABORT, 'closed_months are never changed'); END;

CREATE TRIGGER closed_months_no_delete BEFORE DELETE ON closed_months BEGIN SELECT RAISE(ABORT, 'closed_months are never changed'); END;

CREATE TRIGGER reviews_no_update BEFORE UPDATE ON reviews BEGIN SELECT RAISE(ABORT, 'reviews are never changed'); END;

CREATE TRIGGER reviews_no_delete BEFORE DELETE ON reviews BEGIN SELECT RAISE(ABORT, 'reviews are never changed'); END;

CREATE TRIGGER payee_accounts_no_update BEFORE UPDATE ON payee_accounts BEGIN SELECT RAISE(ABORT, 'payee_accounts are never changed'); END;

CREATE TRIGGER payee_accounts_no_delete BEFORE DELETE ON payee_accounts BEGIN SELECT RAISE(ABORT, 'payee_accounts are never changed'); END;

CREATE TRIGGER payment_lists_no_update BEFORE UPDATE ON payment_lists BEGIN SELECT RAISE(ABORT, 'payment_lists are never changed'); END;

CREATE TRIGGER payment_lists_no_delete BEFORE DELETE ON payment_lists BEGIN SELECT RAISE(ABORT, 'payment_lists are never changed'); END;

CREATE TRIGGER payments_no_update BEFORE UPDATE ON payments BEGIN SELECT RAISE(ABORT, 'payments are never changed'); END;

CREATE TRIGGER payments_no_delete BEFORE DELETE ON payments BEGIN SELECT RAISE(ABORT, 'payments are never changed'); END;

CREATE TRIGGER payment_results_no_update BEFORE UPDATE ON payment_results BEGIN SELECT RAISE(ABORT, 'payment_results are never changed'); END;

CREATE TRIGGER payment_results_no_delete BEFORE DELETE ON payment_results BEGIN SELECT RAISE(ABORT, 'payment_results are never changed'); END;

CREATE TRIGGER recoveries_no_update BEFORE UPDATE ON recoveries BEGIN SELECT RAISE(ABORT, 'recoveries are never changed'); END;

CREATE TRIGGER recoveries_no_delete BEFORE DELETE ON recoveries BEGIN SELECT RAISE(ABORT, 'recoveries are never changed'); END;

CREATE TRIGGER archives_no_update BEFORE UPDATE ON archives BEGIN SELECT RAISE(ABORT, 'archives are never changed'); END;

CREATE TRIGGER archives_no_delete BEFORE DELETE ON archives BEGIN SELECT RAISE(ABORT, 'archives are never changed'); END;

CREATE TRIGGER audit_keys_no_update BEFORE UPDATE ON audit_keys BEGIN SELECT RAISE(ABORT, 'audit_keys are never changed'); END;

CREATE TRIGGER audit_keys_no_delete BEFORE DELETE ON audit_keys BEGIN SELECT RAISE(ABORT, 'audit_keys are never changed'); END;

CREATE TRIGGER receipts_no_more BEFORE INSERT ON receipts WHEN NEW.position >= (SELECT receipt_count FROM settlements WHERE settlement_id = NEW.settlement_id) BEGIN SELECT RAISE(ABORT, 'receipts are never added to a settlement'); END;

CREATE TRIGGER receipts_differences BEFORE INSERT ON receipts WHEN (SELECT kind FROM settlements WHERE settlement_id = NEW.settlement_id) <> 'correction' AND NEW.total_fen = 0 AND (NEW.deductible_fen <> 0 OR NEW.fund_fen <> 0) BEGIN SELECT RAISE(ABORT, 'differences stand in corrections alone'); END;

CREATE TRIGGER receipts_corrected BEFORE INSERT ON receipts WHEN (SELECT kind FROM settlements WHERE settlement_id = NEW.settlement_id) = 'correction' AND (NEW.total_fen <> 0 OR NEW.in_scope_fen <> 0) BEGIN SELECT RAISE(ABORT, 'a correction changes no paper'); END;

CREATE TRIGGER corrections_fit BEFORE INSERT ON corrections WHEN EXISTS (SELECT 1 FROM reversals WHERE original_id = NEW.original_id) OR NOT EXISTS (SELECT 1 FROM settlements AS original, settlements AS correction WHERE original.settlement_id = NEW.original_id AND correction.settlement_id = NEW.correction_id AND original.kind = 'settlement' AND correction.kind = 'correction' AND original.person_id = correction.person_id) BEGIN SELECT RAISE(ABORT, 'a correction belongs to a standing settlement of the same person'); END;

CREATE TRIGGER corrections_within_bounds BEFORE INSERT ON corrections WHEN (SELECT sum(fund_fen) < 0 OR sum(fund_fen) > sum(in_scope_fen) OR sum(account_fen) < 0 OR sum(account_fen) > sum(person_fen) FROM settlements WHERE settlement_id IN (NEW.original_id, NEW.correction_id) OR settlement_id IN (SELECT correction_id FROM corrections WHERE original_id = NEW.original_id)) BEGIN SELECT RAISE(ABORT, 'corrections leave between nothing and the amount in scope'); END;

CREATE TRIGGER bills_no_update BEFORE UPDATE ON bills BEGIN SELECT RAISE(ABORT, 'bills are never changed'); END;

CREATE TRIGGER bills_no_delete BEFORE DELETE ON bills WHEN NOT EXISTS (SELECT 1 FROM reversals WHERE original_id = OLD.settlement_id) BEGIN SELECT RAISE(ABORT, 'bills are released by a reversal alone'); END;

CREATE TRIGGER counters_no_jump BEFORE UPDATE ON counters WHEN NEW.last_number <> OLD.last_number + 1 BEGIN SELECT RAISE(ABORT, 'counters go up by one'); END;

CREATE TRIGGER counters_no_delete BEFORE DELETE ON counters BEGIN SELECT RAISE(ABORT, 'counters are never deleted'); END;

CREATE TRIGGER accumulators_no_delete BEFORE DELETE ON accumulators BEGIN SELECT RAISE(ABORT, 'accumulators are never deleted'); END;

CREATE TRIGGER settlements_in_open_months BEFORE INSERT ON settlements WHEN EXISTS (SELECT 1 FROM closed_months WHERE NEW.settled_at >= begins_at AND NEW.settled_at < ends_at) BEGIN SELECT RAISE(ABORT, 'closed months stay as they are'); END;

CREATE TRIGGER audit_in_sequence BEFORE INSERT ON audit WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit) BEGIN SELECT RAISE(ABORT, 'audit are never changed: a row follows the last'); END;

CREATE TRIGGER users_no_delete BEFORE DELETE ON users BEGIN SELECT RAISE(ABORT, 'users are never deleted'); END;

CREATE TRIGGER sign_in_attempts_no_delete BEFORE DELETE ON sign_in_attempts BEGIN SELECT RAISE(ABORT, 'attempts are never deleted'); END;

CREATE TRIGGER payments_reviewed BEFORE INSERT ON payments WHEN NOT EXISTS (SELECT 1 FROM reviews WHERE settlement_id = NEW.settlement_id AND has_passed) BEGIN SELECT RAISE(ABORT, 'only what a second person has passed is paid'); END;

CREATE TRIGGER payments_within_settlement BEFORE INSERT ON payments WHEN EXISTS (SELECT 1 FROM reversals WHERE original_id = NEW.settlement_id) OR NEW.amount_fen + (SELECT coalesce(sum(other.amount_fen), 0) FROM payments AS other WHERE other.settlement_id = NEW.settlement_id AND NOT EXISTS (SELECT 1 FROM payment_results AS result WHERE result.list_number = other.list_number AND result.position = other.position AND NOT result.is_paid)) + (SELECT coalesce(sum(deduction.amount_fen), 0) FROM recoveries AS deduction WHERE deduction.deducted_from = NEW.settlement_id) - (SELECT coalesce(sum(back.amount_fen), 0) FROM recoveries AS back WHERE back.settlement_id = NEW.settlement_id) > (SELECT coalesce(sum(fund_fen), 0) FROM settlements WHERE settlement_id = NEW.settlement_id OR settlement_id IN (SELECT correction_id FROM corrections WHERE original_id = NEW.settlement_id)) BEGIN SELECT RAISE(ABORT, 'no more is paid than what stands'); END;

CREATE TRIGGER recoveries_within_payments BEFORE INSERT ON recoveries WHEN NEW.amount_fen > 0 AND (NOT EXISTS (SELECT 1 FROM settlements WHERE settlement_id = NEW.settlement_id AND kind = 'settlement') OR NEW.amount_fen + (SELECT coalesce(sum(back.amount_fen), 0) FROM recoveries AS back WHERE back.settlement_id = NEW.settlement_id) > (SELECT coalesce(sum(other.amount_fen), 0) FROM payments AS other, payment_results AS result WHERE result.list_number = other.list_number AND result.position = other.position AND result.is_paid AND other.settlement_id = NEW.settlement_id) + (SELECT coalesce(sum(deduction.amount_fen), 0) FROM recoveries AS deduction WHERE deduction.deducted_from = NEW.settlement_id) - (CASE WHEN EXISTS (SELECT 1 FROM reversals WHERE original_id = NEW.settlement_id) THEN 0 ELSE (SELECT coalesce(sum(fund_fen), 0) FROM settlements WHERE settlement_id = NEW.settlement_id OR settlement_id IN (SELECT correction_id FROM corrections WHERE original_id = NEW.settlement_id)) END)) BEGIN SELECT RAISE(ABORT, 'no more comes back than is open'); END;

CREATE TRIGGER recoveries_deducted BEFORE INSERT ON recoveries WHEN NEW.amount_fen > 0 AND NEW.deducted_from IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM settlements WHERE settlement_id = NEW.deducted_from AND kind = 'settlement') OR EXISTS (SELECT 1 FROM reversals WHERE original_id = NEW.deducted_from) OR NOT EXISTS (SELECT 1 FROM reviews WHERE settlement_id = NEW.deducted_from AND has_passed) OR (SELECT person_id FROM settlements WHERE settlement_id = NEW.deducted_from) <> (SELECT person_id FROM settlements WHERE settlement_id = NEW.settlement_id) OR NEW.amount_fen + (SELECT coalesce(sum(other.amount_fen), 0) FROM payments AS other WHERE other.settlement_id = NEW.deducted_from AND NOT EXISTS (SELECT 1 FROM payment_results AS result WHERE result.list_number = other.list_number AND result.position = other.position AND NOT result.is_paid)) + (SELECT coalesce(sum(deduction.amount_fen), 0) FROM recoveries AS deduction WHERE deduction.deducted_from = NEW.deducted_from) - (SELECT coalesce(sum(back.amount_fen), 0) FROM recoveries AS back WHERE back.settlement_id = NEW.deducted_from) > (SELECT coalesce(sum(fund_fen), 0) FROM settlements WHERE settlement_id = NEW.deducted_from OR settlement_id IN (SELECT correction_id FROM corrections WHERE original_id = NEW.deducted_from))) BEGIN SELECT RAISE(ABORT, 'a deduction lessens what the same person is still to be paid'); END;

CREATE TRIGGER recoveries_cancelled BEFORE INSERT ON recoveries WHEN NEW.cancels IS NOT NULL AND NOT EXISTS (SELECT 1 FROM recoveries AS entry WHERE entry.recovery_number = NEW.cancels AND entry.cancels IS NULL AND entry.settlement_id = NEW.settlement_id AND entry.amount_fen = -NEW.amount_fen AND entry.way = NEW.way AND coalesce(entry.deducted_from, 0) = coalesce(NEW.deducted_from, 0)) BEGIN SELECT RAISE(ABORT, 'what takes an entry back is its mirror'); END;

CREATE TRIGGER recoveries_not_spent BEFORE INSERT ON recoveries WHEN NEW.amount_fen < 0 AND NEW.deducted_from IS NOT NULL AND (SELECT coalesce(sum(back.amount_fen), 0) FROM recoveries AS back WHERE back.settlement_id = NEW.deducted_from) > (SELECT coalesce(sum(other.amount_fen), 0) FROM payments AS other, payment_results AS result WHERE result.list_number = other.list_number AND result.position = other.position AND result.is_paid AND other.settlement_id = NEW.deducted_from) + (SELECT coalesce(sum(deduction.amount_fen), 0) FROM recoveries AS deduction WHERE deduction.deducted_from = NEW.deducted_from) + NEW.amount_fen BEGIN SELECT RAISE(ABORT, 'a deduction that has come back itself stays'); END;

CREATE TRIGGER reviews_of_the_clerk BEFORE INSERT ON reviews WHEN NEW.clerk <> (SELECT clerk FROM settlements WHERE settlement_id = NEW.settlement_id) BEGIN SELECT RAISE(ABORT, 'a review names who settled'); END;

CREATE TRIGGER payee_accounts_confirmed BEFORE INSERT ON payee_accounts WHEN NEW.confirmed_by IS NULL AND (NEW.settlement_id IS NOT NULL OR EXISTS (SELECT 1 FROM payee_accounts WHERE person_id = NEW.person_id)) BEGIN SELECT RAISE(ABORT, 'a changed account has a second person'); END;

CREATE TRIGGER claims_no_delete BEFORE DELETE ON claims BEGIN SELECT RAISE(ABORT, 'claims are never deleted'); END;

CREATE TRIGGER claims_end BEFORE UPDATE OF state ON claims WHEN OLD.state IN ('settled', 'withdrawn') AND NEW.state <> OLD.state BEGIN SELECT RAISE(ABORT, 'a claim that has ended stays so'); END;

CREATE TRIGGER settlements_no_replace BEFORE INSERT ON settlements WHEN EXISTS (SELECT 1 FROM settlements WHERE (settlement_id = NEW.settlement_id) OR (act_key = NEW.act_key) OR (audit_sequence = NEW.audit_sequence) OR (voucher_number = NEW.voucher_number)) BEGIN SELECT RAISE(ABORT, 'settlements are never changed'); END;

CREATE TRIGGER receipts_no_replace BEFORE INSERT ON receipts WHEN EXISTS (SELECT 1 FROM receipts WHERE (settlement_id = NEW.settlement_id AND position = NEW.position)) BEGIN SELECT RAISE(ABORT, 'receipts are never changed'); END;

CREATE TRIGGER pool_entries_no_replace BEFORE INSERT ON pool_entries WHEN EXISTS (SELECT 1 FROM pool_entries WHERE (settlement_id = NEW.settlement_id AND position = NEW.position AND year = NEW.year AND pool = NEW.pool)) BEGIN SELECT RAISE(ABORT, 'pool_entries are never changed'); END;

CREATE TRIGGER year_totals_no_replace BEFORE INSERT ON year_totals WHEN EXISTS (SELECT 1 FROM year_totals WHERE (settlement_id = NEW.settlement_id AND position = NEW.position)) BEGIN SELECT RAISE(ABORT, 'year_totals are never changed'); END;

CREATE TRIGGER reversals_no_replace BEFORE INSERT ON reversals WHEN EXISTS (SELECT 1 FROM reversals WHERE (reversal_id = NEW.reversal_id) OR (original_id = NEW.original_id)) BEGIN SELECT RAISE(ABORT, 'reversals are never changed'); END;

CREATE TRIGGER corrections_no_replace BEFORE INSERT ON corrections WHEN EXISTS (SELECT 1 FROM corrections WHERE (correction_id = NEW.correction_id)) BEGIN SELECT RAISE(ABORT, 'corrections are never changed'); END;

CREATE TRIGGER prints_no_replace BEFORE INSERT ON prints WHEN EXISTS (SELECT 1 FROM prints WHERE (settlement_id = NEW.settlement_id AND reprint = NEW.reprint)) BEGIN SELECT RAISE(ABORT, 'prints are never changed'); END;

CREATE TRIGGER office_no_replace BEFORE INSERT ON office WHEN EXISTS (SELECT 1 FROM office WHERE (row = NEW.row)) BEGIN SELECT RAISE(ABORT, 'office are never changed'); END;

CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE (sequence = NEW.sequence) OR (code = NEW.code)) BEGIN SELECT RAISE(ABORT, 'audit are never changed'); END;

CREATE TRIGGER closed_months_no_replace BEFORE INSERT ON closed_months WHEN EXISTS (SELECT 1 FROM closed_months WHERE (year = NEW.year AND month = NEW.month)) BEGIN SELECT RAISE(ABORT, 'closed_months are never changed'); END;

CREATE TRIGGER reviews_no_replace BEFORE INSERT ON reviews WHEN EXISTS (SELECT 1 FROM reviews WHERE (settlement_id = NEW.settlement_id)) BEGIN SELECT RAISE(ABORT, 'reviews are never changed'); END;

CREATE TRIGGER payee_accounts_no_replace BEFORE INSERT ON payee_accounts WHEN EXISTS (SELECT 1 FROM payee_accounts WHERE (account_id = NEW.account_id)) BEGIN SELECT RAISE(ABORT, 'payee_accounts are never changed'); END;

CREATE TRIGGER payment_lists_no_replace BEFORE INSERT ON payment_lists WHEN EXISTS (SELECT 1 FROM payment_lists WHERE (list_number = NEW.list_number)) BEGIN SELECT RAISE(ABORT, 'payment_lists are never changed'); END;

CREATE TRIGGER payments_no_replace BEFORE INSERT ON payments WHEN EXISTS (SELECT 1 FROM payments WHERE (list_number = NEW.list_number AND position = NEW.position)) BEGIN SELECT RAISE(ABORT, 'payments are never changed'); END;

CREATE TRIGGER payment_results_no_replace BEFORE INSERT ON payment_results WHEN EXISTS (SELECT 1 FROM payment_results WHERE (list_number = NEW.list_number AND position = NEW.position)) BEGIN SELECT RAISE(ABORT, 'payment_results are never changed'); END;

CREATE TRIGGER recoveries_no_replace BEFORE INSERT ON recoveries WHEN EXISTS (SELECT 1 FROM recoveries WHERE (recovery_number = NEW.recovery_number) OR (act_key = NEW.act_key) OR (cancels = NEW.cancels)) BEGIN SELECT RAISE(ABORT, 'recoveries are never changed'); END;

CREATE TRIGGER archives_no_replace BEFORE INSERT ON archives WHEN EXISTS (SELECT 1 FROM archives WHERE (settlement_id = NEW.settlement_id)) BEGIN SELECT RAISE(ABORT, 'archives are never changed'); END;

CREATE TRIGGER audit_keys_no_replace BEFORE INSERT ON audit_keys WHEN EXISTS (SELECT 1 FROM audit_keys WHERE (number = NEW.number)) BEGIN SELECT RAISE(ABORT, 'audit_keys are never changed'); END;

CREATE TRIGGER bills_no_replace BEFORE INSERT ON bills WHEN EXISTS (SELECT 1 FROM bills WHERE (bill_key = NEW.bill_key)) BEGIN SELECT RAISE(ABORT, 'bills are never changed'); END;
