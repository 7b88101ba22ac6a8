"""Who may do what: one table, role × action, asked by the ledger before every act and every look."""

from __future__ import annotations

from clerk_app.codes import Action, Role
from clerk_app.errors import ClerkError

_LOOKS = frozenset({Action.SEE, Action.SEE_AUDIT})

#: What each role may do. What is not here is refused.
RIGHTS: dict[Role, frozenset[Action]] = {
    Role.ADMINISTRATOR: frozenset(
        {
            *_LOOKS,
            Action.MANAGE_USERS,
            Action.CHANGE_OFFICE,
            Action.PROPOSE_POLICY,
            Action.IMPORT_CATALOGUE,
            Action.INSTALL_POLICY,
            Action.CONFIRM_CLOCK,
            Action.BACK_UP,
            Action.RESTORE,
            Action.MIGRATE,
            Action.CHANGE_PASSPHRASE,
        }
    ),
    Role.CLERK: frozenset(
        {
            Action.SEE,
            Action.SHOW_NUMBERS,
            Action.SAVE_PERSON,
            Action.ENTER,
            Action.SETTLE,
            Action.REVERSE,
            Action.CORRECT,
            Action.PRINT,
            Action.EXPORT,
            Action.CHANGE_PAYEE,
            Action.PROPOSE_POLICY,
            Action.IMPORT_CATALOGUE,
            Action.BACK_UP,
        }
    ),
    Role.REVIEWER: frozenset(
        {
            *_LOOKS,
            Action.SHOW_NUMBERS,
            Action.SAVE_PERSON,
            Action.SETTLE,
            Action.REVIEW,
            Action.REVERSE,
            Action.CORRECT,
            Action.PRINT,
            Action.EXPORT,
            Action.CLOSE_MONTH,
            Action.CONFIRM_CLOCK,
            Action.PROPOSE_POLICY,
            Action.IMPORT_CATALOGUE,
            Action.INSTALL_POLICY,
            Action.BACK_UP,
        }
    ),
    Role.FINANCE: frozenset(
        {
            Action.SEE,
            Action.SHOW_NUMBERS,
            Action.PRINT,
            Action.PAY,
            Action.RECOVER,
            Action.ARCHIVE,
            Action.EXPORT,
            Action.CLOSE_MONTH,
            Action.BACK_UP,
        }
    ),
    Role.AUDITOR: _LOOKS,
}

#: What asks for the password of who is signed in once more, each time.
ASK_PASSWORD = frozenset(
    {
        Action.REVIEW,
        Action.EXPORT,
        Action.PAY,
        Action.RECOVER,
        Action.INSTALL_POLICY,
        Action.RESTORE,
        Action.MIGRATE,
        Action.CHANGE_PASSPHRASE,
    }
)


def may(role: Role, action: Action) -> bool:
    """Whether a role may do something."""
    return action in RIGHTS[role]


def require(role: Role, action: Action) -> None:
    """Let a role do something, or refuse it.

    Raises:
        ClerkError: ``not_allowed``, with the roles that may.
    """
    if not may(role, action):
        able = tuple(each.term for each in Role if may(each, action))
        raise ClerkError("not_allowed", role=role.term, action=action.term, able=able)
