"""Sign in from a terminal: what is asked for is typed unseen; without a terminal it is read line by line."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from clerk_app.counter.offices import ledger_path
from clerk_app.counter.opening import keys_of
from clerk_app.counter.server_address import server_in_use
from clerk_app.counter.server_opening import server_keys
from clerk_app.ledger.ledger import Ledger, open_ledger
from clerk_app.paths import user_data
from clerk_app.settings import load_settings
from clerk_app.wording import _


@contextlib.contextmanager
def signed_in_ledger() -> Iterator[Ledger | None]:
    """The ledger of the office in use, with whoever types login and password; None before it is founded.

    Raises:
        ClerkError: ``sign_in_refused``, ``sign_in_locked``, ``passphrase_wrong``, or as ``open_ledger``.
    """
    settings, folder = load_settings(), user_data()
    server = server_in_use(settings)
    if server is not None:
        whole, keys = server_keys(server, folder, typed(_("机构口令：")))
        with open_ledger(whole.whole, settings.office_code, keys=keys) as ledger:
            login = typed(_("用户名："), is_secret=False)
            ledger.sign_in(login, typed(_("密码：")))
            yield ledger
        return
    path = ledger_path(settings.office, folder)
    if not path.exists():
        yield None
        return
    with open_ledger(path, keys=keys_of(settings.office, path, lambda: typed(_("机构口令：")))) as ledger:
        login = typed(_("用户名："), is_secret=False)
        ledger.sign_in(login, typed(_("密码：")))
        yield ledger


def password_again() -> str:
    """The password of who is signed in, once more, for an act that asks for it."""
    return typed(_("再输入一次密码："))


def typed(prompt: str, *, is_secret: bool = True) -> str:
    """What is typed, unseen unless it is no secret; without a terminal the next line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    if is_secret:
        from getpass import getpass

        return getpass(prompt)
    print(prompt, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().rstrip("\n")
