"""Files that are in another format from end to end: one finding, not a hundred."""

import json
import re

from handbill.read.slips.draft import KNOWN

_PAIR = re.compile(r"^[ \t]*[\w.\"'-]+[ \t]*=", re.MULTILINE)
_HEADING = re.compile(r"^[ \t]*\[\[?[ \t]*\w[\w. \t-]*\]\]?", re.MULTILINE)
_COLON = re.compile(r"^[ \t]*(?:-[ \t]+)?[\w-]+:(?=\s)", re.MULTILINE)
_MARKUP = re.compile(r"\s*<(?:\?xml|!DOCTYPE|html|rss|feed|rdf|opml|[a-z]+[\s>])", re.IGNORECASE)
_START = 200_000


def format_of(text: str) -> tuple[str, str] | None:
    """The format that all of *text* is in, and a word for what it looks like; None if it is meant as TOML."""
    start = text[:_START]
    if _looks_like_json(text):
        return "JSON", "curly brackets and colons"
    if _MARKUP.match(start):
        return (
            ("HTML", "tags")
            if re.match(r"\s*<(?:!DOCTYPE html|html|head|body|p|div)", start, re.I)
            else ("XML", "tags")
        )
    pairs, headings = len(_PAIR.findall(start)), len(_HEADING.findall(start))
    colons = len(_COLON.findall(start))
    if not headings and colons >= 3 and pairs * 4 < colons and _has_known_names(start):
        return "YAML", "names with colons"
    if not pairs and not headings:
        return _rows_or_prose(start)
    return None


def _looks_like_json(text: str) -> bool:
    if re.match(r"""\s*(?:\{\s*["'\w}]|\[\s*\{)""", text[:_START]):
        return bool(re.search(r"""^\s*(?:[\[{]\s*)*["'][\w-]+["']\s*:""", text[:_START], re.MULTILINE)) or _is_json(
            text
        )
    return text.lstrip()[:1] == "[" and text.rstrip()[-1:] == "]" and _is_json(text)


def _is_json(text: str) -> bool:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return False
    # A list of texts alone may be a heading.
    return isinstance(data, dict) or (isinstance(data, list) and any(isinstance(each, dict) for each in data))


def _has_known_names(start: str) -> bool:
    names = {match[0].strip(" \t-:").casefold() for match in _COLON.finditer(start)}
    return bool(names & (KNOWN | {"site", "entry", "entries", "digest"})) or start.lstrip().startswith("---")


def _rows_or_prose(start: str) -> tuple[str, str] | None:
    lines = [line for line in start.splitlines()[:50] if line.strip() and not line.lstrip().startswith("#")]
    if len(lines) < 3 or any("=" in line or line.lstrip().startswith("[") for line in lines):
        return None
    for sign, name in (("\t", "tabs"), (";", "semicolons"), (",", "commas")):
        counts = [line.count(sign) for line in lines]
        if min(counts) >= 2 or (sign == "\t" and min(counts) >= 1):
            return "a table (CSV)", f"rows with {name}"
    return None
