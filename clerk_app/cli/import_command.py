"""``clerk-app import claims`` and ``import benefits``: the rows of a workbook, each recorded or refused by itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from clerk_app.cli.exit_codes import DONE, FAILED
from clerk_app.cli.ledger_command import keys_of
from clerk_app.cli.signing_in import typed
from clerk_app.counter.importing import Import
from clerk_app.counter.offices import ledger_path
from clerk_app.counter.opening import open_desk
from clerk_app.documents.import_sheets import BENEFITS, CLAIMS, write_template
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.paths import user_data
from clerk_app.settings import load_settings
from clerk_app.wording import _, filled

_FORMS = {"claims": CLAIMS, "benefits": BENEFITS}


def new_template(what: str, target: Path) -> int:
    """Write an empty form.

    Raises:
        ClerkError: ``file_not_written``.
    """
    write_template(_FORMS[what], target, datetime.now().astimezone().replace(tzinfo=None, microsecond=0))
    print(filled(_("已写出模板：{file}"), {"file": target}))
    return DONE


def import_rows(what: str, source: Path, returned: Path, passphrase_file: Path | None) -> int:
    """Record the rows of a file in the ledger of the office in use, by whoever signs in.

    Raises:
        ClerkError: As ``Import.run``, and what signing in and opening raise.
    """
    settings, folder = load_settings(), user_data()
    path = ledger_path(settings.office, folder)
    if not path.exists():
        raise ClerkError("ledger_missing", file=str(path))
    if source.resolve() == returned.resolve():
        raise ClerkError("file_there", file=str(returned))
    desk = open_desk(settings, folder, keys=keys_of(path, passphrase_file))
    try:
        desk.ledger.sign_in(typed(_("用户名："), is_secret=False), typed(_("密码：")))
        outcomes = Import(desk, _FORMS[what]).run(source, returned, Progress())
    finally:
        desk.close()
    for outcome in outcomes:
        if not outcome.is_accepted:
            words = {"row": outcome.row.number, "reason": outcome.words}
            print(filled(_("第 {row} 行 拒绝：{reason}"), words))
    accepted = sum(outcome.is_accepted for outcome in outcomes)
    new = sum(outcome.is_new for outcome in outcomes)
    counts = {"rows": len(outcomes), "accepted": accepted, "new": new, "refused": len(outcomes) - accepted}
    print(filled(_("共 {rows} 行：接受 {accepted} 行（其中新增 {new} 行），拒绝 {refused} 行"), counts))
    print(filled(_("逐行结果：{file}"), {"file": returned}))
    return DONE if accepted == len(outcomes) else FAILED
