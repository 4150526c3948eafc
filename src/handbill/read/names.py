"""What an unknown name was meant to be: a slip, a look-alike letter, another tool's word, or another table's field."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from handbill.model import TABLES as DECLARED
from handbill.model import Digest, Enclosure, Entry, Link, Site, fields_of
from handbill.read.vocabulary import FIELDS, NO_FIELD, TABLES

HEADINGS: Mapping[type, str] = {
    Site: "[site]",
    Link: "[[site.link]]",
    Digest: "[digest]",
    Entry: "[[entry]]",
    Enclosure: "[[entry.enclosure]]",
}
"""The heading of each kind of table, as it is written."""

OF: Mapping[type, str] = {
    Entry: "an entry",
    Site: "[site]",
    Digest: "[digest]",
    Link: "a link",
    Enclosure: "an attachment",
}
"""How a message says what a field belongs to."""

_LOOKALIKES = str.maketrans("аеорсухіјѕԁһӏɡıοαιρνυκτ", "aeopcyxijsdhlgioaipvukt")
"""Cyrillic, Greek and other letters that look like small Latin ones."""

_SECRET = re.compile(
    r"(?:^|[-_])(?:pass(?:word|wd|phrase)?|passwort|kennwort|pwd|secret|credentials?|token|"
    r"(?:api|access|private|secret|auth|signing)[-_]?key)(?:$|[-_])|apikey|(?:smtp|mail|account|login)pass",
    re.IGNORECASE,
)


class Guess(NamedTuple):
    """What an unknown name seems to mean.

    *field* is the field of this table that was meant ("" if none); *table* another kind of table that has such a
    field; *certain* says whether the name can be replaced without asking; *why* is a reason to tell;
    *foreign* says that others call the field so.
    """

    field: str = ""
    table: type | None = None
    certain: bool = False
    why: str = ""
    foreign: bool = False


def plain(name: str) -> str:
    """*name* in small Latin letters without marks between: how names are compared."""
    folded = unicodedata.normalize("NFKC", name).casefold().translate(_LOOKALIKES)
    return re.sub(r"[^\w]|_", "", folded)


@cache
def _words(kind: type) -> Mapping[str, str]:
    return {plain(word): field for word, field in FIELDS[kind].items()}


def is_secret(name: str) -> bool:
    """Whether a field of that *name* would hold a password or the like."""
    own = name.startswith("x-")
    found = _SECRET.search(name[2:] if own else name)
    return bool(found) and not (own and found and found[0].strip("-_").lower() in ("token", "secret", "pass"))


def told_of_secret(name: str) -> tuple[str, str]:
    """What is wrong with a field of that *name*, and where its value belongs."""
    hint = "secrets are given in the environment (HANDBILL_...) or in a file that HANDBILL_..._FILE names"
    if any(word in name.lower() for word in ("pass", "pwd", "kennwort")):
        hint = "give it as HANDBILL_SMTP_PASSWORD in the environment, or name a file that holds it in"
        hint += " HANDBILL_SMTP_PASSWORD_FILE"
    return f"`{name}` is a secret, and this file is no place for one: it is shared", f"delete the line; {hint}"


@lru_cache(1000)
def guess(kind: type, name: str) -> Guess:
    """What *name* was meant to be in a table of the *kind*."""
    declared = fields_of(kind)
    bare = plain(name)
    same = {plain(each): each for each in declared}.get(bare)
    if same:
        strange = next((letter for letter in name if letter > "\x7f"), "")
        alphabet = unicodedata.name(strange, "foreign").split()[0].capitalize() if strange else ""
        why = f"its {strange} is a {alphabet} letter that looks like a Latin one" if strange else ""
        return Guess(same, certain=True, why=why)
    if other := _words(kind).get(bare):
        return Guess(other, certain=True, foreign=True)
    if bare in NO_FIELD:
        return Guess(why=NO_FIELD[bare])
    if table := _elsewhere(kind, bare):
        return Guess(table=table)
    close, distance = nearest(bare, {plain(each): each for each in declared})
    if close:
        return Guess(close, certain=distance == 1 and len(bare) > 3)
    close, _ = nearest(bare, {word: field for word, field in _words(kind).items() if len(word) > 4})
    return Guess(close, foreign=True)


def table_meant(name: str) -> type | None:
    """The kind of table that a heading with the *name* was meant for."""
    bare = plain(name)
    meant = TABLES.get(bare, bare)
    if meant not in DECLARED:
        meant, _ = nearest(bare, {table: table for table in ("site", "digest", "entry")})
    if meant not in DECLARED:
        meant, _ = nearest(bare, {word: table for word, table in TABLES.items() if len(word) > 5})
    return DECLARED.get(meant)


def _elsewhere(kind: type, bare: str) -> type | None:
    """The nearest table other than *kind* that has a field of that name."""
    order = {Enclosure: (Entry, Site, Digest), Link: (Site, Entry, Digest)}.get(kind, (Entry, Site, Digest, Enclosure))
    return next((each for each in order if each is not kind and bare in map(plain, fields_of(each))), None)


def nearest(word: str, candidates: Mapping[str, str]) -> tuple[str, int]:
    """What the candidate nearest to *word* stands for, and how many slips of the pen lie between; ("", 0) if none is
    near."""
    allowed = 1 if len(word) < 6 else 2 if len(word) < 10 else 3
    best = min(((slips(word, each, allowed), each) for each in candidates), default=(allowed + 1, ""))
    if best[0] > allowed or best[0] >= len(word):
        return "", 0
    return candidates[best[1]], best[0]


def slips(one: str, other: str, most: int) -> int:
    """How many letters are left out, put in, exchanged or swapped with their neighbour between *one* and *other*.

    Beyond *most* the number is not exact. (Optimal string alignment distance.)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    previous: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one):
        earlier, previous, row = previous, row, [i + 1]
        for j, right in enumerate(other):
            cost = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (left != right))
            if i and j and left == other[j - 1] and one[i - 1] == right:
                cost = min(cost, earlier[j - 1] + 1)
            row.append(cost)
    return row[-1]
