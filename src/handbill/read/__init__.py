"""The edge where bytes become values: `entries.toml` and everything wrong with it."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import tomli

from handbill.findings import Edit, Finding, Place, in_order
from handbill.model import Publication
from handbill.read.checking import Checking, Path
from handbill.read.decode import decode
from handbill.read.places import Places
from handbill.read.placing import joined, of_secrets, placed
from handbill.read.secrets import secrets
from handbill.read.tables import document


@dataclass(frozen=True)
class Reading:
    """What was read: the decoded *text* ("" when it cannot be decoded), the *publication* (None when there is any
    error), and all *findings* in the order of their places."""

    text: str
    publication: Publication | None
    findings: tuple[Finding, ...]

    def place(self, entry: int, field: str | None = None) -> Place | None:
        """Where the *entry* of this number (from 0, in the order of the file) has its *field*, else its heading."""
        path: Path = ("entry", entry)
        found = self._places.exactly((*path, field), "value") if field else None
        found = found or self._places.exactly(path, "heading") or self._places.exactly(path, "value")
        return self._places.place(found) if found else None

    @cached_property
    def _places(self) -> Places:
        return Places(self.text)


def read(data: bytes, today: date | None = None) -> Reading:
    """Read the bytes of the file; whatever they are, this raises nothing. *today* bounds what is a likely year."""
    text, findings = decode(data)
    if text is None:
        return Reading("", None, tuple(findings))
    # Of bytes that are not understood without doubt nothing can be repaired: the rest would not stay as it is.
    certain = all(each.fix for each in findings if each.is_error)
    checking = Checking(today)
    try:
        written, known = tomli.loads(text), None
    except (ValueError, RecursionError):
        from handbill.read.syntax import recover

        written, errors, checking.broken, known = recover(text)
        findings = [*findings, *errors]
    publication = document(written, checking)
    shown = secrets(text)
    if checking.defects or shown:
        places = Places(text, known)
        findings += placed(checking, places)
        findings += of_secrets(shown, findings, places)
    findings = findings if known is None else joined(findings)
    findings = [each if certain and _keeps_remarks(each.fix, text) else replace(each, fix=()) for each in findings]
    findings = in_order(findings)
    if any(each.is_error for each in findings):
        publication = None
    return Reading(text, publication, tuple(findings))


def _keeps_remarks(fix: tuple[Edit, ...], text: str) -> bool:
    """Whether no remark of the editor's is lost, when what goes over several lines is replaced."""
    removed = [(text[edit.start : edit.end], edit.text) for edit in fix]
    return not any("\n" in old and old.count("#") > new.count("#") for old, new in removed)
