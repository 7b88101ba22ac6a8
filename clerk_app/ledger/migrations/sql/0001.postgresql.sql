CREATE TABLE audit (
	sequence BIGINT NOT NULL, 
	at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	login TEXT COLLATE "C" NOT NULL, 
	action TEXT COLLATE "C" NOT NULL, 
	subject TEXT COLLATE "C" NOT NULL, 
	reason TEXT COLLATE "C" NOT NULL, 
	content TEXT COLLATE "C" NOT NULL, 
	algorithm INTEGER NOT NULL, 
	code TEXT COLLATE "C" NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (sequence), 
	CONSTRAINT ck_audit_sequence CHECK (sequence > 0), 
	CONSTRAINT ck_audit_action CHECK (action IN ('see', 'see_audit', 'show_numbers', 'save_person', 'enter', 'settle', 'review', 'reverse', 'correct', 'print', 'export', 'change_payee', 'pay', 'recover', 'archive', 'close_month', 'manage_users', 'change_office', 'propose_policy', 'install_policy', 'import_catalogue', 'confirm_clock', 'back_up', 'restore', 'migrate', 'change_passphrase', 'sign_in', 'found')), 
	CONSTRAINT uq_audit_code UNIQUE (code)
);

CREATE INDEX ix_audit_subject ON audit (subject);

CREATE TABLE audit_keys (
	number INTEGER NOT NULL, 
	sealed TEXT COLLATE "C" NOT NULL, 
	CONSTRAINT pk_audit_keys PRIMARY KEY (number)
);

CREATE TABLE closed_months (
	year INTEGER NOT NULL, 
	month INTEGER NOT NULL, 
	begins_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	ends_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	closed_by TEXT COLLATE "C" NOT NULL, 
	CONSTRAINT pk_closed_months PRIMARY KEY (year, month), 
	CONSTRAINT ck_closed_months_month CHECK (month BETWEEN 1 AND 12)
);

CREATE TABLE counters (
	office_code TEXT COLLATE "C" NOT NULL, 
	series TEXT COLLATE "C" NOT NULL, 
	year INTEGER NOT NULL, 
	last_number INTEGER NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (office_code, series, year), 
	CONSTRAINT ck_counters_last_number CHECK (last_number > 0)
);

CREATE TABLE office (
	row INTEGER NOT NULL, 
	is_practice BOOLEAN NOT NULL, 
	founded_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	salt TEXT COLLATE "C" NOT NULL, 
	CONSTRAINT pk_office PRIMARY KEY (row), 
	CONSTRAINT ck_office_row CHECK (row = 1)
);

CREATE TABLE payment_lists (
	list_number TEXT COLLATE "C" NOT NULL, 
	made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	made_by TEXT COLLATE "C" NOT NULL, 
	payment_count INTEGER NOT NULL, 
	total_fen BIGINT NOT NULL, 
	CONSTRAINT pk_payment_lists PRIMARY KEY (list_number), 
	CONSTRAINT ck_payment_lists_amounts CHECK (payment_count > 0 AND total_fen > 0)
);

CREATE TABLE persons (
	person_id BIGSERIAL NOT NULL, 
	name TEXT COLLATE "C" NOT NULL, 
	id_number TEXT COLLATE "C" NOT NULL, 
	id_key TEXT COLLATE "C" NOT NULL, 
	id_reversed TEXT COLLATE "C" NOT NULL, 
	certificate_type TEXT COLLATE "C" NOT NULL, 
	sex TEXT COLLATE "C" NOT NULL, 
	born_on DATE, 
	phone TEXT COLLATE "C" NOT NULL, 
	employer TEXT COLLATE "C" NOT NULL, 
	area_code TEXT COLLATE "C" NOT NULL, 
	insurance TEXT COLLATE "C" NOT NULL, 
	status TEXT COLLATE "C" NOT NULL, 
	retirement_registered_on DATE, 
	has_coverage BOOLEAN NOT NULL, 
	has_filings BOOLEAN NOT NULL, 
	CONSTRAINT pk_persons PRIMARY KEY (person_id), 
	CONSTRAINT ck_persons_id_key CHECK (id_key <> ''), 
	CONSTRAINT ck_persons_insurance CHECK (insurance IN ('employee', 'resident')), 
	CONSTRAINT ck_persons_status CHECK (status IN ('employed', 'retired', 'resident')), 
	CONSTRAINT uq_persons_id_key UNIQUE (id_key)
);

CREATE INDEX ix_persons_id_reversed ON persons (id_reversed);

CREATE TABLE sign_in_attempts (
	attempt_id BIGSERIAL NOT NULL, 
	login TEXT COLLATE "C" NOT NULL, 
	at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	is_open BOOLEAN NOT NULL, 
	CONSTRAINT pk_sign_in_attempts PRIMARY KEY (attempt_id)
);

CREATE INDEX ix_sign_in_attempts_login ON sign_in_attempts (login);

CREATE TABLE users (
	login TEXT COLLATE "C" NOT NULL, 
	name TEXT COLLATE "C" NOT NULL, 
	role TEXT COLLATE "C" NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	password_hash TEXT COLLATE "C" NOT NULL, 
	CONSTRAINT pk_users PRIMARY KEY (login), 
	CONSTRAINT ck_users_role CHECK (role IN ('administrator', 'clerk', 'reviewer', 'finance', 'auditor')), 
	CONSTRAINT ck_users_name CHECK (name <> ''), 
	CONSTRAINT uq_users_name UNIQUE (name)
);

CREATE TABLE accumulators (
	person_id BIGINT NOT NULL, 
	year INTEGER NOT NULL, 
	pool TEXT COLLATE "C" NOT NULL, 
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
	person_id BIGINT NOT NULL, 
	position INTEGER NOT NULL, 
	disease TEXT COLLATE "C" NOT NULL, 
	benefit TEXT COLLATE "C" NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE, 
	CONSTRAINT pk_conditions PRIMARY KEY (person_id, position), 
	CONSTRAINT ck_conditions_period CHECK (ends_on >= starts_on), 
	CONSTRAINT ck_conditions_benefit CHECK (benefit IN ('ordinary', 'chronic', 'special', 'emergency', 'day_surgery', 'inpatient')), 
	CONSTRAINT fk_conditions_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
);

CREATE INDEX ix_conditions_disease ON conditions (disease);

CREATE TABLE coverage (
	person_id BIGINT NOT NULL, 
	position INTEGER NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE, 
	CONSTRAINT pk_coverage PRIMARY KEY (person_id, position), 
	CONSTRAINT ck_coverage_period CHECK (ends_on >= starts_on), 
	CONSTRAINT fk_coverage_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
);

CREATE TABLE filings (
	person_id BIGINT NOT NULL, 
	position INTEGER NOT NULL, 
	category TEXT COLLATE "C" NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE, 
	CONSTRAINT pk_filings PRIMARY KEY (person_id, position), 
	CONSTRAINT ck_filings_period CHECK (ends_on >= starts_on), 
	CONSTRAINT ck_filings_category CHECK (category IN ('retired_resettled', 'long_term_resident', 'stationed_worker', 'referred', 'emergency_travelling', 'other')), 
	CONSTRAINT fk_filings_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
);

CREATE TABLE name_grams (
	gram TEXT COLLATE "C" NOT NULL, 
	person_id BIGINT NOT NULL, 
	CONSTRAINT pk_name_grams PRIMARY KEY (gram, person_id), 
	CONSTRAINT fk_name_grams_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
);

CREATE TABLE name_initials (
	initials TEXT COLLATE "C" NOT NULL, 
	person_id BIGINT NOT NULL, 
	CONSTRAINT pk_name_initials PRIMARY KEY (initials, person_id), 
	CONSTRAINT fk_name_initials_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
);

CREATE TABLE prior_benefits (
	person_id BIGINT NOT NULL, 
	year INTEGER NOT NULL, 
	benefit TEXT COLLATE "C" NOT NULL, 
	deductible_fen BIGINT NOT NULL, 
	fund_fen BIGINT NOT NULL, 
	as_of DATE NOT NULL, 
	CONSTRAINT pk_prior_benefits PRIMARY KEY (person_id, year, benefit), 
	CONSTRAINT ck_prior_benefits_amounts CHECK (deductible_fen >= 0 AND fund_fen >= 0), 
	CONSTRAINT ck_prior_benefits_benefit CHECK (benefit IN ('ordinary', 'chronic', 'special', 'emergency', 'day_surgery', 'inpatient')), 
	CONSTRAINT fk_prior_benefits_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
);

CREATE TABLE settlements (
	settlement_id BIGSERIAL NOT NULL, 
	voucher_number TEXT COLLATE "C" NOT NULL, 
	acceptance_number TEXT COLLATE "C" NOT NULL, 
	act_key TEXT COLLATE "C" NOT NULL, 
	kind TEXT COLLATE "C" NOT NULL, 
	settled_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	audit_sequence BIGINT NOT NULL, 
	handed_in_on DATE NOT NULL, 
	clerk TEXT COLLATE "C" NOT NULL, 
	reviewer TEXT COLLATE "C", 
	review_reason TEXT COLLATE "C", 
	person_id BIGINT NOT NULL, 
	name TEXT COLLATE "C" NOT NULL, 
	id_number TEXT COLLATE "C" NOT NULL, 
	id_key TEXT COLLATE "C" NOT NULL, 
	certificate_type TEXT COLLATE "C" NOT NULL, 
	sex TEXT COLLATE "C" NOT NULL, 
	born_on DATE, 
	phone TEXT COLLATE "C" NOT NULL, 
	employer TEXT COLLATE "C" NOT NULL, 
	entitlement TEXT COLLATE "C" NOT NULL, 
	area_code TEXT COLLATE "C" NOT NULL, 
	area_name TEXT COLLATE "C" NOT NULL, 
	materials TEXT COLLATE "C", 
	receipt_count INTEGER NOT NULL, 
	total_fen BIGINT NOT NULL, 
	in_scope_fen BIGINT NOT NULL, 
	fund_fen BIGINT NOT NULL, 
	person_fen BIGINT NOT NULL, 
	account_fen BIGINT NOT NULL, 
	account_payer TEXT COLLATE "C", 
	payee_name TEXT COLLATE "C", 
	payee_relation TEXT COLLATE "C", 
	payee_bank TEXT COLLATE "C", 
	payee_account TEXT COLLATE "C", 
	manual_reason TEXT COLLATE "C" NOT NULL, 
	CONSTRAINT pk_settlements PRIMARY KEY (settlement_id), 
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
	person_id BIGINT NOT NULL, 
	position INTEGER NOT NULL, 
	admitted_on DATE NOT NULL, 
	discharged_on DATE, 
	CONSTRAINT pk_stays PRIMARY KEY (person_id, position), 
	CONSTRAINT ck_stays_period CHECK (discharged_on >= admitted_on), 
	CONSTRAINT fk_stays_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
);

CREATE TABLE archives (
	settlement_id BIGINT NOT NULL, 
	box TEXT COLLATE "C" NOT NULL, 
	archived_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	archived_by TEXT COLLATE "C" NOT NULL, 
	CONSTRAINT pk_archives PRIMARY KEY (settlement_id), 
	CONSTRAINT ck_archives_box CHECK (box <> ''), 
	CONSTRAINT fk_archives_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE TABLE bills (
	bill_key TEXT COLLATE "C" NOT NULL, 
	settlement_id BIGINT NOT NULL, 
	CONSTRAINT pk_bills PRIMARY KEY (bill_key), 
	CONSTRAINT fk_bills_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE INDEX ix_bills_settlement_id ON bills (settlement_id);

CREATE TABLE claims (
	claim_id BIGSERIAL NOT NULL, 
	act_key TEXT COLLATE "C" NOT NULL, 
	acceptance_number TEXT COLLATE "C" NOT NULL, 
	state TEXT COLLATE "C" NOT NULL, 
	entered_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	entered_by TEXT COLLATE "C" NOT NULL, 
	person_id BIGINT, 
	settlement_id BIGINT, 
	note TEXT COLLATE "C" NOT NULL, 
	title TEXT COLLATE "C" NOT NULL, 
	content TEXT COLLATE "C" NOT NULL, 
	saved_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	lease_login TEXT COLLATE "C", 
	lease_until TIMESTAMP WITHOUT TIME ZONE, 
	CONSTRAINT pk_claims PRIMARY KEY (claim_id), 
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
	correction_id BIGINT NOT NULL, 
	original_id BIGINT NOT NULL, 
	reason TEXT COLLATE "C" NOT NULL, 
	CONSTRAINT pk_corrections PRIMARY KEY (correction_id), 
	CONSTRAINT ck_corrections_reason CHECK (reason <> ''), 
	CONSTRAINT ck_corrections_order CHECK (original_id < correction_id), 
	CONSTRAINT fk_corrections_correction_id_settlements FOREIGN KEY(correction_id) REFERENCES settlements (settlement_id), 
	CONSTRAINT fk_corrections_original_id_settlements FOREIGN KEY(original_id) REFERENCES settlements (settlement_id)
);

CREATE INDEX ix_corrections_original_id ON corrections (original_id);

CREATE TABLE open_settlements (
	settlement_id BIGINT NOT NULL, 
	stage TEXT COLLATE "C" NOT NULL, 
	CONSTRAINT pk_open_settlements PRIMARY KEY (settlement_id), 
	CONSTRAINT ck_open_settlements_stage CHECK (stage IN ('unreviewed', 'objected', 'payable', 'in_payment', 'paid', 'recover', 'closed')), 
	CONSTRAINT fk_open_settlements_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE INDEX ix_open_settlements_stage ON open_settlements (stage, settlement_id);

CREATE TABLE payee_accounts (
	account_id BIGINT NOT NULL, 
	person_id BIGINT NOT NULL, 
	settlement_id BIGINT, 
	name TEXT COLLATE "C" NOT NULL, 
	relation TEXT COLLATE "C" NOT NULL, 
	bank TEXT COLLATE "C" NOT NULL, 
	account TEXT COLLATE "C" NOT NULL, 
	entered_by TEXT COLLATE "C" NOT NULL, 
	confirmed_by TEXT COLLATE "C", 
	entered_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	CONSTRAINT pk_payee_accounts PRIMARY KEY (account_id), 
	CONSTRAINT ck_payee_accounts_account CHECK (name <> '' AND account <> ''), 
	CONSTRAINT ck_payee_accounts_confirmed_by CHECK (confirmed_by <> entered_by), 
	CONSTRAINT fk_payee_accounts_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id), 
	CONSTRAINT fk_payee_accounts_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE INDEX ix_payee_accounts_person_id ON payee_accounts (person_id);

CREATE INDEX ix_payee_accounts_settlement_id ON payee_accounts (settlement_id);

CREATE TABLE payments (
	list_number TEXT COLLATE "C" NOT NULL, 
	position INTEGER NOT NULL, 
	settlement_id BIGINT NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	payee_name TEXT COLLATE "C" NOT NULL, 
	payee_bank TEXT COLLATE "C" NOT NULL, 
	payee_account TEXT COLLATE "C" NOT NULL, 
	CONSTRAINT pk_payments PRIMARY KEY (list_number, position), 
	CONSTRAINT ck_payments_amount CHECK (amount_fen > 0), 
	CONSTRAINT fk_payments_list_number_payment_lists FOREIGN KEY(list_number) REFERENCES payment_lists (list_number), 
	CONSTRAINT fk_payments_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE INDEX ix_payments_settlement_id ON payments (settlement_id);

CREATE TABLE prints (
	settlement_id BIGINT NOT NULL, 
	reprint INTEGER NOT NULL, 
	printed_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	CONSTRAINT pk_prints PRIMARY KEY (settlement_id, reprint), 
	CONSTRAINT ck_prints_reprint CHECK (reprint >= 0), 
	CONSTRAINT fk_prints_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE TABLE receipts (
	settlement_id BIGINT NOT NULL, 
	position INTEGER NOT NULL, 
	number TEXT COLLATE "C" NOT NULL, 
	number_key TEXT COLLATE "C" NOT NULL, 
	number_reversed TEXT COLLATE "C" NOT NULL, 
	bill_code TEXT COLLATE "C" NOT NULL, 
	bill_key TEXT COLLATE "C" NOT NULL, 
	visited_on DATE NOT NULL, 
	visited_at TIME WITHOUT TIME ZONE, 
	institution_name TEXT COLLATE "C" NOT NULL, 
	institution_code TEXT COLLATE "C" NOT NULL, 
	institution_tier INTEGER, 
	institution_kind TEXT COLLATE "C" NOT NULL, 
	institution_area_code TEXT COLLATE "C" NOT NULL, 
	networked BOOLEAN NOT NULL, 
	designated BOOLEAN NOT NULL, 
	benefit TEXT COLLATE "C" NOT NULL, 
	disease TEXT COLLATE "C" NOT NULL, 
	diagnosis TEXT COLLATE "C" NOT NULL, 
	total_fen BIGINT NOT NULL, 
	self_funded_fen BIGINT NOT NULL, 
	over_limit_fen BIGINT NOT NULL, 
	paid_first_fen BIGINT NOT NULL, 
	in_scope_fen BIGINT NOT NULL, 
	visit_label TEXT COLLATE "C" NOT NULL, 
	printed_fund_fen BIGINT NOT NULL, 
	settled_by_network BOOLEAN NOT NULL, 
	exclusion TEXT COLLATE "C" NOT NULL, 
	dual_channel BOOLEAN NOT NULL, 
	fees TEXT COLLATE "C" NOT NULL, 
	decision TEXT COLLATE "C" NOT NULL, 
	reasons TEXT COLLATE "C" NOT NULL, 
	status TEXT COLLATE "C" NOT NULL, 
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
	deductible_pool TEXT COLLATE "C" NOT NULL, 
	cap_pools TEXT COLLATE "C" NOT NULL, 
	is_charged_visit BOOLEAN NOT NULL, 
	summary TEXT COLLATE "C" NOT NULL, 
	explanation TEXT COLLATE "C" NOT NULL, 
	citations TEXT COLLATE "C" NOT NULL, 
	policy_document TEXT COLLATE "C" NOT NULL, 
	policy_from DATE, 
	policy_hash TEXT COLLATE "C" NOT NULL, 
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
	recovery_number TEXT COLLATE "C" NOT NULL, 
	act_key TEXT COLLATE "C" NOT NULL, 
	settlement_id BIGINT NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	received_on DATE NOT NULL, 
	way TEXT COLLATE "C" NOT NULL, 
	document_number TEXT COLLATE "C" NOT NULL, 
	deducted_from BIGINT, 
	cancels TEXT COLLATE "C", 
	note TEXT COLLATE "C" NOT NULL, 
	recorded_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	recorded_by TEXT COLLATE "C" NOT NULL, 
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
	reversal_id BIGINT NOT NULL, 
	original_id BIGINT NOT NULL, 
	reason TEXT COLLATE "C" NOT NULL, 
	CONSTRAINT pk_reversals PRIMARY KEY (reversal_id), 
	CONSTRAINT ck_reversals_reason CHECK (reason <> ''), 
	CONSTRAINT ck_reversals_order CHECK (original_id < reversal_id), 
	CONSTRAINT fk_reversals_reversal_id_settlements FOREIGN KEY(reversal_id) REFERENCES settlements (settlement_id), 
	CONSTRAINT uq_reversals_original_id UNIQUE (original_id), 
	CONSTRAINT fk_reversals_original_id_settlements FOREIGN KEY(original_id) REFERENCES settlements (settlement_id)
);

CREATE TABLE reviews (
	settlement_id BIGINT NOT NULL, 
	clerk TEXT COLLATE "C" NOT NULL, 
	reviewer TEXT COLLATE "C" NOT NULL, 
	has_passed BOOLEAN NOT NULL, 
	note TEXT COLLATE "C" NOT NULL, 
	reviewed_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	CONSTRAINT pk_reviews PRIMARY KEY (settlement_id), 
	CONSTRAINT ck_reviews_reviewer CHECK (reviewer <> clerk AND reviewer <> ''), 
	CONSTRAINT ck_reviews_note CHECK (has_passed OR note <> ''), 
	CONSTRAINT fk_reviews_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE TABLE year_totals (
	settlement_id BIGINT NOT NULL, 
	position INTEGER NOT NULL, 
	year INTEGER NOT NULL, 
	benefit TEXT COLLATE "C" NOT NULL, 
	deductible_pool TEXT COLLATE "C" NOT NULL, 
	cap_pool TEXT COLLATE "C" NOT NULL, 
	deductible_fen BIGINT NOT NULL, 
	fund_fen BIGINT NOT NULL, 
	platform_as_of DATE, 
	CONSTRAINT pk_year_totals PRIMARY KEY (settlement_id, position), 
	CONSTRAINT ck_year_totals_benefit CHECK (benefit IN ('ordinary', 'chronic', 'special', 'emergency', 'day_surgery', 'inpatient')), 
	CONSTRAINT fk_year_totals_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE TABLE payment_results (
	list_number TEXT COLLATE "C" NOT NULL, 
	position INTEGER NOT NULL, 
	is_paid BOOLEAN NOT NULL, 
	reason TEXT COLLATE "C" NOT NULL, 
	recorded_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
	recorded_by TEXT COLLATE "C" NOT NULL, 
	CONSTRAINT pk_payment_results PRIMARY KEY (list_number, position), 
	CONSTRAINT ck_payment_results_reason CHECK (is_paid OR reason <> ''), 
	CONSTRAINT fk_payment_results_list_number_payments FOREIGN KEY(list_number, position) REFERENCES payments (list_number, position)
);

CREATE TABLE pool_entries (
	settlement_id BIGINT NOT NULL, 
	position INTEGER NOT NULL, 
	year INTEGER NOT NULL, 
	pool TEXT COLLATE "C" NOT NULL, 
	deductible_fen BIGINT NOT NULL, 
	fund_fen BIGINT NOT NULL, 
	CONSTRAINT pk_pool_entries PRIMARY KEY (settlement_id, position, year, pool), 
	CONSTRAINT fk_pool_entries_settlement_id_receipts FOREIGN KEY(settlement_id, position) REFERENCES receipts (settlement_id, position)
);

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0]; END
$$;

CREATE TRIGGER settlements_no_update BEFORE UPDATE ON settlements FOR EACH STATEMENT EXECUTE FUNCTION refuse('settlements are never changed');

CREATE TRIGGER settlements_no_delete BEFORE DELETE ON settlements FOR EACH STATEMENT EXECUTE FUNCTION refuse('settlements are never changed');

CREATE TRIGGER receipts_no_update BEFORE UPDATE ON receipts FOR EACH STATEMENT EXECUTE FUNCTION refuse('receipts are never changed');

CREATE TRIGGER receipts_no_delete BEFORE DELETE ON receipts FOR EACH STATEMENT EXECUTE FUNCTION refuse('receipts are never changed');

CREATE TRIGGER pool_entries_no_update BEFORE UPDATE ON pool_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse('pool_entries are never changed');

CREATE TRIGGER pool_entries_no_delete BEFORE DELETE ON pool_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse('pool_entries are never changed');

CREATE TRIGGER year_totals_no_update BEFORE UPDATE ON year_totals FOR EACH STATEMENT EXECUTE FUNCTION refuse('year_totals are never changed');

CREATE TRIGGER year_totals_no_delete BEFORE DELETE ON year_totals FOR EACH STATEMENT EXECUTE FUNCTION refuse('year_totals are never changed');

CREATE TRIGGER reversals_no_update BEFORE UPDATE ON reversals FOR EACH STATEMENT EXECUTE FUNCTION refuse('reversals are never changed');

CREATE TRIGGER reversals_no_delete BEFORE DELETE ON reversals FOR EACH STATEMENT EXECUTE FUNCTION refuse('reversals are never changed');

CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections FOR EACH STATEMENT EXECUTE FUNCTION refuse('corrections are never changed');

CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections FOR EACH STATEMENT EXECUTE FUNCTION refuse('corrections are never changed');

CREATE TRIGGER prints_no_update BEFORE UPDATE ON prints FOR EACH STATEMENT EXECUTE FUNCTION refuse('prints are never changed');

CREATE TRIGGER prints_no_delete BEFORE DELETE ON prints FOR EACH STATEMENT EXECUTE FUNCTION refuse('prints are never changed');

CREATE TRIGGER office_no_update BEFORE UPDATE ON office FOR EACH STATEMENT EXECUTE FUNCTION refuse('office are never changed');

CREATE TRIGGER office_no_delete BEFORE DELETE ON office FOR EACH STATEMENT EXECUTE FUNCTION refuse('office are never changed');

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse('audit are never changed');

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse('audit are never changed');

CREATE TRIGGER closed_months_no_update BEFORE UPDATE ON closed_months FOR EACH STATEMENT EXECUTE FUNCTION refuse('closed_months are never changed');

CREATE TRIGGER closed_months_no_delete BEFORE DELETE ON closed_months FOR EACH STATEMENT EXECUTE FUNCTION refuse('closed_months are never changed');

CREATE TRIGGER reviews_no_update BEFORE UPDATE ON reviews FOR EACH STATEMENT EXECUTE FUNCTION refuse('reviews are never changed');

CREATE TRIGGER reviews_no_delete BEFORE DELETE ON reviews FOR EACH STATEMENT EXECUTE FUNCTION refuse('reviews are never changed');

CREATE TRIGGER payee_accounts_no_update BEFORE UPDATE ON payee_accounts FOR EACH STATEMENT EXECUTE FUNCTION refuse('payee_accounts are never changed');

CREATE TRIGGER payee_accounts_no_delete BEFORE DELETE ON payee_accounts FOR EACH STATEMENT EXECUTE FUNCTION refuse('payee_accounts are never changed');

CREATE TRIGGER payment_lists_no_update BEFORE UPDATE ON payment_lists FOR EACH STATEMENT EXECUTE FUNCTION refuse('payment_lists are never changed');

CREATE TRIGGER payment_lists_no_delete BEFORE DELETE ON payment_lists FOR EACH STATEMENT EXECUTE FUNCTION refuse('payment_lists are never changed');

CREATE TRIGGER payments_no_update BEFORE UPDATE ON payments FOR EACH STATEMENT EXECUTE FUNCTION refuse('payments are never changed');

CREATE TRIGGER payments_no_delete BEFORE DELETE ON payments FOR EACH STATEMENT EXECUTE FUNCTION refuse('payments are never changed');

CREATE TRIGGER payment_results_no_update BEFORE UPDATE ON payment_results FOR EACH STATEMENT EXECUTE FUNCTION refuse('payment_results are never changed');

CREATE TRIGGER payment_results_no_delete BEFORE DELETE ON payment_results FOR EACH STATEMENT EXECUTE FUNCTION refuse('payment_results are never changed');

CREATE TRIGGER recoveries_no_update BEFORE UPDATE ON recoveries FOR EACH STATEMENT EXECUTE FUNCTION refuse('recoveries are never changed');

CREATE TRIGGER recoveries_no_delete BEFORE DELETE ON recoveries FOR EACH STATEMENT EXECUTE FUNCTION refuse('recoveries are never changed');

CREATE TRIGGER archives_no_update BEFORE UPDATE ON archives FOR EACH STATEMENT EXECUTE FUNCTION refuse('archives are never changed');

CREATE TRIGGER archives_no_delete BEFORE DELETE ON archives FOR EACH STATEMENT EXECUTE FUNCTION refuse('archives are never changed');

CREATE TRIGGER audit_keys_no_update BEFORE UPDATE ON audit_keys FOR EACH STATEMENT EXECUTE FUNCTION refuse('audit_keys are never changed');

CREATE TRIGGER audit_keys_no_delete BEFORE DELETE ON audit_keys FOR EACH STATEMENT EXECUTE FUNCTION refuse('audit_keys are never changed');

CREATE FUNCTION receipts_no_more() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF NEW.position >= (SELECT receipt_count FROM settlements WHERE settlement_id = NEW.settlement_id) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'receipts are never added to a settlement'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER receipts_no_more BEFORE INSERT ON receipts FOR EACH ROW EXECUTE FUNCTION receipts_no_more();

CREATE FUNCTION receipts_differences() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF (SELECT kind FROM settlements WHERE settlement_id = NEW.settlement_id) <> 'correction' AND NEW.total_fen = 0 AND (NEW.deductible_fen <> 0 OR NEW.fund_fen <> 0) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'differences stand in corrections alone'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER receipts_differences BEFORE INSERT ON receipts FOR EACH ROW EXECUTE FUNCTION receipts_differences();

CREATE FUNCTION receipts_corrected() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF (SELECT kind FROM settlements WHERE settlement_id = NEW.settlement_id) = 'correction' AND (NEW.total_fen <> 0 OR NEW.in_scope_fen <> 0) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a correction changes no paper'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER receipts_corrected BEFORE INSERT ON receipts FOR EACH ROW EXECUTE FUNCTION receipts_corrected();

CREATE FUNCTION corrections_fit() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF EXISTS (SELECT 1 FROM reversals WHERE original_id = NEW.original_id) OR NOT EXISTS (SELECT 1 FROM settlements AS original, settlements AS correction WHERE original.settlement_id = NEW.original_id AND correction.settlement_id = NEW.correction_id AND original.kind = 'settlement' AND correction.kind = 'correction' AND original.person_id = correction.person_id) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a correction belongs to a standing settlement of the same person'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER corrections_fit BEFORE INSERT ON corrections FOR EACH ROW EXECUTE FUNCTION corrections_fit();

CREATE FUNCTION corrections_within_bounds() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF (SELECT sum(fund_fen) < 0 OR sum(fund_fen) > sum(in_scope_fen) OR sum(account_fen) < 0 OR sum(account_fen) > sum(person_fen) FROM settlements WHERE settlement_id IN (NEW.original_id, NEW.correction_id) OR settlement_id IN (SELECT correction_id FROM corrections WHERE original_id = NEW.original_id)) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'corrections leave between nothing and the amount in scope'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER corrections_within_bounds BEFORE INSERT ON corrections FOR EACH ROW EXECUTE FUNCTION corrections_within_bounds();

CREATE TRIGGER bills_no_update BEFORE UPDATE ON bills FOR EACH STATEMENT EXECUTE FUNCTION refuse('bills are never changed');

CREATE FUNCTION bills_no_delete() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF NOT EXISTS (SELECT 1 FROM reversals WHERE original_id = OLD.settlement_id) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'bills are released by a reversal alone'; END IF; RETURN OLD; END
$$;

CREATE TRIGGER bills_no_delete BEFORE DELETE ON bills FOR EACH ROW EXECUTE FUNCTION bills_no_delete();

CREATE FUNCTION counters_no_jump() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF NEW.last_number <> OLD.last_number + 1 THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'counters go up by one'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER counters_no_jump BEFORE UPDATE ON counters FOR EACH ROW EXECUTE FUNCTION counters_no_jump();

CREATE TRIGGER counters_no_delete BEFORE DELETE ON counters FOR EACH STATEMENT EXECUTE FUNCTION refuse('counters are never deleted');

CREATE TRIGGER accumulators_no_delete BEFORE DELETE ON accumulators FOR EACH STATEMENT EXECUTE FUNCTION refuse('accumulators are never deleted');

CREATE FUNCTION settlements_in_open_months() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF EXISTS (SELECT 1 FROM closed_months WHERE NEW.settled_at >= begins_at AND NEW.settled_at < ends_at) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'closed months stay as they are'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER settlements_in_open_months BEFORE INSERT ON settlements FOR EACH ROW EXECUTE FUNCTION settlements_in_open_months();

CREATE FUNCTION audit_in_sequence() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'audit are never changed: a row follows the last'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER audit_in_sequence BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_in_sequence();

CREATE TRIGGER users_no_delete BEFORE DELETE ON users FOR EACH STATEMENT EXECUTE FUNCTION refuse('users are never deleted');

CREATE TRIGGER sign_in_attempts_no_delete BEFORE DELETE ON sign_in_attempts FOR EACH STATEMENT EXECUTE FUNCTION refuse('attempts are never deleted');

CREATE FUNCTION payments_reviewed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF NOT EXISTS (SELECT 1 FROM reviews WHERE settlement_id = NEW.settlement_id AND has_passed) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'only what a second person has passed is paid'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER payments_reviewed BEFORE INSERT ON payments FOR EACH ROW EXECUTE FUNCTION payments_reviewed();

CREATE FUNCTION payments_within_settlement() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF EXISTS (SELECT 1 FROM reversals WHERE original_id = NEW.settlement_id) OR NEW.amount_fen + (SELECT coalesce(sum(other.amount_fen), 0) FROM payments AS other WHERE other.settlement_id = NEW.settlement_id AND NOT EXISTS (SELECT 1 FROM payment_results AS result WHERE result.list_number = other.list_number AND result.position = other.position AND NOT result.is_paid)) + (SELECT coalesce(sum(deduction.amount_fen), 0) FROM recoveries AS deduction WHERE deduction.deducted_from = NEW.settlement_id) - (SELECT coalesce(sum(back.amount_fen), 0) FROM recoveries AS back WHERE back.settlement_id = NEW.settlement_id) > (SELECT coalesce(sum(fund_fen), 0) FROM settlements WHERE settlement_id = NEW.settlement_id OR settlement_id IN (SELECT correction_id FROM corrections WHERE original_id = NEW.settlement_id)) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'no more is paid than what stands'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER payments_within_settlement BEFORE INSERT ON payments FOR EACH ROW EXECUTE FUNCTION payments_within_settlement();

CREATE FUNCTION recoveries_within_payments() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF NEW.amount_fen > 0 AND (NOT EXISTS (SELECT 1 FROM settlements WHERE settlement_id = NEW.settlement_id AND kind = 'settlement') OR NEW.amount_fen + (SELECT coalesce(sum(back.amount_fen), 0) FROM recoveries AS back WHERE back.settlement_id = NEW.settlement_id) > (SELECT coalesce(sum(other.amount_fen), 0) FROM payments AS other, payment_results AS result WHERE result.list_number = other.list_number AND result.position = other.position AND result.is_paid AND other.settlement_id = NEW.settlement_id) + (SELECT coalesce(sum(deduction.amount_fen), 0) FROM recoveries AS deduction WHERE deduction.deducted_from = NEW.settlement_id) - (CASE WHEN EXISTS (SELECT 1 FROM reversals WHERE original_id = NEW.settlement_id) THEN 0 ELSE (SELECT coalesce(sum(fund_fen), 0) FROM settlements WHERE settlement_id = NEW.settlement_id OR settlement_id IN (SELECT correction_id FROM corrections WHERE original_id = NEW.settlement_id)) END)) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'no more comes back than is open'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER recoveries_within_payments BEFORE INSERT ON recoveries FOR EACH ROW EXECUTE FUNCTION recoveries_within_payments();

CREATE FUNCTION recoveries_deducted() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF NEW.amount_fen > 0 AND NEW.deducted_from IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM settlements WHERE settlement_id = NEW.deducted_from AND kind = 'settlement') OR EXISTS (SELECT 1 FROM reversals WHERE original_id = NEW.deducted_from) OR NOT EXISTS (SELECT 1 FROM reviews WHERE settlement_id = NEW.deducted_from AND has_passed) OR (SELECT person_id FROM settlements WHERE settlement_id = NEW.deducted_from) <> (SELECT person_id FROM settlements WHERE settlement_id = NEW.settlement_id) OR NEW.amount_fen + (SELECT coalesce(sum(other.amount_fen), 0) FROM payments AS other WHERE other.settlement_id = NEW.deducted_from AND NOT EXISTS (SELECT 1 FROM payment_results AS result WHERE result.list_number = other.list_number AND result.position = other.position AND NOT result.is_paid)) + (SELECT coalesce(sum(deduction.amount_fen), 0) FROM recoveries AS deduction WHERE deduction.deducted_from = NEW.deducted_from) - (SELECT coalesce(sum(back.amount_fen), 0) FROM recoveries AS back WHERE back.settlement_id = NEW.deducted_from) > (SELECT coalesce(sum(fund_fen), 0) FROM settlements WHERE settlement_id = NEW.deducted_from OR settlement_id IN (SELECT correction_id FROM corrections WHERE original_id = NEW.deducted_from))) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a deduction lessens what the same person is still to be paid'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER recoveries_deducted BEFORE INSERT ON recoveries FOR EACH ROW EXECUTE FUNCTION recoveries_deducted();

CREATE FUNCTION recoveries_cancelled() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF NEW.cancels IS NOT NULL AND NOT EXISTS (SELECT 1 FROM recoveries AS entry WHERE entry.recovery_number = NEW.cancels AND entry.cancels IS NULL AND entry.settlement_id = NEW.settlement_id AND entry.amount_fen = -NEW.amount_fen AND entry.way = NEW.way AND coalesce(entry.deducted_from, 0) = coalesce(NEW.deducted_from, 0)) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'what takes an entry back is its mirror'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER recoveries_cancelled BEFORE INSERT ON recoveries FOR EACH ROW EXECUTE FUNCTION recoveries_cancelled();

CREATE FUNCTION recoveries_not_spent() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF NEW.amount_fen < 0 AND NEW.deducted_from IS NOT NULL AND (SELECT coalesce(sum(back.amount_fen), 0) FROM recoveries AS back WHERE back.settlement_id = NEW.deducted_from) > (SELECT coalesce(sum(other.amount_fen), 0) FROM payments AS other, payment_results AS result WHERE result.list_number = other.list_number AND result.position = other.position AND result.is_paid AND other.settlement_id = NEW.deducted_from) + (SELECT coalesce(sum(deduction.amount_fen), 0) FROM recoveries AS deduction WHERE deduction.deducted_from = NEW.deducted_from) + NEW.amount_fen THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a deduction that has come back itself stays'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER recoveries_not_spent BEFORE INSERT ON recoveries FOR EACH ROW EXECUTE FUNCTION recoveries_not_spent();

CREATE FUNCTION reviews_of_the_clerk() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF NEW.clerk <> (SELECT clerk FROM settlements WHERE settlement_id = NEW.settlement_id) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a review names who settled'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER reviews_of_the_clerk BEFORE INSERT ON reviews FOR EACH ROW EXECUTE FUNCTION reviews_of_the_clerk();

CREATE FUNCTION payee_accounts_confirmed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF NEW.confirmed_by IS NULL AND (NEW.settlement_id IS NOT NULL OR EXISTS (SELECT 1 FROM payee_accounts WHERE person_id = NEW.person_id)) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a changed account has a second person'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER payee_accounts_confirmed BEFORE INSERT ON payee_accounts FOR EACH ROW EXECUTE FUNCTION payee_accounts_confirmed();

CREATE TRIGGER claims_no_delete BEFORE DELETE ON claims FOR EACH STATEMENT EXECUTE FUNCTION refuse('claims are never deleted');

CREATE FUNCTION claims_end() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN IF OLD.state IN ('settled', 'withdrawn') AND NEW.state <> OLD.state THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a claim that has ended stays so'; END IF; RETURN NEW; END
$$;

CREATE TRIGGER claims_end BEFORE UPDATE OF state ON claims FOR EACH ROW EXECUTE FUNCTION claims_end();

CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse('audit are never emptied');

CREATE TRIGGER audit_keys_no_truncate BEFORE TRUNCATE ON audit_keys FOR EACH STATEMENT EXECUTE FUNCTION refuse('audit_keys are never emptied');

CREATE TRIGGER closed_months_no_truncate BEFORE TRUNCATE ON closed_months FOR EACH STATEMENT EXECUTE FUNCTION refuse('closed_months are never emptied');

CREATE TRIGGER counters_no_truncate BEFORE TRUNCATE ON counters FOR EACH STATEMENT EXECUTE FUNCTION refuse('counters are never emptied');

CREATE TRIGGER office_no_truncate BEFORE TRUNCATE ON office FOR EACH STATEMENT EXECUTE FUNCTION refuse('office are never emptied');

CREATE TRIGGER payment_lists_no_truncate BEFORE TRUNCATE ON payment_lists FOR EACH STATEMENT EXECUTE FUNCTION refuse('payment_lists are never emptied');

CREATE TRIGGER persons_no_truncate BEFORE TRUNCATE ON persons FOR EACH STATEMENT EXECUTE FUNCTION refuse('persons are never emptied');

CREATE TRIGGER sign_in_attempts_no_truncate BEFORE TRUNCATE ON sign_in_attempts FOR EACH STATEMENT EXECUTE FUNCTION refuse('sign_in_attempts are never emptied');

CREATE TRIGGER users_no_truncate BEFORE TRUNCATE ON users FOR EACH STATEMENT EXECUTE FUNCTION refuse('users are never emptied');

CREATE TRIGGER accumulators_no_truncate BEFORE TRUNCATE ON accumulators FOR EACH STATEMENT EXECUTE FUNCTION refuse('accumulators are never emptied');

CREATE TRIGGER conditions_no_truncate BEFORE TRUNCATE ON conditions FOR EACH STATEMENT EXECUTE FUNCTION refuse('conditions are never emptied');

CREATE TRIGGER coverage_no_truncate BEFORE TRUNCATE ON coverage FOR EACH STATEMENT EXECUTE FUNCTION refuse('coverage are never emptied');

CREATE TRIGGER filings_no_truncate BEFORE TRUNCATE ON filings FOR EACH STATEMENT EXECUTE FUNCTION refuse('filings are never emptied');

CREATE TRIGGER name_grams_no_truncate BEFORE TRUNCATE ON name_grams FOR EACH STATEMENT EXECUTE FUNCTION refuse('name_grams are never emptied');

CREATE TRIGGER name_initials_no_truncate BEFORE TRUNCATE ON name_initials FOR EACH STATEMENT EXECUTE FUNCTION refuse('name_initials are never emptied');

CREATE TRIGGER prior_benefits_no_truncate BEFORE TRUNCATE ON prior_benefits FOR EACH STATEMENT EXECUTE FUNCTION refuse('prior_benefits are never emptied');

CREATE TRIGGER settlements_no_truncate BEFORE TRUNCATE ON settlements FOR EACH STATEMENT EXECUTE FUNCTION refuse('settlements are never emptied');

CREATE TRIGGER stays_no_truncate BEFORE TRUNCATE ON stays FOR EACH STATEMENT EXECUTE FUNCTION refuse('stays are never emptied');

CREATE TRIGGER archives_no_truncate BEFORE TRUNCATE ON archives FOR EACH STATEMENT EXECUTE FUNCTION refuse('archives are never emptied');

CREATE TRIGGER bills_no_truncate BEFORE TRUNCATE ON bills FOR EACH STATEMENT EXECUTE FUNCTION refuse('bills are never emptied');

CREATE TRIGGER claims_no_truncate BEFORE TRUNCATE ON claims FOR EACH STATEMENT EXECUTE FUNCTION refuse('claims are never emptied');

CREATE TRIGGER corrections_no_truncate BEFORE TRUNCATE ON corrections FOR EACH STATEMENT EXECUTE FUNCTION refuse('corrections are never emptied');

CREATE TRIGGER open_settlements_no_truncate BEFORE TRUNCATE ON open_settlements FOR EACH STATEMENT EXECUTE FUNCTION refuse('open_settlements are never emptied');

CREATE TRIGGER payee_accounts_no_truncate BEFORE TRUNCATE ON payee_accounts FOR EACH STATEMENT EXECUTE FUNCTION refuse('payee_accounts are never emptied');

CREATE TRIGGER payments_no_truncate BEFORE TRUNCATE ON payments FOR EACH STATEMENT EXECUTE FUNCTION refuse('payments are never emptied');

CREATE TRIGGER prints_no_truncate BEFORE TRUNCATE ON prints FOR EACH STATEMENT EXECUTE FUNCTION refuse('prints are never emptied');

CREATE TRIGGER receipts_no_truncate BEFORE TRUNCATE ON receipts FOR EACH STATEMENT EXECUTE FUNCTION refuse('receipts are never emptied');

CREATE TRIGGER recoveries_no_truncate BEFORE TRUNCATE ON recoveries FOR EACH STATEMENT EXECUTE FUNCTION refuse('recoveries are never emptied');

CREATE TRIGGER reversals_no_truncate BEFORE TRUNCATE ON reversals FOR EACH STATEMENT EXECUTE FUNCTION refuse('reversals are never emptied');

CREATE TRIGGER reviews_no_truncate BEFORE TRUNCATE ON reviews FOR EACH STATEMENT EXECUTE FUNCTION refuse('reviews are never emptied');

CREATE TRIGGER year_totals_no_truncate BEFORE TRUNCATE ON year_totals FOR EACH STATEMENT EXECUTE FUNCTION refuse('year_totals are never emptied');

CREATE TRIGGER payment_results_no_truncate BEFORE TRUNCATE ON payment_results FOR EACH STATEMENT EXECUTE FUNCTION refuse('payment_results are never emptied');

CREATE TRIGGER pool_entries_no_truncate BEFORE TRUNCATE ON pool_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse('pool_entries are never emptied');
