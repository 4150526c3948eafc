"""Which column of a list holds what: by headings as other programs write them, or by what stands below."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Columns(NamedTuple):
    """*places* of the columns by what they hold (a name may stand in two); how many lines of headings to *skip*."""

    places: Mapping[str, Sequence[int]]
    skip: int


_ADDRESS = ("address", "email", "e-mail", "mail", "email address", "e-mail address", "mail address", "email_address",
            "e-mail 1 - value", "correo", "correo electrónico", "dirección de correo", "adresse", "e-mail-adresse",
            "adresse e-mail", "courriel", "indirizzo email", "endereço de e-mail", "e-mailadres", "e-postadress",
            "adres e-mail", "sähköposti", "メールアドレス", "电子邮件", "электронная почта")  # fmt: skip
_HEADINGS = {
    "address": _ADDRESS,
    "name": ("name", "full name", "display name", "display_name", "nombre", "nom", "naam", "nome", "namn", "имя"),
    "first": ("first name", "first_name", "firstname", "given name", "vorname", "prénom", "nombre de pila"),
    "last": ("last name", "last_name", "lastname", "family name", "surname", "nachname", "nom de famille", "apellidos"),
    "state": ("state", "status", "subscribed"),
    "consent": ("consent", "how", "consentimiento", "source"),
    "since": ("since", "date", "joined", "created_at", "subscribed at", "optin_time", "date joined"),
    "left": ("unsub_time", "unsubscribed at", "unsubscribed_at", "optout_date"),
    "bounced": ("clean_time", "bounced at"),
}
"""Best first. A date in the last two says that the person left, or bounces."""

_LIKE_A_DOMAIN = re.compile(r"\w\.\w")


def columns_of(rows: Sequence[Sequence[str]]) -> Columns:
    """The columns of a list that begins with *rows*.

    Headings that nobody here knows count as such when nothing in them looks like an address. Without any, the column
    with addresses is found by its signs, and the one beside it has names.
    """
    if not rows:
        return Columns({"address": [0]}, 0)
    names = [cell.strip("\ufeff\u200b ").casefold() for cell in rows[0]]
    known = {
        what: names.index(heading)
        for what, headings in _HEADINGS.items()
        for heading in reversed(headings)
        if heading in names
    }
    if "address" in known:
        given = [known[part] for part in ("first", "last") if part in known]
        places = {what: [at] for what, at in known.items() if what not in ("first", "last")}
        if "name" not in places and given:
            places["name"] = given
        return Columns(places, 1)
    skip = int(len(rows) > 1 and not any("@" in name or _LIKE_A_DOMAIN.search(name) for name in names))
    signs = [sum("@" in row[at] for row in rows[skip:] if at < len(row)) for at in range(max(map(len, rows)))]
    address = signs.index(max(signs))
    beside = 1 if address == 0 else address - 1
    return Columns({"address": [address], "name": [beside]}, skip)
