from __future__ import annotations

import time
import traceback

import pytest

from clerk_app.errors import ClerkError
from clerk_app.ledger.keys import (
    OFFICE_COST,
    PRACTICE,
    check_passphrase,
    new_salt,
    office_keys,
    opened_audit_key,
    sealed_audit_key,
)
from clerk_app.wording import sentence
from tests.ledger.office import CHEAP

SALT = bytes(range(16))


def test_a_passphrase_typed_on_another_keyboard_gives_the_same_keys() -> None:
    keys = office_keys("Horse 12 电池 staple", SALT, CHEAP)
    assert office_keys("  Ｈｏｒｓｅ　１２  电池 staple ", SALT, CHEAP) == keys
    assert office_keys("horse 12 电池 staple", SALT, CHEAP) != keys, "capital letters count"


def test_salt_and_passphrase_both_make_the_keys_and_no_two_of_them_are_alike() -> None:
    made = [office_keys(passphrase, salt, CHEAP) for passphrase in ("a" * 12, "b" * 12) for salt in (SALT, SALT[::-1])]
    keys = {key for each in made for key in (each.database, each.audit)}
    assert len(keys) == 8
    assert {len(key) for key in keys if key} == {32}


def test_the_keys_of_an_office_stay_what_they_are_from_one_version_to_the_next() -> None:
    keys = office_keys("correct horse battery", SALT)
    assert keys.database is not None
    assert keys.database.hex() == "4efc3ea665c683afcbb8647e6880ebbf4c6c04c180c4f7a874958094b626f5d7"
    assert keys.audit.hex() == "fc181c214d6d7b2e275ecdcb63400b21fd75f6082a2704280309b0534d247632"


def test_a_guess_takes_the_time_and_the_memory_that_were_meant() -> None:
    assert OFFICE_COST.memory_kib >= 65_536
    started_at = time.process_time()
    office_keys("correct horse battery", SALT)
    assert time.process_time() - started_at > 0.05


@pytest.mark.parametrize("passphrase", ["123456789012", "春天 桌子 蓝色 火车", "一二三四五六七八九十甲乙"])
def test_twelve_characters_or_four_words_are_enough(passphrase: str) -> None:
    check_passphrase(passphrase)


@pytest.mark.parametrize(
    "passphrase", ["", "12345678901", "春天 桌子 蓝色", "春天 春天 春天 春天", "a b c d", "1         2"]
)
def test_less_is_refused_with_what_would_do(passphrase: str) -> None:
    with pytest.raises(ClerkError, match="passphrase_too_short") as raised:
        check_passphrase(passphrase)
    assert "12" in sentence(raised.value)
    assert "4" in sentence(raised.value)


def test_keys_show_themselves_in_no_text() -> None:
    keys = office_keys("a" * 12, SALT, CHEAP)
    assert keys.database is not None
    try:
        raise ValueError(keys)
    except ValueError:
        shown = f"{keys!r} {keys} {[keys]} {traceback.format_exc()}"
    for key in (keys.database, keys.audit):
        assert key.hex() not in shown
        assert repr(key)[2:-1] not in shown


def test_the_audit_key_is_opened_by_the_passphrase_that_it_was_sealed_under_alone() -> None:
    keys, others = office_keys("a" * 12, SALT, CHEAP), office_keys("b" * 12, SALT, CHEAP)
    sealed = sealed_audit_key(PRACTICE.audit, keys)
    assert PRACTICE.audit not in sealed
    assert opened_audit_key(sealed, keys) == PRACTICE.audit
    assert opened_audit_key(sealed, others) is None
    assert opened_audit_key(sealed[:-1] + bytes([sealed[-1] ^ 1]), keys) is None


def test_no_two_ledgers_have_one_salt() -> None:
    assert len({new_salt() for _ledger in range(100)}) == 100
