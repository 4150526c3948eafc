"""Mail addresses."""

from typing import Any

from handbill.read.checking import Checking
from handbill.read.values.kinds import not_text


def mail(value: Any, checking: Checking) -> str | None:
    """A mail address alone."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(value, check_deliverability=False, allow_display_name=True)
    except EmailNotValidError as problem:
        checking.say("E420", f"`{checking.name}` is no mail address: {problem}")
        return None
    return value


def sender(value: Any, checking: Checking) -> str | None:
    """A mail address, with or without a name before it."""
    return mail(value, checking)


def leave_mailto(value: Any, checking: Checking) -> str | None:
    """A mail address, or a mailto: address with a subject."""
    return mail(value, checking)
