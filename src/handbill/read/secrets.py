"""Passwords, keys and tokens by their looks: they must not stand in a file that is shared and published."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_FORMS = (
    ("-----BEGIN ", r"(?:[A-Z]{1,20} ){0,4}PRIVATE KEY-----"),
    ("AKIA", r"[0-9A-Z]{16}\b"),
    ("AIzaSy", r"[0-9A-Za-z_-]{33}"),
    ("ghp_", r"[0-9A-Za-z]{36}"),
    ("github_pat_", r"[0-9A-Za-z_]{50,250}"),
    ("glpat-", r"[0-9A-Za-z_-]{20}"),
    ("sk_live_", r"[0-9A-Za-z]{20,250}"),
    ("sk-proj-", r"[0-9A-Za-z_-]{40,250}"),
    ("sk-ant-", r"[0-9A-Za-z_-]{40,250}"),
    ("xoxb-", r"[0-9A-Za-z-]{20,250}"),
    ("SG.", r"[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}"),
    ("eyJhbGciOi", r"[0-9A-Za-z_-]{8,200}\.eyJ[0-9A-Za-z_-]{15,400}\.[0-9A-Za-z_-]{20,400}"),
    ("hooks.slack.com/services/", r"T[0-9A-Z]{5,20}/B[0-9A-Z]{5,20}/[0-9A-Za-z]{20,40}"),
    ("api_key=", r"[0-9A-Za-z_.~-]{12,250}"),
    ("apikey=", r"[0-9A-Za-z_.~-]{12,250}"),
    ("access_token=", r"[0-9A-Za-z_.~-]{12,250}"),
    ("auth_token=", r"[0-9A-Za-z_.~-]{12,250}"),
    ("client_secret=", r"[0-9A-Za-z_.~-]{12,250}"),
)
"""How the secrets of widespread services begin, and how they go on."""

_MOST = 20


class Secret(NamedTuple):
    """Where a secret stands, and how it begins."""

    start: int
    end: int
    begins: str


def secrets(text: str) -> list[Secret]:
    """The first secrets in *text*, also those in remarks."""
    return sorted(_search(text))[:_MOST]


def _search(text: str) -> Iterator[Secret]:
    for begins, goes_on in _FORMS:
        if begins in text:  # much quicker than any pattern
            for match in re.finditer(re.escape(begins) + goes_on, text):
                if not text[match.start() - 1 : match.start()].isalnum():
                    yield Secret(match.start(), match.end(), begins)
