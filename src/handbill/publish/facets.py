"""Facets: an Atom feed for each category, kind, publisher and language, at an address that stays."""

import hashlib
import re
import unicodedata
from functools import lru_cache

from handbill.model import Entry, Site

_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])$|(^|-)[0-9a-f]{8}$")
"""Names that Windows keeps for devices, and such as end like one of our hashes."""

_LONGEST = 120  # bytes: with what is added it stays below the 255 that file systems allow


def paths_of(entry: Entry, site: Site) -> tuple[tuple[str, str], ...]:
    """The path below feeds/ and the title of each facet feed that *entry* belongs to."""
    return _paths(entry.categories, entry.kind, entry.publisher, entry.lang or site.lang)


@lru_cache(maxsize=4096)  # many entries are alike in this
def _paths(
    categories: tuple[str, ...], kind: str | None, publisher: str | None, language: str
) -> tuple[tuple[str, str], ...]:
    found = [(f"category/{slug(category)}.xml", category) for category in categories]
    if kind:
        found.append((f"kind/{slug(kind)}.xml", kind))
    if publisher:
        found.append((f"publisher/{slug(publisher)}.xml", publisher))
    return (*found, (f"lang/{language.lower()}.xml", language))  # a language code is a safe name as it is


@lru_cache(maxsize=4096)
def slug(name: str) -> str:
    """A file name for *name*: readable in any script, the same for names that differ in case or spacing alone.

    Letters and digits of every script stay; where anything else was lost, a short hash keeps names apart, so that
    ``C`` and ``C++`` do not meet and ``..`` leads nowhere.
    """
    folded = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    plain = "-".join("".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in folded).split())
    cut = plain.encode()[:_LONGEST].decode(errors="ignore").rstrip("-")
    if cut and cut.replace("-", " ") == folded and not _RESERVED.search(cut):
        return cut
    mark = hashlib.blake2s(folded.encode(errors="surrogatepass"), digest_size=4).hexdigest()
    return f"{cut}-{mark}" if cut else mark


def facet_of(path: str) -> str:
    """What the feed at *path* is one of: ``category``, ``kind``, ``publisher`` or ``lang``."""
    return path.partition("/")[0]
