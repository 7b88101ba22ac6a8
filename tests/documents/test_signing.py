from __future__ import annotations

from pathlib import Path

import pytest

from clerk_app.codes import Action
from clerk_app.documents import signing
from clerk_app.documents.signing import Signer
from clerk_app.ledger.keys import PRACTICE, office_keys, signing_seed
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.passphrase import change_passphrase
from tests.ledger.office import AUDITOR, CHEAP, PASSPHRASE, QUICK, SECRET, Clock, staffed

SIGNER = Signer(bytes(range(32)))
PAYLOAD = b"what an office says about its money"


def test_what_the_office_signed_is_known_by_its_public_key_alone() -> None:
    assert signing.is_signed(SIGNER.public_key, PAYLOAD, SIGNER.sign(PAYLOAD))


@pytest.mark.parametrize("part", ["key", "payload", "signature"])
def test_a_signature_fits_no_other_bit(part: str) -> None:
    parts = {"key": SIGNER.public_key, "payload": PAYLOAD, "signature": SIGNER.sign(PAYLOAD)}
    for place in range(8 * len(parts[part])):
        changed = bytearray(parts[part])
        changed[place // 8] ^= 1 << place % 8
        given = parts | {part: bytes(changed)}
        assert not signing.is_signed(given["key"], given["payload"], given["signature"]), place


@pytest.mark.parametrize("wrong", [b"", b"\0" * 31, b"\0" * 65])
def test_a_key_or_signature_of_another_length_fits_nothing(wrong: bytes) -> None:
    assert not signing.is_signed(wrong, PAYLOAD, SIGNER.sign(PAYLOAD))
    assert not signing.is_signed(SIGNER.public_key, PAYLOAD, wrong)


def test_the_key_of_an_office_stays_what_it_is_from_one_version_to_the_next() -> None:
    assert Signer(signing_seed(PRACTICE.audit)).public_key == signing.practice_signer().public_key
    assert signing.key_code(signing.practice_signer().public_key) == "9852-EAAA-A7A2-8528"
    assert Signer(signing_seed(SECRET.audit)).public_key != signing.practice_signer().public_key


def test_a_ledger_tells_its_public_key_in_its_first_row_and_keeps_it_when_the_passphrase_changes(
    tmp_path: Path,
) -> None:
    path, after = tmp_path / "ledger.db", "夏天 椅子 红色 轮船"
    with open_ledger(path, "360100", Clock(), keys=SECRET, hardness=QUICK) as ledger:
        before = Signer(ledger.signing_seed).public_key
        staffed(ledger, AUDITOR, is_practice=False)
        founded = [entry for entry in ledger.audit_trail() if entry.action is Action.FOUND]
        assert [entry.facts["signing_key"] for entry in founded] == [before.hex()]
    change_passphrase(path, PASSPHRASE, after, cost=CHEAP)

    with open_ledger(path, "360100", Clock(), keys=office_keys(after, SECRET.salt or b"", CHEAP)) as ledger:
        assert Signer(ledger.signing_seed).public_key == before
