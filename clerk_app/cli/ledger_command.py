"""What is done with a ledger as a whole: ``verify``, ``backup``, ``restore``, ``migrate-to`` and ``passphrase``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from clerk_app.cli.exit_codes import DONE, FAILED
from clerk_app.cli.signing_in import password_again, typed
from clerk_app.counter.offices import ledger_path, office_in_use
from clerk_app.counter.safekeeping import backup_folder, code_of_office
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.ledger import anchors, backups, files, restoring, verification
from clerk_app.ledger.anchors import Anchor
from clerk_app.ledger.cipher import salt_of
from clerk_app.ledger.keys import PRACTICE, Keys, office_keys
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.soundness import Depth, Verification
from clerk_app.paths import user_data
from clerk_app.settings import load_settings
from clerk_app.wording import _, filled, sentence


def verify(file: Path | None, heads: Sequence[str], passphrase_file: Path | None, *, is_quick: bool) -> int:
    """Check a ledger or a backup without changing it; a line for each thing that is not as it was written.

    Args:
        file: The office's own ledger when None.
        heads: As typed from vouchers.
        passphrase_file: Of an encrypted file; asked for when None.
    """
    path = file or _ledger()
    carried = [anchors.typed(head) for head in heads]
    named = backups.of_name(path)
    carried += [named.head] if named else _kept_beside(path)
    keys = files.with_trail_key(path, keys_of(path, passphrase_file))
    with files.looking_at(path, keys) as connection:
        depth = Depth.BOOKS if is_quick else Depth.FULL
        result = verification.verify(connection, keys, depth, carried)
    for line in _lines(path, result, len(carried)):
        print(line)
    return DONE if result.is_sound else FAILED


def back_up(folder: Path | None, passphrase_file: Path | None) -> int:
    """Write a checked backup of the office's ledger."""
    path, settings = _ledger(), load_settings()
    if not path.exists():
        raise ClerkError("ledger_missing", file=str(path))
    with open_ledger(path, code_of_office(settings), keys=keys_of(path, passphrase_file)) as ledger:
        written = ledger.back_up(folder or backup_folder(settings, path.parent), by_program=True)
        ledger.keep_anchor(path.parent)
    details = {"file": written.backup.path, "count": written.verification.counted["settlements"]}
    print(filled(_("已备份并核对：{file}（单据 {count} 张）"), details))
    print(filled(_("文件指纹（SHA-256）：{digest}"), {"digest": written.digest}))
    return DONE


def restore(backup: Path, passphrase_file: Path | None) -> int:
    """Put a backup in the place of the office's ledger; an administrator of the ledger, or else of the backup.

    Args:
        passphrase_file: The one that held when the backup was made; the ledger has it from then on.
    """
    path, office_code = _ledger(), code_of_office(load_settings())
    keys = keys_of(backup, passphrase_file)
    login = typed(_("用户名："), is_secret=False)
    password = typed(_("密码："))
    if _opens(path, keys):
        with open_ledger(path, office_code, keys=keys) as ledger:
            ledger.sign_in(login, password)
            ledger.confirm_password(password)
            restored = ledger.restore(backup)
    else:
        keys = files.with_trail_key(backup, keys)
        user = restoring.who_may(backup, keys, login, password)
        now = datetime.now().astimezone().replace(microsecond=0, tzinfo=None)
        restored = restoring.restore(backup, path, keys, user, office_code, now, Progress())
    heads = {"before": restored.before.printed, "after": restored.after.printed}
    print(filled(_("已恢复：账本由 {before} 回到 {after}。其后办理的单据须重新办理。"), heads))
    if restored.aside is not None:
        print(filled(_("原来的账本保留为 {file}"), {"file": restored.aside}))
    return DONE


def migrate_to(address: str, passphrase_file: Path | None) -> int:
    """Move the office to an empty database on a server; an administrator, with the password once more.

    Args:
        address: Of the user who owns the tables. A password is better left to libpq's file than typed into it.
    """
    path = _ledger()
    if not path.exists():
        raise ClerkError("ledger_missing", file=str(path))
    with open_ledger(path, code_of_office(load_settings()), keys=keys_of(path, passphrase_file)) as ledger:
        login = typed(_("用户名："), is_secret=False)
        ledger.sign_in(login, typed(_("密码：")))
        ledger.confirm_password(password_again())
        moved = ledger.move_to(address)
        ledger.keep_anchor(path.parent)
    heads = {"to": moved.place, "left": moved.left.printed, "head": moved.head.printed}
    print(filled(_("已迁到 {to}，逐行核对无误。原来的账本到 {left} 为止，服务器上由 {head} 继续。"), heads))
    print(_("原来的账本文件没有改动，只记下了迁往何处，不再办理业务。请在每台电脑的设置中选择服务器。"))
    return DONE


def change_passphrase() -> int:
    """Encrypt the office's ledger anew; an administrator, with the passphrase of before and twice the new one."""
    path, office_code = _ledger(), code_of_office(load_settings())
    before = typed(_("机构口令："))
    login = typed(_("用户名："), is_secret=False)
    password = typed(_("密码："))
    after = typed(_("新的机构口令："))
    if typed(_("再输入一次新的机构口令：")) != after:
        raise ClerkError("passphrases_differ")
    salt = salt_of(path)
    if salt is None:
        raise ClerkError("ledger_missing", file=str(path))
    with open_ledger(path, office_code, keys=office_keys(before, salt)) as ledger:
        ledger.sign_in(login, password)
        ledger.confirm_password(password)
        ledger.change_passphrase(before, after)
    print(_("机构口令已更换。以前的备份仍按当时的口令打开，请妥善保管旧口令，或现在做一次新的备份。"))
    return DONE


def _kept_beside(path: Path) -> list[Anchor]:
    """What the folder of a ledger has of its heads; a damaged file is said, and the check goes on."""
    try:
        return list(anchors.read(path.parent))
    except ClerkError as error:
        print(sentence(error), file=sys.stderr)
        return []


def _lines(path: Path, result: Verification, heads: int) -> Iterator[str]:
    counts = {"file": path, **result.counted, "heads": heads, "sealed": result.counted.get("sealed", 0)}
    yield filled(_("已核对 {file}"), counts)
    read = _("操作记录 {audit} 行，单据 {settlements} 张，票据 {receipts} 张，留存的校验码 {heads} 个")
    yield "  " + filled(read, counts)
    if result.depth is Depth.FULL:
        yield "  " + filled(_("逐行核对 {sealed} 行"), counts)
    yield "  " + filled(_("最后的校验码 {head}"), {"head": result.head.printed})
    for finding in result.findings:
        yield finding.sentence
    yield _("没有发现问题") if result.is_sound else filled(_("发现 {count} 个问题"), {"count": len(result.findings)})


def _opens(path: Path, keys: Keys) -> bool:
    try:
        with files.looking_at(path, keys):
            return True
    except ClerkError:
        return False


def keys_of(path: Path, passphrase_file: Path | None) -> Keys:
    """The keys of a file: a practice office's is plain, any other asks for its passphrase."""
    try:
        salt = salt_of(path)
    except ClerkError as error:
        if error.code != "ledger_not_encrypted":
            raise
        return PRACTICE
    if salt is None:
        raise ClerkError("ledger_missing", file=str(path))
    return office_keys(_passphrase(passphrase_file), salt)


def _passphrase(file: Path | None) -> str:
    """The first line of a file, or what is typed unseen."""
    if file is None:
        return typed(_("机构口令："))
    try:
        return file.read_text(encoding="utf-8").split("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise ClerkError("file_unreadable", reason=str(error)) from error


def _ledger() -> Path:
    """Of the office in use, or where a real office's would be: a ledger that is gone is restored there."""
    settings, folder = load_settings(), user_data()
    try:
        office = office_in_use(settings, folder)
    except ClerkError:
        office = settings.office
    return ledger_path(office or settings.office, folder)
