"""Words that end up in logs, in cron's mail or in reports, without the mail addresses in them."""

import re

_ADDRESS = re.compile(r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;]+")


def masked(words: str) -> str:
    """A server's *words*, or any others, with ``…`` in place of each mail address."""
    return _ADDRESS.sub("…", words)
