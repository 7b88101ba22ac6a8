CREATE TABLE counters (
	office_code TEXT COLLATE "C" NOT NULL, 
	series TEXT COLLATE "C" NOT NULL, 
	year INTEGER NOT NULL, 
	last_number INTEGER NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (office_code, series, year), 
	CONSTRAINT ck_counters_last_number CHECK (last_number > 0)
);

CREATE TABLE persons (
	person_id BIGSERIAL NOT NULL, 
	name TEXT COLLATE "C" NOT NULL, 
	id_number TEXT COLLATE "C" NOT NULL, 
	id_key TEXT COLLATE "C" NOT NULL, 
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
	CONSTRAINT fk_settlements_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (person_id)
);

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

CREATE TABLE bills (
	bill_key TEXT COLLATE "C" NOT NULL, 
	settlement_id BIGINT NOT NULL, 
	CONSTRAINT pk_bills PRIMARY KEY (bill_key), 
	CONSTRAINT fk_bills_settlement_id_settlements FOREIGN KEY(settlement_id) REFERENCES settlements (settlement_id)
);

CREATE INDEX ix_bills_settlement_id ON bills (settlement_id);

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

CREATE INDEX ix_receipts_bill_key ON receipts (bill_key);

CREATE INDEX ix_receipts_number_key ON receipts (number_key);

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

CREATE TRIGGER counters_no_truncate BEFORE TRUNCATE ON counters FOR EACH STATEMENT EXECUTE FUNCTION refuse('counters are never emptied');

CREATE TRIGGER persons_no_truncate BEFORE TRUNCATE ON persons FOR EACH STATEMENT EXECUTE FUNCTION refuse('persons are never emptied');

CREATE TRIGGER accumulators_no_truncate BEFORE TRUNCATE ON accumulators FOR EACH STATEMENT EXECUTE FUNCTION refuse('accumulators are never emptied');

CREATE TRIGGER conditions_no_truncate BEFORE TRUNCATE ON conditions FOR EACH STATEMENT EXECUTE FUNCTION refuse('conditions are never emptied');

CREATE TRIGGER coverage_no_truncate BEFORE TRUNCATE ON coverage FOR EACH STATEMENT EXECUTE FUNCTION refuse('coverage are never emptied');

CREATE TRIGGER filings_no_truncate BEFORE TRUNCATE ON filings FOR EACH STATEMENT EXECUTE FUNCTION refuse('filings are never emptied');

CREATE TRIGGER name_grams_no_truncate BEFORE TRUNCATE ON name_grams FOR EACH STATEMENT EXECUTE FUNCTION refuse('name_grams are never emptied');

CREATE TRIGGER prior_benefits_no_truncate BEFORE TRUNCATE ON prior_benefits FOR EACH STATEMENT EXECUTE FUNCTION refuse('prior_benefits are never emptied');

CREATE TRIGGER settlements_no_truncate BEFORE TRUNCATE ON settlements FOR EACH STATEMENT EXECUTE FUNCTION refuse('settlements are never emptied');

CREATE TRIGGER stays_no_truncate BEFORE TRUNCATE ON stays FOR EACH STATEMENT EXECUTE FUNCTION refuse('stays are never emptied');

CREATE TRIGGER bills_no_truncate BEFORE TRUNCATE ON bills FOR EACH STATEMENT EXECUTE FUNCTION refuse('bills are never emptied');

CREATE TRIGGER corrections_no_truncate BEFORE TRUNCATE ON corrections FOR EACH STATEMENT EXECUTE FUNCTION refuse('corrections are never emptied');

CREATE TRIGGER prints_no_truncate BEFORE TRUNCATE ON prints FOR EACH STATEMENT EXECUTE FUNCTION refuse('prints are never emptied');

CREATE TRIGGER receipts_no_truncate BEFORE TRUNCATE ON receipts FOR EACH STATEMENT EXECUTE FUNCTION refuse('receipts are never emptied');

CREATE TRIGGER reversals_no_truncate BEFORE TRUNCATE ON reversals FOR EACH STATEMENT EXECUTE FUNCTION refuse('reversals are never emptied');

CREATE TRIGGER year_totals_no_truncate BEFORE TRUNCATE ON year_totals FOR EACH STATEMENT EXECUTE FUNCTION refuse('year_totals are never emptied');

CREATE TRIGGER pool_entries_no_truncate BEFORE TRUNCATE ON pool_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse('pool_entries are never emptied');
