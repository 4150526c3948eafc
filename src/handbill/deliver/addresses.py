"""Mail addresses: shown as they were given, compared as people mean them."""

import unicodedata
from typing import NamedTuple


class Address(NamedTuple):
    """A valid address: *shown* as it was given, *match* as it is compared."""

    shown: str
    match: str


def parse(text: str) -> Address:
    """The address in *text*; two that differ in case, or in how their domain is spelt (IDNA), compare equal.

    Raises ValueError, which says what is wrong without repeating the address.
    """
    from email_validator import EmailNotValidError, validate_email

    shown = unicodedata.normalize("NFC", text.strip())
    try:
        valid = validate_email(shown, check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    return Address(shown, f"{valid.local_part.casefold()}@{valid.ascii_domain}")


def envelope(address: str) -> str:
    """*address* as SMTP wants it: its domain in IDNA; what is then not ASCII needs SMTPUTF8 (RFC 6531)."""
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    import idna

    return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
