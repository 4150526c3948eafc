"""The edge where bytes become values: `entries.toml` and everything wrong with it."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import tomli

from handbill.findings import Edit, Finding, Place, in_order
from handbill.model import Publication
from handbill.read.checking import OTHER_LINE, Checking, Defect, Path
from handbill.read.decode import decode
from handbill.read.places import Places
from handbill.read.secrets import Secret, secrets
from handbill.read.tables import document
from handbill.read.within import Span


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
        found = found or self._places.nearest(path, "heading")
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
        findings += [_placed(each, places) for each in checking.defects]
        findings += _secrets(shown, findings, places)
    findings = [each if certain and _keeps_remarks(each.fix, text) else replace(each, fix=()) for each in findings]
    findings = in_order(findings)
    if any(each.is_error for each in findings):
        publication = None
    return Reading(text, publication, tuple(findings))


def _keeps_remarks(fix: tuple[Edit, ...], text: str) -> bool:
    """Whether no remark of the editor's is lost, when what goes over several lines is replaced."""
    removed = [(text[edit.start : edit.end], edit.text) for edit in fix]
    return not any("\n" in old and old.count("#") > new.count("#") for old, new in removed)


def _secrets(shown: list[Secret], findings: list[Finding], places: Places) -> list[Finding]:
    """What to say of secrets, but on lines where one was told already."""
    told = {each.place.line for each in findings if each.place and each.code in ("E210", "E418")}
    found = [(secret, places.place(Span(secret.start, secret.end))) for secret in shown]
    return [
        Finding(
            "E211",
            f"this looks like a secret ({secret.begins}...), and this file is no place for one: it is shared",
            "delete it here, and let its issuer replace it by a new one, which nobody has seen",
            place,
        )
        for secret, place in found
        if place.line not in told
    ]


def _placed(defect: Defect, places: Places) -> Finding:
    span = places.nearest(defect.path, defect.part)
    if defect.offset is not None:
        span = places.within(defect.path, defect.offset, defect.length) or span
    also = places.nearest(defect.also, "heading") if defect.also else None
    other = str(places.place(also)) if also else "another line"
    spans = [places.exactly(each.path, each.part) for each in defect.mends]
    fix = tuple(Edit(*span, each.text) for span, each in zip(spans, defect.mends, strict=True) if span)
    return Finding(
        defect.code,
        defect.message.replace(OTHER_LINE, other),
        defect.hint.replace(OTHER_LINE, other),
        places.place(span) if span else None,
        places.place(also) if also else None,
        fix if len(fix) == len(spans) else (),
    )
